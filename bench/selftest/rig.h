/*
 * The rig on which the self-test measures: cells of strategies that no listing has, by the
 * program's own plan (bench/schema/plan.h: rounds of one process of every cell, each round in random
 * order) and measuring processes (bench/run/child.h).
 */
#ifndef QN_BENCH_SELFTEST_RIG_H
#define QN_BENCH_SELFTEST_RIG_H

#include "bench/base/progress.h"
#include "bench/run/child.h"
#include "bench/selftest/observation.h"

struct qn_rig {
    struct qn_run_constants constants; /* but for the options, which are each plan's */
    size_t n_run, n_planned;           /* processes; planned: an estimate, for the progress alone */
    uint64_t started_ns;
    struct qn_progress_pace progress;
};

/* What is measured: the same calls in every cell, on one thread, all workers working equally long.
 */
struct qn_rig_order {
    const struct qn_strategy *const *strategies; /* of cell i */
    size_t n;
    uint64_t seed;
    struct qn_service service;
    uint32_t trials;   /* a process */
    uint32_t from, to; /* processes of every cell: from .. to - 1 */
};

#define QN_RIG_WORKERS 8u
#define QN_RIG_FAILURE_RATE 0.3

/* Calibrates, and holds signals (bench/run/signals.h). QN_OK; else complains and returns a code. */
int qn_rig_init(struct qn_rig *rig) QN_MUST_CHECK;

/*
 * Measures processes from .. to - 1 of every cell and adds them to observations[0 .. n), whose first
 * `from` processes were measured by the same order before. A cell one of whose processes failed
 * gets its status and reason, and no process more. QN_EINTR: a signal to stop; QN_ENOMEM.
 */
int qn_rig_measure(struct qn_rig *rig, const struct qn_rig_order *order,
                   struct qn_observation *observations) QN_MUST_CHECK;

#endif
