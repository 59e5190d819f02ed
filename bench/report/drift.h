/*
 * Drift: how the machine's speed changed over a run, from the figures of each block.
 */
#ifndef QN_BENCH_REPORT_DRIFT_H
#define QN_BENCH_REPORT_DRIFT_H

#include "bench/folder/tables.h"

/* One block; points are in the order in which blocks ran. */
struct qn_drift_point {
    double at;      /* s since the run began, or position in its order */
    double quantum; /* length of a quantum over its nominal time; NAN: not recorded */
    double calls;   /* base cells: the process's median return_at over the mean of its cell's; NAN:
                     * another cell */
    const char *mark; /* "", or why it is marked; owned by the tables */
};

struct qn_drift {
    struct qn_drift_point *points; /* owned, ascending in `at` */
    size_t n, n_marked;
    bool is_timed;     /* `at` is in s */
    double calibrated; /* calibrated length of a quantum over its nominal time; NAN: not recorded */
};

/* QN_ENOMEM: *out is empty. */
int qn_drift_of(const struct qn_tables *tables, struct qn_drift *out) QN_MUST_CHECK;
void qn_drift_fini(struct qn_drift *drift);

/* The mean of the quantum (or of the calls), with its t interval, over the first or last third of
 * the points that have one; has_interval false: fewer than 2. QN_ENOMEM. */
int qn_drift_third(const struct qn_drift *drift, bool of_calls, bool last,
                   struct qn_estimate *out) QN_MUST_CHECK;

#endif
