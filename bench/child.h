/*
 * Measuring processes, from the parent's side: one is started for each (cell, process), shares a
 * mapping with it (shared.h), and is waited for.
 */
#ifndef QN_BENCH_CHILD_H
#define QN_BENCH_CHILD_H

#include <stdint.h>

#include "bench/cell.h"
#include "bench/shared.h"

/* What every process of a run is given alike. */
struct qn_run_constants {
    const struct qn_run_options *options;
    struct qn_clock_scale clock;
    double clock_offset_ns;
    uint64_t iterations_per_quantum;
};

/* Calls before the first trial, dropped: they fault pages in and settle the threads. */
#define QN_WARMUP_CALLS 3u

/*
 * Measures one (cell, process). QN_OK: *out is complete, the caller unmaps it with qn_child_release.
 * QN_EIO: the process died, hung or failed, and reason[QN_REASON_BYTES] says how. QN_EINTR: SIGINT or
 * SIGTERM came (both must be blocked, with SIGCHLD). QN_ENOMEM.
 */
int qn_child_run(const struct qn_run_constants *run, const struct qn_cell *cell, uint32_t process,
                 struct qn_shared **out, char *reason) QN_MUST_CHECK;
void qn_child_release(struct qn_shared *shared);

#endif
