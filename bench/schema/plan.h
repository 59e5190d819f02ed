/*
 * The plan: which cells are measured, by how many processes, in what order.
 */
#ifndef QN_BENCH_SCHEMA_PLAN_H
#define QN_BENCH_SCHEMA_PLAN_H

#include <stdio.h>

#include "bench/options/parse.h"
#include "bench/schema/cell.h"

/*
 * Makes the cells (strategies × workloads × arrivals × workers × rates × policies; × polls for
 * strategies that poll; without what a workload can't have) and their processes, each pending. The order runs in blocks: block i holds
 * process i of every cell, in an order shuffled by the seed, so that a run cut short has something
 * of all cells. Borrows the options' traces. QN_ENOMEM. On QN_OK the caller gives *out to
 * qn_plan_fini.
 */
int qn_plan_build(const struct qn_run_options *options, struct qn_plan *out) QN_MUST_CHECK;
void qn_plan_fini(struct qn_plan *plan);

/* Appends a process of a cell, after those it has, last in the order; pending. QN_ENOMEM. Moves replicas. */
int qn_plan_add_process(struct qn_plan *plan, uint32_t cell) QN_MUST_CHECK;

/* Processes of a status. */
size_t qn_plan_count(const struct qn_plan *plan, enum qn_status status);

/* Why this machine or build can't measure the cell at all, in words; NULL: it can. Static or
 * thread-local text. */
const char *qn_cell_lacks(const struct qn_cell *cell);

/* Writes the columns of a cell that plan.csv and summary.csv share, after cell_id, without the
 * final comma: strategy to policy. */
void qn_cell_write(const struct qn_cell *cell, FILE *file);

/* Writes plan.csv. QN_EIO. */
int qn_plan_write(const struct qn_plan *plan, FILE *file) QN_MUST_CHECK;

/* Indexed by enum qn_status; immutable. */
extern const char *const qn_status_names[QN_STATUS_COUNT];

#endif
