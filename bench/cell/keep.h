/*
 * The calls of a measuring process whose workers are kept for timeline.csv: the one that is
 * pictured, and those worth a look by themselves (bench/schema/exemplar.h). Which these are is known only
 * at the end, so every isolated call's workers are noted after it has settled, in memory that was
 * touched before the first call; where that were too many, the pictured call's alone.
 */
#ifndef QN_BENCH_CELL_KEEP_H
#define QN_BENCH_CELL_KEEP_H

#include "bench/cell/shared.h"
#include "bench/cell/stream.h"

/* Workers of all calls together that are noted at most. */
#define QN_KEPT_ROWS 65536u

struct qn_kept {
    struct qn_timeline_row *rows; /* n_workers a call noted */
    uint32_t n_workers;           /* kept of a call: at most QN_TIMELINE_ROWS */
    uint32_t pictured;            /* the first trial that is to fail; the number of trials: none */
    bool has_all;                 /* every trial is noted; else the pictured alone */
};

/* Makes room, touched, for the trials of an order. QN_ENOMEM; qn_kept_fini may follow even so. */
int qn_kept_init(struct qn_kept *kept, const struct qn_order *order,
                 uint32_t pictured) QN_MUST_CHECK;
void qn_kept_fini(struct qn_kept *kept);

/* Notes the workers of a settled, isolated call. */
void qn_kept_note(struct qn_kept *kept, const struct qn_call *call,
                  const struct qn_observed *observed, uint32_t trial);

/*
 * Hands the kept calls over to shared, from its n_rows trials: as many as fit, 1 to 4, none twice.
 * stream: where the calls are instead of among those noted, NULL for isolated ones. QN_ENOMEM.
 */
int qn_kept_hand_over(const struct qn_kept *kept, const struct qn_stream *stream,
                      struct qn_shared *shared) QN_MUST_CHECK;

#endif
