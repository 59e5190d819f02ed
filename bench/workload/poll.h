/*
 * Polls: the work between two looks at a token. From where it is read to the loop that counts it, it is whole quanta:
 * rounded once, here. People and files are told it in time.
 */
#ifndef QN_BENCH_WORKLOAD_POLL_H
#define QN_BENCH_WORKLOAD_POLL_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/base.h"

/* Room for any poll's text. */
#define QN_POLL_BYTES 32

/* Quanta of a duration of one quantum to 24h, to the nearest, at least 1. QN_EINVAL, or QN_ERANGE: shorter or longer;
 * *allowed says what is (static storage). */
int qn_poll_parse(const char *text, uint64_t *quanta, const char **allowed) QN_MUST_CHECK;

/* The nearest number of quanta, at least 1; ns up to 2^63. */
uint64_t qn_poll_from_ns(uint64_t ns);

/* Its nominal time, ns: how tables write it. */
uint64_t qn_poll_ns(uint64_t quanta);

/* Writes it as people do ("2us"), so that it parses to the same; returns out. bytes >= QN_POLL_BYTES is always enough. */
const char *qn_poll_text(uint64_t quanta, char *out, size_t bytes);

#endif
