/*
 * Real blocking calls, and the ways of reaching a thread inside one: a capability that an executor
 * may have (exec->ops->blocking; NULL: it has none, and ops->no_blocking says why).
 *
 * A thread of the executor enters with the type of call it will block in, blocks until a deadline
 * (its plan) or until it is reached, and leaves. Between enter and leave any thread may reach it:
 *
 *   way          reaches                   how, and what the call then sees
 *   wake         pipe, eventfd, condvar    eight bytes to read; a broadcast
 *   interrupt    pipe, eventfd; computing  a signal to the thread: EINTR; a flag that work polls
 *   close        nothing                   the reader's descriptor: Linux does not wake a reader
 *   close_peer   pipe                      the last writer's descriptor: end of file
 *   cancel       all                       pthread_cancel of a dedicated thread
 *
 * An attempt to reach a thread after it has entered and before it blocks is not lost: bytes stay in
 * the pipe, the condition has a flag, the end of file persists, a closed descriptor gives EBADF,
 * and cancellations and signals stay pending. Signals are blocked everywhere except inside the call
 * itself, where ppoll unblocks them atomically. The handler only sets the thread's flag.
 *
 * What does not end a call, contrary to expectation: A signal does not end pthread_cond_timedwait,
 * which may not return EINTR (POSIX). close does not wake a reader: the call holds the open file,
 * not the number (close(2), "Multithreaded processes and close()"); the reader ends by its plan,
 * when poll looks up the number again. runtime/block_test.c demonstrates both.
 *
 * Numbers. Closing a descriptor under its reader frees its number, and the reader would then read
 * from whatever gets it next. So readers' descriptors have reserved numbers, from QN_BLOCK_FIRST_FD
 * by the thread's index; the kernel assigns the lowest free number and doesn't reach these. Only
 * the thread itself reopens its descriptors, when it enters again.
 *
 * Rest. A thread in a blocking call counts as busy, since its plan ends the call. It is never at
 * rest and never unwound (exec.h, quiesce). The executor's own waits are not disturbed: signals are
 * blocked in them, and where they aren't (computing) an interrupted futex wait is repeated.
 *
 * Dedicated threads. run_dedicated creates a thread for one function, pinned like its creator, and
 * lends it the creator's qn_self: for everything above the executor it is the pool's thread. That
 * waits in a join meanwhile, so the two never run at once, and each sees the other's writes. The
 * function may not wait without a deadline (an unwound thread would jump to another thread's
 * stack). Cancellation is deferred to cancellation points: block and test_cancel, but not the
 * executor's own waits.
 *
 * Overlaps: enter, block, leave, run_dedicated are called by the thread itself (block also on its
 * dedicated thread); the five ways overlap all of these and each other, but not the end of leave:
 * the reaching thread must know, by a lock or a callback (callback.h), that the other hasn't left.
 * One lock per thread guards its descriptors' lifetime, the condition and the cancellation.
 */
#ifndef QN_RUNTIME_BLOCK_H
#define QN_RUNTIME_BLOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "runtime/base.h"

struct qn_thread;

/* Number of the first thread's first descriptor, and descriptors per thread. */
#define QN_BLOCK_FIRST_FD 512
#define QN_BLOCK_FDS 3

enum qn_block_type {
    QN_BLOCK_NONE, /* computes, or waits in the executor: only a signal or a cancel can reach it */
    QN_BLOCK_PIPE,
    QN_BLOCK_EVENTFD,
    QN_BLOCK_CONDVAR,
};

/* What ended a blocking call. */
enum qn_block_end {
    QN_BLOCK_PLAN,        /* its deadline */
    QN_BLOCK_WOKEN,       /* wake */
    QN_BLOCK_INTERRUPTED, /* interrupt */
    QN_BLOCK_PEER_CLOSED, /* close_peer */
    QN_BLOCK_CLOSED,      /* close, before it blocked */
};

struct qn_blocking_ops {
    /*
     * Makes self reachable, with a clean state, and opens what it will block on if necessary. flag:
     * set to 1 by a signal (NULL: no signals will come); borrowed. With a flag and QN_BLOCK_NONE
     * signals are unblocked until leave. QN_EAGAIN: out of descriptors, and self has not entered.
     * Cost: some system calls, none with QN_BLOCK_NONE and no flag.
     */
    int (*enter)(struct qn_thread *self, enum qn_block_type type,
                 _Atomic uint32_t *flag) QN_MUST_CHECK;

    /* Ends that self can be reached; pending signals are discarded. */
    void (*leave)(struct qn_thread *self);

    /* Blocks in a call of the type entered with until the deadline (ticks), or until reached. */
    enum qn_block_end (*block)(struct qn_thread *self, uint64_t deadline);

    /* The ways; see above. A way that the type entered with doesn't support does nothing. */
    void (*wake)(struct qn_thread *thread);
    void (*interrupt)(struct qn_thread *thread);
    void (*close)(struct qn_thread *thread);
    void (*close_peer)(struct qn_thread *thread);
    void (*cancel)(struct qn_thread *thread);

    /*
     * Runs fn(arg) on a dedicated thread and waits for it to end. *was_cancelled: cancel ended it;
     * then clean_up(arg) has run on that thread (NULL: nothing is cleaned up). QN_EAGAIN: no thread
     * could be created; fn has not run.
     */
    int (*run_dedicated)(struct qn_thread *self, void (*fn)(void *arg), void (*clean_up)(void *arg),
                         void *arg, bool *was_cancelled) QN_MUST_CHECK;

    /* A point at which a dedicated thread may be cancelled; does not return then. */
    void (*test_cancel)(void);

    /* Whether this process supports it: NULL, or why threads 0 .. n_threads-1 can't block, or why
     * there can be no dedicated thread; static or thread-local text. */
    const char *(*why_unsupported)(unsigned n_threads);
    const char *(*why_no_dedicated_thread)(void);
};

#endif
