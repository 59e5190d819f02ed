/*
 * Complaints: one line on stderr for each thing that is wrong with the input, or that went wrong.
 * Notes: worth knowing, but they stop nothing.
 */
#ifndef QN_BENCH_BASE_COMPLAIN_H
#define QN_BENCH_BASE_COMPLAIN_H

#include <stddef.h>

/* Prints "quench: " and the message as one line; control characters in it become '?'. */
void qn_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, unless --quiet was given. */
void qn_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Complaints of this thread from now on are of something that the rest can do without: they are printed as warnings, and
 * the last that wasn't one is kept in last, of n bytes, cut where it is longer. last NULL: they are complaints again.
 */
void qn_complain_as_warnings(char *last, size_t n);

/* Complains about a value ("WHERE: 'VALUE' is not allowed: ALLOWED") and returns QN_EINVAL. */
int qn_refuse(const char *where, const char *value, const char *allowed);

#endif
