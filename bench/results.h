/*
 * A results folder while a run fills it.
 *
 * What a (cell, process) yields is appended when it has ended, all of it or nothing; plan.csv, which
 * says that it is done, is replaced after that, in one step. A run that dies leaves at the worst rows
 * that the plan does not know; resuming drops them.
 */
#ifndef QN_BENCH_RESULTS_H
#define QN_BENCH_RESULTS_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/plan.h"
#include "bench/shared.h"

struct qn_results {
    char *dir;
    FILE *trials, *timeline, *blocks, *gbench; /* append */
};

/*
 * Makes the folder options->out, or results/<UTC stamp>-<host> in the data folder, which `latest` there
 * then points at, and its empty tables. QN_EIO after a complaint; QN_ENOMEM.
 */
int qn_results_create(struct qn_results *results, const struct qn_run_options *options) QN_MUST_CHECK;

/*
 * Opens an existing folder to go on: takes over which (cell, process) pairs plan.csv calls done, and
 * drops every row of other pairs from the tables. QN_EINVAL after a complaint: the plan is another, or
 * a table was cut or edited (pairs whose rows are not all there become pending again, with a line that
 * says so); QN_EIO; QN_ENOMEM.
 */
int qn_results_resume(struct qn_results *results, const struct qn_run_options *options,
                      struct qn_plan *plan) QN_MUST_CHECK;

/* Appends what a process measured. QN_EIO: the disk is full or gone; the tables are as before. */
int qn_results_append(struct qn_results *results, const struct qn_cell *cell,
                      const struct qn_replica *replica, struct qn_shared *shared) QN_MUST_CHECK;

/* Replaces plan.csv. QN_EIO. */
int qn_results_write_plan(const struct qn_results *results, const struct qn_plan *plan) QN_MUST_CHECK;

/* Reads the trials of the cells back: rows[cell] gets n[cell] rows, in the file's order. The caller
 * frees each rows[cell]. QN_EIO, QN_ENOMEM, QN_EINVAL. */
int qn_results_read_trials(const char *dir, const struct qn_plan *plan, struct qn_trial **rows,
                           size_t *n) QN_MUST_CHECK;

/* Opens a file of the folder; "we" and the like. NULL: see errno. */
FILE *qn_results_open(const char *dir, const char *name, const char *mode);

/* Closes the tables. QN_EIO if something was not written. */
int qn_results_close(struct qn_results *results);

#endif
