/*
 * `quench micro`: the costs of the runtime's own parts, each next to what it is compared with.
 */
#ifndef QN_BENCH_MICRO_COMMAND_H
#define QN_BENCH_MICRO_COMMAND_H

/* argv[0] = "micro". Returns the exit code: 0; 2 wrong usage, after a complaint; 3 a process failed. */
int qn_micro_command(int argc, char **argv);

#endif
