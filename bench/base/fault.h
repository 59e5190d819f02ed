/*
 * Injected faults: named points before every step that changes a results folder, at which a test
 * can end the process, send it a signal, or make the step fail as on a full disk. Compiled in only
 * if QN_STEPS is defined (the _steps libraries, see runtime/step.h); the shipped program has none.
 */
#ifndef QN_BENCH_BASE_FAULT_H
#define QN_BENCH_BASE_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef QN_STEPS

/*
 * Called at every point; set before the run begins. True: the step is to fail with the error in
 * errno. NULL: no step fails. point has static storage.
 */
extern bool (*qn_fault_hook)(const char *point);

/* True if the next step is to fail. */
static inline bool qn_fault(const char *point)
{
    return qn_fault_hook && qn_fault_hook(point);
}

/* How many of n bytes to write at once: half, so that a fault can tear the write. */
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
