/*
 * A cell as a run plans it, of which closed forms hold: 16 workers of exponential work on 2
 * threads, of which one in twenty fails.
 */
#ifndef QN_BENCH_THEORY_EXAMPLE_CELL_H
#define QN_BENCH_THEORY_EXAMPLE_CELL_H

#include "bench/schema/cell.h"

/* The strategy's name is kept, not copied. */
struct qn_cell example_cell(const char *id, const char *strategy, bool polls);

#endif
