/*
 * Values: one figure of every call of a cell, grouped by process and sorted.
 */
#ifndef QN_BENCH_REPORT_VALUES_H
#define QN_BENCH_REPORT_VALUES_H

#include <stdbool.h>

#include "bench/folder/tables.h"
#include "bench/schema/metrics.h"

struct qn_values {
    double *v;        /* process i: from ends[i - 1], or 0, to ends[i]; ascending */
    size_t *ends;     /* one per process */
    int64_t *process; /* its number */
    size_t n, n_processes;
};

/* Fills *out with the existing figures of a metric of calls; the caller gives it to qn_values_fini.
 * QN_ENOMEM: *out is empty. */
int qn_values_of(const struct qn_tables *tables, size_t cell,
                 const struct qn_metric_of_calls *metric, struct qn_values *out) QN_MUST_CHECK;
void qn_values_fini(struct qn_values *values);

/* The number of values of the process that has fewest; 0: there is no process. */
size_t qn_values_fewest(const struct qn_values *values);

/* The median over processes of the process's q-quantile (0 < q <= 1), with its order-statistic
 * interval; NAN without values. scratch: room for n_processes. */
struct qn_estimate qn_values_quantile(const struct qn_values *values, double q, double *scratch);

/* Sorts all values together; the grouping by process is lost. */
void qn_values_pool(struct qn_values *values);

#endif
