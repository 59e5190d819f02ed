/*
 * The rig with which the self-test measures cells of unlisted strategies, using the program's own
 * plan (bench/schema/plan.h: rounds of one process of every cell, each in random order) and
 * measuring processes (bench/run/child.h).
 */
#ifndef QN_BENCH_SELFTEST_RIG_H
#define QN_BENCH_SELFTEST_RIG_H

#include "bench/base/progress.h"
#include "bench/run/child.h"
#include "bench/selftest/observation.h"

struct qn_rig {
    struct qn_run_constants constants; /* except the options, which each plan sets */
    size_t n_run, n_planned;           /* processes; planned: an estimate, only for the progress */
    uint64_t started_ns;
    struct qn_progress_pace progress;
};

/* What to measure: the same calls in every cell, on one thread, all workers with equal work. */
struct qn_rig_order {
    const struct qn_strategy *const *strategies; /* of cell i */
    size_t n;
    uint64_t seed;
    struct qn_service service;
    uint32_t trials;   /* per process */
    uint32_t from, to; /* processes of every cell: from .. to - 1 */
};

#define QN_RIG_WORKERS 8u
#define QN_RIG_FAILURE_RATE 0.3

/* Calibrates, and holds signals (bench/run/signals.h). QN_OK; else complains and returns a code. */
int qn_rig_init(struct qn_rig *rig) QN_MUST_CHECK;

/*
 * Measures processes from .. to - 1 of every cell and adds them to observations[0 .. n), which have
 * the first `from` already. If a process fails, its cell gets its status and reason, and no further
 * process. QN_EINTR: a stop signal; QN_ENOMEM.
 */
int qn_rig_measure(struct qn_rig *rig, const struct qn_rig_order *order,
                   struct qn_observation *observations) QN_MUST_CHECK;

#endif
