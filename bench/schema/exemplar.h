/*
 * Exemplars: calls worth a look by themselves: the worst, the median, and a typical failed one. A
 * measuring process keeps their workers; explain shows them.
 */
#ifndef QN_BENCH_SCHEMA_EXEMPLAR_H
#define QN_BENCH_SCHEMA_EXEMPLAR_H

#include <stddef.h>

#include "bench/schema/trial.h"
#include "runtime/base.h"

/* X(symbol, name): why a call's workers were kept, in timeline.csv. A call that qualifies for
 * several is kept as the first. */
#define QN_EXEMPLARS(X) \
    X(PICTURED, "pictured") /* the first planned to fail: the same call for every strategy */ \
    X(WORST, "worst") \
    X(TYPICAL, "typical") \
    X(MEDIAN, "median")

enum qn_exemplar {
#define QN_EXEMPLAR_ENUM(symbol, name) QN_EXEMPLAR_##symbol,
    QN_EXEMPLARS(QN_EXEMPLAR_ENUM)
#undef QN_EXEMPLAR_ENUM
        QN_EXEMPLAR_COUNT
};

/* Indexed by enum qn_exemplar; immutable. */
extern const char *const qn_exemplar_names[QN_EXEMPLAR_COUNT];

/*
 * Each call's distance from the middle, in ranks:
 *   QN_EXEMPLAR_MEDIAN   by return_at, over the failed calls; over all where none failed
 *   QN_EXEMPLAR_TYPICAL  the sum over error_at, detection, return latency and waste, over the
 *                       failed calls; one that some failed call has not got (detection of
 *                       `null`) is left out
 *
 * Equal calls share a rank. distances[i] is for rows[i]; NAN: the call doesn't count. n may be 0.
 * QN_ENOMEM.
 */
int qn_exemplar_distances(const struct qn_trial *rows, size_t n, enum qn_exemplar which,
                          double *distances) QN_MUST_CHECK;

/* The first call with the smallest distance; SIZE_MAX: all are NAN. */
size_t qn_exemplar_nearest(const double *distances, size_t n);

/* The first call with the largest return_at; SIZE_MAX: there is none. */
size_t qn_exemplar_worst(const struct qn_trial *rows, size_t n);

#endif
