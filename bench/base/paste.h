/*
 * Commands for the user to paste into a shell.
 */
#ifndef QN_BENCH_BASE_PASTE_H
#define QN_BENCH_BASE_PASTE_H

#include <stddef.h>

#include "runtime/base.h"

/* Joins words into a POSIX shell command, quoted where necessary. words: n, none NULL. The caller
 * frees the result; NULL: out of memory. */
char *qn_paste_words(const char *const *words, size_t n) QN_MUST_CHECK;

/* Room for a command with one path in it. */
#define QN_PASTE_BYTES 8192

/* Writes this program, as it was started, and the words up to a NULL to out, cut if they don't fit.
 * Returns out. */
const char *qn_paste_command(char *out, size_t bytes, ...) __attribute__((sentinel));

#endif
