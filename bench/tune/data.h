/*
 * What a tuning has measured: the trials of every cell, process by process, and estimates from
 * them. Each estimate is the mean over processes of a process's figure, with its t interval.
 */
#ifndef QN_BENCH_TUNE_DATA_H
#define QN_BENCH_TUNE_DATA_H

#include "bench/tune/search/candidates.h"

/* The trials of one cell. */
struct qn_tune_cell {
    struct qn_calls *processes; /* by their number; without calls: none */
    size_t n_processes;         /* one more than the largest number */
};

struct qn_tune_data {
    struct qn_tune_cell *cells; /* one per cell of the plan */
    size_t n_cells, most_calls, most_processes;
    double scale;              /* of the workload; figures of work are divided by it */
    struct qn_weighed scratch; /* room for most_calls */
    double *figures;           /* room for most_processes, so that estimates don't allocate */
};

/* scale: factor of the workload's service times, > 0. QN_ENOMEM. */
int qn_tune_data_init(struct qn_tune_data *data, size_t n_cells, double scale) QN_MUST_CHECK;
void qn_tune_data_fini(struct qn_tune_data *data);

/* Copies the trials of a process. QN_ENOMEM. */
int qn_tune_data_add(struct qn_tune_data *data, uint32_t cell, const struct qn_trial *rows,
                     size_t n) QN_MUST_CHECK;

/* True if the cell's process has been measured. */
bool qn_tune_data_has(const struct qn_tune_data *data, uint32_t cell, size_t process);

/* The first process that the cell lacks. */
size_t qn_tune_data_next(const struct qn_tune_data *data, uint32_t cell);

/* A candidate's calls of one process at a rate, with those without failure and the floor's.
 */
struct qn_process_calls qn_tune_calls(const struct qn_tune_data *data,
                                      const struct qn_candidates *c, const struct qn_candidate *x,
                                      size_t rate, size_t process);

/* Estimates a metric of a candidate at a rate; value NAN: no process has it. */
struct qn_estimate qn_tune_estimate(const struct qn_tune_data *data, const struct qn_candidates *c,
                                    const struct qn_candidate *x, size_t rate,
                                    const struct qn_tune_metric *metric);

/* The same by the metric's name (bench/tune/metric.h), which must be valid. */
struct qn_estimate qn_tune_estimate_named(const struct qn_tune_data *data,
                                          const struct qn_candidates *c,
                                          const struct qn_candidate *x, size_t rate,
                                          const char *metric);

/* The same for the objective. */
struct qn_estimate qn_tune_cost(const struct qn_tune_data *data, const struct qn_candidates *c,
                                const struct qn_candidate *x, size_t rate,
                                const struct qn_objective *objective);

/* One process's cost; NAN: not measured, or it has none. */
double qn_tune_cost_of(const struct qn_tune_data *data, const struct qn_candidates *c,
                       const struct qn_candidate *x, size_t rate, size_t process,
                       const struct qn_objective *objective);

/* Counts a candidate's calls at a rate, and those that failed. */
void qn_tune_count(const struct qn_tune_data *data, const struct qn_candidate *x, size_t rate,
                   size_t *n_calls, size_t *n_failed);

#endif
