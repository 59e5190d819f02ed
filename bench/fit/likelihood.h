/*
 * The distributions of bench/workload/service.h, fitted to a sample by maximum likelihood, and the
 * distance of each from it.
 *
 * Durations of 0 are left out of every fit (their logarithm isn't finite), so that all likelihoods
 * are of the same rows; the distance is to all rows. With weights, likelihoods and intervals count
 * qn_sample_size_above rows.
 */
#ifndef QN_BENCH_FIT_LIKELIHOOD_H
#define QN_BENCH_FIT_LIKELIHOOD_H

#include <stdbool.h>

#include "bench/fit/sample.h"
#include "bench/workload/service.h"

/* Every type but QN_SERVICE_TRACE, which is not fitted. */
#define QN_FITS ((size_t)QN_SERVICE_TRACE)

/* A fit further from the data than this (Kolmogorov-Smirnov distance) is not used. */
#define QN_FIT_FAR 0.05

enum qn_fit_unit { QN_FIT_DURATION /* ns */, QN_FIT_NUMBER };

struct qn_fit_parameter {
    const char *name; /* static */
    enum qn_fit_unit unit;
    double value, lo, hi; /* with its 95 % interval */
};

struct qn_fit {
    enum qn_service_type type;
    /* NULL, or why its likelihood is 0 (static); then the fields below are not set. */
    const char *impossible;
    double a, b, c;        /* as in struct qn_service; lognormal's scale is 1 us */
    unsigned n_parameters; /* that were estimated */
    struct qn_fit_parameter parameters[3];
    double log_likelihood; /* from densities per ns; from probabilities for const and bimodal */
    double aic;            /* 2 n_parameters - 2 log_likelihood (Akaike, 1974) */
    double distance; /* the largest of |share of the data below x - P(X < x)|, at the ends of the
                        sample's bins, so up to the probability of one bin too small */
};

/*
 * Fits all distributions to a sample with at least two rows above 0, best first: const and bimodal,
 * which have a likelihood of 1 and 2 values alone, before any density, then by least AIC;
 * impossible ones last.
 *
 * Intervals are two-sided by Fisher information (of the logarithm for positive parameters), but
 * one-sided and exact for the ends of uniform and the minimum of pareto, which lie beyond the
 * extreme of the data by a ratio of known distribution: P(ratio > t) = (1 + t)^-(n-1). The share of
 * bimodal has Clopper and Pearson's. With a single row, the upper end of uniform is unbounded: hi
 * is infinite.
 */
void qn_fit_all(const struct qn_sample *sample, struct qn_fit fits[QN_FITS]);

/* P(X < ns) of a fit that is possible. */
double qn_fit_below(const struct qn_fit *fit, double ns);

#endif
