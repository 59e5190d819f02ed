#include "bench/fit/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A bin is the exponent and the upper bits of the mantissa of a double. */
#define MANTISSA_BITS 10
#define SHIFT (52 - MANTISSA_BITS)
#define FIRST ((uint64_t)(1023 - 10) << MANTISSA_BITS)

/* With fewer rows, medians are not compared. */
#define MEDIAN_ROWS 10

int qn_sample_create(struct qn_sample **out)
{
    struct qn_sample *s = calloc(1, sizeof(*s));

    if (!s)
        return QN_ENOMEM;
    s->kept_every = 1;
    s->bins = calloc(QN_SAMPLE_BINS, sizeof(*s->bins));
    s->failed_bins = calloc(QN_SAMPLE_BINS, sizeof(*s->failed_bins));
    s->kept = calloc(QN_SAMPLE_KEPT, sizeof(*s->kept));
    if (!s->bins || !s->failed_bins || !s->kept) {
        qn_sample_destroy(s);
        return QN_ENOMEM;
    }
    *out = s;
    return QN_OK;
}

void qn_sample_destroy(struct qn_sample *s)
{
    if (!s)
        return;
    free(s->kept);
    free(s->failed_bins);
    free(s->bins);
    free(s);
}

static size_t bin_of(double ns)
{
    uint64_t bits;

    memcpy(&bits, &ns, sizeof(bits));
    bits >>= SHIFT;
    if (bits < FIRST)
        return 0;
    return bits - FIRST < QN_SAMPLE_BINS ? bits - FIRST : QN_SAMPLE_BINS - 1;
}

double qn_sample_bin_ns(size_t bin)
{
    uint64_t bits = (bin + FIRST) << SHIFT;
    double ns;

    memcpy(&ns, &bits, sizeof(ns));
    return ns;
}

static void halve(struct qn_sample *s)
{
    size_t n = 0;

    for (size_t i = 1; i < s->n_kept; i += 2)
        s->kept[n++] = s->kept[i];
    s->n_kept = n;
    s->kept_every *= 2;
}

/* The marks at kept_every, 2 kept_every, … of the cumulative weight: a row is kept once for each
 * mark that it passes. before: the weight without it. */
static void keep(struct qn_sample *s, double before, double ns, bool failed)
{
    double passed;

    for (;;) {
        passed = floor(s->weight / s->kept_every) - floor(before / s->kept_every);
        if (passed <= (double)(QN_SAMPLE_KEPT - s->n_kept))
            break;
        halve(s);
    }
    for (; passed > 0; passed--)
        s->kept[s->n_kept++] = (struct qn_sample_kept){ns, failed};
}

static void count_distinct(struct qn_sample *s, double ns, double weight)
{
    unsigned i = 0;

    if (s->n_distinct > 2)
        return;
    while (i < s->n_distinct && s->distinct_ns[i] != ns)
        i++;
    if (i == s->n_distinct && s->n_distinct++ == 2)
        return;
    s->distinct_ns[i] = ns;
    s->distinct_weight[i] += weight;
}

static void add_above(struct qn_sample *s, double ns, double weight)
{
    double delta = ns - s->above_mean_ns, in_log = log(ns), log_delta = in_log - s->log_mean;

    if (s->above_weight == 0 || ns < s->shortest_ns)
        s->shortest_ns = ns;
    s->above_weight += weight;
    s->above_squares += weight * weight;
    s->above_mean_ns += delta * weight / s->above_weight;
    s->above_m2 += weight * delta * (ns - s->above_mean_ns);
    s->log_mean += log_delta * weight / s->above_weight;
    s->log_m2 += weight * log_delta * (in_log - s->log_mean);
    s->bins[bin_of(ns)] += weight;
    count_distinct(s, ns, weight);
}

void qn_sample_add(struct qn_sample *s, double ns, double weight, bool failed)
{
    double before = s->weight;

    if (weight == 0)
        return;
    s->n_rows++;
    s->weight += weight;
    s->squared_weights += weight * weight;
    s->mean_ns += (ns - s->mean_ns) * weight / s->weight;
    s->longest_ns = fmax(s->longest_ns, ns);
    if (failed) {
        s->n_failed_rows++;
        s->failed_weight += weight;
        if (ns > 0)
            s->failed_bins[bin_of(ns)] += weight;
        else
            s->failed_zero_weight += weight;
    }
    if (ns > 0) {
        add_above(s, ns, weight);
    } else {
        s->n_zero_rows++;
        s->zero_weight += weight;
    }
    keep(s, before, ns, failed);
}

double qn_sample_size(const struct qn_sample *s)
{
    return s->weight * s->weight / s->squared_weights;
}

double qn_sample_size_above(const struct qn_sample *s)
{
    return s->above_weight * s->above_weight / s->above_squares;
}

/* The middle of the bin that holds the given cumulative weight; minus: bins to subtract, or
 * NULL. */
static double find(const double *bins, const double *minus, double below)
{
    double sum = 0;
    size_t i;

    for (i = 0; i + 1 < QN_SAMPLE_BINS; i++) {
        sum += bins[i] - (minus ? minus[i] : 0);
        if (sum >= below)
            break;
    }
    return (qn_sample_bin_ns(i) + qn_sample_bin_ns(i + 1)) / 2;
}

double qn_sample_quantile(const struct qn_sample *s, double q)
{
    double below = q * s->weight - s->zero_weight;

    return below <= 0 ? 0 : fmin(s->longest_ns, fmax(s->shortest_ns, find(s->bins, NULL, below)));
}

static double median(const double *bins, const double *minus, double weight, double zero_weight)
{
    return weight / 2 <= zero_weight ? 0 : find(bins, minus, weight / 2 - zero_weight);
}

bool qn_sample_medians(const struct qn_sample *s, double *failed_ns, double *other_ns)
{
    double others = s->weight - s->failed_weight;

    if (s->n_failed_rows < MEDIAN_ROWS || s->n_rows - s->n_failed_rows < MEDIAN_ROWS)
        return false;
    *failed_ns = median(s->failed_bins, NULL, s->failed_weight, s->failed_zero_weight);
    *other_ns = median(s->bins, s->failed_bins, others, s->zero_weight - s->failed_zero_weight);
    return true;
}
