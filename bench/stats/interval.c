#include "bench/stats/interval.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench/stats/gamma.h"

/* Two-sided 95 %. */
#define TAIL 0.025

const struct qn_range qn_range_any = {0, 0};
const struct qn_range qn_range_not_negative = {0, INFINITY};
const struct qn_range qn_range_share = {0, 1};
const struct qn_range qn_range_excess = {-1, INFINITY};

struct qn_estimate qn_stat_within(struct qn_estimate e, struct qn_range range)
{
    bool is_any = range.lo == 0 && range.hi == 0;

    if (!e.has_interval || is_any)
        return e;
    if (e.value >= range.lo)
        e.lo = fmax(e.lo, range.lo);
    if (e.value <= range.hi)
        e.hi = fmin(e.hi, range.hi);
    return e;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static bool is_sorted(const double *values, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (values[i] < values[i - 1])
            return false;
    return true;
}

#define DIGIT_BITS 8
#define DIGIT_VALUES (1u << DIGIT_BITS)
/* Shorter than this, comparing is faster. */
#define RADIX_FROM 512

/* Keys are ordered like their numbers: flip the sign bit, and all bits of a negative number. */
static uint64_t key_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double value_of(uint64_t key)
{
    uint64_t bits = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
    double value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* By digits from the lowest bit in which keys differ, those that are the same in all keys skipped; differing: all such
 * bits, not 0. from and to: n keys each. Returns which of them holds the result. */
static uint64_t *radix_sort(uint64_t *from, uint64_t *to, size_t n, uint64_t differing)
{
    for (unsigned shift = (unsigned)__builtin_ctzll(differing); shift < 64; shift += DIGIT_BITS) {
        size_t at[DIGIT_VALUES] = {0}, sum = 0;
        uint64_t *swap = from;

        if ((differing >> shift & (DIGIT_VALUES - 1)) == 0)
            continue;
        for (size_t i = 0; i < n; i++)
            at[from[i] >> shift & (DIGIT_VALUES - 1)]++;
        for (unsigned d = 0; d < DIGIT_VALUES; d++) {
            size_t count = at[d];

            at[d] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++)
            to[at[from[i] >> shift & (DIGIT_VALUES - 1)]++] = from[i];
        from = to;
        to = swap;
    }
    return from;
}

void qn_stat_sort(double *values, size_t n)
{
    uint64_t *keys, *sorted, differing = 0;

    if (is_sorted(values, n))
        return;
    keys = n < RADIX_FROM ? NULL : malloc(2 * n * sizeof(*keys));
    if (!keys) {
        qsort(values, n, sizeof(*values), by_value);
        return;
    }
    for (size_t i = 0; i < n; i++)
        keys[i] = key_of(values[i]);
    for (size_t i = 0; i < n; i++)
        differing |= keys[i] ^ keys[0];
    sorted = radix_sort(keys, keys + n, n, differing);
    for (size_t i = 0; i < n; i++)
        values[i] = value_of(sorted[i]);
    free(keys);
}

double qn_stat_median(const double *sorted, size_t n)
{
    return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

double qn_stat_quantile(const double *sorted, size_t n, double q)
{
    /* Tolerance for rounding: a product just above a whole number is that number, 0.9 × 10 is 9. */
    double rank = ceil(q * (double)n - 1e-9);

    return sorted[rank < 1 ? 0 : (size_t)rank - 1];
}

bool qn_stat_median_ranks(size_t n, size_t *lo, size_t *hi)
{
    /* Logarithms: 2^-n underflows from n = 1075 on. */
    double log_term = -(double)n * M_LN2, below = exp(log_term);
    size_t k = 0;

    /* k: the most values that may be below the lower one, P(Binomial(n, 1/2) < k) <= 2.5 % */
    for (; below <= TAIL; below += exp(log_term)) {
        log_term += log((double)(n - k) / (double)(k + 1));
        k++;
    }
    if (k == 0)
        return false;
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
    const int most = 500 + (int)(5 * sqrt(fmax(a, b)));
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

double qn_stat_beta(double a, double b, double x)
{
    double front;

    if (x <= 0)
        return 0;
    if (x >= 1)
        return 1;
    front =
        exp(qn_log_gamma(a + b) - qn_log_gamma(a) - qn_log_gamma(b) + a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double qn_stat_t_tail(double t, double df)
{
    double tail = qn_stat_beta(df / 2, 0.5, df / (df + t * t)) / 2;

    return t < 0 ? 1 - tail : tail;
}

/* P(T <= t) for t >= 0. */
static double t_cdf(double t, double df)
{
    return 1 - qn_stat_t_tail(t, df);
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

double qn_stat_mean(const double *values, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

/* The variance of the mean of values. n >= 2. */
static double variance_of_mean(const double *values, double mean, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return sum / (double)(n - 1) / (double)n;
}

struct qn_estimate qn_stat_mean_interval_at(const double *values, size_t n, double level)
{
    struct qn_estimate e = {.value = qn_stat_mean(values, n)};
    double half;

    if (n < 2)
        return e;
    half = qn_stat_t_quantile(1 - (1 - level) / 2, (double)n - 1) *
           sqrt(variance_of_mean(values, e.value, n));
    e.lo = e.value - half;
    e.hi = e.value + half;
    e.has_interval = true;
    return e;
}

struct qn_estimate qn_stat_mean_interval(const double *values, size_t n)
{
    return qn_stat_mean_interval_at(values, n, 1 - 2 * TAIL);
}

struct qn_estimate qn_stat_ratio_of_means(const double *a, const double *b, size_t n)
{
    double ma = qn_stat_mean(a, n), mb = qn_stat_mean(b, n);
    struct qn_estimate e = {.value = ma / mb};
    double t2, vdd = 0, vbb = 0, vdb = 0, qa, root;

    if (n < 2 || !(mb > 0))
        return e;
    /*
     * With the residuals d = a - e.value b, whose mean is 0, and s = r - e.value, the set is s^2
     * mb^2 <= t2 (vdd - 2 s vdb + s^2 vbb). Written with a itself, as a quadratic in r, the same
     * discriminant is a difference of large numbers and becomes negative if a follows b.
     */
    for (size_t i = 0; i < n; i++) {
        double d = a[i] - e.value * b[i], from_mean = b[i] - mb;

        vdd += d * d;
        vdb += d * from_mean;
        vbb += from_mean * from_mean;
    }
    t2 = pow(qn_stat_t_quantile(1 - TAIL, (double)n - 1), 2) / ((double)n * ((double)n - 1));
    qa = mb * mb - t2 * vbb;
    if (!(qa > 0))
        return e;
    root = sqrt(t2 * vdb * t2 * vdb + qa * t2 * vdd);
    e.lo = e.value + (-t2 * vdb - root) / qa;
    e.hi = e.value + (-t2 * vdb + root) / qa;
    e.has_interval = true;
    return e;
}
