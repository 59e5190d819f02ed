/*
 * Reversals: pairs of strategies whose order under one arrival is reversed under another.
 */
#ifndef QN_BENCH_REPORT_REVERSALS_H
#define QN_BENCH_REPORT_REVERSALS_H

#include "bench/folder/tables.h"
#include "bench/report/focus.h"

/* A strategy under both arrivals; the tables own the estimates. */
struct qn_reversal_side {
    size_t line; /* in the first scene */
    const struct qn_estimate *first, *second;
};

/* a leads b under the first arrival and trails it under the second. */
struct qn_reversal {
    size_t a, b; /* indices into the sides */
};

/*
 * Fills sides (room for first->n_lines) with the lines that have a metric's medians in both scenes,
 * in ascending order of the first. Returns how many; 0 if second has no such rate.
 */
size_t qn_reversal_sides(const struct qn_tables *tables, const struct qn_scene *first,
                         const struct qn_scene *second, size_t rate,
                         const struct qn_reversal_metric *metric, struct qn_reversal_side *sides);

/* The pairs whose intervals don't overlap under either arrival and whose order is opposite; out:
 * room for n (n - 1) / 2. Returns how many. */
size_t qn_reversals_find(const struct qn_reversal_side *sides, size_t n, bool is_higher_better,
                         struct qn_reversal *out);

#endif
