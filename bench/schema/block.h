/*
 * Blocks: what a measuring process records about itself as a whole; a row of blocks.csv.
 */
#ifndef QN_BENCH_SCHEMA_BLOCK_H
#define QN_BENCH_SCHEMA_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "bench/schema/timeline.h"
#include "bench/schema/trial.h"

/* One process's own figures. */
struct qn_block {
    double quantum_ns;    /* a quantum on this process's clock, after its last call */
    uint64_t n_capped;    /* draws cut to the cap */
    uint64_t live_bytes;  /* the arena's, after the last call settled */
    uint64_t dirty_bytes; /* freed and not yet given back */
    uint64_t resident_bytes;
    uint64_t took_ns;      /* from the first trial to the last, including the harness */
    uint64_t preemptions;  /* of all threads during the block, involuntary */
    uint64_t yields;       /* the same, voluntary */
    uint64_t faults;       /* page faults during the block, minor and major */
    int64_t migrations;    /* of all threads during the block; QN_NONE: unknown */
    uint64_t suspended_ns; /* for which the machine was suspended during the block, at least */
    uint32_t n_continued;  /* how often the process was continued, having been stopped */
    double steal_share;    /* of all CPUs' time during the block; NAN: too few ticks, or unknown */
    uint32_t is_sharing;   /* 1: pool and caller outnumber their CPUs, so they preempt each other */
    uint32_t n_bound;      /* threads whose binding was verified */
    uint32_t n_agreements; /* calls after which ledger and allocator were compared and agreed */
    uint32_t n_warmup;     /* calls dropped */
    uint32_t is_steady;    /* 1: the warm-up ended because times had settled; 0: at its limit */
    uint32_t env_bytes;    /* padding in the environment, which moves the stack */
    uint32_t
        exhausted_after; /* calls that returned before the pool had no thread left; 0: it still had
                          * some at the end */
    uint32_t is_child;   /* 1: its calls ran in a process of their own, whose quantum is measured;
                            * threads and preemptions are not known (QN_NONE) */
    double began_s;      /* since the run began; filled in by the parent */
};

/* Everything that one process measured. Borrows what it points to. */
struct qn_measured {
    const struct qn_block *block; /* NULL: nobody looked at the process as a whole */
    const struct qn_trial *rows;
    uint32_t n_rows;
    const struct qn_timeline_row *timeline;
    uint32_t n_timeline;
    const char *gbench; /* the benchmark library's output: JSON without a terminating NUL */
    uint32_t gbench_bytes;
};

#endif
