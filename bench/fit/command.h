/*
 * The command `quench fit TRACE`: from a trace of durations to a workload file whose distribution,
 * failure rate and working set are those of the trace. docs/add-a-workload.md says how to use it.
 */
#ifndef QN_BENCH_FIT_COMMAND_H
#define QN_BENCH_FIT_COMMAND_H

/* Runs the command, argv[0] being "fit". Exit code: 0; 2 wrong usage or input, after one line on
 * stderr, with nothing written; 3 a result can't be written. */
int qn_fit_command(int argc, char **argv);

#endif
