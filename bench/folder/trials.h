/*
 * The trials of a run, by cell: what a folder's trials.csv says, read once for everything that is made of them.
 */
#ifndef QN_BENCH_FOLDER_TRIALS_H
#define QN_BENCH_FOLDER_TRIALS_H

#include <stddef.h>

#include "bench/schema/cell.h"
#include "bench/schema/trial.h"
#include "runtime/base.h"

struct qn_trials {
    struct qn_trial **rows; /* of cell c: rows[c][0 .. n[c]), in the file's order as read */
    size_t *n;
    size_t n_cells;
};

/* Reads trials.csv of the folder. QN_EINVAL after a complaint: it can't be read, or has a row that is no trial of
 * the plan; QN_ENOMEM. After an error nothing is owed, else *out goes to qn_trials_fini. */
int qn_trials_read(const char *dir, const struct qn_plan *plan,
                   struct qn_trials *out) QN_MUST_CHECK;
void qn_trials_fini(struct qn_trials *trials);

#endif
