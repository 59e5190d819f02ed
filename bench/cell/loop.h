/*
 * The calls of a measuring process: warm-up, then trials, either each after the previous one has
 * settled (isolated) or as a stream (bench/workload/arrival.h).
 */
#ifndef QN_BENCH_CELL_LOOP_H
#define QN_BENCH_CELL_LOOP_H

#include "bench/cell/caller.h"
#include "bench/cell/keep.h"
#include "bench/cell/shared.h"
#include "bench/cell/stream.h"

struct qn_loop {
    struct qn_shared *shared;
    struct qn_caller *caller;
    struct qn_stream *stream; /* NULL: isolated */
    struct qn_kept kept;      /* calls whose workers go to timeline.csv */
};

/*
 * Sets up the calls of shared->order on a caller. may_spin: the caller has its own core. QN_ENOMEM.
 * On QN_OK the caller gives *loop to qn_loop_fini.
 */
int qn_loop_init(struct qn_loop *loop, struct qn_shared *shared, struct qn_caller *caller,
                 bool may_spin) QN_MUST_CHECK;
void qn_loop_fini(struct qn_loop *loop);

/*
 * Runs isolated calls that are not trials until times have settled (bench/cell/warmup.h), at most
 * QN_WARMUP_MAX_CALLS; sets n_warmup and is_steady of shared->block. Returns as qn_caller_settle.
 */
int qn_loop_warm_up(struct qn_loop *loop) QN_MUST_CHECK;

/*
 * Runs the trials and fills in their rows and n_rows. *seconds: the sum of their times until the
 * return. Returns as qn_caller_settle or qn_stream_settle.
 */
int qn_loop_measure(struct qn_loop *loop, double *seconds) QN_MUST_CHECK;

/* Fills in the timeline, after the trials: as qn_kept_hand_over. */
int qn_loop_hand_over(struct qn_loop *loop) QN_MUST_CHECK;

#endif
