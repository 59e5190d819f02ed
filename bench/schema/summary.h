/*
 * Rows of summary.csv: one per cell, metric and condition.
 */
#ifndef QN_BENCH_SCHEMA_SUMMARY_H
#define QN_BENCH_SCHEMA_SUMMARY_H

#include <stdint.h>

#include "bench/stats/interval.h"

struct qn_summary_row {
    uint32_t cell; /* index into the plan */
    const char *metric, *unit, *condition;
    uint64_t n, processes;        /* values, and the processes they come from */
    struct qn_estimate mean, p50; /* value NAN: empty */
    double p90, p99, p999, max;   /* NAN: empty */
};

/* A row with all figures empty. */
static inline struct qn_summary_row qn_summary_row_empty(const char *metric, const char *unit,
                                                         const char *condition)
{
    const double none = __builtin_nan("");

    return (struct qn_summary_row){.metric = metric,
                                   .unit = unit,
                                   .condition = condition,
                                   .mean.value = none,
                                   .p50.value = none,
                                   .p90 = none,
                                   .p99 = none,
                                   .p999 = none,
                                   .max = none};
}

#endif
