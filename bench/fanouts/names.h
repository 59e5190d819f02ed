/*
 * Names that sources give to what they recorded, made fit for the tables.
 */
#ifndef QN_BENCH_FANOUTS_NAMES_H
#define QN_BENCH_FANOUTS_NAMES_H

#include "bench/fanouts/fanout.h"

#define QN_FANOUT_NAME_BYTES 64

/* The strategy of a recording of that name: lower-case letters, digits and '-', at most 31, and not
 * that of one of ours, before which it puts "own-"; "": "recorded". Returns out. */
const char *qn_fanout_strategy(const char *name, char out[QN_FANOUT_NAME_BYTES]);

/*
 * Names every call's workload for the tables: the first 63 letters, digits and "._+-" of its text,
 * with '-' for others; "": "unknown". The 64 texts with the most calls have names of their own:
 * where two would have the same one, the later gets a number, after a warning. The others share
 * "other-names". Once for a list, when all is in it. QN_ENOMEM.
 */
int qn_fanouts_name(struct qn_fanouts *list) QN_MUST_CHECK;

#endif
