/*
 * The folder of the program's own files.
 */
#ifndef QN_BENCH_BASE_DATA_DIR_H
#define QN_BENCH_BASE_DATA_DIR_H

/* The folder with bench/workloads and plots: QUENCH_DATA_DIR if set, else the source tree. */
const char *qn_data_dir(void);

#endif
