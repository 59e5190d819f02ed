/*
 * Modules: shared objects that aren't ours. Loading one runs its constructors, so the program itself
 * only looks at them in a child process (bench/base/apart.h); the measuring process loads them for real.
 * A module stays loaded until the process ends: threads of its library may live as long.
 */
#ifndef QN_BENCH_BASE_MODULE_H
#define QN_BENCH_BASE_MODULE_H

#include <stdbool.h>

#include "runtime/base.h"

#define QN_MODULE_WHY_BYTES 320u

/* Writes by a format to char *why, of that many bytes, why a module is refused; QN_EINVAL. Its user includes stdio.h
 * and runtime/err.h. */
#define QN_MODULE_REFUSE(...) (snprintf(why, QN_MODULE_WHY_BYTES, __VA_ARGS__), QN_EINVAL)

/* Loads the file, a path with a '/', and finds the symbol in it. QN_EINVAL: it can't be loaded; QN_ENOENT: it has no
 * such symbol; why[QN_MODULE_WHY_BYTES] says so. */
int qn_module_symbol(const char *path, const char *symbol, void **out, char *why) QN_MUST_CHECK;

/* One line of UTF-8, without control characters; NULL is one. */
bool qn_module_is_line(const char *text);

#endif
