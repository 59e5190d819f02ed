/*
 * The trials of a run in memory, by cell, column by column and packed: of every block of rows each column takes as
 * many bytes a number as its range needs, and none where it has one value only. Ten million trials of 60 cells take
 * some 600 MB, a seventh of what their rows (struct qn_trial) would.
 *
 * A cell's trials are told in the order of its calls: by process, and within one by trial. Reading may overlap
 * reading; adding and settling overlap nothing.
 */
#ifndef QN_BENCH_SCHEMA_TRIALS_H
#define QN_BENCH_SCHEMA_TRIALS_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/schema/trial.h"
#include "runtime/base.h"

struct qn_trials {
    struct qn_trials_cell *cells;
    size_t n_cells;
    bool is_kept[QN_COL_COUNT]; /* columns; the others are QN_NONE in what is read */
};

/* A cell's trials, or some columns of them. */
struct qn_calls {
    int64_t *v[QN_COL_COUNT]; /* v[column][call]; NULL: not taken */
    size_t n;                 /* calls */
    int64_t *numbers;         /* what v points into */
};

/* No trials yet. columns NULL: all are kept; else these n_columns, with process, trial and failed. QN_ENOMEM; after
 * an error nothing is owed. */
int qn_trials_init(struct qn_trials *trials, size_t n_cells, const int *columns,
                   size_t n_columns) QN_MUST_CHECK;
void qn_trials_fini(struct qn_trials *trials);

/* Copies trials of a cell, each (process, trial) once, in any order. QN_ENOMEM: some may have been added. */
int qn_trials_add(struct qn_trials *trials, size_t cell, const struct qn_trial *rows,
                  size_t n) QN_MUST_CHECK;

/* Takes all trials of a cell away. */
void qn_trials_clear(struct qn_trials *trials, size_t cell);

/* Puts what was added into the order of the calls; what is below may be asked only after it. QN_ENOMEM. */
int qn_trials_settle(struct qn_trials *trials) QN_MUST_CHECK;

/* How many a cell has. */
size_t qn_trials_count(const struct qn_trials *trials, size_t cell);

/* How many of them failed. */
size_t qn_trials_failed(const struct qn_trials *trials, size_t cell);

/* The most that any cell has. */
size_t qn_trials_most(const struct qn_trials *trials);

/* Writes the trials of a cell; room for qn_trials_count. */
void qn_trials_rows(const struct qn_trials *trials, size_t cell, struct qn_trial *out);

/* Writes the i-th of them. */
void qn_trials_row(const struct qn_trials *trials, size_t cell, size_t i, struct qn_trial *out);

/* The place of a call among its cell's; qn_trials_count: it isn't there. In logarithmic time. */
size_t qn_trials_find(const struct qn_trials *trials, size_t cell, int64_t process, int64_t trial);

/* Room for these columns of the calls of any cell, each named once or several times. columns NULL: all
 * that are kept. QN_ENOMEM: nothing is owed. */
int qn_calls_init(struct qn_calls *calls, const struct qn_trials *trials, const int *columns,
                  size_t n_columns) QN_MUST_CHECK;
void qn_calls_fini(struct qn_calls *calls);

/* Fills it with the calls of a cell. */
void qn_calls_take(struct qn_calls *calls, const struct qn_trials *trials, size_t cell);

/* As qn_figure_of, of the i-th call; the figure's columns are taken. */
int64_t qn_calls_figure(const struct qn_calls *calls, size_t i, const struct qn_figure *figure);

/* The order of two calls, by process and trial: below, at or above 0. */
int qn_calls_order(const struct qn_calls *x, size_t i, const struct qn_calls *y, size_t j);

#endif
