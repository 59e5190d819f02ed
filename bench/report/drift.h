/*
 * Drift: how the machine's pace changed over a run, by what each block (a process of a cell) says
 * of itself.
 */
#ifndef QN_BENCH_REPORT_DRIFT_H
#define QN_BENCH_REPORT_DRIFT_H

#include "bench/folder/tables.h"

/* A block, in the order in which they ran. */
struct qn_drift_point {
    double at;      /* s since the run began, or place in its order */
    double quantum; /* what a quantum took, over its nominal time; NAN: not told */
    double calls;   /* of the cells that ratios are of: the process's median return_at over the mean
                       of   those of its cell; NAN: another cell */
    const char *mark; /* "" or why it lies beyond a stated limit; the tables' */
};

struct qn_drift {
    struct qn_drift_point *points; /* owned, ascending in `at` */
    size_t n, n_marked;
    bool is_timed;     /* `at` is s */
    double calibrated; /* what a quantum took when it was calibrated, over its nominal time; NAN:
                          not told */
};

/* QN_ENOMEM: *out is empty. */
int qn_drift_of(const struct qn_tables *tables, struct qn_drift *out) QN_MUST_CHECK;
void qn_drift_fini(struct qn_drift *drift);

/* The mean with its t interval of the quantum (or of the calls) over the first or the last third of
 * the points that have one; has_interval false: fewer than 2. QN_ENOMEM. */
int qn_drift_third(const struct qn_drift *drift, bool of_calls, bool last,
                   struct qn_estimate *out) QN_MUST_CHECK;

#endif
