/*
 * The clock: one source of stamps for every thread of a run.
 *
 * The time-stamp counter where it is invariant (CPUID 80000007h, EDX bit 8: it ticks at one rate in
 * every power state) and can be read by RDTSCP, which waits for the work before it; else
 * CLOCK_MONOTONIC, whose ticks are ns. The counter's rate is measured against CLOCK_MONOTONIC once, by
 * the parent process; its children adopt that scale, so that one run has one second.
 *
 * Reads may overlap anything. Init and adopt come before any other thread reads.
 */
#ifndef QN_RUNTIME_CLOCK_H
#define QN_RUNTIME_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base.h"

#if defined(__x86_64__)
#include <x86intrin.h>
#define QN_CLOCK_HAS_TSC 1
#endif

/* How ticks become ns: ns = ticks × mult >> QN_CLOCK_SHIFT. */
#define QN_CLOCK_SHIFT 32

struct qn_clock_scale {
    bool is_tsc;
    uint64_t mult; /* ns a tick, fixed point */
};

/* Immutable after qn_clock_init or qn_clock_adopt. */
extern struct qn_clock_scale qn_clock_scale;

/* Chooses the source and, for the counter, measures its rate: about 60 ms. Returns QN_OK or QN_EIO. */
int qn_clock_init(void) QN_MUST_CHECK;

/* Takes over another process's scale. QN_ENOTSUP if this machine lacks its source. */
int qn_clock_adopt(const struct qn_clock_scale *scale) QN_MUST_CHECK;

/* CLOCK_MONOTONIC, ns. */
uint64_t qn_clock_now_monotonic_ns(void);

/* The time, in ticks. The reads of one thread never go back. About 18 ns by the counter. */
static inline uint64_t qn_clock_ticks(void)
{
#ifdef QN_CLOCK_HAS_TSC
    if (QN_LIKELY(qn_clock_scale.is_tsc)) {
        unsigned aux;
        uint64_t ticks = __rdtscp(&aux);

        _mm_lfence();
        return ticks;
    }
#endif
    return qn_clock_now_monotonic_ns();
}

/* A number of ticks in ns, rounded down; monotone. */
static inline uint64_t qn_clock_to_ns(uint64_t ticks)
{
    return (uint64_t)(((qn_u128)ticks * qn_clock_scale.mult) >> QN_CLOCK_SHIFT);
}

/* ns in ticks, rounded down; saturates at UINT64_MAX. */
uint64_t qn_clock_from_ns(uint64_t ns);

/* What reading costs and how finely it tells: ns. */
struct qn_clock_quality {
    double cost_ns;       /* of a read: the median over many short runs of reads */
    double resolution_ns; /* the smallest step seen between two reads */
};

void qn_clock_measure(struct qn_clock_quality *out);

/*
 * Measures how far apart the clocks of the CPUs are: the first is held against each of the others by
 * messages to and fro, of which the quickest counts (as in NTP). *max_offset_ns is the largest
 * absolute offset found, *bound_ns half the round trip that bounds its error. Starts a thread; pins
 * both and gives the caller its affinity back. QN_ENOTSUP: fewer than two CPUs, or they can't be had.
 */
int qn_clock_offsets(const int *cpus, unsigned n, double *max_offset_ns,
                     double *bound_ns) QN_MUST_CHECK;

#endif
