/*
 * The plan: which cells are measured, by how many processes, in what order.
 */
#ifndef QN_BENCH_SCHEMA_PLAN_H
#define QN_BENCH_SCHEMA_PLAN_H

#include <stdio.h>

#include "bench/schema/cell.h"

/* Frees what a plan owns; it is all zeros then. */
void qn_plan_fini(struct qn_plan *plan);

/* Appends a process of a cell, after those it has, last in the order; pending. QN_ENOMEM. Moves replicas. */
int qn_plan_add_process(struct qn_plan *plan, uint32_t cell) QN_MUST_CHECK;

/* Processes of a status. */
size_t qn_plan_count(const struct qn_plan *plan, enum qn_status status);

/* The cell of that id; -1: there is none. */
int qn_plan_find(const struct qn_plan *plan, const char *id);

/* Why this machine or build can't measure the cell at all, in words; NULL: it can. Static or
 * thread-local text. */
const char *qn_cell_why_unsupported(const struct qn_cell *cell);

/* Writes plan.csv. QN_EIO. */
int qn_plan_write(const struct qn_plan *plan, FILE *file) QN_MUST_CHECK;

#endif
