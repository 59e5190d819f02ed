/*
 * Blocks: what a measuring process tells of itself as a whole, a row of blocks.csv.
 */
#ifndef QN_BENCH_SCHEMA_BLOCK_H
#define QN_BENCH_SCHEMA_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "bench/schema/timeline.h"
#include "bench/schema/trial.h"

/* One process's own figures: a row of blocks.csv. */
struct qn_block {
    double quantum_ns;    /* a quantum on this process's clock, after its last call */
    uint64_t n_capped;    /* draws cut to the cap */
    uint64_t live_bytes;  /* the arena's, after the last call settled */
    uint64_t dirty_bytes; /* freed and not yet given back */
    uint64_t resident_bytes;
    uint64_t took_ns;      /* from the first trial to the last, harness and all */
    uint64_t preemptions;  /* of all threads meanwhile, involuntary */
    uint64_t yields;       /* of all threads meanwhile, voluntary */
    uint64_t faults;       /* page faults meanwhile, minor and major */
    int64_t migrations;    /* of all threads meanwhile; QN_NONE: not known */
    uint64_t suspended_ns; /* that the machine was suspended meanwhile, at least */
    uint32_t n_continued;  /* times that the process was continued meanwhile: it had been stopped */
    double steal_share;    /* of all CPUs' time meanwhile; NAN: too few ticks, or not known */
    uint32_t is_sharing; /* 1: pool and caller outnumber their CPUs, so they preempt one another */
    uint32_t n_bound;    /* threads whose binding was verified */
    uint32_t n_agreements; /* calls after which ledger and allocator were compared, and agreed */
    uint32_t n_warmup;     /* calls dropped */
    uint32_t is_steady; /* 1: the warm-up ended because times had come to rest; 0: at its limit */
    uint32_t env_bytes; /* of padding in the environment: moves the stack */
    uint32_t
        exhausted_after; /* calls that returned before no thread was left; 0: some was, at the end */
    double began_s;      /* since the run began; the parent's */
};

/* All that one process has measured. Borrows what it points to. */
struct qn_measured {
    const struct qn_block *block;
    const struct qn_trial *rows;
    uint32_t n_rows;
    const struct qn_timeline_row *timeline;
    uint32_t n_timeline;
    const char *gbench; /* the benchmark library's own output, JSON without a NUL at its end */
    uint32_t gbench_bytes;
};

#endif
