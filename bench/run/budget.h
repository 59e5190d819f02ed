/*
 * Which cells get further processes once every cell has its --processes: those with the widest
 * headline intervals.
 *
 * Headline metrics: the medians of return_at (all calls) and error_seen (failed calls), the mean of
 * wasted (failed calls). A cell's width is that of the widest of them: half its 95 % interval over
 * processes, relative to its value. A metric with no value, or 0, has no width; one with too few
 * processes for an interval is infinitely wide.
 *
 * A cell that stops because its interval is narrow is partly narrow by luck: its interval covers
 * somewhat less than it claims (docs/methodology.md).
 */
#ifndef QN_BENCH_RUN_BUDGET_H
#define QN_BENCH_RUN_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/options/parse.h"
#include "bench/run/controller.h"
#include "bench/schema/cell.h"

struct qn_budget;

/* The most processes a cell gets. */
#define QN_BUDGET_MAX_PROCESSES 1000u

/* Begins now (monotonic ns). Borrows options. QN_ENOMEM. */
int qn_budget_create(const struct qn_run_options *options, size_t n_cells, uint64_t now_ns,
                     struct qn_budget **out) QN_MUST_CHECK;
void qn_budget_destroy(struct qn_budget *budget);

/* A budget as a run's controller, created by begin. */
struct qn_budget_controller {
    const struct qn_run_options *options; /* set by the caller, borrowed */
    struct qn_budget *budget;             /* NULL before; the caller destroys it */
};
struct qn_controller qn_budget_controller_of(struct qn_budget_controller *controller);

/* Takes the trials of one process of a cell. QN_ENOMEM. */
int qn_budget_add(struct qn_budget *budget, uint32_t cell, const struct qn_trial *rows,
                  size_t n) QN_MUST_CHECK;

/* True if the time budget is used up; false without one. */
bool qn_budget_is_over(const struct qn_budget *budget, uint64_t now_ns);

/* The width of a cell; INFINITY: too few processes; 0: no metric has a width. */
double qn_budget_width(const struct qn_budget *budget, uint32_t cell);

/*
 * Writes the cells that get another process into cells (room for all), in an order drawn from the
 * seed. With --target-ci those that are wider than the target; with --time-budget the wider half of
 * these, or of all. Returns how many; 0: none is too wide, or neither option was given.
 */
size_t qn_budget_round(struct qn_budget *budget, uint32_t *cells);

#endif
