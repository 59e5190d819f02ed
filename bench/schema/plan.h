/*
 * The plan: which cells are measured, by how many processes, in which order.
 */
#ifndef QN_BENCH_SCHEMA_PLAN_H
#define QN_BENCH_SCHEMA_PLAN_H

#include <stdio.h>

#include "bench/schema/cell.h"

/* Frees what a plan owns and sets it to zeros. */
void qn_plan_fini(struct qn_plan *plan);

/* Appends a pending process of each of n cells, with the next number of its cell, last in the order. QN_ENOMEM: none
 * is appended. Moves processes. */
int qn_plan_add_round(struct qn_plan *plan, const uint32_t *cells, size_t n) QN_MUST_CHECK;

/* The number of pairs with a status. */
size_t qn_plan_count(const struct qn_plan *plan, enum qn_status status);

/* For qsort: orders cells by the number in their ids. The cells of a plan must be in this order. */
int qn_plan_by_id(const void *a, const void *b);

/* The cell with that id; -1: there is none. Logarithmic in the number of cells. */
int qn_plan_find(const struct qn_plan *plan, const char *id);

/* Finds a (cell, process) in a plan. */
struct qn_plan_index {
    uint32_t *places;     /* for cell c and process p at c * n_processes + p: index + 1; 0: none */
    uint32_t n_processes; /* one more than the largest process number */
    size_t n_cells;
};

/* QN_ENOMEM: there is nothing to free. The plan's processes must not move while the index is used.
 */
int qn_plan_index_init(struct qn_plan_index *index, const struct qn_plan *plan) QN_MUST_CHECK;
void qn_plan_index_fini(struct qn_plan_index *index);

/* The index in the plan of a cell's process; -1: there is none. */
long qn_plan_index_find(const struct qn_plan_index *index, size_t cell, uint32_t process);

/* Why this machine or build can't measure the cell, in words (static or thread-local); NULL: it
 * can. */
const char *qn_cell_why_unsupported(const struct qn_cell *cell);

/* Writes plan.csv. QN_EIO. */
int qn_plan_write(const struct qn_plan *plan, FILE *file) QN_MUST_CHECK;

#endif
