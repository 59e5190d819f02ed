/*
 * What no policy can make possible: bounds on times that the work of the calls alone exceeds, on as
 * many cores as may compute it at once.
 */
#ifndef QN_BENCH_TUNE_POSSIBLE_H
#define QN_BENCH_TUNE_POSSIBLE_H

#include "bench/tune/search/candidates.h"

/*
 * Holds each bound against the least that calls of the workload can take, at the rate in question: a
 * call without failure does all its work, one with a failure no less than its shortest failing worker
 * has. n_cores: that work may use, >= 1; what waits needs none. The calls are drawn as the run draws
 * them. QN_EINVAL after a complaint; QN_ENOMEM.
 */
int qn_possible_check(const struct qn_tuning_request *request, const struct qn_run_options *options,
                      unsigned n_cores) QN_MUST_CHECK;

#endif
