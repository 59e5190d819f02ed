#include "bench/stats.h"

#include <math.h>
#include <stdlib.h>

/* Two-sided 95 %. */
#define TAIL 0.025

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

void qn_stat_sort(double *values, size_t n)
{
    qsort(values, n, sizeof(*values), by_value);
}

double qn_stat_median(const double *sorted, size_t n)
{
    return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

double qn_stat_quantile(const double *sorted, size_t n, double q)
{
    /* A product a hair above a whole number is that number: 0.9 × 10 is 9. */
    double rank = ceil(q * (double)n - 1e-9);

    return sorted[rank < 1 ? 0 : (size_t)rank - 1];
}

bool qn_stat_median_ranks(size_t n, size_t *lo, size_t *hi)
{
    double term = exp2(-(double)n), below = 0;
    size_t k = 0;

    /* k: the most values that may lie below the lower one, P(Binomial(n, 1/2) <= k) <= 2.5 % */
    if (term > TAIL)
        return false;
    for (; below + term <= TAIL; k++) {
        below += term;
        term *= (double)(n - k) / (double)(k + 1);
    }
    *lo = k;
    *hi = n + 1 - k;
    return true;
}

struct qn_estimate qn_stat_median_interval(const double *sorted, size_t n)
{
    struct qn_estimate e = {.value = qn_stat_median(sorted, n)};
    size_t lo, hi;

    if (qn_stat_median_ranks(n, &lo, &hi)) {
        e.lo = sorted[lo - 1];
        e.hi = sorted[hi - 1];
        e.has_interval = true;
    }
    return e;
}

/* Continued fraction of the incomplete beta function, by Lentz's method (DLMF 8.17.22). */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300, enough = 1e-15;
    const int most = 500;
    double c = 1, d = 1 - (a + b) * x / (a + 1), f;

    d = 1 / (fabs(d) < tiny ? tiny : d);
    f = d;
    for (int m = 1; m < most; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double step;

        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        f *= d * c;
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        step = d * c;
        f *= step;
        if (fabs(step - 1) < enough)
            break;
    }
    return f;
}

/* The regularised incomplete beta function I_x(a, b). */
static double beta_regularised(double a, double b, double x)
{
    double front;

    if (x <= 0)
        return 0;
    if (x >= 1)
        return 1;
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/* P(T <= t) for t >= 0. */
static double t_cdf(double t, double df)
{
    return 1 - beta_regularised(df / 2, 0.5, df / (df + t * t)) / 2;
}

double qn_stat_t_quantile(double p, double df)
{
    double lo = 0, hi = 1;

    if (p < 0.5)
        return -qn_stat_t_quantile(1 - p, df);
    while (t_cdf(hi, df) < p)
        hi *= 2;
    for (int i = 0; i < 200 && hi - lo > 1e-12 * hi; i++) {
        double mid = (lo + hi) / 2;

        if (t_cdf(mid, df) < p)
            lo = mid;
        else
            hi = mid;
    }
    return (lo + hi) / 2;
}

static double mean_of(const double *values, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

/* The covariance of a and b about their means, divided by n: that of the two means. n >= 2. */
static double covariance_of_means(const double *a, double mean_a, const double *b, double mean_b,
                                  size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (a[i] - mean_a) * (b[i] - mean_b);
    return sum / (double)(n - 1) / (double)n;
}

struct qn_estimate qn_stat_mean_interval(const double *values, size_t n)
{
    struct qn_estimate e = {.value = mean_of(values, n)};
    double half;

    if (n < 2)
        return e;
    half = qn_stat_t_quantile(1 - TAIL, (double)n - 1) *
           sqrt(covariance_of_means(values, e.value, values, e.value, n));
    e.lo = e.value - half;
    e.hi = e.value + half;
    e.has_interval = true;
    return e;
}

struct qn_estimate qn_stat_ratio_of_means(const double *a, const double *b, size_t n)
{
    double ma = mean_of(a, n), mb = mean_of(b, n);
    struct qn_estimate e = {.value = ma / mb};
    double t2, vaa, vbb, vab, qa, qb, qc, root;

    if (n < 2)
        return e;
    t2 = pow(qn_stat_t_quantile(1 - TAIL, (double)n - 1), 2);
    vaa = covariance_of_means(a, ma, a, ma, n);
    vbb = covariance_of_means(b, mb, b, mb, n);
    vab = covariance_of_means(a, ma, b, mb, n);
    /* (ma - r mb)^2 <= t2 (vaa - 2 r vab + r^2 vbb), a quadratic in r */
    qa = mb * mb - t2 * vbb;
    qb = ma * mb - t2 * vab;
    qc = ma * ma - t2 * vaa;
    if (!(qa > 0) || qb * qb - qa * qc < 0)
        return e;
    root = sqrt(qb * qb - qa * qc);
    e.lo = (qb - root) / qa;
    e.hi = (qb + root) / qa;
    e.has_interval = true;
    return e;
}
