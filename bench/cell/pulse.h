/*
 * A measuring process's pulse: how its parent distinguishes a slow one from one that hangs.
 *
 * The process beats whenever it makes progress: at each call, at each row. A beat says how long it
 * may then be silent: FACTOR times what a call is planned to take, plus intended waits (an arrival,
 * an owner's delay). Between beats each thread of the pool counts its finished jobs, on its own
 * cache line; so a backlog is not silence, and the longest silence is one call's work.
 * bench/run/patience.h is the parent's side.
 *
 * Concurrency: the process writes, its parent reads; relaxed, since no other data depends on it.
 */
#ifndef QN_BENCH_CELL_PULSE_H
#define QN_BENCH_CELL_PULSE_H

#include <stdatomic.h>
#include <stdint.h>

/* How many times slower than planned a machine may be: preemption, other load, an emulator. */
#define QN_PULSE_FACTOR 20.0

struct qn_pulse {
    _Atomic uint64_t n_beats;
    _Atomic uint64_t silence_ns; /* longest allowed after the last beat */
};

/* Beats; only the process's main thread may call it. */
static inline void qn_pulse_beat(struct qn_pulse *pulse, uint64_t silence_ns)
{
    uint64_t n = atomic_load_explicit(&pulse->n_beats, memory_order_relaxed);

    atomic_store_explicit(&pulse->silence_ns, silence_ns, memory_order_relaxed);
    atomic_store_explicit(&pulse->n_beats, n + 1, memory_order_relaxed);
}

/* The silence allowed for work with this planned time plus intended waits; ns, rounded down;
 * UINT64_MAX if it doesn't fit or is not a number. */
uint64_t qn_pulse_silence(double work_ns, double wait_ns);

#endif
