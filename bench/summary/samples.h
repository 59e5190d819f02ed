/*
 * Samples: the values of one metric of one cell, and their row of summary.csv.
 */
#ifndef QN_BENCH_SUMMARY_SAMPLES_H
#define QN_BENCH_SUMMARY_SAMPLES_H

#include <stdint.h>
#include <stdio.h>

#include "bench/schema/cell.h"
#include "bench/schema/metrics.h"
#include "bench/schema/summary.h"

#define QN_N_QUANTILES 3 /* p90, p99, p999 */

/* The values of one metric, grouped by process; process: the one of the value added last. */
struct qn_samples {
    struct qn_weighed all; /* room for every trial of the largest cell */
    size_t *ends;          /* per process, same room: where its values end */
    size_t n_processes;
    int64_t process;
    double *medians, *means, *tails[QN_N_QUANTILES]; /* per process, same room */
};

/* Makes room for n values. QN_ENOMEM: call qn_samples_fini all the same. */
int qn_samples_init(struct qn_samples *samples, size_t n) QN_MUST_CHECK;
void qn_samples_fini(struct qn_samples *samples);

void qn_samples_clear(struct qn_samples *samples);
/* Adds a value, not NAN, and what it counts; a process's values must come together. */
void qn_samples_add(struct qn_samples *samples, int64_t process, double value, double weight);
/* Adds a metric's values of another process, optionally only of failed calls. */
void qn_samples_add_process(struct qn_samples *samples, const struct qn_metric_info *metric,
                            bool failed_only, const struct qn_process_calls *calls);

/* The values of a process, from 0; borrows. */
struct qn_weighed qn_samples_of(const struct qn_samples *samples, size_t process);

/* Fills means with each process's mean. */
void qn_samples_average(struct qn_samples *samples);

/* The row of the values, at least one, which it sorts. A rate (unit ending in _per_s) has a median but no mean. */
struct qn_summary_row qn_samples_row(const struct qn_metric_info *metric, bool failed_only,
                                     struct qn_samples *samples);

/* Writes that row; nothing without values. */
void qn_samples_write(const struct qn_cell *cell, const struct qn_metric_info *metric,
                      bool failed_only, struct qn_samples *samples, FILE *file);

#endif
