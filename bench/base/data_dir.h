/*
 * The program's own files, found from where the program stands, so that an installed copy works
 * wherever its prefix is moved to; a program in a build tree uses the source tree.
 *
 * The answers stay the same as long as the program runs. Any thread; doesn't block.
 */
#ifndef QN_BENCH_BASE_DATA_DIR_H
#define QN_BENCH_BASE_DATA_DIR_H

#include <stdbool.h>

/* The folder with bench/workloads and plots: QUENCH_DATA_DIR if set, else share/quench of the
 * program's prefix if there is one, else the source tree. */
const char *qn_data_dir(void);

/* True of a program that stands in a prefix. Its data are only read, also those that QUENCH_DATA_DIR
 * names: results and baselines go below the current folder. */
bool qn_program_is_installed(void);

/* The folder of the peers' modules: QUENCH_PEERS_DIR if set, else an installed program's
 * LIBDIR/quench/peers, else peers beside the program. It need not exist. */
const char *qn_peers_dir(void);

/* The folder of the modules with work that come with the program: LIBDIR/quench/own of an installed one,
 * else own beside the program. It need not exist. */
const char *qn_work_dir(void);

#endif
