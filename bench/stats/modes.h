/*
 * Modes: whether values that are above 0 form two clusters, a fast and a slow one, and where these are divided.
 */
#ifndef QN_BENCH_STATS_MODES_H
#define QN_BENCH_STATS_MODES_H

#include <stdbool.h>
#include <stddef.h>

/* A cluster has at least this share of the values, and at least this many. */
#define QN_MODE_LEAST_SHARE 0.05
#define QN_MODE_LEAST_VALUES 10

struct qn_modes {
    size_t n_fast;     /* values of the fast one: the first n_fast in ascending order */
    double fast, slow; /* medians */
};

/*
 * Divides n values, ascending and above 0, where the logarithms of the two sides are closest to their means (Otsu 1979),
 * and says whether these are two modes: both are large enough, their medians are apart by a factor of 2 or more, and
 * between the medians the values are rare: the middle third of the way, in logarithms, holds at most half of what it
 * would if they were spread evenly over it. A single cluster of any width and skew fails the last.
 */
bool qn_stat_modes(const double *values, size_t n, struct qn_modes *out);

#endif
