/*
 * `quench advise --measure`: a race of what advice chooses between, on the cores that are here, and
 * what of it holds on more of them.
 */
#ifndef QN_BENCH_ADVISE_MEASURE_H
#define QN_BENCH_ADVISE_MEASURE_H

#include <stdio.h>

#include "bench/advice/choose.h"
#include "bench/options/parse.h"

/*
 * Measures for some two minutes, as `quench tune` does and into a results folder, then writes to
 * file what was found beside what the ideal machine of as many threads says. Work is scaled so that
 * there are enough calls. Returns the exit code.
 */
int qn_advice_measure(const struct qn_advice *advice, const struct qn_workload_set *set,
                      const struct qn_run_options *options, FILE *file);

#endif
