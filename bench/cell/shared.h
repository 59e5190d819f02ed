/*
 * What a measuring process and its parent share: one mapping, made by the parent, inherited as a
 * file descriptor. The parent fills the order in before the child starts; the child fills the rest
 * in while it runs and says when it is complete. Nothing of it holds a pointer: what has no fixed
 * size lies behind the struct, at offsets from its start.
 *
 * The child's rows are the parent's to read only once the child has ended; until then it looks at
 * the pulse and the threads' progress alone. That is the whole protocol.
 */
#ifndef QN_BENCH_CELL_SHARED_H
#define QN_BENCH_CELL_SHARED_H

#include <stddef.h>
#include <stdint.h>

#include "bench/cell/figures.h"
#include "bench/cell/pulse.h"
#include "bench/options/parse.h"
#include "bench/schema/cell.h"
#include "bench/schema/trial.h"
#include "runtime/base.h"
#include "runtime/clock.h"

/* The workers of all kept calls of a process at most (bench/cell/keep.h). */
#define QN_TIMELINE_ROWS 512u

/* Room for the benchmark library's own output of one process. */
#define QN_GBENCH_BYTES ((size_t)256 * 1024)

/* What one process is to measure. Written by the parent, constant for the child. */
struct qn_order {
    char cell_id[QN_CELL_ID_BYTES];
    char strategy[QN_NAME_BYTES];
    struct qn_policy policy;
    struct qn_workload workload; /* its pointers are set by the child from the offsets below */
    uint64_t seed;
    uint32_t process;
    uint32_t n_trials;
    uint32_t env_bytes; /* of padding in the process's environment */
    enum qn_placement_option placement;
    enum qn_caller_option caller;
    enum qn_wait_option wait;
    struct qn_clock_scale clock;
    double clock_offset_ns;
    uint64_t iterations_per_quantum;
    uint32_t n_args; /* --benchmark_… , NUL-terminated one after the other at args_at */
    size_t progress_at, rows_at, timeline_at, gbench_at, trace_at, trace_failed_at, args_at;
};

/* One process's own figures: a row of blocks.csv. */
struct qn_block {
    double quantum_ns;      /* a quantum on this process's clock, after its last call */
    uint64_t n_capped;      /* draws cut to the cap */
    uint64_t live_bytes;    /* the arena's, after the last call settled */
    uint64_t dirty_bytes;   /* freed and not yet given back */
    uint64_t resident_bytes;
    uint64_t took_ns;       /* from the first trial to the last, harness and all */
    uint64_t preemptions;   /* of all threads meanwhile, involuntary */
    uint64_t yields;        /* of all threads meanwhile, voluntary */
    uint64_t faults;        /* page faults meanwhile, minor and major */
    int64_t migrations;     /* of all threads meanwhile; QN_NONE: not known */
    uint64_t suspended_ns;  /* that the machine was suspended meanwhile, at least */
    uint32_t n_continued;   /* times that the process was continued meanwhile: it had been stopped */
    double steal_share;     /* of all CPUs' time meanwhile; NAN: too few ticks, or not known */
    uint32_t is_sharing;    /* 1: pool and caller outnumber their CPUs, so they preempt one another */
    uint32_t n_bound;       /* threads whose binding was verified */
    uint32_t n_agreements;  /* calls after which ledger and allocator were compared, and agreed */
    uint32_t n_warmup;      /* calls dropped */
    uint32_t is_steady;     /* 1: the warm-up ended because times had come to rest; 0: at its limit */
    uint32_t env_bytes;     /* of padding in the environment: moves the stack */
    uint32_t exhausted_after; /* calls that returned before no thread was left; 0: some was, at the end */
    double began_s;         /* since the run began; the parent's */
};

struct qn_shared {
    size_t bytes; /* of the whole mapping */
    struct qn_order order;

    /* The child's. */
    struct qn_pulse pulse;
    struct qn_block block;
    uint32_t n_rows;
    uint32_t n_timeline;
    uint32_t gbench_bytes;
    uint32_t is_complete; /* 1: everything above is there */
    char reason[QN_REASON_BYTES]; /* why it isn't, "" if the child could not say */
};

/* One a thread of the pool. */
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

#endif
