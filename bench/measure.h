/*
 * Measures: what a policy is judged by. A measure is a figure of each call and what is taken of its
 * distribution, written METRIC[_STATISTIC][@failed|@all]: return_at_p99, wasted_mean,
 * error_fidelity_mean@failed. Metrics are those of summary.csv; statistics are mean, p50, p90, p99,
 * p999 and max.
 */
#ifndef QN_BENCH_MEASURE_H
#define QN_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/trial.h"
#include "bench/values.h"

/* X(symbol, name, share of calls at or below it; NAN: no quantile) */
#define QN_STATISTICS(X)                                                                           \
    X(MEAN, "mean", NAN)                                                                           \
    X(P50, "p50", 0.5) X(P90, "p90", 0.9) X(P99, "p99", 0.99) X(P999, "p999", 0.999)               \
        X(MAX, "max", NAN)

enum qn_statistic {
#define QN_STATISTIC_ENUM(symbol, name, share) QN_STATISTIC_##symbol,
    QN_STATISTICS(QN_STATISTIC_ENUM)
#undef QN_STATISTIC_ENUM
        QN_STATISTIC_COUNT
};

struct qn_measure {
    const char *metric;      /* as in summary.csv; static storage */
    const char *unit;        /* as there: ns, bytes, byte_ns, share, ratio, workers, errors, ... */
    struct qn_figure figure; /* of a call; of overhead none */
    bool is_overhead;        /* of calls that meet no failure, against null's in the same calls */
    bool is_stamp;           /* a time since the call began, which is never 0 */
    bool failed_only;
    enum qn_statistic statistic;
};

/* A process's calls: those at the rate in question, and those that meet no failure with null's of
 * the same. Any may be none. */
struct qn_process_rows {
    const struct qn_trial *rows, *calm, *floor;
    size_t n, n_calm, n_floor;
};

/*
 * Parses text[0 .. n). has_statistic, if wanted, says whether one stands there; else the metric's
 * own is taken: p50 of times, mean of what else. QN_EINVAL: *allowed says what would do (static or
 * thread-local).
 */
int qn_measure_parse(const char *text, size_t n, struct qn_measure *out, bool *has_statistic,
                     const char **allowed) QN_MUST_CHECK;

/* Writes its name as it is parsed, with the condition where it is not the metric's own. */
void qn_measure_format(const struct qn_measure *measure, char *out, size_t bytes);

/* The figures of a process's calls that have one, in the order of the calls, into values (room for
 * every call); how many. */
size_t qn_measure_values(const struct qn_measure *measure, const struct qn_process_rows *rows,
                         double *values);

/* What the statistic makes of n >= 1 values, which end up sorted. */
double qn_measure_take(const struct qn_measure *measure, double *values, size_t n);

/* The quantile's share, or NAN. */
double qn_statistic_share(enum qn_statistic statistic);

#endif
