/*
 * Names that sources give to what they recorded, made fit for the tables.
 */
#ifndef QN_BENCH_FANOUTS_NAMES_H
#define QN_BENCH_FANOUTS_NAMES_H

#define QN_FANOUT_NAME_BYTES 64

/* The strategy of a recording of that name: lower-case letters, digits and '-', at most 31, and not
 * that of one of ours, before which it puts "own-"; "": "recorded". Returns out. */
const char *qn_fanout_strategy(const char *name, char out[QN_FANOUT_NAME_BYTES]);

/* A workload's name: letters, digits and "._+-" of the text; ":" and others become '-'. Returns out. */
const char *qn_fanout_workload(const char *name, char out[QN_FANOUT_NAME_BYTES]);

#endif
