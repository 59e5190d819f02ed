/*
 * A trial: the figures of one call, a row of trials.csv.
 *
 * Every numeric column is an int64_t in one array, so writing, reading and summarising walk the
 * same list and a column is added in one place. A figure that does not exist is QN_NONE, an empty
 * cell in the file, never 0.
 */
#ifndef QN_BENCH_SCHEMA_TRIAL_H
#define QN_BENCH_SCHEMA_TRIAL_H

#include <stdint.h>
#include <stdio.h>

#include "bench/base/csv.h"
#include "strategies/error.h"

/*
 * X(symbol, column name, metric name, unit, sort, meaning), in the order of the file, after
 * cell_id.
 *
 * The sort says what kind of metric the column is (see bench/schema/metrics.h); ID: an identifier,
 * never summarised.
 */
#define QN_TRIAL_COLUMNS(X) \
    X(PROCESS, "process", "process", "", ID, "process of the cell") \
    X(TRIAL, "trial", "trial", "", ID, "call of the process") \
    X(SEED, "seed", "seed", "", ID, "the run's seed") \
    X(FAILED, "failed", "failed", "share", SHARE, "some worker failed") \
    X(FAILING_WORKERS, "failing_workers", "failing_workers", "workers", COUNT, \
      "workers that failed") \
    X(INTENDED_AT, "intended_at_ns", "intended_at", "ns", DUE, \
      "open loop: intended start, relative to t0") \
    X(ERROR_AT, "error_at_ns", "error_at", "ns", STAMP, "the first worker failure happens") \
    X(ERROR_SEEN, "error_seen_ns", "error_seen", "ns", STAMP, \
      "the caller holds the first error it receives, close errors aside") \
    X(CANCEL_AT, "cancel_at_ns", "cancel_at", "ns", STAMP, "closed or the token is raised") \
    X(RETURN_AT, "return_at_ns", "return_at", "ns", STAMP, "the strategy's call returns") \
    X(STOP_AT, "stop_at_ns", "stop_at", "ns", STAMP, "the last worker stops computing") \
    X(SETTLE_AT, "settle_at_ns", "settle_at", "ns", STAMP, "the call's last resource is released") \
    X(PLANNED_WORK, "planned_work_ns", "planned_work", "ns", WORK, \
      "work the call planned; kind own: none") \
    X(WORK, "work_ns", "work", "ns", WORK, "work done; kind own: wall time") \
    X(WASTED, "wasted_ns", "wasted", "ns", WASTE, "work done after error_at; kind own: wall time") \
    X(WASTED_INFLIGHT, "wasted_inflight_ns", "wasted_inflight", "ns", WORK, \
      "of it, by workers begun before error_at") \
    X(WASTED_STARTED, "wasted_started_ns", "wasted_started", "ns", WORK, \
      "of it, by workers begun after error_at") \
    X(DISCARDED, "discarded_ns", "discarded", "ns", WORK, \
      "work of workers that had succeeded, if an error was returned and nothing was kept") \
    X(OCCUPIED, "occupied_ns", "occupied", "ns", TIME, \
      "wall time for which workers kept threads after error_at, summed") \
    X(RETAINED_AT_RETURN, "retained_at_return_bytes", "retained_at_return", "bytes", COUNT, \
      "live bytes of the call when it returns") \
    X(RETAINED_INTEGRAL, "retained_integral_byte_ns", "retained_integral", "byte_ns", BYTE_TIME, \
      "live bytes over the time from error_at to settle_at") \
    X(PEAK, "peak_bytes", "peak", "bytes", COUNT, "most live bytes at once") \
    X(LEAKED_BYTES, "leaked_bytes", "leaked", "bytes", COUNT, "bytes that can never be released") \
    X(LEAKED_WORKERS, "leaked_workers", "leaked_workers", "workers", COUNT, \
      "workers blocked forever, and those that can never begin") \
    X(ERROR_FIRST, "error_first", "error_first", "", ID, "worker whose failure came first") \
    X(ERROR_RETURNED, "error_returned", "error_returned", "", ID, \
      "worker whose error was returned") \
    X(ERROR_RETURNED_KIND, "error_returned_kind", "error_returned_kind", "", ID, \
      "what the returned error is") \
    X(ERRORS_SEEN, "errors_seen", "errors_seen", "errors", COUNT, "errors that happened") \
    X(ERRORS_LOST, "errors_lost", "errors_lost", "errors", COUNT, \
      "of them, those neither returned nor logged") \
    X(ERROR_FIDELITY, "error_fidelity", "error_fidelity", "share", GOOD_SHARE, \
      "the returned error is the first in time") \
    X(BEGIN_AT, "begin_at_ns", "begin_at", "ns", ID, \
      "t0, since the first call of the process began") \
    X(IN_FLIGHT, "in_flight_bytes", "in_flight", "bytes", COUNT, \
      "live bytes of all calls of the process when this one returned") \
    X(CANCELLING, "cancelling_ns", "cancelling", "ns", OWN_TIME, \
      "time the canceller took to raise, from cancel_at on") \
    X(CANCELLED_REPORTS, "cancelled_reports", "cancelled_reports", "workers", COUNT, \
      "received reports of workers that were cancelled") \
    X(ERRORS_MASKED, "errors_masked", "errors_masked", "share", SHARE, \
      "a cancellation or a close error was returned although a worker had failed") \
    X(ERROR_BYTES, "error_bytes", "error_memory", "bytes", COUNT, \
      "memory of the errors joined to the returned one") \
    X(RESOURCES_TAKEN, "resources_taken", "resources_taken", "resources", COUNT, \
      "resources that the call's workers or its owner took") \
    X(RESOURCES_LEAKED, "resources_leaked", "resources_leaked", "resources", COUNT, \
      "of them, those never closed") \
    X(CLOSED_TWICE, "closed_twice", "closed_twice", "closes", COUNT, \
      "closes of a resource that was closed already") \
    X(USED_AFTER_CLOSE, "used_after_close", "used_after_close", "uses", COUNT, \
      "uses of a resource after it was closed") \
    X(CLOSE_ERRORS, "close_errors", "close_errors", "errors", COUNT, "closes that failed") \
    X(CLOSE_ERRORS_REPORTED, "close_errors_reported", "close_errors_reported", "errors", \
      GOOD_COUNT, "of them, those that the returned error, the log or the owner carries") \
    X(CLOSE_ERRORS_LOST, "close_errors_lost", "close_errors_lost", "errors", COUNT, \
      "of them, those that are lost") \
    X(CLOSING, "closing_ns", "closing", "ns", OWN_TIME, \
      "time spent closing between the returned error and the return") \
    X(POLLS, "polls", "polls", "polls", COUNT, \
      "polls of the token by the call's workers while they computed") \
    X(POLLING, "polling_ns", "polling", "ns", WASTE, "extra nominal work of polls") \
    X(CALLER_PREEMPTIONS, "caller_preemptions", "caller_preemptions", "preemptions", COUNT, \
      "isolated: times that the caller's thread was preempted during the call") \
    X(CALLER_RUN_DELAY, "caller_run_delay_ns", "caller_run_delay", "ns", OWN_TIME, \
      "isolated: time that the caller's thread was ready to run and had no core") \
    X(PEER_BYTES, "peer_bytes", "peer_memory", "bytes", COUNT, \
      "peers: bytes that their own allocations took during the call") \
    X(WEIGHT, "weight", "weight", "", ID, \
      "draw=conditional: calls of plain draws that this one stands for; empty: 1")

enum qn_trial_column {
#define QN_COLUMN_ENUM(symbol, column, metric, unit, sort, meaning) QN_COL_##symbol,
    QN_TRIAL_COLUMNS(QN_COLUMN_ENUM)
#undef QN_COLUMN_ENUM
        QN_COL_COUNT,
    QN_COL_NONE = QN_COL_PROCESS /* in a figure: no column, since no figure is an identifier */
};

/* v[QN_COL_WEIGHT] of a call that counts once: weights are fixed-point numbers. */
#define QN_WEIGHT_ONE 1e15

/* Weights as text: a decimal fraction, such as 1.98. QN_EINVAL: not one, or not above 0. */
void qn_weight_put(FILE *file, int64_t weight);
int qn_weight_parse(const char *text, int64_t *out) QN_MUST_CHECK;

/* One row; v[] is indexed by enum qn_trial_column. Times are ns since the call began. */
struct qn_trial {
    int64_t v[QN_COL_COUNT];
};

/* A figure of a call: a column of its trial, minus others unless they are QN_COL_NONE. */
struct qn_figure {
    int column; /* enum qn_trial_column */
    int since;  /* an earlier stamp */
    int less;   /* time to leave out */
};

/* The figure of a call; QN_NONE: it has none. */
static inline int64_t qn_figure_of(const struct qn_trial *t, const struct qn_figure *figure)
{
    const int others[] = {figure->since, figure->less};
    int64_t value = figure->column == QN_COL_NONE ? QN_NONE : t->v[figure->column];

    for (int i = 0; i < 2 && value != QN_NONE; i++)
        if (others[i] != QN_COL_NONE)
            value = t->v[others[i]] == QN_NONE ? QN_NONE : value - t->v[others[i]];
    return value;
}

/* What the call counts among those of its process. */
static inline double qn_trial_weight(const struct qn_trial *t)
{
    return t->v[QN_COL_WEIGHT] > 0 ? (double)t->v[QN_COL_WEIGHT] / QN_WEIGHT_ONE : 1;
}

/* Orders trials by process and call, for qsort. */
int qn_trial_by_call(const void *a, const void *b);

/* The columns' names, indexed by enum qn_trial_column; immutable. */
extern const char *const qn_trial_columns[QN_COL_COUNT];
/* How QN_COL_ERROR_RETURNED_KIND is written; indexed by enum qn_error_kind; immutable. */
extern const char *const qn_error_kind_names[QN_ERROR_KIND_COUNT];

#endif
