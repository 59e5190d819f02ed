/*
 * Imported calls as cells and processes of a plan: a cell is a strategy, a workload and a number of
 * workers, or, where calls of one name have more than four numbers of them, the greatest; its
 * processes are those of the sources that have such calls.
 */
#ifndef QN_BENCH_FANOUTS_CELLS_H
#define QN_BENCH_FANOUTS_CELLS_H

#include "bench/fanouts/fanout.h"
#include "bench/schema/plan.h"

/* The calls of a (cell, process), in the order of their begins. */
struct qn_fanout_group {
    const struct qn_fanout *calls;
    size_t n;
};

struct qn_fanout_plan {
    struct qn_plan plan;
    struct qn_fanout_group *groups; /* of plan.processes, in step */
};

/*
 * Plans a list: every process is done, in the order of the cells, which is that of their names and
 * sizes. Names the workloads (names.h), sorts the list's calls, and numbers their threads anew, from 0 in each process of a cell;
 * or, where calls or workers make threads of their own, so that there are more of them than a call
 * needs, in each call. A cell has as many threads as the process or call with the most; 0, and its
 * workers none, if some worker's isn't known. How calls arrived is unknown. Borrows the list, which
 * must have a call. QN_ENOMEM. On QN_OK the caller gives *out to qn_fanout_plan_fini.
 */
int qn_fanout_plan_make(struct qn_fanouts *list, struct qn_fanout_plan *out) QN_MUST_CHECK;
void qn_fanout_plan_fini(struct qn_fanout_plan *plan);

#endif
