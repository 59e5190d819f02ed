/*
 * How the choice depends on the failure rate: the cheapest candidate at each, and at which rate one
 * overtakes another.
 */
#ifndef QN_BENCH_TUNE_SEARCH_RATES_H
#define QN_BENCH_TUNE_SEARCH_RATES_H

#include "bench/tune/search/stages.h"

/* One overtakes the other between two of the rates measured. */
struct qn_crossing {
    size_t from, to; /* candidates: cheapest below, cheapest above */
    /* where both cost the same, interpolated between measured rates (in the logarithm of the rate;
     * from 0, in the rate itself) */
    double rate;
    /* 95 %, by 4,000 bootstraps over processes; percentiles expanded for few processes (Hesterberg,
     * Am. Statist. 69, 2015) */
    double lo, hi;
    bool is_shown; /* each is shown to be cheaper on its side */
};

struct qn_crossings {
    size_t winners[QN_MAX_RATES]; /* candidate at each rate; SIZE_MAX: nothing measured */
    struct qn_crossing list[QN_MAX_RATES];
    size_t n;
};

/*
 * Among the candidates measured at every rate. At the rate in question the search's choice wins;
 * from there up and down each winner stays until it costs more than the cheapest plus the band, and
 * the cheapest replaces it. QN_ENOMEM.
 */
int qn_crossings_find(const struct qn_tune *tune, struct qn_crossings *out) QN_MUST_CHECK;

/* True if a candidate was measured at every rate. */
bool qn_tune_is_finalist(const struct qn_tune *tune, size_t candidate);

/* The rate at which a piecewise interpolated difference last falls through 0 at or before index
 * `upto`: rates[0] if it is at or below 0 from the beginning, rates[upto] if it never falls.
 * Missing differences (NAN) are skipped; NAN: all are missing. */
double qn_crossing_of(const double *rates, const double *difference, size_t upto);

#endif
