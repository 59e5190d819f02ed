/*
 * Cells: what is measured. And the terms for it, the same in code, tables and docs.
 *
 *   call        one fan-out: a caller starts N workers, some of which may fail, and returns
 *   trial       a call's figures: a row of trials.csv
 *   stamp       when something happened in a call, in ns since it began (t0): error_at, return_at
 *   work        computation, counted in quanta of 250 ns nominal; kinds that wait count time
 *   figure      one number; one that does not exist is empty, never 0
 *   metric      a named figure with unit and range, summarised per cell (schema/metrics.h)
 *   condition   which calls a summary covers: "all", or only those that "failed"
 *
 *   cell        one combination of strategy, workload, failure rate, size, poll interval, arrival
 *               and policy; measured by several processes
 *   process     one execution of the measuring program for a cell, numbered from 0 in each cell, with
 *               its place in the plan's order and its status; intervals are over processes, since
 *               calls in one process are not independent
 *   pair        a (cell, process): a row of plan.csv; run, lost and resumed as a whole
 *   round       pairs that are run together: one of every cell in the plan, shuffled; later, one of
 *               each cell that needs more
 *   block       the trials of one process, and what happened to it during them: a row of blocks.csv
 *   mark        why a block is less reliable than others; its trials still count in every figure
 *
 *   scene       cells that differ only in strategy, poll interval, policy and failure rate: one
 *               section of the page, one set of plots
 *   line        cells of a scene that differ only in failure rate: one line of a plot
 *   base        what a ratio is taken to; always named with the ratio
 *   exemplar    a call whose workers are kept for a close look: pictured, worst, typical or median
 *
 *   verdict     what a test or a limit decided: on a row of a comparison, a fact about the machine,
 *               a bound of a tuning
 *   trust line  the page's first line: how far the run's figures can be relied on
 */
#ifndef QN_BENCH_SCHEMA_CELL_H
#define QN_BENCH_SCHEMA_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/workload/spec.h"
#include "strategies/policy.h"

#define QN_CELL_ID_BYTES 16
#define QN_POLICY_BYTES 320
#define QN_REASON_BYTES 320

/* X(symbol, name): what runs a cell's calls. */
#define QN_EXECUTORS(X) X(THREADS, "threads") X(CHILD, "child")

enum qn_executor {
#define QN_EXECUTOR_ENUM(symbol, name) QN_EXECUTOR_##symbol,
    QN_EXECUTORS(QN_EXECUTOR_ENUM)
#undef QN_EXECUTOR_ENUM
        QN_EXECUTOR_COUNT
};

/* Indexed by enum qn_executor; immutable. */
extern const char *const qn_executor_names[QN_EXECUTOR_COUNT];

struct qn_cell {
    char id[QN_CELL_ID_BYTES]; /* "c0001" …, unique in a run */
    const char *strategy;      /* registered name, static storage */
    struct qn_workload workload;
    enum qn_executor executor;
    bool polls; /* the strategy polls: poll_ns is a column, else empty */
    struct qn_policy policy_values;
    char policy[QN_POLICY_BYTES]; /* sorted key=value joined by ';', without defaults */
};

/* Compares failure rates; NAN (none) equals NAN. */
bool qn_same_rate(double a, double b);

/* Whether two cells agree in columns of plan.csv. work: workload, kind, workers and threads; scene:
 * these and arrival; calls: these and the failure rate; line: strategy, poll_ns and policy; cell:
 * all of them. */
bool qn_same_work(const struct qn_cell *a, const struct qn_cell *b);
bool qn_same_scene(const struct qn_cell *a, const struct qn_cell *b);
bool qn_same_calls(const struct qn_cell *a, const struct qn_cell *b);
bool qn_same_line(const struct qn_cell *a, const struct qn_cell *b);
bool qn_same_cell(const struct qn_cell *a, const struct qn_cell *b);

/* True for the policies that say how threads are scheduled: worker_nice, worker_sched, caller_nice and caller_slice. */
bool qn_is_scheduling(const char *key);

/* " on 2 threads", or "" where it isn't known how many; returns out. */
#define QN_ON_THREADS_BYTES 32
const char *qn_on_threads(const struct qn_workload *workload, char out[QN_ON_THREADS_BYTES]);

/* Two cells agree in these, so they schedule the pool's threads and its caller alike. */
bool qn_same_scheduling(const struct qn_cell *a, const struct qn_cell *b);

/* X(symbol, name): status of a (cell, process). */
#define QN_STATUSES(X) \
    X(PENDING, "pending") X(DONE, "done") X(FAILED, "failed") X(SKIPPED, "skipped")

enum qn_status {
#define QN_STATUS_ENUM(symbol, name) QN_STATUS_##symbol,
    QN_STATUSES(QN_STATUS_ENUM)
#undef QN_STATUS_ENUM
        QN_STATUS_COUNT
};

/* Indexed by enum qn_status; immutable. */
extern const char *const qn_status_names[QN_STATUS_COUNT];

/* A process of a cell: a row of plan.csv; run, lost and resumed as a whole. */
struct qn_process {
    uint32_t cell;   /* index into the plan's cells */
    uint32_t number; /* within the cell, from 0 */
    uint32_t order;  /* position in the run from 0 */
    enum qn_status status;
    char reason[QN_REASON_BYTES];
};

struct qn_plan {
    struct qn_cell *cells;
    size_t n_cells;
    struct qn_process *processes; /* in running order */
    size_t n_processes;
};

#endif
