/*
 * Reading a recording: a file of libquench-record (record/format.h, docs/record-format.md).
 *
 * What is wrong with a file leaves out the calls it concerns: those that a worker began twice in, or
 * ended without having begun; that lack events because a buffer was full; that had not returned. A
 * line says how many they are and what is wrong with the first.
 */
#ifndef QN_BENCH_FANOUTS_RECORDING_H
#define QN_BENCH_FANOUTS_RECORDING_H

#include "bench/fanouts/reader.h"

/* Its is_of is true of every file that begins like one, in whatever byte order, and of none else. */
extern const struct qn_fanouts_reader qn_recordings;

#endif
