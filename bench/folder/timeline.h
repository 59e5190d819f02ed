/*
 * timeline.csv, read back: what the workers of the kept calls did.
 */
#ifndef QN_BENCH_FOLDER_TIMELINE_H
#define QN_BENCH_FOLDER_TIMELINE_H

#include "bench/schema/plan.h"
#include "bench/schema/timeline.h"

/* A row of timeline.csv. */
struct qn_timeline_entry {
    uint32_t cell, process;
    struct qn_timeline_row row;
};

/* Reads the folder's rows, sorted by qn_timeline_order. QN_EINVAL after a complaint: the file can't be read, or has a
 * row that is not of the plan; QN_ENOMEM. On QN_OK the caller frees *out, which is NULL if there are none. */
int qn_timeline_read(const char *dir, const struct qn_plan *plan, struct qn_timeline_entry **out,
                     size_t *n) QN_MUST_CHECK;

/* For qsort: orders entries by cell, process, trial and worker. */
int qn_timeline_order(const void *a, const void *b);

#endif
