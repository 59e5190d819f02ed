/*
 * `quench tune`: which strategy, poll interval and policies a workload should have.
 */
#ifndef QN_BENCH_TUNE_COMMAND_H
#define QN_BENCH_TUNE_COMMAND_H

#include "bench/tune/search/candidates.h"

/*
 * Parses argv (argv[0] = "tune") into the request and the options of the run that answers it, with
 * strategies, policies, poll intervals and rates chosen. Returns as qn_run_options_parse; *options
 * may point into argv.
 */
int qn_tune_options_parse(int argc, char **argv, struct qn_tuning_request *request,
                          struct qn_run_options *options) QN_MUST_CHECK;

#endif
