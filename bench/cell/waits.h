/*
 * How long a thread waited for a core: how often it was preempted, and for how long it could have run but did not.
 *
 * The kernel's own counts (getrusage, /proc/thread-self/schedstat). A reading takes 1 to 2 us, before a call begins and
 * after it has returned, so it is in none of a call's own figures. Streams of calls are not read: it would be in what
 * lies between their calls.
 */
#ifndef QN_BENCH_CELL_WAITS_H
#define QN_BENCH_CELL_WAITS_H

#include <stdint.h>

/* Since the thread began, or between two readings; QN_NONE: the kernel doesn't say. */
struct qn_waits {
    int64_t preemptions;  /* involuntary context switches */
    int64_t run_delay_ns; /* runnable, without a core */
};

/* Opens the file that qn_waits_read reads for the calling thread; -1: there is none. The caller closes it. */
int qn_waits_open(void);

/* The calling thread's, so far; fd: qn_waits_open's on the same thread. Does not block. */
struct qn_waits qn_waits_read(int fd);

/* From one reading to a later one. */
struct qn_waits qn_waits_between(const struct qn_waits *before, const struct qn_waits *after);

#endif
