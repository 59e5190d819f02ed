/*
 * What a measuring process and its parent share: one mapping, made by the parent and inherited as a
 * file descriptor. The parent fills in the order before the child starts; the child fills in the
 * rest while it runs and sets is_complete at the end. It has no pointers: data of variable size
 * follows the struct, at offsets from its start.
 *
 * The parent may read the child's rows only after the child has ended; until then it reads only the
 * pulse and the threads' progress.
 */
#ifndef QN_BENCH_CELL_SHARED_H
#define QN_BENCH_CELL_SHARED_H

#include <stddef.h>
#include <stdint.h>

#include "bench/base/path.h"
#include "bench/cell/figures.h"
#include "bench/cell/pulse.h"
#include "bench/schema/block.h"
#include "bench/schema/cell.h"
#include "bench/schema/trial.h"
#include "runtime/base.h"
#include "runtime/clock.h"
#include "runtime/pool/pool.h"
#include "runtime/topo.h"

/* The most workers kept per process (bench/cell/keep.h). */
#define QN_TIMELINE_ROWS 512u

/* Room for the benchmark library's output in one process. */
#define QN_GBENCH_BYTES ((size_t)256 * 1024)

/* What one process must measure. Written by the parent, constant for the child. */
struct qn_order {
    char cell_id[QN_CELL_ID_BYTES];
    char strategy[QN_NAME_BYTES];
    struct qn_policy policy;
    struct qn_workload workload; /* the child sets its pointers from the offsets below */
    uint64_t seed;
    uint32_t process;
    uint32_t n_trials;
    uint32_t env_bytes; /* of padding in the process's environment */
    enum qn_placement placement;
    enum qn_caller_place caller;
    enum qn_wait_mode wait;
    struct qn_clock_scale clock;
    double clock_offset_ns;
    uint64_t iterations_per_quantum;
    bool conforms;                 /* the process checks a peer's contract, and measures nothing */
    char module[QN_PATH_BYTES];    /* of a peer; "": the strategy is ours */
    char work_file[QN_PATH_BYTES]; /* kind own: the module */
    unsigned flags, kinds;         /* of a peer's strategy */
    unsigned peer_flags;           /* what the peer says of itself (bench/peer/inspect.h) */
    uint32_t n_args; /* --benchmark_… options, NUL-terminated, one after another at args_at */
    size_t progress_at, rows_at, timeline_at, gbench_at, trace_at, trace_failed_at, args_at;
};

struct qn_shared {
    size_t bytes; /* of the whole mapping */
    struct qn_order order;

    /* Written by the child. */
    struct qn_pulse pulse;
    _Atomic uint32_t peer_step; /* enum qn_peer_step: what of a peer runs; read at any time */
    struct qn_block block;
    uint32_t n_rows;
    uint32_t n_timeline;
    uint32_t gbench_bytes;
    uint32_t is_complete;         /* 1: everything above is valid */
    char reason[QN_REASON_BYTES]; /* why not; "" if the child could not say */
};

/* One per thread of the pool. */
static inline struct qn_progress *qn_shared_progress(struct qn_shared *s)
{
    return (struct qn_progress *)((char *)s + s->order.progress_at);
}

static inline struct qn_trial *qn_shared_rows(struct qn_shared *s)
{
    return (struct qn_trial *)((char *)s + s->order.rows_at);
}

static inline struct qn_timeline_row *qn_shared_timeline(struct qn_shared *s)
{
    return (struct qn_timeline_row *)((char *)s + s->order.timeline_at);
}

static inline char *qn_shared_gbench(struct qn_shared *s)
{
    return (char *)s + s->order.gbench_at;
}

/* What a process that ended and is complete has measured. Borrows s. */
static inline struct qn_measured qn_shared_measured(struct qn_shared *s)
{
    return (struct qn_measured){
        &s->block,     qn_shared_rows(s),   s->n_rows,      qn_shared_timeline(s),
        s->n_timeline, qn_shared_gbench(s), s->gbench_bytes};
}

#endif
