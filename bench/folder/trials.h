/*
 * trials.csv read back into the form of bench/schema/trials.h.
 */
#ifndef QN_BENCH_FOLDER_TRIALS_H
#define QN_BENCH_FOLDER_TRIALS_H

#include "bench/schema/cell.h"
#include "bench/schema/trials.h"

/* Reads the folder's trials.csv and checks every column of every row; keeps columns as
 * qn_trials_init. QN_EINVAL after a complaint: it can't be read, or has a row that is not a trial
 * of the plan; QN_ENOMEM. After an error there is nothing to free, else *out is settled and goes to
 * qn_trials_fini. */
int qn_trials_read(const char *dir, const struct qn_plan *plan, const int *columns,
                   size_t n_columns, struct qn_trials *out) QN_MUST_CHECK;

#endif
