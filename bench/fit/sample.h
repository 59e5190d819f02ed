/*
 * What is kept of a trace's durations while it is read once, row by row: enough to fit
 * distributions, to compare them with the data and to draw it, in constant memory (3 MiB).
 *
 * Sums are running means (Welford, Technometrics 4, 1962; with weights, West, CACM 22, 1979), which
 * avoid cancellation over many rows. The distribution is a histogram of 1024 bins an octave, 0.1 %
 * wide at most, from 2^-10 ns to 2^60 ns; and so are quantiles. The durations themselves are kept
 * too: all while there are few, then every 2nd, every 4th, and so on.
 */
#ifndef QN_BENCH_FIT_SAMPLE_H
#define QN_BENCH_FIT_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base.h"

#define QN_SAMPLE_BINS (70u << 10)
#define QN_SAMPLE_KEPT 100000u

/* The longest accepted duration: 31 years. */
#define QN_SAMPLE_MAX_NS 1e18

struct qn_sample_kept {
    double ns;
    bool failed;
};

struct qn_sample {
    uint64_t n_rows, n_zero_rows, n_failed_rows; /* without rows of weight 0 */
    double weight, squared_weights; /* of all rows: their sum, the sum of their squares */
    double zero_weight, failed_weight, failed_zero_weight;
    double longest_ns, mean_ns; /* of all rows */

    /* Of the rows above 0: */
    double above_weight, above_squares;
    double above_mean_ns, above_m2; /* mean; weighted sum of squared deviations */
    double log_mean, log_m2;        /* the same of ln(ns) */
    double shortest_ns;
    double distinct_ns[2], distinct_weight[2];
    unsigned n_distinct; /* 3: more than two values */

    double *bins, *failed_bins; /* weight above 0 in each of QN_SAMPLE_BINS; failing rows alone */

    struct qn_sample_kept *kept; /* n_kept, each of which represents a weight of kept_every */
    size_t n_kept;
    double kept_every;
};

/* Makes an empty sample. QN_ENOMEM. */
int qn_sample_create(struct qn_sample **out) QN_MUST_CHECK;
void qn_sample_destroy(struct qn_sample *sample);

/* Adds a row: ns from 0 to QN_SAMPLE_MAX_NS, weight a whole number >= 0; 0 adds nothing. */
void qn_sample_add(struct qn_sample *sample, double ns, double weight, bool failed);

/* The effective number of rows, (sum w)^2 / sum w^2 (Kish, Survey Sampling, 1965); without weights,
 * the number of rows. Of all rows, or of those above 0. */
double qn_sample_size(const struct qn_sample *sample);
double qn_sample_size_above(const struct qn_sample *sample);

/* The q-quantile of all rows, 0 < q < 1, at least one row. */
double qn_sample_quantile(const struct qn_sample *sample, double q);

/* The medians of the failing rows and of the others; false: fewer than 10 of either. */
bool qn_sample_medians(const struct qn_sample *sample, double *failed_ns, double *other_ns);

/* The lower end of a bin; also valid for the bin after the last. */
double qn_sample_bin_ns(size_t bin);

#endif
