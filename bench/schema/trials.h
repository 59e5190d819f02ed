/*
 * The trials of a run in memory: by cell, packed by column. In every block of rows a column takes
 * as many bytes per number as its range needs, and none if it has a single value. Ten million
 * trials of 60 cells take about 600 MB, a seventh of their size as rows (struct qn_trial).
 *
 * A cell's trials are in the order of its calls: by process, then by trial. Reads may overlap
 * reads; adding and settling must not overlap anything.
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
    bool is_kept[QN_COL_COUNT]; /* columns; the others read as QN_NONE */
};

/* A cell's trials, or some columns of them. */
struct qn_calls {
    int64_t *v[QN_COL_COUNT]; /* v[column][call]; NULL: not taken */
    size_t n;                 /* calls */
    int64_t *numbers;         /* what v points into */
};

/* Some of them, one after the other. */
struct qn_calls_part {
    const struct qn_calls *of; /* NULL: n is 0 */
    size_t from, n;
};

/* Begins without trials. columns: those to keep, besides process, trial and failed; NULL: all.
 * QN_ENOMEM: there is nothing to free. */
int qn_trials_init(struct qn_trials *trials, size_t n_cells, const int *columns,
                   size_t n_columns) QN_MUST_CHECK;
void qn_trials_fini(struct qn_trials *trials);

/* Copies trials of a cell, each (process, trial) once, in any order. QN_ENOMEM: some may have been added. */
int qn_trials_add(struct qn_trials *trials, size_t cell, const struct qn_trial *rows,
                  size_t n) QN_MUST_CHECK;

/* Removes all trials of a cell. */
void qn_trials_clear(struct qn_trials *trials, size_t cell);

/* Sorts what was added into the order of the calls; must come before any of the functions below.
 * QN_ENOMEM. */
int qn_trials_settle(struct qn_trials *trials) QN_MUST_CHECK;

/* The number of a cell's trials. */
size_t qn_trials_count(const struct qn_trials *trials, size_t cell);

/* The number of them that failed. */
size_t qn_trials_failed(const struct qn_trials *trials, size_t cell);

/* The largest number of trials of a cell. */
size_t qn_trials_most(const struct qn_trials *trials);

/* Writes the trials of a cell to rows, which has room for qn_trials_count. */
void qn_trials_rows(const struct qn_trials *trials, size_t cell, struct qn_trial *out);

/* Writes the i-th one. */
void qn_trials_row(const struct qn_trials *trials, size_t cell, size_t i, struct qn_trial *out);

/* The index of a call among its cell's; qn_trials_count: not there. Takes logarithmic time. */
size_t qn_trials_find(const struct qn_trials *trials, size_t cell, int64_t process, int64_t trial);

/* Makes room for these columns of any cell's calls; a column may be named more than once. columns
 * NULL: all that are kept. QN_ENOMEM: there is nothing to free. */
int qn_calls_init(struct qn_calls *calls, const struct qn_trials *trials, const int *columns,
                  size_t n_columns) QN_MUST_CHECK;
void qn_calls_fini(struct qn_calls *calls);

/* Fills it with a cell's calls. */
void qn_calls_take(struct qn_calls *calls, const struct qn_trials *trials, size_t cell);

/* Copies n rows, with every column. QN_ENOMEM: there is nothing to free. */
int qn_calls_copy(struct qn_calls *calls, const struct qn_trial *rows, size_t n) QN_MUST_CHECK;

/* Writes one column of a cell's calls; room for qn_trials_count. */
void qn_trials_column(const struct qn_trials *trials, size_t cell, int column, int64_t *out);

/* A call of the cell has a number in this column. */
bool qn_trials_has(const struct qn_trials *trials, size_t cell, int column) QN_MUST_CHECK;

/* As qn_figure_of for the i-th call; the figure's columns must be among those taken. */
static inline int64_t qn_calls_figure(const struct qn_calls *calls, size_t i,
                                      const struct qn_figure *figure)
{
    const int others[] = {figure->since, figure->less};
    int64_t value = figure->column == QN_COL_NONE ? QN_NONE : calls->v[figure->column][i];

    for (size_t k = 0; k < QN_ARRAY_LEN(others) && value != QN_NONE; k++)
        if (others[k] != QN_COL_NONE)
            value = calls->v[others[k]][i] == QN_NONE ? QN_NONE : value - calls->v[others[k]][i];
    return value;
}

/* What the i-th call of a part counts among those of its process; 1 unless the column is taken. */
static inline double qn_calls_weight(const struct qn_calls_part *part, size_t i)
{
    const int64_t *weights = part->of->v[QN_COL_WEIGHT];
    int64_t weight = weights ? weights[part->from + i] : QN_NONE;

    return weight > 0 ? (double)weight / QN_WEIGHT_ONE : 1;
}

/* The end of the calls of the i-th call's process; process must be among the columns taken. */
size_t qn_calls_end_of_process(const struct qn_calls *calls, size_t i);

/* Compares two calls by process and trial: negative, 0 or positive. */
int qn_calls_order(const struct qn_calls *x, size_t i, const struct qn_calls *y, size_t j);

#endif
