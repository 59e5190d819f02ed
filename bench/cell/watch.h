/*
 * What happened to a block: the trials of one measuring process, without its set-up and warm-up.
 * Read before and after them, so that it costs the calls nothing.
 *
 * Migrations are the scheduler's count for every thread (/proc/self/task); if the kernel shows
 * none, a perf software event, if permitted; else they are unknown.
 *
 * A stopped process (SIGSTOP, Ctrl-Z) continues only by SIGCONT, which is caught and counted; one
 * that is sent to a running process counts too. Suspension shows in CLOCK_BOOTTIME, which keeps
 * running, against CLOCK_MONOTONIC. What freezes a process without either (a cgroup's freezer, the
 * host of a virtual machine) is not detected.
 *
 * For one thread, one watch at a time. The process must have the same threads at the beginning and
 * the end.
 */
#ifndef QN_BENCH_CELL_WATCH_H
#define QN_BENCH_CELL_WATCH_H

#include <stdint.h>
#include <sys/resource.h>

#include "bench/cell/shared.h"
#include "bench/machine/files.h"

/* Bounds of how long this machine has been suspended since boot, ns. */
struct qn_suspension {
    int64_t least_ns, most_ns;
};

/* The least suspension between two readings, ns. */
uint64_t qn_suspended_between(const struct qn_suspension *before,
                              const struct qn_suspension *after);

struct qn_blockwatch {
    const char *root;
    int perf_fd; /* counts migrations; -1: not needed or not available */
    uint64_t began_ns;
    int64_t migrations;   /* so far; QN_NONE: unknown */
    uint32_t n_continued; /* so far */
    struct qn_suspension suspension;
    struct qn_cpu_time cpu;
    struct rusage usage;
};

/*
 * Prepares the watch, and catches SIGCONT from now on. Must come before the watched threads are
 * created. root: prefix of /proc, "" except in tests; it must outlive the watch. The caller gives
 * the watch to qn_blockwatch_fini.
 */
void qn_blockwatch_init(struct qn_blockwatch *watch, const char *root);
void qn_blockwatch_fini(struct qn_blockwatch *watch);

void qn_blockwatch_begin(struct qn_blockwatch *watch);

/* Fills in took_ns, preemptions, yields, migrations, steal_share, faults, n_continued and
 * suspended_ns of the block. */
void qn_blockwatch_end(struct qn_blockwatch *watch, struct qn_block *block);

#endif
