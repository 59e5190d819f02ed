/* The failure rates that a search measures. */
#ifndef QN_BENCH_TUNE_SEARCH_CHOOSE_RATES_H
#define QN_BENCH_TUNE_SEARCH_CHOOSE_RATES_H

#include "bench/tune/search/candidates.h"

/*
 * Makes the set's rates those to measure: its own, 0 and the one in question; around a single one, others too,
 * since a single rate wouldn't show how the choice depends on it. Decides the one in question unless it was
 * asked for: the median of those above 0. QN_EINVAL after a complaint; QN_ENOMEM.
 */
int qn_choose_rates(struct qn_tuning_request *request, struct qn_workload_set *set) QN_MUST_CHECK;

#endif
