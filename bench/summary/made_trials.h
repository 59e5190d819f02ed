/*
 * Trials made by hand and their summary.csv, which the group's fixtures make and remove: every
 * figure of a row is known.
 */
#ifndef QN_BENCH_SUMMARY_MADE_TRIALS_H
#define QN_BENCH_SUMMARY_MADE_TRIALS_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/base/csv.h"
#include "bench/schema/plan.h"
#include "bench/schema/trial.h"

#define SUMMARY_HEADER \
    "cell_id,strategy,workload,kind,workers,threads,failure_rate,poll_ns,arrival,policy,metric," \
    "unit,condition,n,processes,mean,mean_lo,mean_hi,p50,p50_lo,p50_hi,p90,p99,p999,max"

/* The 0.975 quantile of Student's distribution with one degree of freedom. */
#define T_975_1 12.7062047364

extern char summary_path[];

int make_summary(void **unused);
int remove_summary(void **unused);

/* A call with only these figures. */
struct qn_trial trial_of(int process, int trial, bool failed, int64_t return_at);

/* A call that failed at error_at and returned 30 ns later; odd-numbered ones leaked. */
struct qn_trial failed_of(int process, int trial, int64_t error_at);

/* Writes the summary of cells with n[i] trials each. */
void summarise(struct qn_cell *cells, size_t n_cells, struct qn_trial **rows, const size_t *n);

/* The row of a metric in the last summary; NULL: none. Valid until the next call. */
const struct qn_csv *row_of(const char *id, const char *metric, const char *condition);

/* A field of a row; asserts that both exist. */
const char *field(const struct qn_csv *row, const char *column);

/* The same as a number; NAN: empty. */
double number(const struct qn_csv *row, const char *column);

#endif
