/*
 * `quench run`: carries a plan out and leaves a results folder.
 */
#ifndef QN_BENCH_RUN_COMMAND_H
#define QN_BENCH_RUN_COMMAND_H

#include "bench/options/parse.h"
#include "bench/run/controller.h"

/* argv[0] = "run". Returns the exit code: 0 done; 2 wrong usage, or it can't be carried out here; 3 some cell failed,
 * or the results can't be written; 130 interrupted. Prints the folder's path on stdout. */
int qn_run_command(int argc, char **argv);

/* The same of parsed options and with a controller besides, borrowed; options->processes may be 0 then. */
int qn_run_controlled(const struct qn_run_options *options, const struct qn_controller *controller);

#endif
