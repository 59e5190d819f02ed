#include "bench/stats/effect.h"

#include <math.h>
#include <stdlib.h>

#include "bench/stats/interval.h"

/* Two-sided 95 %. */
#define TAIL 0.025

/* Logarithms closer than this are equal: a difference of rounding. */
#define RESOLUTION 1e-12

static bool all_above_zero(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(values[i] > 0 && isfinite(values[i])))
            return false;
    return true;
}

/* The mean of n >= 1 logarithms, and the variance of that mean (0 for n = 1). over: the values'
 * divisors, or NULL. */
static double mean_log(const double *values, const double *over, size_t n, double *variance)
{
    double sum = 0, squares = 0, mean;

    for (size_t i = 0; i < n; i++)
        sum += log(values[i]) - (over ? log(over[i]) : 0);
    mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) {
        double from_mean = log(values[i]) - (over ? log(over[i]) : 0) - mean;

        squares += from_mean * from_mean;
    }
    *variance = n < 2 ? 0 : squares / (double)(n - 1) / (double)n;
    return mean;
}

/* Fills interval and p from the mean difference of logarithms, its standard error and degrees of
 * freedom. The band is symmetric in logarithms, so exchanging the sides only reverses verdicts. */
static void judge_difference(double difference, double error, double df, double noise,
                             struct qn_effect *e)
{
    double beyond = fabs(difference) - log1p(noise);

    e->has_interval = true;
    if (error < RESOLUTION) {
        e->lo = e->hi = e->ratio;
        e->p = beyond > RESOLUTION ? 0 : 1;
        return;
    }
    e->lo = exp(difference - qn_stat_t_quantile(1 - TAIL, df) * error);
    e->hi = exp(difference + qn_stat_t_quantile(1 - TAIL, df) * error);
    e->p = fmin(1, 2 * qn_stat_t_tail(beyond / error, df));
}

struct qn_effect qn_effect_paired(const double *a, const double *b, size_t n, double noise)
{
    struct qn_effect e = {.ratio = NAN, .lo = NAN, .hi = NAN, .p = 1, .n_a = n, .n_b = n};
    double difference, variance;

    if (n == 0 || !all_above_zero(a, n) || !all_above_zero(b, n))
        return e;
    difference = mean_log(b, a, n, &variance);
    e.ratio = exp(difference);
    if (n >= 2)
        judge_difference(difference, sqrt(variance), (double)n - 1, noise, &e);
    return e;
}

struct qn_effect qn_effect_unpaired(const double *a, size_t n_a, const double *b, size_t n_b,
                                    double noise)
{
    struct qn_effect e = {.ratio = NAN, .lo = NAN, .hi = NAN, .p = 1, .n_a = n_a, .n_b = n_b};
    double difference, va, vb, df;

    if (n_a == 0 || n_b == 0 || !all_above_zero(a, n_a) || !all_above_zero(b, n_b))
        return e;
    difference = mean_log(b, NULL, n_b, &vb);
    difference -= mean_log(a, NULL, n_a, &va);
    e.ratio = exp(difference);
    if (n_a < 2 || n_b < 2)
        return e;
    df = (va + vb) * (va + vb) / (va * va / (double)(n_a - 1) + vb * vb / (double)(n_b - 1));
    judge_difference(difference, sqrt(va + vb), df, noise, &e);
    return e;
}

struct ranked {
    double p;
    size_t index;
};

static int by_p(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

int qn_effect_holm(const double *p, size_t n, double *adjusted)
{
    struct ranked *ranked = calloc(n ? n : 1, sizeof(*ranked));
    size_t n_tests = 0;
    double least = 0;

    if (!ranked)
        return QN_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(p[i]))
            ranked[n_tests++] = (struct ranked){p[i], i};
        else
            adjusted[i] = NAN;
    }
    qsort(ranked, n_tests, sizeof(*ranked), by_p);
    for (size_t k = 0; k < n_tests; k++) {
        least = fmax(least, fmin(1, (double)(n_tests - k) * ranked[k].p));
        adjusted[ranked[k].index] = least;
    }
    free(ranked);
    return QN_OK;
}

enum qn_effect_word qn_effect_judge(const struct qn_effect *effect, double p_adjusted, double level,
                                    bool is_higher_better)
{
    if (!effect->has_interval || !(p_adjusted <= level) || effect->ratio == 1)
        return QN_EFFECT_NONE;
    return (effect->ratio > 1) == is_higher_better ? QN_EFFECT_BETTER : QN_EFFECT_WORSE;
}

const char *qn_effect_text(enum qn_effect_word word)
{
    static const char *const texts[] = {
#define QN_EFFECT_NAME(symbol, text) [QN_EFFECT_##symbol] = text,
        QN_EFFECT_WORDS(QN_EFFECT_NAME)
#undef QN_EFFECT_NAME
    };

    return texts[word];
}
