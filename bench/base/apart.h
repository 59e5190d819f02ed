/*
 * Code that isn't ours, run in a child process: one that crashes, hangs or ends the process costs a
 * message, not the program. What it found comes back in memory that both share.
 */
#ifndef QN_BENCH_BASE_APART_H
#define QN_BENCH_BASE_APART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "runtime/base.h"

#define QN_APART_WHY_BYTES 160

/* Runs in the child; fills the zeroed found[bytes], which has no pointers. stdout is stderr there. */
typedef void qn_apart_fn(const void *arg, void *found);

/*
 * Runs fn(arg, found) in a child process and waits until it has returned, for at most grace_ns; then the
 * child is killed. *found is what it left, even where it didn't return. QN_EINVAL: why[QN_APART_WHY_BYTES]
 * says how it ended instead ("died of signal 11 (Segmentation fault)"); QN_ENOMEM. The calling process
 * must have no other thread. Destructors of what the child loaded don't run; processes that it left are
 * ended (bench/base/orphans.h).
 */
int qn_apart_run(qn_apart_fn *fn, const void *arg, void *found, size_t bytes, uint64_t grace_ns,
                 char *why) QN_MUST_CHECK;

/*
 * Waits until a child process has ended, for at most grace_ns; false: it runs on. *status: as from
 * waitpid. By the process itself: what it has opened says nothing, since its code may close that, or
 * leave it to others. The calling process must not wait for it elsewhere.
 */
bool qn_apart_await(pid_t pid, uint64_t grace_ns, int *status);

#endif
