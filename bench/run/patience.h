/*
 * Patience: how the parent of a measuring process tells one that is slow from one that hangs, by its pulse
 * (bench/cell/pulse.h) and the progress of its threads. It gives up once nothing has moved for longer than the
 * process said and a grace.
 *
 * A process that is stopped (SIGSTOP, a debugger's halt) does not hang: the system tells its parent, and it is waited
 * for however long that lasts, with all of its time again once it goes on. A parent that was stopped itself begins to
 * count anew: it looks often, and takes more than twice the usual distance between two looks for a stop.
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

/* Looks; is_stopped: the process is, or was since the last look. Returns after how long to look again, ns; 0: the
 * process hangs. */
uint64_t qn_watch_look(struct qn_watch *watch, uint64_t now_ns, bool is_stopped);

/*
 * Waits for the child process pid as long as it gets on or is stopped. QN_OK: it has ended, and *status is as of
 * waitpid. QN_ETIMEDOUT: it hangs; QN_EINTR: a signal that asks to stop came; either way it is still there. Only
 * where qn_signals_hold holds the signals.
 */
int qn_watch_wait(struct qn_watch *watch, pid_t pid, int *status) QN_MUST_CHECK;

#endif
