/*
 * Bounds that no policy can keep, because the work of the calls alone takes longer on the available
 * cores.
 */
#ifndef QN_BENCH_TUNE_POSSIBLE_H
#define QN_BENCH_TUNE_POSSIBLE_H

#include "bench/tune/search/candidates.h"

/*
 * Checks each bound against the least time that calls of the workload can take, at the rate in
 * question: a call without failure does all its work, one with a failure at least that of its
 * shortest failing worker. n_cores: cores that work may use, >= 1; waiting needs none. The calls
 * are drawn as in the run. QN_EINVAL after a complaint; QN_ENOMEM.
 */
int qn_possible_check(const struct qn_tuning_request *request, const struct qn_run_options *options,
                      unsigned n_cores) QN_MUST_CHECK;

#endif
