#include "bench/stats/binomial.h"

#include <math.h>

#include "bench/stats/gamma.h"
#include "bench/stats/interval.h"

/* Sums of more terms than this are taken from the incomplete beta function. */
#define MOST_TERMS 1000

/* P(X = k); 0 < p < 1. */
static double term(size_t k, size_t n, double p)
{
    double a = (double)k, b = (double)(n - k);

    return exp(qn_log_gamma((double)n + 1) - qn_log_gamma(a + 1) - qn_log_gamma(b + 1) +
               a * log(p) + b * log1p(-p));
}

double qn_binomial_cdf(size_t k, size_t n, double p)
{
    double sum = 0;

    if (k >= n || p <= 0)
        return 1;
    if (p >= 1)
        return 0;
    if (k > MOST_TERMS)
        return qn_stat_beta((double)(n - k), (double)k + 1, 1 - p);
    for (size_t i = 0; i <= k; i++)
        sum += term(i, n, p);
    return fmin(1, sum);
}

/* The p at which P(X <= k) has fallen to `level`. k < n. */
static double find_p(size_t k, size_t n, double level)
{
    double lo = 0, hi = 1;

    while (hi - lo > 1e-13) {
        double mid = (lo + hi) / 2;

        if (qn_binomial_cdf(k, n, mid) > level)
            lo = mid;
        else
            hi = mid;
    }
    return (lo + hi) / 2;
}

void qn_binomial_interval(size_t k, size_t n, double confidence, double *lo, double *hi)
{
    double tail = (1 - confidence) / 2;

    *lo = k == 0 ? 0 : find_p(k - 1, n, 1 - tail);
    *hi = k == n ? 1 : find_p(k, n, tail);
}

void qn_binomial_central(size_t n, double p, double share, size_t *lo, size_t *hi)
{
    double tail = (1 - share) / 2, below = 0; /* below: P(X < k), as k goes up */
    size_t k = 0;

    for (*lo = 0; below + term(k, n, p) <= tail; *lo = ++k)
        below += term(k, n, p);
    while (k < n && 1 - (below += term(k, n, p)) > tail)
        k++;
    *hi = k;
}
