/*
 * The columns of the tables in a results folder, a line each, in the order of the files. Headers,
 * writers and readers are generated from these lines: to add a column, add a line. For trials.csv
 * see bench/schema/trial.h.
 *
 * X(SYMBOL, name, kind, value): a writer writes value, an expression over the variables that each
 * list names, by qn_csv_put_KIND (bench/base/csv.h).
 */
#ifndef QN_BENCH_SCHEMA_COLUMNS_H
#define QN_BENCH_SCHEMA_COLUMNS_H

#include <stdio.h>

#include "bench/schema/block.h"
#include "bench/schema/cell.h"
#include "bench/schema/summary.h"
#include "bench/schema/timeline.h"
#include "bench/workload/poll.h"

/* Those that plan.csv, summary.csv and comparison.csv share; variables: cell, const struct qn_cell *. */
#define QN_CELL_COLUMNS(X) \
    X(STRATEGY, "strategy", text, cell->strategy) \
    X(WORKLOAD, "workload", text, cell->workload.name) \
    X(KIND, "kind", text, qn_kind_name(cell->workload.kind)) \
    X(WORKERS, "workers", whole, cell->workload.workers) \
    X(THREADS, "threads", whole, \
      cell->workload.threads ? (int64_t)cell->workload.threads : QN_NONE) \
    X(FAILURE_RATE, "failure_rate", number, cell->workload.failure_rate) \
    X(POLL_NS, "poll_ns", whole, \
      cell->polls ? (int64_t)qn_poll_ns(cell->workload.poll_quanta) : QN_NONE) \
    X(ARRIVAL, "arrival", text, \
      qn_arrival_text(&cell->workload, (char[QN_ARRIVAL_BYTES]){""}, QN_ARRIVAL_BYTES)) \
    X(POLICY, "policy", text, cell->policy)

/* plan.csv; variables: cell; process, const struct qn_process *. */
#define QN_PLAN_COLUMNS(X) \
    X(CELL_ID, "cell_id", text, cell->id) \
    QN_CELL_COLUMNS(X) \
    X(PROCESS, "process", whole, process->number) \
    X(ORDER, "order", whole, process->order) \
    X(STATUS, "status", text, qn_status_names[process->status]) \
    X(REASON, "reason", text, process->reason) \
    X(EXECUTOR, "executor", text, qn_executor_names[cell->executor])

/* summary.csv; variables: cell; row, const struct qn_summary_row *. */
#define QN_SUMMARY_COLUMNS(X) \
    X(CELL_ID, "cell_id", text, cell->id) \
    QN_CELL_COLUMNS(X) \
    X(METRIC, "metric", text, row->metric) \
    X(UNIT, "unit", text, row->unit) \
    X(CONDITION, "condition", text, row->condition) \
    X(N, "n", whole, (int64_t)row->n) \
    X(PROCESSES, "processes", whole, (int64_t)row->processes) \
    X(MEAN, "mean", number, row->mean.value) \
    X(MEAN_LO, "mean_lo", number, row->mean.has_interval ? row->mean.lo : NAN) \
    X(MEAN_HI, "mean_hi", number, row->mean.has_interval ? row->mean.hi : NAN) \
    X(P50, "p50", number, row->p50.value) \
    X(P50_LO, "p50_lo", number, row->p50.has_interval ? row->p50.lo : NAN) \
    X(P50_HI, "p50_hi", number, row->p50.has_interval ? row->p50.hi : NAN) \
    X(P90, "p90", number, row->p90) \
    X(P99, "p99", number, row->p99) \
    X(P999, "p999", number, row->p999) \
    X(MAX, "max", number, row->max)

/* timeline.csv; variables: cell_id, process; row, const struct qn_timeline_row *. */
#define QN_TIMELINE_COLUMNS(X) \
    X(CELL_ID, "cell_id", text, cell_id) \
    X(PROCESS, "process", whole, process) \
    X(TRIAL, "trial", whole, row->trial) \
    X(WORKER, "worker", whole, row->worker) \
    X(THREAD, "thread", whole, row->thread < 0 ? QN_NONE : row->thread) \
    X(BEGIN_NS, "begin_ns", whole, row->begin_ns) \
    X(STOP_NS, "stop_ns", whole, row->stop_ns) \
    X(END_NS, "end_ns", whole, row->end_ns) \
    X(OUTCOME, "outcome", text, qn_outcome_names[row->outcome]) \
    X(KEPT_AS, "kept_as", text, qn_exemplar_names[row->kept_as])

/* blocks.csv; variables: cell_id, process, n_calls; b, const struct qn_block *; mark, its marks
 * joined by ';'. */
#define QN_BLOCK_COLUMNS(X) \
    X(CELL_ID, "cell_id", text, cell_id) \
    X(PROCESS, "process", whole, process->number) \
    X(ORDER, "order", whole, process->order) \
    X(WARMUP_CALLS, "warmup_calls", whole, b->n_warmup) \
    X(CALLS, "calls", whole, n_calls) \
    X(QUANTUM_NS, "quantum_ns", decimals_3, b->quantum_ns) \
    X(CAPPED_DRAWS, "capped_draws", whole, (int64_t)b->n_capped) \
    X(LIVE_BYTES, "live_bytes", whole, (int64_t)b->live_bytes) \
    X(DIRTY_BYTES, "dirty_bytes", whole, (int64_t)b->dirty_bytes) \
    X(RESIDENT_BYTES, "resident_bytes", whole, (int64_t)b->resident_bytes) \
    X(PREEMPTIONS, "preemptions", whole, (int64_t)b->preemptions) \
    X(YIELDS, "yields", whole, (int64_t)b->yields) \
    X(BOUND_THREADS, "bound_threads", whole, b->n_bound) \
    X(AGREEMENTS, "agreements", whole, b->n_agreements) \
    X(BEGAN_S, "began_s", decimals_3, b->began_s) \
    X(TOOK_MS, "took_ms", decimals_3, (double)b->took_ns / 1e6) \
    X(ENV_BYTES, "env_bytes", whole, b->env_bytes) \
    X(MIGRATIONS, "migrations", whole, b->migrations) \
    X(STEAL_SHARE, "steal_share", decimals_4, b->steal_share) \
    X(FAULTS, "faults", whole, (int64_t)b->faults) \
    X(STEADY, "steady", whole, b->is_steady) \
    X(EXHAUSTED_AFTER, "exhausted_after", whole, \
      b->exhausted_after ? (int64_t)b->exhausted_after : QN_NONE) \
    X(CONTINUED, "continued", whole, b->n_continued) \
    X(SUSPENDED_MS, "suspended_ms", decimals_3, (double)b->suspended_ns / 1e6) \
    X(MARK, "mark", text, mark)

/* Each table's columns as enum QN_<TABLE>_<SYMBOL>, with their number and names. */
#define QN_PLAN_ENUM(symbol, name, kind, value) QN_PLAN_##symbol,
#define QN_SUMMARY_ENUM(symbol, name, kind, value) QN_SUMMARY_##symbol,
#define QN_TIMELINE_ENUM(symbol, name, kind, value) QN_TIMELINE_##symbol,
#define QN_BLOCK_ENUM(symbol, name, kind, value) QN_BLOCK_##symbol,
enum qn_plan_column { QN_PLAN_COLUMNS(QN_PLAN_ENUM) QN_PLAN_COLUMN_COUNT };
enum qn_summary_column { QN_SUMMARY_COLUMNS(QN_SUMMARY_ENUM) QN_SUMMARY_COLUMN_COUNT };
enum qn_timeline_column { QN_TIMELINE_COLUMNS(QN_TIMELINE_ENUM) QN_TIMELINE_COLUMN_COUNT };
enum qn_block_column { QN_BLOCK_COLUMNS(QN_BLOCK_ENUM) QN_BLOCK_COLUMN_COUNT };
#undef QN_PLAN_ENUM
#undef QN_SUMMARY_ENUM
#undef QN_TIMELINE_ENUM
#undef QN_BLOCK_ENUM

extern const char *const qn_plan_columns[QN_PLAN_COLUMN_COUNT];
extern const char *const qn_summary_columns[QN_SUMMARY_COLUMN_COUNT];
extern const char *const qn_timeline_columns[QN_TIMELINE_COLUMN_COUNT];
extern const char *const qn_block_columns[QN_BLOCK_COLUMN_COUNT];

/* Write a row with its line end; qn_plan_row_begin: up to the column `up_to`, with the comma after
 * it. */
void qn_plan_row_write(const struct qn_cell *cell, const struct qn_process *process, FILE *file);
void qn_plan_row_begin(const struct qn_cell *cell, const struct qn_process *process,
                       enum qn_plan_column up_to, FILE *file);
void qn_summary_row_write(const struct qn_cell *cell, const struct qn_summary_row *row, FILE *file);
void qn_timeline_row_write(const char *cell_id, uint32_t process, const struct qn_timeline_row *row,
                           FILE *file);
void qn_block_row_write(const char *cell_id, const struct qn_process *process, uint32_t n_calls,
                        const struct qn_block *b, const char *mark, FILE *file);

#endif
