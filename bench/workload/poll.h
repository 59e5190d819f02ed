/*
 * Polls: the work between two polls of a token. Parsed, rounded once to whole quanta, and counted
 * in them; printed and written to files as a duration.
 */
#ifndef QN_BENCH_WORKLOAD_POLL_H
#define QN_BENCH_WORKLOAD_POLL_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/base.h"

/* Room for any poll's text. */
#define QN_POLL_BYTES 32

/* The quanta of a duration from one quantum to 24h, rounded to the nearest. QN_EINVAL, or
 * QN_ERANGE: shorter or longer; *allowed says what is allowed (static storage). */
int qn_poll_parse(const char *text, uint64_t *quanta, const char **allowed) QN_MUST_CHECK;

/* The nearest number of quanta, at least 1; ns up to 2^63. */
uint64_t qn_poll_from_ns(uint64_t ns);

/* The nominal time in ns, as written in tables. */
uint64_t qn_poll_ns(uint64_t quanta);

/* Writes it as a duration ("2us") that parses to the same value; returns out. bytes >=
 * QN_POLL_BYTES is always enough. */
const char *qn_poll_text(uint64_t quanta, char *out, size_t bytes);

#endif
