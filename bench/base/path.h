/*
 * Paths of files, no longer than the system allows.
 */
#ifndef QN_BENCH_BASE_PATH_H
#define QN_BENCH_BASE_PATH_H

#include <limits.h>

#include "runtime/base.h"

/* Room for a path with its NUL. */
#define QN_PATH_BYTES PATH_MAX

/* Writes a path such as "%s/%s" to out, of QN_PATH_BYTES. QN_EIO with errno ENAMETOOLONG: it is
 * cut. */
int qn_path(char *out, const char *format, ...) QN_MUST_CHECK __attribute__((format(printf, 2, 3)));

#endif
