/*
 * The clock: the source of stamps for all threads of a run.
 *
 * The time-stamp counter where it is invariant (CPUID 80000007h, EDX bit 8: it ticks at one rate in
 * every power state) and can be read by RDTSCP, which waits for preceding instructions; else
 * CLOCK_MONOTONIC, whose ticks are ns. The counter's rate is measured against CLOCK_MONOTONIC once,
 * by the parent process; its children adopt that scale, so that all of a run uses the same.
 *
 * A third source is for tests: QUENCH_TEST_CLOCK=2.6GHz makes ticks of CLOCK_MONOTONIC at that
 * rate, so that code that confuses ticks with ns fails on any machine, while seconds stay correct.
 *
 * The unit of a stamp depends on the executor that made it: convert by exec.h's functions wherever
 * there is an executor.
 *
 * Reads may overlap anything. Init and adopt come before any other thread reads.
 */
#ifndef QN_RUNTIME_CLOCK_H
#define QN_RUNTIME_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base.h"

#if defined(__x86_64__)
#include <x86intrin.h>
#define QN_CLOCK_HAS_TSC 1
#endif

/* How ticks become ns: ns = ticks × mult >> QN_CLOCK_SHIFT. */
#define QN_CLOCK_SHIFT 32

enum qn_clock_source { QN_CLOCK_MONOTONIC, QN_CLOCK_TSC, QN_CLOCK_PRETENDED };

struct qn_clock_scale {
    enum qn_clock_source source;
    uint64_t mult; /* ns a tick, fixed point */
    uint64_t rate; /* of QN_CLOCK_PRETENDED: ticks a ns, fixed point; else 0 */
};

/* The variable that requests a pretended rate, and its values. */
#define QN_CLOCK_VARIABLE "QUENCH_TEST_CLOCK"
#define QN_CLOCK_RATES "a rate from 100MHz to 10GHz with its unit, such as 2.6GHz"

/* Immutable after qn_clock_init or qn_clock_adopt. */
extern struct qn_clock_scale qn_clock_scale;

/*
 * Chooses the source and, for the counter, measures its rate: about 60 ms. Returns QN_OK; QN_EINVAL
 * if QUENCH_TEST_CLOCK is not one of QN_CLOCK_RATES; QN_EIO if the counter doesn't advance. After
 * an error the clock is CLOCK_MONOTONIC.
 */
int qn_clock_init(void) QN_MUST_CHECK;

/* True if QUENCH_TEST_CLOCK is unset, empty or a valid rate. */
bool qn_clock_can_init(void);

/* Describes the ticks of a scale: "the time-stamp counter", "CLOCK_MONOTONIC" or "CLOCK_MONOTONIC
 * at 2.6 GHz (QUENCH_TEST_CLOCK)". len_bytes >= 64 is always enough. */
void qn_clock_describe(const struct qn_clock_scale *scale, char *out, size_t len_bytes);

/* Takes over another process's scale. QN_ENOTSUP if this machine lacks its source or it has no
 * rate; the clock is unchanged then. */
int qn_clock_adopt(const struct qn_clock_scale *scale) QN_MUST_CHECK;

/* CLOCK_MONOTONIC, ns. */
uint64_t qn_clock_now_monotonic_ns(void);

/* The same in ticks of the scale, for sources without a counter. */
uint64_t qn_clock_monotonic_ticks(void);

/* The time, in ticks. A thread's reads never go backwards. About 18 ns by the counter. */
static inline uint64_t qn_clock_ticks(void)
{
#ifdef QN_CLOCK_HAS_TSC
    if (QN_LIKELY(qn_clock_scale.source == QN_CLOCK_TSC)) {
        unsigned aux;
        uint64_t ticks = __rdtscp(&aux);

        _mm_lfence();
        return ticks;
    }
#endif
    return qn_clock_monotonic_ticks();
}

/* A number of ticks in ns, rounded down; monotone; saturates at UINT64_MAX. */
static inline uint64_t qn_clock_to_ns(uint64_t ticks)
{
    qn_u128 ns = ((qn_u128)ticks * qn_clock_scale.mult) >> QN_CLOCK_SHIFT;

    return QN_UNLIKELY(ns > UINT64_MAX) ? UINT64_MAX : (uint64_t)ns;
}

/* ns in ticks, rounded down; saturates at UINT64_MAX. */
uint64_t qn_clock_from_ns(uint64_t ns);

/* Cost and resolution of reading the clock, ns. */
struct qn_clock_quality {
    double cost_ns;       /* of a read: the median over many short runs of reads */
    double resolution_ns; /* the smallest step seen between two reads */
};

void qn_clock_measure(struct qn_clock_quality *out);

/*
 * Measures how far the clock of cpu_b is ahead of cpu_a's, by round trips between two spinning
 * threads, of which the fastest is used (as in NTP, RFC 5905 section 8). The true offset is within
 * *error_ns, half the fastest round trip, of *offset_ns. Starts a thread, pins both, and restores
 * the caller's affinity; takes some ms if the CPUs are free. QN_ENOTSUP: the CPUs are the same, are
 * not allowed, or don't answer; QN_ENOMEM. Both figures are 0 after an error.
 */
int qn_clock_offset(int cpu_a, int cpu_b, double *offset_ns, double *error_ns) QN_MUST_CHECK;

/*
 * Measures how far apart the clocks of n CPUs are, comparing the first with each of the others.
 * *max_offset_ns is the largest offset between any two, *bound_ns bounds its error. A CPU may be
 * listed more than once. QN_ENOTSUP: fewer than two distinct ones, or they can't be used;
 * QN_ENOMEM. Both figures are 0 after an error.
 */
int qn_clock_offsets(const int *cpus, unsigned n, double *max_offset_ns,
                     double *bound_ns) QN_MUST_CHECK;

#endif
