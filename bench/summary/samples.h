/*
 * Samples: the values of one metric of one cell, and the row of summary.csv that they come to.
 */
#ifndef QN_BENCH_SUMMARY_SAMPLES_H
#define QN_BENCH_SUMMARY_SAMPLES_H

#include <stdint.h>
#include <stdio.h>

#include "bench/schema/cell.h"
#include "bench/schema/metrics.h"

#define QN_N_QUANTILES 3 /* p90, p99, p999 */

/* The values of one metric, call by call, those of a process together; process: of the last added by itself. */
struct qn_samples {
    double *values; /* room for every trial of the largest cell */
    size_t *ends;   /* one a process, the same room: where its values end */
    size_t n, n_processes;
    int64_t process;
    double *medians, *means, *tails[QN_N_QUANTILES]; /* one a process, the same room */
};

/* Makes room for n values. QN_ENOMEM: what there is goes to qn_samples_fini all the same. */
int qn_samples_init(struct qn_samples *samples, size_t n) QN_MUST_CHECK;
void qn_samples_fini(struct qn_samples *samples);

void qn_samples_clear(struct qn_samples *samples);
/* Adds a value, no NAN; those of a process one after the other. */
void qn_samples_add(struct qn_samples *samples, int64_t process, double value);
/* Adds the values of a metric of one more process, of failed calls only if so wanted. */
void qn_samples_add_process(struct qn_samples *samples, const struct qn_metric_info *metric,
                            bool failed_only, const struct qn_process_rows *rows);

/* The mean of each process into means. */
void qn_samples_average(struct qn_samples *samples);

/* Writes the row of the values, which end up sorted; none if there are none. A rate
 * (unit ending in _per_s) has a median and no mean. */
void qn_samples_write(const struct qn_cell *cell, const struct qn_metric_info *metric,
                      bool failed_only, struct qn_samples *samples, FILE *file);

#endif
