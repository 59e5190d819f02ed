/*
 * Values with their units, as people read them: ns as ns, µs, ms or s by their size, and so on.
 */
#ifndef QN_BENCH_STATS_QUANTITY_H
#define QN_BENCH_STATS_QUANTITY_H

#include <stddef.h>

#include "bench/stats/interval.h"

/* Writes a value with its unit, as people read it: "1.25 µs", "64 KiB", "0.8 %". */
void qn_say_value(double value, const char *unit, char *out, size_t bytes);

/* The same for an estimate, with its interval in the value's unit, "1.25 [1.10, 1.40] µs": three
 * digits, but no finer than two digits of half the interval's width. */
void qn_say_value_estimate(const struct qn_estimate *e, const char *unit, char *out, size_t bytes);

#endif
