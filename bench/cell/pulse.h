/*
 * A measuring process's pulse: how its parent tells one that is slow from one that hangs.
 *
 * The process beats wherever it gets on: at each call, at each row. With a beat it says how long it
 * may be silent from there: FACTOR times what a call takes by its plan, and what it waits for on
 * purpose (an arrival, an owner's delay). Between two beats each thread of the pool tells of every
 * job that it has done with, on a line of its own; so a backlog of any length is no silence, and
 * the longest that can be is one call's work. The parent gives up once nothing has moved for longer
 * than was said and a grace.
 *
 * A process that is stopped (SIGSTOP, a debugger's halt) does not hang: the system tells its parent, and it is waited
 * for however long that lasts, with all of its time again once it goes on. A parent that was stopped itself begins to
 * count anew: it looks often, and takes more than twice the usual distance between two looks for a stop.
 *
 * Who may overlap: the process writes, its parent reads; relaxed, since nothing else is read by it.
 */
#ifndef QN_BENCH_CELL_PULSE_H
#define QN_BENCH_CELL_PULSE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "runtime/base.h"
#include "runtime/pool.h"

/* A machine may be so many times slower than a plan: preemption, other people's load, an emulator.
 */
#define QN_PULSE_FACTOR 20.0

struct qn_pulse {
    _Atomic uint64_t n_beats;
    _Atomic uint64_t silence_ns; /* from the last beat on, at most */
};

/* Beats; the process's main thread alone. */
static inline void qn_pulse_beat(struct qn_pulse *pulse, uint64_t silence_ns)
{
    uint64_t n = atomic_load_explicit(&pulse->n_beats, memory_order_relaxed);

    atomic_store_explicit(&pulse->silence_ns, silence_ns, memory_order_relaxed);
    atomic_store_explicit(&pulse->n_beats, n + 1, memory_order_relaxed);
}

/* The silence that work planned to take so long explains, with what is waited for on purpose
 * besides; ns, rounded down; UINT64_MAX where it is more, or no number. */
uint64_t qn_pulse_silence(double work_ns, double wait_ns);

/* The parent's side. */
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
