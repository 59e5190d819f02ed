/*
 * Measuring processes, as seen by the parent: it starts one for each (cell, process), shares a
 * mapping with it (bench/cell/shared.h), and waits for it.
 */
#ifndef QN_BENCH_RUN_CHILD_H
#define QN_BENCH_RUN_CHILD_H

#include <stdint.h>

#include "bench/cell/shared.h"
#include "bench/options/parse.h"
#include "bench/schema/cell.h"

/* What all processes of a run are given. */
struct qn_run_constants {
    const struct qn_run_options *options;
    struct qn_clock_scale clock;
    double clock_offset_ns;
    uint64_t iterations_per_quantum;
    /* how long a process may make no progress beyond what its plan explains (bench/cell/pulse.h);
     * 0: QUENCH_PATIENCE, or 30 s */
    uint64_t patience_ns;
    bool conforms; /* checks a peer's contract instead of measuring (bench/cell/conform.h) */
};

/*
 * Each process's environment is padded by a random number of bytes below this, drawn from the seed.
 * It moves the start of the stack, which affects timing and would otherwise be the same in all
 * processes (Mytkowicz et al., ASPLOS 2009).
 */
#define QN_ENV_BYTES 4096u

/*
 * Measures one (cell, process). QN_OK: *out is complete; the caller unmaps it with
 * qn_child_release. QN_EIO: the process died, hung or failed, and reason[QN_REASON_BYTES] says how.
 * QN_EINTR: a stop signal came (signals.h must hold them). QN_ENOMEM: no memory to share, and
 * reason says why. What the process left running is ended (bench/base/orphans.h).
 */
int qn_child_run(const struct qn_run_constants *run, const struct qn_cell *cell, uint32_t process,
                 struct qn_shared **out, char *reason) QN_MUST_CHECK;
void qn_child_release(struct qn_shared *shared);

#endif
