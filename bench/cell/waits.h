/*
 * What a thread has waited for a core: how often it was preempted, and for how long it could have run and did not.
 *
 * The kernel's own counts (getrusage, /proc/thread-self/schedstat), some 2 us a reading, so taken outside of what
 * is timed.
 */
#ifndef QN_BENCH_CELL_WAITS_H
#define QN_BENCH_CELL_WAITS_H

#include <stdint.h>

/* Since the thread began, or between two readings; QN_NONE: the kernel doesn't say. */
struct qn_waits {
    int64_t preemptions;  /* involuntary context switches */
    int64_t run_delay_ns; /* runnable, without a core */
};

/* Opens what qn_waits_read reads of the calling thread; -1: it can't be had. Closed by close(). */
int qn_waits_open(void);

/* The calling thread's, so far; fd: qn_waits_open's on the same thread. Does not block. */
struct qn_waits qn_waits_read(int fd);

/* From one reading to a later one. */
struct qn_waits qn_waits_between(const struct qn_waits *before, const struct qn_waits *after);

#endif
