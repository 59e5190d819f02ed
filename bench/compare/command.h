/*
 * `quench compare`: the command. What it makes is bench/compare/comparison.h.
 */
#ifndef QN_BENCH_COMPARE_COMMAND_H
#define QN_BENCH_COMPARE_COMMAND_H

/*
 * Runs the command on argv (argv[0] = "compare"). Returns the exit code: 0 done; 1 with --fail-on
 * regression, some row is worse; 2 wrong usage or input, after a complaint; 3 the result can't be
 * written, after a complaint.
 */
int qn_compare_command(int argc, char **argv);

#endif
