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
 *   close        nobody                    the reader's descriptor: Linux does not wake a reader
 *   close_peer   pipe                      the last writer's descriptor: end of file
 *   cancel       all, and sleeps no more   pthread_cancel of a thread that was made for the work
 *
 * What reaches a thread after it has entered and before it blocks is not lost: bytes lie in the
 * pipe, the condition has a word, the end of file stays, a closed descriptor says so (EBADF), a
 * cancellation is pending, and so is a signal: it is blocked everywhere but inside the call itself,
 * which ppoll unblocks it for atomically (POSIX: pselect's and ppoll's reason to exist). The handler
 * does nothing but set the thread's flag.
 *
 * What does not end it, though one might think so. A signal does not end pthread_cond_timedwait,
 * which may not return EINTR (POSIX). close does not wake a reader: the call holds the open file, not
 * the number (close(2), "Multithreaded processes and close()"); the reader ends by its plan, when poll
 * looks the number up once more. Both are
 * findings that runtime/block_test.c shows.
 *
 * Numbers. A descriptor that is closed under its reader frees its number, and who is given it next
 * would be read from by a stranger. So readers' descriptors have numbers of their own, from
 * QN_BLOCK_FIRST_FD by the thread's index, which the kernel, that gives out the lowest free one, does
 * not come to; only the thread itself makes its descriptors anew, when it enters again.
 *
 * Rest. A thread in a blocking call is busy to its executor: it moves by itself, since its plan ends
 * it. It is never at rest and never unwound (exec.h, quiesce). The executor's own waits are not
 * disturbed: signals are blocked in them, and where they aren't (computing) a futex that is
 * interrupted is waited for again.
 *
 * A dedicated thread. run_dedicated makes a thread for one function, alike pinned, and lends it the
 * caller's qn_self: to everything above the executor it is the pool's thread. That waits in a join
 * meanwhile, so the two never run at once, and what one wrote the other sees. Nothing in it may wait
 * without a deadline (the way home of an unwound thread is another stack). It is cancelled at cancellation points
 * alone (deferred): block and test_cancel; the executor's own waits are none.
 *
 * Overlaps: enter, block, leave, run_dedicated are called by the thread itself (block also on its
 * dedicated thread); the five ways overlap all of these and each other, but not the end of leave: the
 * thread that reaches must know that the other hasn't left, by a lock or a callback (callback.h) of its
 * own. A lock a thread
 * guards its descriptors' life, the condition and the cancellation.
 */
#ifndef QN_RUNTIME_BLOCK_H
#define QN_RUNTIME_BLOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "runtime/base.h"

struct qn_thread;

/* Descriptors of threads lie from here, so many a thread. */
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
     * Makes self reachable, as if nothing had ever reached it, and opens what it will block on if
     * that isn't there. flag: set to 1 by a signal (NULL: no signals will come); its owner's. With a
     * flag and QN_BLOCK_NONE signals are let in until leave. QN_EAGAIN: no descriptor to be had, and
     * self has not entered. Cost: some system calls, none with QN_BLOCK_NONE and no flag.
     */
    int (*enter)(struct qn_thread *self, enum qn_block_type type,
                 _Atomic uint32_t *flag) QN_MUST_CHECK;

    /* Takes back that self can be reached; signals that are on their way are swallowed. */
    void (*leave)(struct qn_thread *self);

    /* Blocks in a call of the type entered with until the deadline (ticks), or until reached. */
    enum qn_block_end (*block)(struct qn_thread *self, uint64_t deadline);

    /* The ways; see above. Those that the type entered with doesn't have do nothing. */
    void (*wake)(struct qn_thread *thread);
    void (*interrupt)(struct qn_thread *thread);
    void (*close)(struct qn_thread *thread);
    void (*close_peer)(struct qn_thread *thread);
    void (*cancel)(struct qn_thread *thread);

    /*
     * Runs fn(arg) on a thread of its own and waits for that to end. *was_cancelled: cancel ended it;
     * clean_up(arg) has run then, on that thread (NULL: nothing has; what fn had is left as it was).
     * QN_EAGAIN: no thread to be had; fn has not run.
     */
    int (*run_dedicated)(struct qn_thread *self, void (*fn)(void *arg), void (*clean_up)(void *arg),
                         void *arg, bool *was_cancelled) QN_MUST_CHECK;

    /* A point at which a dedicated thread may be cancelled; does not return then. */
    void (*test_cancel)(void);

    /* What was said above, of this process: NULL, or why threads 0 .. n_threads-1 can't block, or
     * why there can be no dedicated thread; static or thread-local text. */
    const char *(*why_unsupported)(unsigned n_threads);
    const char *(*why_no_dedicated_thread)(void);
};

#endif
