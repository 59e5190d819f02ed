/*
 * `quench selftest`: measures what the program's own verdicts are worth on this machine. The A/A
 * test (selftest/sameness.h) says how often it tells apart what is the same, the blind test
 * (selftest/detection.h) whether it finds what is wrong.
 */
#ifndef QN_BENCH_SELFTEST_COMMAND_H
#define QN_BENCH_SELFTEST_COMMAND_H

/* argv[0] = "selftest". Returns the exit code: 0 passed; 1 not; 2 wrong usage; 3 it could not be
 * run; 130 interrupted. --help prints and exits the process. */
int qn_selftest_command(int argc, char **argv);

#endif
