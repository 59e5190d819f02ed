/*
 * Reversals: pairs of strategies whose order under one arrival is reversed under another.
 */
#ifndef QN_BENCH_REPORT_REVERSALS_H
#define QN_BENCH_REPORT_REVERSALS_H

#include "bench/folder/tables.h"
#include "bench/report/focus.h"

/* A strategy under both arrivals; what the estimates point to is the tables'. */
struct qn_reversal_side {
    size_t line; /* of the first scene */
    const struct qn_estimate *first, *second;
};

/* a is ahead of b under the first arrival and behind it under the second. */
struct qn_reversal {
    size_t a, b; /* indices into the sides */
};

/*
 * The lines of two scenes that have a metric's medians in both, in ascending order of the first,
 * which go to sides (room for first->n_lines). Returns how many; 0 if second has no such rate.
 */
size_t qn_reversal_sides(const struct qn_tables *tables, const struct qn_scene *first,
                         const struct qn_scene *second, size_t rate,
                         const struct qn_reversal_metric *metric, struct qn_reversal_side *sides);

/* The pairs whose intervals lie apart under both arrivals and say the opposite; out: room for
 * n (n - 1) / 2. Returns how many. */
size_t qn_reversals_find(const struct qn_reversal_side *sides, size_t n, bool is_higher_better,
                         struct qn_reversal *out);

#endif
