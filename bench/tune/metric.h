/*
 * Measures: what a policy is judged by. A measure is a metric and a statistic of it, written
 * METRIC[_STATISTIC][@failed|@all]: return_at_p99, wasted_mean, error_fidelity_mean@failed. Metrics
 * are those of summary.csv; statistics are mean, p50, p90, p99, p999 and max.
 */
#ifndef QN_BENCH_TUNE_METRIC_H
#define QN_BENCH_TUNE_METRIC_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/schema/metrics.h"
#include "runtime/base.h"

struct qn_tune_metric {
    const struct qn_metric_info *info; /* never a metric of whole cells */
    bool failed_only;
    enum qn_statistic statistic;
};

/*
 * Parses text[0 .. n). *has_statistic (may be NULL) is whether it names one; otherwise the metric's
 * own is used: p50 for times, mean for anything else and for wasted work. QN_EINVAL: *allowed says
 * what is allowed (static storage).
 */
int qn_tune_metric_parse(const char *text, size_t n, struct qn_tune_metric *out,
                         bool *has_statistic, const char **allowed) QN_MUST_CHECK;

/* Writes its name in the form that is parsed, with the condition if it is not the metric's own. */
void qn_tune_metric_format(const struct qn_tune_metric *metric, char *out, size_t bytes);

/* True if both have the same metric, statistic and condition. */
bool qn_tune_metric_is(const struct qn_tune_metric *metric, const struct qn_tune_metric *other);

/* As qn_metric_take; returns how many. */
static inline size_t qn_tune_metric_values(const struct qn_tune_metric *metric,
                                           const struct qn_process_calls *calls,
                                           struct qn_weighed *out)
{
    qn_metric_take(metric->info, metric->failed_only, calls, out);
    return out->n;
}

/* The statistic of values, at least one; as qn_weighed_take. */
static inline double qn_tune_metric_take(const struct qn_tune_metric *metric,
                                         struct qn_weighed *values)
{
    return qn_weighed_take(metric->statistic, values);
}

#endif
