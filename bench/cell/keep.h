/*
 * The calls of a measuring process whose workers are kept for timeline.csv: the exemplars
 * (bench/schema/exemplar.h). Which calls these are is known only at the end, so the workers of
 * every isolated call are noted after it has settled, in memory touched before the first call; if
 * there are too many, only those of the pictured call.
 */
#ifndef QN_BENCH_CELL_KEEP_H
#define QN_BENCH_CELL_KEEP_H

#include "bench/cell/shared.h"
#include "bench/cell/stream.h"

/* The most workers that are noted, over all calls. */
#define QN_KEPT_ROWS 65536u

struct qn_kept {
    struct qn_timeline_row *rows; /* n_workers per noted call */
    uint32_t n_workers;           /* kept per call: at most QN_TIMELINE_ROWS */
    uint32_t pictured;            /* the first trial planned to fail; the number of trials: none */
    bool has_all;                 /* every trial is noted; else only the pictured one */
};

/* Allocates and touches room for the trials of an order. QN_ENOMEM: qn_kept_fini may be called all
 * the same. */
int qn_kept_init(struct qn_kept *kept, const struct qn_order *order,
                 uint32_t pictured) QN_MUST_CHECK;
void qn_kept_fini(struct qn_kept *kept);

/* Notes the workers of a settled, isolated call. */
void qn_kept_note(struct qn_kept *kept, const struct qn_call *call,
                  const struct qn_observed *observed, uint32_t trial);

/*
 * Copies the kept calls among shared's n_rows trials to shared: as many as fit, 1 to 4, none twice.
 * stream: has the calls instead; NULL for isolated calls. QN_ENOMEM.
 */
int qn_kept_hand_over(const struct qn_kept *kept, const struct qn_stream *stream,
                      struct qn_shared *shared) QN_MUST_CHECK;

#endif
