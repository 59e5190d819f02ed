/*
 * The environment of a measuring process: this process's, with padding, and what a peer's library
 * must find there when it is loaded.
 */
#ifndef QN_BENCH_RUN_ENVIRONMENT_H
#define QN_BENCH_RUN_ENVIRONMENT_H

#include <stdint.h>

#include "runtime/base.h"

/*
 * A copy of this process's environment with padding_bytes more, in which settings (NAME=VALUE, joined by
 * blanks; NULL: none) take the place of variables of the same name; %P in a value becomes n_threads.
 * To be given to qn_environment_free; NULL: out of memory.
 */
char **qn_environment_make(uint32_t padding_bytes, const char *settings,
                           unsigned n_threads) QN_MUST_CHECK;
void qn_environment_free(char **env);

#endif
