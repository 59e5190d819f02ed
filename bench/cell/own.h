/*
 * Work of one's own in the measuring process: its module loaded for real, and opened once.
 */
#ifndef QN_BENCH_CELL_OWN_H
#define QN_BENCH_CELL_OWN_H

#include "bench/cell/shared.h"
#include "strategies/own.h"

/* Loads and opens the order's work; does nothing for other kinds. An error after it has set the reason. */
int qn_cell_own_open(struct qn_shared *shared, struct qn_own *own) QN_MUST_CHECK;

/* What config.own is to be: own, or NULL for other kinds. */
struct qn_own *qn_cell_own(const struct qn_shared *shared, struct qn_own *own);

/* Sets the reason of a call that a failed start() made void. */
void qn_cell_own_say_failed(struct qn_shared *shared, const struct qn_own *own);

/* When no worker is left; the module stays loaded. */
void qn_cell_own_close(const struct qn_shared *shared, struct qn_own *own);

#endif
