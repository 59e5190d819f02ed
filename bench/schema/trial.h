/*
 * A trial: the figures of one call, a row of trials.csv.
 *
 * Every numeric column is one int64_t of an array, so that writing, reading and summarising walk the
 * same list and a column is added in one place. A figure that does not exist is QN_NONE, an empty
 * cell in the file, never 0.
 */
#ifndef QN_BENCH_SCHEMA_TRIAL_H
#define QN_BENCH_SCHEMA_TRIAL_H

#include <stdint.h>

#include "bench/base/csv.h"

/* What a column is for: an identifier is never summarised; a figure is, over all calls or, where it
 * exists only when a worker failed, over the failed ones too. */
enum qn_column_role { QN_ROLE_ID, QN_ROLE_FIGURE };

/* X(symbol, column name, metric name, unit, role, meaning), in the order of the file after cell_id. */
#define QN_TRIAL_COLUMNS(X) \
    X(PROCESS, "process", "process", "", ID, "replica of the cell") \
    X(TRIAL, "trial", "trial", "", ID, "call within the process") \
    X(SEED, "seed", "seed", "", ID, "the run's seed") \
    X(FAILED, "failed", "failed", "share", FIGURE, "some worker failed") \
    X(FAILING_WORKERS, "failing_workers", "failing_workers", "workers", FIGURE, \
      "workers that failed") \
    X(INTENDED_AT, "intended_at_ns", "intended_at", "ns", FIGURE, \
      "open loop: intended start, relative to t0") \
    X(ERROR_AT, "error_at_ns", "error_at", "ns", FIGURE, "the first worker failure happens") \
    X(ERROR_SEEN, "error_seen_ns", "error_seen", "ns", FIGURE, \
      "the caller holds the first error it receives, one of closing alone apart") \
    X(CANCEL_AT, "cancel_at_ns", "cancel_at", "ns", FIGURE, "closed or the token is raised") \
    X(RETURN_AT, "return_at_ns", "return_at", "ns", FIGURE, "the strategy's call returns") \
    X(STOP_AT, "stop_at_ns", "stop_at", "ns", FIGURE, "the last worker stops computing") \
    X(SETTLE_AT, "settle_at_ns", "settle_at", "ns", FIGURE, \
      "the call's last resource is released") \
    X(PLANNED_WORK, "planned_work_ns", "planned_work", "ns", FIGURE, "work the call planned") \
    X(WORK, "work_ns", "work", "ns", FIGURE, "work done") \
    X(WASTED, "wasted_ns", "wasted", "ns", FIGURE, "work done after error_at") \
    X(WASTED_INFLIGHT, "wasted_inflight_ns", "wasted_inflight", "ns", FIGURE, \
      "of it, by workers begun before error_at") \
    X(WASTED_STARTED, "wasted_started_ns", "wasted_started", "ns", FIGURE, \
      "of it, by workers begun after error_at") \
    X(DISCARDED, "discarded_ns", "discarded", "ns", FIGURE, \
      "work of workers that had succeeded, when an error was returned and nothing kept") \
    X(OCCUPIED, "occupied_ns", "occupied", "ns", FIGURE, \
      "wall time that workers kept threads after error_at, summed") \
    X(RETAINED_AT_RETURN, "retained_at_return_bytes", "retained_at_return", "bytes", FIGURE, \
      "live bytes of the call when it returns") \
    X(RETAINED_INTEGRAL, "retained_integral_byte_ns", "retained_integral", "byte_ns", FIGURE, \
      "live bytes over the time from error_at to settle_at") \
    X(PEAK, "peak_bytes", "peak", "bytes", FIGURE, "the most live bytes at once") \
    X(LEAKED_BYTES, "leaked_bytes", "leaked", "bytes", FIGURE, "bytes that can never be released") \
    X(LEAKED_WORKERS, "leaked_workers", "leaked_workers", "workers", FIGURE, \
      "workers blocked for ever, and those that can never begin") \
    X(ERROR_FIRST, "error_first", "error_first", "", ID, "worker whose failure came first") \
    X(ERROR_RETURNED, "error_returned", "error_returned", "", ID, \
      "worker whose error was returned") \
    X(ERROR_RETURNED_KIND, "error_returned_kind", "error_returned_kind", "", ID, \
      "what the returned error is") \
    X(ERRORS_SEEN, "errors_seen", "errors_seen", "errors", FIGURE, "errors that happened") \
    X(ERRORS_LOST, "errors_lost", "errors_lost", "errors", FIGURE, \
      "of them, those that nothing returned or logged carries") \
    X(ERROR_FIDELITY, "error_fidelity", "error_fidelity", "share", FIGURE, \
      "the returned error is the first in time") \
    X(BEGIN_AT, "begin_at_ns", "begin_at", "ns", ID, \
      "t0, since the first call of the process began") \
    X(IN_FLIGHT, "in_flight_bytes", "in_flight", "bytes", FIGURE, \
      "live bytes of all calls of the process when this one returned") \
    X(CANCELLING, "cancelling_ns", "cancelling", "ns", FIGURE, \
      "the canceller's own time, from cancel_at until the raise was done") \
    X(CANCELLED_REPORTS, "cancelled_reports", "cancelled_reports", "workers", FIGURE, \
      "workers that reported to have been cancelled, and were received") \
    X(ERRORS_MASKED, "errors_masked", "errors_masked", "share", FIGURE, \
      "a cancellation or an error of closing was returned though a worker had failed") \
    X(ERROR_BYTES, "error_bytes", "error_memory", "bytes", FIGURE, \
      "memory of the errors joined to the returned one") \
    X(RESOURCES_TAKEN, "resources_taken", "resources_taken", "resources", FIGURE, \
      "resources that the call's workers or its owner took") \
    X(RESOURCES_LEAKED, "resources_leaked", "resources_leaked", "resources", FIGURE, \
      "of them, those never closed") \
    X(CLOSED_TWICE, "closed_twice", "closed_twice", "closes", FIGURE, \
      "closes of a resource that was closed already") \
    X(USED_AFTER_CLOSE, "used_after_close", "used_after_close", "uses", FIGURE, \
      "uses of a resource after it was closed") \
    X(CLOSE_ERRORS, "close_errors", "close_errors", "errors", FIGURE, "closes that failed") \
    X(CLOSE_ERRORS_REPORTED, "close_errors_reported", "close_errors_reported", "errors", FIGURE, \
      "of them, those that the returned error, the log or the owner carries") \
    X(CLOSE_ERRORS_LOST, "close_errors_lost", "close_errors_lost", "errors", FIGURE, \
      "of them, those that nobody carries") \
    X(CLOSING, "closing_ns", "closing", "ns", FIGURE, \
      "time that closing took on the way from the returned error to the return") \
    X(POLLS, "polls", "polls", "polls", FIGURE, \
      "looks of the call's workers at their token while they computed") \
    X(POLLING, "polling_ns", "polling", "ns", FIGURE, "extra nominal work of polls")

enum qn_trial_column {
#define QN_COLUMN_ENUM(symbol, column, metric, unit, role, meaning) QN_COL_##symbol,
    QN_TRIAL_COLUMNS(QN_COLUMN_ENUM)
#undef QN_COLUMN_ENUM
        QN_COL_COUNT
};

/* Values of QN_COL_ERROR_RETURNED_KIND, written by name. X(symbol, name) */
#define QN_ERROR_KINDS(X) \
    X(NONE, "none") X(WORKER, "worker") X(CANCELLED, "cancelled") X(CLOSE, "close")

enum qn_error_kind {
#define QN_KIND_ENUM(symbol, name) QN_ERROR_##symbol,
    QN_ERROR_KINDS(QN_KIND_ENUM)
#undef QN_KIND_ENUM
        QN_ERROR_KIND_COUNT
};

/* One row; v[] is indexed by enum qn_trial_column. Times are ns since the call began. */
struct qn_trial {
    int64_t v[QN_COL_COUNT];
};

/* A figure of a call: a column of its trial, or the time since another. */
struct qn_figure {
    int column; /* enum qn_trial_column */
    int since;  /* the column of the earlier stamp; -1: none */
};

/* The figure of one call; QN_NONE: it has none. */
int64_t qn_figure_of(const struct qn_trial *trial, const struct qn_figure *figure);

struct qn_trial_column_info {
    const char *column; /* header in trials.csv */
    const char *metric; /* name in summary.csv */
    const char *unit;
    enum qn_column_role role;
    const char *meaning;
};

/* Indexed by enum qn_trial_column; immutable. */
extern const struct qn_trial_column_info qn_trial_columns[QN_COL_COUNT];
/* Indexed by enum qn_error_kind; immutable. */
extern const char *const qn_error_kind_names[QN_ERROR_KIND_COUNT];

#endif
