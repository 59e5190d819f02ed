/*
 * `quench tune`: which strategy, poll interval and policies a workload should have.
 */
#ifndef QN_BENCH_TUNE_COMMAND_H
#define QN_BENCH_TUNE_COMMAND_H

#include "bench/tune/search/state.h"

/*
 * Parses argv (argv[0] = "tune") into the request and the options of the run that answers it, with
 * strategies, policies, poll intervals and rates chosen. Returns as qn_run_options_parse; *options
 * may point into argv.
 */
int qn_tune_options_parse(int argc, char **argv, struct qn_tuning_request *request,
                          struct qn_run_options *options) QN_MUST_CHECK;

/* The command, and `then` with what it measured, once its answer is written; NULL: nothing more. Returns the
 * exit code. */
int qn_tune_and_then(int argc, char **argv, qn_tune_then_fn *then, void *user);

#endif
