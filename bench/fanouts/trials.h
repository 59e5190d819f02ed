/*
 * The figures of an imported call: its stamps become the records of a call of ours, and
 * bench/cell/figures.h makes the rows, so that they mean what those of a run do and keep the same
 * invariants. What a source can't know is then left empty: planned work, bytes, the caller's own
 * time, whether results were kept; and of a call with workers that had not ended, all that depends
 * on their ends.
 */
#ifndef QN_BENCH_FANOUTS_TRIALS_H
#define QN_BENCH_FANOUTS_TRIALS_H

#include "bench/fanouts/cells.h"
#include "bench/schema/block.h"

/* The rows of a (cell, process), and what they are handed over as. */
struct qn_fanout_rows {
    struct qn_trial *trials;
    struct qn_timeline_row *timeline; /* the exemplars' workers */
    char *gbench;
    struct qn_measured measured; /* points to the above; without a block */
};

/*
 * Makes the rows of a process. number: the process's; strategy: the cell's. QN_ENOMEM; QN_EOVERFLOW
 * as qn_figures_make. The caller gives *rows to qn_fanout_rows_fini in any case.
 */
int qn_fanout_rows_make(const struct qn_fanout_group *group, uint32_t number,
                        const struct qn_strategy *strategy,
                        struct qn_fanout_rows *rows) QN_MUST_CHECK;
void qn_fanout_rows_fini(struct qn_fanout_rows *rows);

#endif
