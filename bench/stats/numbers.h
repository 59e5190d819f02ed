/*
 * Numbers in sentences and tables for people: rounded to what is known, and the words that go with
 * them.
 */
#ifndef QN_BENCH_STATS_NUMBERS_H
#define QN_BENCH_STATS_NUMBERS_H

#include <stddef.h>

#include "bench/stats/interval.h"

/* Writes a figure without interval: three significant digits, without exponent if that is readable.
 */
void qn_say_number(double value, char *out, size_t bytes);

/*
 * The decimals for a figure over unit and the ends of its interval: two digits of the interval's
 * width, at most four of the largest number. Below 0: rounded to tens, hundreds … Without an
 * interval three digits of the value.
 */
int qn_say_decimals(const struct qn_estimate *e, double unit);

/* Writes a value rounded to that many decimals. */
void qn_say_rounded(double value, int decimals, char *out, size_t bytes);

/* Writes a figure and its interval over unit, rounded alike: "12.3 [11.9, 12.8]"; without interval
 * only the figure. */
void qn_say_interval(const struct qn_estimate *e, double unit, char *out, size_t bytes);

/* The word that goes with n: `one` for 1, else `many`. */
const char *qn_plural(size_t n, const char *one, const char *many);

#endif
