/*
 * Floors: null under each scheduling that candidates have, since overhead is relative to null under
 * the same (bench/schema/cell.h, qn_same_scheduling).
 */
#ifndef QN_BENCH_TUNE_SEARCH_FLOORS_H
#define QN_BENCH_TUNE_SEARCH_FLOORS_H

#include "bench/tune/search/candidates.h"

/* Adds null to a tuning's strategies, with a set of policies for each scheduling of the candidates'
 * sets, unless it can't run the workload. Call once policies have been chosen. QN_ENOMEM. */
int qn_floors_choose(struct qn_run_options *options) QN_MUST_CHECK;

/* The floor of a candidate; NULL: it has none. */
const struct qn_candidate *qn_floor_of(const struct qn_candidates *candidates,
                                       const struct qn_candidate *candidate);

#endif
