/*
 * Ratios: one cell's figure over another's for the same calls, paired by process; in an imported
 * folder, where no two cells had the same calls, for the failed calls of each.
 */
#ifndef QN_BENCH_REPORT_RATIOS_H
#define QN_BENCH_REPORT_RATIOS_H

#include "bench/report/values.h"

/* The ratio of the means of a figure over the calls that failed in both cells; imported: in each. */
struct qn_ratio {
    struct qn_estimate ratio; /* a over b, with Fieller's interval over processes */
    double base;              /* the mean of b, the denominator */
    size_t n_calls, n_processes;
};

/* metric: a metric of calls. n_calls 0: no call has the figure in both, or b's mean is 0. a and b
 * may be SIZE_MAX: no cell. */
struct qn_ratio qn_ratio_of(const struct qn_tables *tables, size_t a, size_t b,
                            enum qn_metric_id metric);

#endif
