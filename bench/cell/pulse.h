/*
 * A measuring process's pulse: how its parent tells one that is slow from one that hangs.
 *
 * The process beats wherever it gets on: at each call, at each row. With a beat it says how long it
 * may be silent from there: FACTOR times what a call takes by its plan, and what it waits for on
 * purpose (an arrival, an owner's delay). Between two beats each thread of the pool tells of every
 * job that it has done with, on a line of its own; so a backlog of any length is no silence, and
 * the longest that can be is one call's work. bench/run/patience.h is the parent's side.
 *
 * Who may overlap: the process writes, its parent reads; relaxed, since nothing else is read by it.
 */
#ifndef QN_BENCH_CELL_PULSE_H
#define QN_BENCH_CELL_PULSE_H

#include <stdatomic.h>
#include <stdint.h>

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

#endif
