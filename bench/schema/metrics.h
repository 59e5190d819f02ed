/*
 * Metrics: the one list of what summary.csv has for a cell. Everything that summarises, compares,
 * bounds, optimises or lists figures uses these definitions. To add a metric, add a line: a column
 * of trials.csv in QN_TRIAL_COLUMNS (bench/schema/trial.h), anything else in QN_DERIVED_METRICS.
 */
#ifndef QN_BENCH_SCHEMA_METRICS_H
#define QN_BENCH_SCHEMA_METRICS_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/schema/trials.h"
#include "bench/stats/interval.h"
#include "bench/stats/weighed.h"

/* What a metric describes. */
enum qn_metric_kind {
    QN_METRIC_OF_CALL,    /* a call: `figure` */
    QN_METRIC_OF_PAIR,    /* a call without failure, with null's same call */
    QN_METRIC_OF_NEXT,    /* the call after a given one; isolated calls have none */
    QN_METRIC_OF_PROCESS, /* all calls of a process together, such as goodput; isolated calls have
                           * none */
    QN_METRIC_OF_CELL,    /* a cell: closed forms, deviations from them, exhausted pools */
    QN_METRIC_OF_NOTHING, /* nothing: the column is an identifier */
};

/* The calls for which summary.csv has a metric. */
enum qn_metric_calls { QN_CALLS_ALL = 1, QN_CALLS_FAILED = 2, QN_CALLS_BOTH = 3 };

/*
 * X(symbol, name, unit, kind, calls, sort, column, since, less, meaning), following those of
 * trials.csv, in the order of summary.csv: a call's figure is the column minus the other two.
 *
 * The sort, here and in the columns of trials.csv, says how a metric is judged (macros in
 * bench/schema/metrics.c):
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
      "return_at beyond null's in the same call without failure and under the same scheduling, over null's") \
    X(GOODPUT, "goodput", "calls_per_s", OF_PROCESS, ALL, RATE, NONE, NONE, NONE, \
      "not isolated: successful calls per second, of a process") \
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
      NONE, "back-to-back and leaking: calls until the pool had no thread left")

/* For a column of trials.csv, QN_METRIC_<symbol> equals QN_COL_<symbol>. */
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
    struct qn_figure figure;     /* of a call; all QN_COL_NONE: none */
    enum qn_statistic statistic; /* the default statistic over a process's values */
    struct qn_range range;
    bool is_stamp;   /* time since the call began, never 0 */
    bool is_counted; /* work, in quanta */
    bool is_timed;   /* by the clock, with what work there is in it */
    bool is_higher_better;
};

/* A metric over all calls, or over those that failed. */
struct qn_metric_of_calls {
    const struct qn_metric_info *info;
    bool failed_only;
};

/* Indexed by enum qn_metric_id; entries of kind QN_METRIC_OF_NOTHING are not metrics. Immutable. */
extern const struct qn_metric_info qn_metrics[QN_METRIC_COUNT];

/* Whether two names are equal if hyphens and underscores are the same. */
bool qn_metric_is(const char *name, const char *other);

/* The metric with that name; NULL: there is none. */
const struct qn_metric_info *qn_metric_find(const char *name);

/* Whether the metric is over failed calls unless all calls are asked for. */
static inline bool qn_metric_is_of_failed(const struct qn_metric_info *metric)
{
    return metric->calls == QN_CALLS_FAILED;
}

/* As in the column `condition`. */
static inline const char *qn_condition_name(bool failed_only)
{
    return failed_only ? "failed" : "all";
}

/* A process's calls in order: all of them; and the calls to compare with null's same calls (floor).
 * Any may be empty. */
struct qn_process_calls {
    struct qn_calls_part calls, without_failure, floor;
    double scale; /* figures of work are divided by it; 0: unchanged */
};

/* Columns that a metric reads at most, besides trial and failed, which every metric may read. */
#define QN_METRIC_MOST_COLUMNS 3

/* Writes them to columns; returns how many. */
size_t qn_metric_columns(const struct qn_metric_info *metric, int columns[QN_METRIC_MOST_COLUMNS]);

/* Takes the figures of the calls that have one into out (room for every call), in the order of the
 * calls, with the calls' weights. failed_only applies to figures of a call. A metric of a process,
 * such as goodput, gives one value; a metric of a cell none. The metric's columns, trial and failed
 * must be among those taken, and weight, unless all count alike. */
void qn_metric_take(const struct qn_metric_info *metric, bool failed_only,
                    const struct qn_process_calls *calls, struct qn_weighed *out);

/* The metric's own statistic over a process's calls; NAN: none has a figure. scratch: room for all. */
double qn_metric_figure(const struct qn_metric_of_calls *metric, const struct qn_calls_part *calls,
                        struct qn_weighed *scratch);

#endif
