/*
 * Text put together piece by piece: of any length in memory, or in a buffer of fixed size.
 *
 *     struct qn_text text;
 *     FILE *f = qn_text_begin(&text);
 *
 *     if (!f)
 *         return QN_ENOMEM;
 *     fprintf(f, …);
 *     line = qn_text_end(&text);
 *
 * Anything that writes to a stream can write such a text. One thread at a time.
 */
#ifndef QN_BENCH_BASE_TEXT_H
#define QN_BENCH_BASE_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "runtime/base.h"

struct qn_text {
    FILE *file; /* to write to, from begin to end */
    char *string;
    size_t bytes;
};

/* Begins an empty text. Returns text->file; NULL: out of memory. */
FILE *qn_text_begin(struct qn_text *text) QN_MUST_CHECK;

/* Ends it. The caller frees the string; NULL: out of memory. */
char *qn_text_end(struct qn_text *text) QN_MUST_CHECK;

/* Appends to the string in out, a buffer of `bytes` (at least 1); what doesn't fit is cut. For
 * names and lists that are known to be short. */
void qn_text_add(char *out, size_t bytes, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether the text is UTF-8 (RFC 3629): neither longer forms than needed nor surrogates. */
bool qn_text_is_utf8(const char *text);

/* Makes UTF-8 of it: a '?' for each byte that belongs to no character. */
void qn_text_mend(char *text);

/* Copies a text to out, a buffer of `bytes` (at least 1); what doesn't fit is cut, before a character of UTF-8. NULL:
 * copies "". */
void qn_text_copy(char *out, size_t bytes, const char *text);

#endif
