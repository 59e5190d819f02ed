/*
 * Levers: policies that give a caller which shares cores with its pool a core once it has been told of
 * an error. after_error=yield, or worker_nice=10; never both.
 *
 * They would treble the candidates, so the race begins without them (lever_race.h).
 */
#ifndef QN_BENCH_TUNE_SEARCH_LEVERS_H
#define QN_BENCH_TUNE_SEARCH_LEVERS_H

#include "bench/options/parse.h"
#include "bench/tune/search/candidates.h"

/* The levers that can help a workload here: none where the caller has a core of its own; worker_nice only if the kernel grants it and it is above the process's own
 * nice. */
unsigned qn_levers_offered(const struct qn_run_options *options) QN_MUST_CHECK;

/* The levers among a cell's policies; 0: none. */
unsigned qn_levers_of(const struct qn_policy *policy);

/* Marks the candidates that are variants of others by an offered lever. */
void qn_levers_mark(struct qn_candidates *candidates, unsigned offered);

#endif
