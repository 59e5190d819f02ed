/*
 * The exact binomial distribution: how many of n independent trials succeed, and what that says
 * about the probability of each. For counted shares: verdicts, covered intervals.
 */
#ifndef QN_BENCH_STATS_BINOMIAL_H
#define QN_BENCH_STATS_BINOMIAL_H

#include <stddef.h>

/* P(X <= k) for X of Binomial(n, p); 0 <= p <= 1. Summed term by term up to k = 1000; beyond, by
 * the incomplete beta function (for its accuracy see qn_stat_beta). */
double qn_binomial_cdf(size_t k, size_t n, double p);

/*
 * The interval of p after k of n successes, k <= n, n >= 1, that holds the truth with at least
 * `confidence` whatever it is (Clopper and Pearson, Biometrika 26, 1934): *lo is the p at which k
 * or more happen with (1 - confidence) / 2, 0 for k = 0; *hi that at which k or fewer do, 1 for k =
 * n. Good to 1e-12 for k up to 1000; beyond, to 1e-6 of the interval's width.
 */
void qn_binomial_interval(size_t k, size_t n, double confidence, double *lo, double *hi);

/* The counts *lo to *hi, both included, that leave at most (1 - share) / 2 on either side; 0 < p <
 * 1, 0 < share < 1. */
void qn_binomial_central(size_t n, double p, double share, size_t *lo, size_t *hi);

#endif
