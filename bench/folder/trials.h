/*
 * trials.csv read back: the trials of a run, as bench/schema/trials.h holds them.
 */
#ifndef QN_BENCH_FOLDER_TRIALS_H
#define QN_BENCH_FOLDER_TRIALS_H

#include "bench/schema/cell.h"
#include "bench/schema/trials.h"

/* Reads trials.csv of the folder, every column of every row, and keeps those that qn_trials_init is told of.
 * QN_EINVAL after a complaint: it can't be read, or has a row that is no trial of the plan; QN_ENOMEM. After an error
 * nothing is owed, else *out is settled, and goes to qn_trials_fini. */
int qn_trials_read(const char *dir, const struct qn_plan *plan, const int *columns,
                   size_t n_columns, struct qn_trials *out) QN_MUST_CHECK;

#endif
