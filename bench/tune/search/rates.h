/*
 * How a choice turns round with the failure rate: who costs least at each, and at which rate one
 * candidate overtakes another.
 */
#ifndef QN_BENCH_TUNE_SEARCH_RATES_H
#define QN_BENCH_TUNE_SEARCH_RATES_H

#include "bench/tune/search/stages.h"

/* One overtakes the other between two of the rates measured. */
struct qn_crossing {
    size_t from, to; /* candidates: cheapest below, cheapest above */
    double rate;     /* where both cost the same, between rates measured by interpolation (of the
                        logarithm of the rate, but from 0 on of the rate itself) */
    double lo, hi; /* 95 %, by 4,000 bootstraps over processes; percentiles expanded for their small
                      number (Hesterberg, Am. Statist. 69, 2015) */
    bool is_shown; /* each has been shown to be cheaper on its side */
};

struct qn_crossings {
    size_t winners[QN_MAX_RATES]; /* candidate a rate; SIZE_MAX: nothing measured there */
    struct qn_crossing list[QN_MAX_RATES];
    size_t n;
};

/*
 * Of the candidates that the search measured at every rate. At the rate in question the search's
 * choice wins; from there up and down each winner stays until it costs more than the cheapest and
 * the band, which then wins. QN_ENOMEM.
 */
int qn_crossings_find(const struct qn_tune *tune, struct qn_crossings *out) QN_MUST_CHECK;

/* A candidate was measured at every rate. */
bool qn_tune_is_finalist(const struct qn_tune *tune, size_t candidate);

/* The rate at which a piecewise interpolated difference, one a rate, last falls through 0 at or
 * before place `upto`: rates[0] if it is at or below 0 from the beginning, rates[upto] if it never
 * falls. Places without a difference (NAN) are passed over; NAN: none has one. */
double qn_crossing_of(const double *rates, const double *difference, size_t upto);

#endif
