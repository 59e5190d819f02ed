/*
 * `quench run`: carries out a plan and creates a results folder.
 */
#ifndef QN_BENCH_RUN_COMMAND_H
#define QN_BENCH_RUN_COMMAND_H

#include "bench/options/parse.h"
#include "bench/run/controller.h"

/* Carries out a run with an additional controller (borrowed); options->processes may be 0. Prints
 * the folder's path on stdout. Returns the exit code (bench/base/exit.h). */
int qn_run_controlled(const struct qn_run_options *options, const struct qn_controller *controller);

#endif
