/*
 * The command `quench explain CELL [--in DIR]`: where the time and the bytes of a cell's calls
 * went, in words, figures and a plot of three of its calls.
 */
#ifndef QN_BENCH_EXPLAIN_COMMAND_H
#define QN_BENCH_EXPLAIN_COMMAND_H

#include "bench/folder/tables.h"

/*
 * Finds the cell that a text names: an id in plan.csv, or "strategy[:workload[:rate]]" if that
 * names only one cell. QN_EINVAL after a complaint, which names up to five matching cells.
 */
int qn_explain_find(const struct qn_tables *tables, const char *text, size_t *cell) QN_MUST_CHECK;

#endif
