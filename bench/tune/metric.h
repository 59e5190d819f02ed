/*
 * Metrics: what a policy is judged by. A metric is a figure of each call and what is taken of its
 * distribution, written METRIC[_STATISTIC][@failed|@all]: return_at_p99, wasted_mean,
 * error_fidelity_mean@failed. Metrics are those of summary.csv; statistics are mean, p50, p90, p99,
 * p999 and max.
 */
#ifndef QN_BENCH_TUNE_METRIC_H
#define QN_BENCH_TUNE_METRIC_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/schema/metrics.h"
#include "bench/schema/trial.h"
#include "runtime/base.h"

/* X(symbol, name, share of calls at or below it; NAN: no quantile) */
#define QN_STATISTICS(X) \
    X(MEAN, "mean", NAN) \
    X(P50, "p50", 0.5) \
    X(P90, "p90", 0.9) X(P99, "p99", 0.99) X(P999, "p999", 0.999) X(MAX, "max", NAN)

enum qn_statistic {
#define QN_STATISTIC_ENUM(symbol, name, share) QN_STATISTIC_##symbol,
    QN_STATISTICS(QN_STATISTIC_ENUM)
#undef QN_STATISTIC_ENUM
        QN_STATISTIC_COUNT
};

struct qn_tune_metric {
    const char *name;         /* as in summary.csv; static storage */
    const char *unit;         /* as there: ns, bytes, byte_ns, share, ratio, workers, errors, ... */
    enum qn_metric_kind kind; /* never QN_METRIC_OF_CELL */
    struct qn_figure figure;  /* of a call, where it has one */
    bool is_counted;          /* work */
    bool is_timed;            /* by the clock, with the call's work in it */
    bool is_higher_better;
    bool is_not_isolated; /* of calls that don't wait for the last to settle */
    bool failed_only;
    struct qn_range range; /* of its values */
    enum qn_statistic statistic;
};

/* A process's calls: those at the rate in question, and those that meet no failure with null's of
 * the same. Any may be none. */
struct qn_process_rows {
    const struct qn_trial *rows, *without_failure, *floor;
    size_t n, n_without_failure, n_floor;
    double scale; /* of their work: figures of work are divided by it; 0: as they are */
};

/*
 * Parses text[0 .. n). has_statistic, if wanted, says whether one stands there; else the metric's
 * own is taken: p50 of times, mean of anything else and of wasted work. QN_EINVAL: *allowed
 * says what would do (static storage).
 */
int qn_tune_metric_parse(const char *text, size_t n, struct qn_tune_metric *out,
                         bool *has_statistic, const char **allowed) QN_MUST_CHECK;

/* Writes its name as it is parsed, with the condition where it is not the metric's own. */
void qn_tune_metric_format(const struct qn_tune_metric *metric, char *out, size_t bytes);

/* Both are of the same calls, metric and statistic. */
bool qn_tune_metric_is(const struct qn_tune_metric *metric, const struct qn_tune_metric *other);

/* It is a time since the call began, which is never 0. */
bool qn_tune_metric_is_stamp(const struct qn_tune_metric *metric);

/* The figures of a process's calls that have one, in the order of the calls, into values (room for
 * every call); how many. Of what all of them come to together, such as goodput, one. */
size_t qn_tune_metric_values(const struct qn_tune_metric *metric,
                             const struct qn_process_rows *rows, double *values);

/* What the statistic makes of n >= 1 values, which end up sorted. */
double qn_tune_metric_take(const struct qn_tune_metric *metric, double *values, size_t n);

/* The quantile's share, or NAN. */
double qn_statistic_share(enum qn_statistic statistic);

#endif
