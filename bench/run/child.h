/*
 * Measuring processes, from the parent's side: one is started for each (cell, process), shares a
 * mapping with it (bench/cell/shared.h), and is waited for.
 */
#ifndef QN_BENCH_RUN_CHILD_H
#define QN_BENCH_RUN_CHILD_H

#include <stdint.h>

#include "bench/cell/shared.h"
#include "bench/options/parse.h"
#include "bench/schema/cell.h"

/* What every process of a run is given alike. */
struct qn_run_constants {
    const struct qn_run_options *options;
    struct qn_clock_scale clock;
    double clock_offset_ns;
    uint64_t iterations_per_quantum;
    uint64_t patience_ns; /* for how long nothing may move in a process beyond what its plan
                           * explains (bench/cell/pulse.h); 0: 30 s, or QUENCH_PATIENCE */
};

/*
 * Each process's environment is padded by a random number of bytes below this, drawn of the seed:
 * where the stack begins is one of the things that differ from process to process and would
 * otherwise be the same in all (Mytkowicz et al., ASPLOS 2009).
 */
#define QN_ENV_BYTES 4096u

/*
 * Measures one (cell, process). QN_OK: *out is complete, the caller unmaps it with qn_child_release.
 * QN_EIO: the process died, hung or failed, and reason[QN_REASON_BYTES] says how. QN_EINTR: a signal
 * that asks to stop came (see signals.h, which must hold them). QN_ENOMEM: no room to share with it,
 * and reason says why.
 */
int qn_child_run(const struct qn_run_constants *run, const struct qn_cell *cell, uint32_t process,
                 struct qn_shared **out, char *reason) QN_MUST_CHECK;
void qn_child_release(struct qn_shared *shared);

#endif
