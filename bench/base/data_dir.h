/*
 * The folder that the program's own files stand in.
 */
#ifndef QN_BENCH_BASE_DATA_DIR_H
#define QN_BENCH_BASE_DATA_DIR_H

/* The folder that bench/workloads and plots stand in: QUENCH_DATA_DIR if set, else the source tree. */
const char *qn_data_dir(void);

#endif
