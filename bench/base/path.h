/*
 * Paths of files: none is longer than the system takes.
 */
#ifndef QN_BENCH_BASE_PATH_H
#define QN_BENCH_BASE_PATH_H

#include <limits.h>

#include "runtime/base.h"

/* Room for a path, its end included. */
#define QN_PATH_BYTES PATH_MAX

/* Writes a path such as "%s/%s" into out, of QN_PATH_BYTES. QN_EIO with errno ENAMETOOLONG: it has no room there,
 * and what stands there is a part of it. */
int qn_path(char *out, const char *format, ...) QN_MUST_CHECK __attribute__((format(printf, 2, 3)));

#endif
