/*
 * Commands that are printed for the user to paste into a shell.
 */
#ifndef QN_BENCH_BASE_PASTE_H
#define QN_BENCH_BASE_PASTE_H

#include <stddef.h>

#include "runtime/base.h"

/* Words as a POSIX shell takes them, with blanks between and quotes where a word needs them. words: up to
 * n, none NULL. The caller frees the result; NULL: out of memory. */
char *qn_paste_words(const char *const *words, size_t n) QN_MUST_CHECK;

/* Room for a command with one path in it. */
#define QN_PASTE_BYTES 8192

/* This program, as it was started, and the words behind it up to a NULL, into out, which is returned; cut
 * where it does not fit. */
const char *qn_paste_command(char *out, size_t bytes, ...) __attribute__((sentinel));

#endif
