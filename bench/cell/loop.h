/*
 * The calls of a measuring process: warm-up, then its trials, each call waiting for the last to
 * settle (isolated) or as a stream (bench/workload/arrival.h).
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
 * Sets up the calls of shared->order on a caller. may_spin: the caller has a core of its own.
 * QN_ENOMEM. On QN_OK the caller gives *loop to qn_loop_fini.
 */
int qn_loop_init(struct qn_loop *loop, struct qn_shared *shared, struct qn_caller *caller,
                 bool may_spin) QN_MUST_CHECK;
void qn_loop_fini(struct qn_loop *loop);

/*
 * Runs calls, each isolated and none a trial, until times have come to rest (bench/cell/warmup.h) or for
 * QN_WARMUP_MAX_CALLS; tells in shared->block how many and which. Returns what qn_caller_settle
 * does.
 */
int qn_loop_warm_up(struct qn_loop *loop) QN_MUST_CHECK;

/*
 * Runs the trials and fills their rows and n_rows in. *seconds: their times until the
 * return, summed. Returns what qn_caller_settle or qn_stream_settle does.
 */
int qn_loop_measure(struct qn_loop *loop, double *seconds) QN_MUST_CHECK;

/* Fills the timeline in, after the trials: as qn_kept_hand_over. */
int qn_loop_hand_over(struct qn_loop *loop) QN_MUST_CHECK;

#endif
