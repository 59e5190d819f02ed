/*
 * The plan: which cells are measured, by how many processes, in what order.
 */
#ifndef QN_BENCH_SCHEMA_PLAN_H
#define QN_BENCH_SCHEMA_PLAN_H

#include <stdio.h>

#include "bench/schema/cell.h"

/* Frees what a plan owns; it is all zeros then. */
void qn_plan_fini(struct qn_plan *plan);

/* Appends a process of a cell, after those it has, last in the order; pending. QN_ENOMEM. Moves processes. */
int qn_plan_add_process(struct qn_plan *plan, uint32_t cell) QN_MUST_CHECK;

/* Processes of a status. */
size_t qn_plan_count(const struct qn_plan *plan, enum qn_status status);

/* The cell of that id; -1: there is none. */
int qn_plan_find(const struct qn_plan *plan, const char *id);

/* Where the plan has each (cell, process). */
struct qn_plan_index {
    uint32_t *places;     /* of cell c and process p: index + 1 at c * n_processes + p; 0: none */
    uint32_t n_processes; /* one more than the largest process number */
    size_t n_cells;
};

/* QN_ENOMEM: nothing is owed. The plan's processes must not move while it is used. */
int qn_plan_index_init(struct qn_plan_index *index, const struct qn_plan *plan) QN_MUST_CHECK;
void qn_plan_index_fini(struct qn_plan_index *index);

/* The index in the plan of a cell's process; -1: there is none. */
long qn_plan_index_find(const struct qn_plan_index *index, size_t cell, uint32_t process);

/* Why this machine or build can't measure the cell at all, in words; NULL: it can. Static or
 * thread-local text. */
const char *qn_cell_why_unsupported(const struct qn_cell *cell);

/* Writes plan.csv. QN_EIO. */
int qn_plan_write(const struct qn_plan *plan, FILE *file) QN_MUST_CHECK;

#endif
