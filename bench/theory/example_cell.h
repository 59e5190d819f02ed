/*
 * A planned cell to which closed forms apply: 16 workers with exponential work on 2 threads; one
 * worker in twenty fails.
 */
#ifndef QN_BENCH_THEORY_EXAMPLE_CELL_H
#define QN_BENCH_THEORY_EXAMPLE_CELL_H

#include "bench/schema/cell.h"

/* The strategy's name is kept, not copied. */
struct qn_cell example_cell(const char *id, const char *strategy, bool polls);

#endif
