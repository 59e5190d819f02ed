/*
 * Metrics: the one list of what summary.csv has of a cell. What summarises, compares, bounds, steers by or lists
 * figures takes their definitions from here. Adding one is a line: a column of trials.csv in QN_TRIAL_COLUMNS
 * (bench/schema/trial.h), anything else in QN_DERIVED_METRICS.
 */
#ifndef QN_BENCH_SCHEMA_METRICS_H
#define QN_BENCH_SCHEMA_METRICS_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/schema/trial.h"
#include "bench/stats/interval.h"
#include "bench/stats/statistic.h"

/* What a metric is a figure of. */
enum qn_metric_kind {
    QN_METRIC_OF_CALL,    /* a call, by `figure` */
    QN_METRIC_OF_PAIR,    /* a call without failure, beside null's same call */
    QN_METRIC_OF_NEXT,    /* a call, of the one after it; isolated calls have none */
    QN_METRIC_OF_PROCESS, /* all calls of a process together: goodput; isolated calls have none */
    QN_METRIC_OF_CELL,    /* a cell: closed forms, deviations from them, exhausted pools */
    QN_METRIC_OF_NOTHING, /* nothing: a column that is an identifier */
};

/* The calls that summary.csv has a metric of. */
enum qn_metric_calls { QN_CALLS_ALL = 1, QN_CALLS_FAILED = 2, QN_CALLS_BOTH = 3 };

/*
 * X(symbol, name, unit, kind, calls, sort, column, since, less, meaning), after those of trials.csv and in the order of
 * summary.csv: a figure of a call is the column less the other two.
 *
 * Sorts, here and of the columns of trials.csv, say how a metric is judged (macros of bench/schema/metrics.c):
 *   STAMP       time since the call began, never 0
 *   DUE         the same before it began
 *   TIME        a duration by the clock, with what work there is in it
 *   OWN_TIME    a duration that no work of the call is in, so the machine's own at any length of it
 *   WORK        counted in quanta, and so the same on every machine
 *   WASTE       the same, for nothing: a call has it or has not, so that a mean says more than a median
 *   BYTE_TIME   bytes over time
 *   COUNT       bytes, workers, errors
 *   GOOD_COUNT  the same, of which more is better
 *   SHARE       0 to 1
 *   GOOD_SHARE  the same, of which more is better
 *   RATE        by the clock, of which more is better
 *   EXCESS      a ratio of times less 1
 */
#define QN_DERIVED_METRICS(X) \
    X(DETECTION, "detection", "ns", OF_CALL, FAILED, TIME, ERROR_SEEN, ERROR_AT, NONE, \
      "error_seen - error_at") \
    X(RETURN_LATENCY, "return_latency", "ns", OF_CALL, FAILED, TIME, RETURN_AT, ERROR_AT, NONE, \
      "return_at - error_at") \
    X(RETURN_LATENCY_LESS_CLOSING, "return_latency_less_closing", "ns", OF_CALL, FAILED, TIME, \
      RETURN_AT, ERROR_AT, CLOSING, \
      "return_latency - closing: without what closing took before the report") \
    X(STOP_LATENCY, "stop_latency", "ns", OF_CALL, FAILED, TIME, STOP_AT, ERROR_AT, NONE, \
      "stop_at - error_at") \
    X(SETTLE_LATENCY, "settle_latency", "ns", OF_CALL, FAILED, TIME, SETTLE_AT, ERROR_AT, NONE, \
      "settle_at - error_at") \
    X(OVERHEAD, "overhead", "ratio", OF_PAIR, ALL, EXCESS, NONE, NONE, NONE, \
      "return_at beyond null's in the same call without failure, over null's") \
    X(GOODPUT, "goodput", "calls_per_s", OF_PROCESS, ALL, RATE, NONE, NONE, NONE, \
      "not isolated: calls without a failure a second, of a process") \
    X(NEXT_RETURN, "next_return", "ns", OF_NEXT, FAILED, TIME, RETURN_AT, NONE, NONE, \
      "not isolated: return_at of the call after a failed one") \
    X(RESPONSE_TIME, "response_time", "ns", OF_CALL, BOTH, TIME, RETURN_AT, INTENDED_AT, NONE, \
      "open loop: return_at - intended_at") \
    X(ERROR_RESPONSE, "error_response", "ns", OF_CALL, FAILED, TIME, ERROR_SEEN, INTENDED_AT, \
      NONE, "open loop: error_seen - intended_at") \
    X(THEORY_ERROR_AT, "theory_error_at", "ns", OF_CELL, FAILED, TIME, NONE, NONE, NONE, \
      "closed form of error_at, where one applies") \
    X(THEORY_WASTED, "theory_wasted", "ns", OF_CELL, FAILED, WORK, NONE, NONE, NONE, \
      "closed form of wasted, where one applies") \
    X(DEVIATION_ERROR_AT, "deviation_error_at", "share", OF_CELL, FAILED, EXCESS, NONE, NONE, \
      NONE, "mean error_at over its closed form, less 1") \
    X(DEVIATION_WASTED, "deviation_wasted", "share", OF_CELL, FAILED, EXCESS, NONE, NONE, NONE, \
      "mean wasted over its closed form, less 1") \
    X(CALLS_TO_EXHAUSTION, "calls_to_exhaustion", "calls", OF_CELL, ALL, GOOD_COUNT, NONE, NONE, \
      NONE, "back-to-back and leaking: calls until no thread of the pool was left")

/* QN_METRIC_<symbol> of a column has the number of its QN_COL_<symbol>. */
enum qn_metric_id {
#define QN_METRIC_OF_COLUMN(symbol, ...) QN_METRIC_##symbol,
    QN_TRIAL_COLUMNS(QN_METRIC_OF_COLUMN)
#undef QN_METRIC_OF_COLUMN
#define QN_METRIC_DERIVED(symbol, ...) QN_METRIC_##symbol,
        QN_DERIVED_METRICS(QN_METRIC_DERIVED)
#undef QN_METRIC_DERIVED
            QN_METRIC_COUNT
};

struct qn_metric_info {
    const char *name, *unit, *meaning; /* static storage */
    enum qn_metric_kind kind;
    enum qn_metric_calls calls;
    struct qn_figure figure;     /* of a call; all QN_COL_NONE: of none */
    enum qn_statistic statistic; /* what a process's values come to, if nothing else is asked for */
    struct qn_range range;
    bool is_stamp;   /* a time since the call began, never 0 */
    bool is_counted; /* work, in quanta */
    bool is_timed;   /* by the clock, with what work there is in it */
    bool is_higher_better;
};

/* A metric of all calls, or of those that failed. */
struct qn_metric_of_calls {
    const struct qn_metric_info *info;
    bool failed_only;
};

/* Indexed by enum qn_metric_id; those of kind QN_METRIC_OF_NOTHING are none. Immutable. */
extern const struct qn_metric_info qn_metrics[QN_METRIC_COUNT];

/* Two names are one, hyphens and underscores being the same. */
bool qn_metric_is(const char *name, const char *other);

/* The metric of that name; NULL: there is none. */
const struct qn_metric_info *qn_metric_find(const char *name);

/* Unless it is asked of all calls, it is of those that failed. */
static inline bool qn_metric_is_of_failed(const struct qn_metric_info *metric)
{
    return metric->calls == QN_CALLS_FAILED;
}

/* As in the column `condition`. */
static inline const char *qn_condition_name(bool failed_only)
{
    return failed_only ? "failed" : "all";
}

/* A process's calls in their order: those in question, and those of which the ones without failure
 * are held against null's same calls. Any may be none. */
struct qn_process_rows {
    const struct qn_trial *rows, *without_failure, *floor;
    size_t n, n_without_failure, n_floor;
    double scale; /* of their work: figures of work are divided by it; 0: as they are */
};

/* The figures of the calls that have one, in the order of the calls, into values (room for every call); how many.
 * failed_only bears on figures of a call. Of what all calls come to together, such as goodput, one. A metric of a cell
 * has none. */
size_t qn_metric_values(const struct qn_metric_info *metric, bool failed_only,
                        const struct qn_process_rows *rows, double *values);

/* What the metric's own statistic makes of a process's n calls; NAN: none has a figure. values: room for n. */
double qn_metric_figure(const struct qn_metric_of_calls *metric, const struct qn_trial *rows,
                        size_t n, double *values);

#endif
