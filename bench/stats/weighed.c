#include "bench/stats/weighed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/stats/interval.h"
#include "runtime/base.h"

/* Weight counts as equal to a share of all within this, relative: sums of fractions are rounded. */
#define ROUNDING 1e-9

int qn_weighed_init(struct qn_weighed *s, size_t room)
{
    *s = (struct qn_weighed){calloc(room + 1, sizeof(double)), calloc(room + 1, sizeof(double)), 0,
                             false};
    return s->values && s->weights ? QN_OK : QN_ENOMEM;
}

void qn_weighed_fini(struct qn_weighed *s)
{
    free(s->weights);
    free(s->values);
    memset(s, 0, sizeof(*s));
}

struct qn_weighed qn_weighed_part(const struct qn_weighed *s, size_t from, size_t to)
{
    return (struct qn_weighed){s->values + from, s->weights + from, to - from, s->is_weighed};
}

static void swap(struct qn_weighed *s, size_t i, size_t j)
{
    double value = s->values[i], weight = s->weights[i];

    s->values[i] = s->values[j];
    s->weights[i] = s->weights[j];
    s->values[j] = value;
    s->weights[j] = weight;
}

/* Lets the value at i sink to its place in a heap of n. */
static void sink(struct qn_weighed *s, size_t i, size_t n)
{
    for (size_t child = 2 * i + 1; child < n; i = child, child = 2 * i + 1) {
        child += child + 1 < n && s->values[child + 1] > s->values[child];
        if (s->values[i] >= s->values[child])
            return;
        swap(s, i, child);
    }
}

/* In place, each weight with its value. */
static void sort(struct qn_weighed *s)
{
    if (!s->is_weighed) {
        qn_stat_sort(s->values, s->n);
        return;
    }
    for (size_t i = s->n / 2; i-- > 0;)
        sink(s, i, s->n);
    for (size_t n = s->n; n-- > 1;) {
        swap(s, 0, n);
        sink(s, 0, n);
    }
}

double qn_weighed_total(const struct qn_weighed *s)
{
    double sum = 0;

    for (size_t i = 0; i < s->n; i++)
        sum += s->weights[i];
    return sum;
}

double qn_weighed_effective(const struct qn_weighed *s)
{
    double sum = 0, squares = 0;

    if (!s->is_weighed)
        return (double)s->n;
    for (size_t i = 0; i < s->n; i++) {
        sum += s->weights[i];
        squares += s->weights[i] * s->weights[i];
    }
    return sum * sum / squares;
}

static double mean(const struct qn_weighed *s)
{
    double sum = 0;

    if (!s->is_weighed)
        return qn_stat_mean(s->values, s->n);
    for (size_t i = 0; i < s->n; i++)
        sum += s->weights[i] * s->values[i];
    return sum / qn_weighed_total(s);
}

/* Of sorted values. */
static double quantile(const struct qn_weighed *s, double share, bool is_median)
{
    double wanted = share * qn_weighed_total(s), below = 0;
    size_t i = 0;

    while (i + 1 < s->n && below + s->weights[i] < wanted * (1 - ROUNDING))
        below += s->weights[i++];
    if (is_median && i + 1 < s->n && below + s->weights[i] <= wanted * (1 + ROUNDING))
        return (s->values[i] + s->values[i + 1]) / 2;
    return s->values[i];
}

double qn_weighed_take(enum qn_statistic statistic, struct qn_weighed *s)
{
    bool is_median = statistic == QN_STATISTIC_P50;

    if (statistic == QN_STATISTIC_MEAN)
        return mean(s);
    sort(s);
    if (statistic == QN_STATISTIC_MAX)
        return s->values[s->n - 1];
    if (s->is_weighed)
        return quantile(s, qn_statistic_share(statistic), is_median);
    return is_median ? qn_stat_median(s->values, s->n)
                     : qn_stat_quantile(s->values, s->n, qn_statistic_share(statistic));
}
