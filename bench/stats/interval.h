/*
 * Statistics over processes. Calls within a process are not independent, so intervals are always
 * over figures of whole processes.
 */
#ifndef QN_BENCH_STATS_INTERVAL_H
#define QN_BENCH_STATS_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>

/* A figure with its 95 % interval; has_interval false: lo and hi are not set. */
struct qn_estimate {
    double value, lo, hi;
    bool has_interval;
};

/* The possible values of a figure, including the ends; all 0: any. */
struct qn_range {
    double lo, hi;
};

extern const struct qn_range qn_range_any; /* differences */
extern const struct qn_range
    qn_range_not_negative;                    /* times since an event, bytes, counts, ratios */
extern const struct qn_range qn_range_share;  /* 0 to 1 */
extern const struct qn_range qn_range_excess; /* a ratio of such figures minus 1: -1 or more */

/*
 * An estimate with impossible values cut off its interval. The truth is within the range, so
 * coverage stays the same for every n and any data. If the value itself is outside, which stamps of
 * two clocks can cause, that end stays.
 */
struct qn_estimate qn_stat_within(struct qn_estimate estimate, struct qn_range range);

/* Sorts in place, ascending; no NAN. Linear for long arrays, with scratch memory of twice their
 * size; if that can't be allocated, as slow as qsort. Never fails. */
void qn_stat_sort(double *values, size_t n);

/* The median of sorted values, n >= 1: the middle one, or the mean of the middle two. */
double qn_stat_median(const double *sorted, size_t n);

/* The q-quantile of sorted values, n >= 1, 0 < q <= 1: the smallest with at least a share q at or
 * below it (the order statistic of rank ceil(qn); Hyndman and Fan's type 1). */
double qn_stat_quantile(const double *sorted, size_t n, double q);

/*
 * The ranks (from 1) of the narrowest pair of order statistics, symmetric about the middle, between
 * which the median lies with at least 95 %: P(lo <= Binomial(n, 1/2) < hi). False for n < 6, where no
 * pair does.
 */
bool qn_stat_median_ranks(size_t n, size_t *lo, size_t *hi);

/* The median of sorted values, n >= 1, with its order-statistic interval; none for n < 6. */
struct qn_estimate qn_stat_median_interval(const double *sorted, size_t n);

/* The mean of n >= 1 values, summed in their order. */
double qn_stat_mean(const double *values, size_t n);

/* The mean of n >= 1 values with its t interval; none for n < 2. */
struct qn_estimate qn_stat_mean_interval(const double *values, size_t n);

/* The same with a two-sided interval of another level, 0 < level < 1. */
struct qn_estimate qn_stat_mean_interval_at(const double *values, size_t n, double level);

/* The p-quantile of Student's t with df >= 1 degrees of freedom, 1e-6 <= p <= 1 - 1e-6; good to 1e-9
 * relative, by bisection on the incomplete beta function. */
double qn_stat_t_quantile(double p, double df);

/* P(T > t) of Student's t with df > 0 degrees of freedom; good to 1e-9 relative where the tail is thin
 * too. */
double qn_stat_t_tail(double t, double df);

/* The regularised incomplete beta function I_x(a, b), a and b > 0, 0 <= x <= 1; in time proportional to
 * the root of the larger of the two. Good to 1e-12 relative while they are small, to 1e-7 at 1e7. */
double qn_stat_beta(double a, double b, double x);

/*
 * The ratio of the means of pairs (a[i], b[i]), one per process, with Fieller's 95 % interval (the
 * set of ratios r for which a - r b is compatible with mean 0 by a paired t test; Fieller, J. R.
 * Stat. Soc. B 16, 1954). Exact for normal pairs, however a and b are correlated. No interval for n
 * < 2 or if the mean of b is not clearly above 0 (Fieller's set is then unbounded); value is not
 * finite if the mean of b is 0. n >= 1.
 */
struct qn_estimate qn_stat_ratio_of_means(const double *a, const double *b, size_t n);

#endif
