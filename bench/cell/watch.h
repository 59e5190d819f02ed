/*
 * What happened to a block: the trials of one measuring process, from the first to the last, with
 * nothing of its setting up and warming up. Read before and after them, so that it costs the calls
 * nothing.
 *
 * Migrations are the scheduler's own count of every thread (/proc/self/task); where the kernel
 * shows none, a software event of perf, if it is permitted; else they are unknown.
 *
 * A process that is stopped (SIGSTOP, Ctrl-Z) can go on only by SIGCONT, which is caught and counted;
 * so one that somebody sends to a running process counts too. A suspended machine shows in
 * CLOCK_BOOTTIME, which goes on meanwhile, against CLOCK_MONOTONIC. What freezes a process without
 * either (the freezer of a cgroup, the host of a virtual machine) is not seen.
 *
 * For one thread, one watch at a time. The threads of the process must be the same at the beginning
 * and the end.
 */
#ifndef QN_BENCH_CELL_WATCH_H
#define QN_BENCH_CELL_WATCH_H

#include <stdint.h>
#include <sys/resource.h>

#include "bench/cell/shared.h"
#include "bench/machine/files.h"

/* How long this machine has been suspended since it was booted lies between these, ns. */
struct qn_suspension {
    int64_t least_ns, most_ns;
};

/* How much of it is sure to have come between two readings, ns. */
uint64_t qn_suspended_between(const struct qn_suspension *before,
                              const struct qn_suspension *after);

struct qn_blockwatch {
    const char *root;
    int perf_fd; /* counts migrations; -1: none is needed or can be had */
    uint64_t began_ns;
    int64_t migrations;   /* so far; QN_NONE: not known */
    uint32_t n_continued; /* so far */
    struct qn_suspension suspension;
    struct qn_cpu_time cpu;
    struct rusage usage;
};

/*
 * Prepares, and catches SIGCONT from now on. Must come before the threads that are to be watched are
 * made. root goes before /proc:
 * "" but in tests; it must outlive the watch. The caller gives the watch to qn_blockwatch_fini.
 */
void qn_blockwatch_init(struct qn_blockwatch *watch, const char *root);
void qn_blockwatch_fini(struct qn_blockwatch *watch);

void qn_blockwatch_begin(struct qn_blockwatch *watch);

/* Fills took_ns, preemptions, yields, migrations, steal_share, faults, n_continued and suspended_ns
 * of the block in. */
void qn_blockwatch_end(struct qn_blockwatch *watch, struct qn_block *block);

#endif
