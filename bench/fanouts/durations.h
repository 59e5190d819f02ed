/*
 * durations.csv: the workers of all imported calls, a row each, for `quench fit`.
 */
#ifndef QN_BENCH_FANOUTS_DURATIONS_H
#define QN_BENCH_FANOUTS_DURATIONS_H

#include "bench/fanouts/fanout.h"

/*
 * Writes the folder's durations.csv: strategy, workload, duration_ns from begin to stop, and failed, 0 or 1, of every
 * worker that ran to its end: neither cancelled ones nor those that had not ended. QN_EIO after a complaint.
 */
int qn_durations_write(const char *dir, const struct qn_fanouts *list) QN_MUST_CHECK;

#endif
