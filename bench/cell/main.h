/*
 * The measuring process: what `quench cell FD` does. Its parent (bench/run/command.h) starts one for each
 * (cell, process); see bench/cell/shared.h for what they share.
 */
#ifndef QN_BENCH_CELL_MAIN_H
#define QN_BENCH_CELL_MAIN_H

/* Measures what the mapping behind fd orders. Returns the process's exit code: 0 done; 1 not done
 * (the mapping says why, if it could be reached). */
int qn_cell_main(int fd);

#endif
