/*
 * `quench list`: what there is to choose from.
 */
#ifndef QN_BENCH_OPTIONS_LIST_H
#define QN_BENCH_OPTIONS_LIST_H

/* argv[0] = "list". Returns the exit code: 0; 2 after a complaint. */
int qn_list_command(int argc, char **argv);

#endif
