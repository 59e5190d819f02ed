/*
 * Patience: how the parent tells a slow measuring process from a hung one, by its pulse
 * (bench/cell/pulse.h) and the progress of its threads. It gives up once there was no progress for
 * longer than the process announced plus a grace period.
 *
 * A stopped process (SIGSTOP, a debugger) is not hung: the kernel tells its parent, which waits
 * however long that lasts and starts counting again when the process continues. A parent that was
 * itself stopped also starts again: it checks often, and takes a gap of more than twice the usual
 * as a stop.
 */
#ifndef QN_BENCH_RUN_PATIENCE_H
#define QN_BENCH_RUN_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bench/cell/pulse.h"
#include "runtime/base.h"
#include "runtime/pool/pool.h"

struct qn_watch {
    const struct qn_pulse *pulse;
    const struct qn_progress *progress; /* of n_threads */
    unsigned n_threads;
    uint64_t grace_ns;
    uint64_t seen, looked_at_ns, silent_ns;
};

/* Begins now (monotonic ns). Borrows pulse and progress. */
void qn_watch_begin(struct qn_watch *watch, const struct qn_pulse *pulse,
                    const struct qn_progress *progress, unsigned n_threads, uint64_t grace_ns,
                    uint64_t now_ns);

/* Checks for progress; is_stopped: the process is stopped, or was since the last check. Returns
 * when to check again, in ns from now; 0: the process hangs. */
uint64_t qn_watch_look(struct qn_watch *watch, uint64_t now_ns, bool is_stopped);

/*
 * Waits for the child process pid as long as it makes progress or is stopped. QN_OK: it has ended,
 * and *status is as from waitpid. QN_ETIMEDOUT: it hangs; QN_EINTR: a stop signal came; in both
 * cases it still exists. Needs qn_signals_hold.
 */
int qn_watch_wait(struct qn_watch *watch, pid_t pid, int *status) QN_MUST_CHECK;

#endif
