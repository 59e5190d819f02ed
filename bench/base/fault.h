/*
 * Injected faults: named points before every step by which a results folder changes, at which a
 * test can end the process, send it a signal, or let the step fail as a full disk would. They are
 * compiled in only where QN_STEPS is defined (the _steps libraries, see runtime/step.h); the
 * shipped program has none.
 */
#ifndef QN_BENCH_BASE_FAULT_H
#define QN_BENCH_BASE_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef QN_STEPS

/*
 * What a point asks; set before the run begins. True: the step is to fail, and errno says with
 * what. NULL: no step fails. point has static storage.
 */
extern bool (*qn_fault_hook)(const char *point);

/* True if the step at hand is to fail. */
static inline bool qn_fault(const char *point)
{
    return qn_fault_hook && qn_fault_hook(point);
}

/* How much of a write of n bytes is written at once: half of it, so that a fault can tear it. */
static inline size_t qn_fault_piece(size_t n)
{
    return n > 1 ? n / 2 : n;
}

#else

static inline bool qn_fault(const char *point)
{
    (void)point;
    return false;
}

static inline size_t qn_fault_piece(size_t n)
{
    return n;
}

#endif
#endif
