/*
 * The executor: the seam between strategies and the machine.
 *
 * Channels, tokens and strategies use only this header: they spawn, park, unpark, lock, read the
 * time and do work through it, and never use pthreads, futexes or a clock directly. There are two
 * implementations: the pool (pinned threads) and, for tests, the stepper (one thread stepping
 * fibers, which can force any order).
 *
 * Cold paths go through a table. Polls, uncontended locks and clock reads do not: a branch on a
 * constant of the executor decides them inline.
 *
 * Parking. A thread has one parker, a one-bit token, for its lifetime. unpark sets the token; park
 * takes it, waiting until it is set. The rule that keeps tokens consistent: the winner of the claim
 * of a wait (wait.h) unparks its thread exactly once, and a thread leaves a wait that another has
 * claimed only by taking that token. No lock is held across a park or at an unpark (the _steps
 * build asserts both).
 */
#ifndef QN_RUNTIME_EXEC_H
#define QN_RUNTIME_EXEC_H

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "runtime/base.h"
#include "runtime/block.h"
#include "runtime/clock.h"
#include "runtime/err.h"
#include "runtime/kernel.h"
#include "runtime/step.h"

struct qn_exec;
struct qn_ledger;
struct qn_lock;

/* A deadline that never comes. Deadlines are absolute, in the ticks of qn_exec_now. */
#define QN_NEVER UINT64_MAX

/* A worker: runs once with each index below the job's n, on a thread of the executor. */
typedef void qn_task_fn(void *arg, uint32_t index);

/*
 * Notified of workers that have ended: each thread calls it for those it ran, several at once,
 * after the last that it could claim. So the n of all calls add up to the workers that ended; a
 * worker that was unwound never ends.
 */
typedef void qn_ended_fn(void *arg, uint32_t n);

/* A thread of an executor: one of the pool's, or a caller's. */
struct qn_thread {
    struct qn_exec *exec; /* immutable after init */
    int index;            /* place in the pool from 0; -1 for a caller; immutable */
    struct qn_ledger
        /* its memory events, or NULL; set while nothing runs, appended to by the thread */
        *ledger;
    uint64_t rng; /* only used by the thread: the order in which select checks its cases */
    /* only used by the thread: the last of the locks it holds; in the _steps build */
    struct qn_lock *last_lock;

    /* Written by others, so separate from what the thread reads in every call. */
    QN_ALIGNED _Atomic uint32_t token; /* the parker; values are the executor's */
    _Atomic uint32_t claim;            /* the claim word of the current wait (wait.h) */
};

/*
 * Ranks of locks: a thread takes a lock only while each one that it holds is of a lower rank, or,
 * below QN_RANK_LEAF, of the same rank and at a lower address; so threads can't deadlock. Locks are
 * released in reverse order. The _steps build asserts both at every lock.
 */
#define QN_RANK_OBJECT 1u /* a channel, a group, a set of callbacks, a tree of tokens that climb */
#define QN_RANK_TOKEN 2u  /* a token that pushes; one of depth d: QN_RANK_TOKEN + d */
#define QN_RANK_LEAF UINT32_MAX /* the front of a channel's buffer, the pool's locks */

/* A short critical section; never held across a park. */
struct qn_lock {
    _Atomic uint32_t word; /* 0 free, 1 held, 2 held and waited for */
    uint32_t rank;         /* immutable after init */
#ifdef QN_STEPS
    struct qn_lock *below; /* the lock its holder took before; only used by the holder */
#endif
};

/* Sets up a free lock. rank: from 1. */
static inline void qn_lock_init(struct qn_lock *lock, uint32_t rank)
{
    *lock = (struct qn_lock){.rank = rank};
}

/* True if b may be taken while a is held. */
static inline bool qn_lock_precedes(const struct qn_lock *a, const struct qn_lock *b)
{
    if (a->rank != b->rank)
        return a->rank < b->rank;
    return a->rank != QN_RANK_LEAF && (uintptr_t)a < (uintptr_t)b;
}

/* The state of an executor's threads at one instant; see qn_exec_quiesce. */
struct qn_census {
    uint32_t n_blocked;   /* threads in an unclaimed wait without deadline */
    uint32_t n_unclaimed; /* spawned workers that no thread has begun */
};

/* What a thread spins for; see qn_exec_spin. */
struct qn_spin {
    const _Atomic uint64_t *word;
    uint64_t value;               /* its value now, which may change soon */
    const _Atomic uint32_t *over; /* non-zero: it will not change any more */
    uint64_t deadline;            /* ticks */
    unsigned pauses; /* before the first look, some 10 ns each; later looks come often */
};

struct qn_exec_ops {
    const char *name;

    /*
     * Starts fn(arg, 0) … fn(arg, n-1), and notifies ended (may be NULL). Does not block. QN_EAGAIN
     * if too many jobs are running.
     */
    int (*spawn)(struct qn_exec *exec, qn_task_fn *fn, qn_ended_fn *ended, void *arg, uint32_t n);

    /* Takes self's token; waits for it until the deadline. False if the deadline passes first. */
    bool (*park)(struct qn_thread *self, uint64_t deadline);

    /* Sets the thread's token and wakes it if it sleeps. Any thread may call; does not block. */
    void (*unpark)(struct qn_thread *thread);

    /* Offers the calling thread's core to another thread that could run. May return at once. */
    void (*yield)(void);

    /* Why threads can't be scheduled by nice, class and slice (runtime/sched.h); NULL: they can. */
    const char *no_scheduling;

    /*
     * Spins briefly until *word is no longer value, if that takes a core from no other thread.
     * Returns the number of looks, 0 if it didn't change: time is up, it can't change any more, or
     * the deadline has passed. Never sleeps; may be NULL: no spinning.
     */
    unsigned (*spin)(struct qn_exec *exec, const struct qn_spin *what);

    /* The contended halves of qn_lock and qn_unlock. */
    void (*lock_slow)(struct qn_lock *lock);
    void (*unlock_slow)(struct qn_lock *lock);

    /*
     * Waits until no thread of the pool can make progress: each is idle with nothing to begin, or
     * in an unclaimed wait without deadline. Only a caller may call, one at a time. The state is
     * stable, since only the caller could change it; *out describes it.
     */
    void (*quiesce)(struct qn_exec *exec, struct qn_census *out);

    /* Withdraws the workers that no thread has begun and returns how many. Only by a caller, after
     * quiesce. */
    uint32_t (*drop_unclaimed)(struct qn_exec *exec);

    /* After quiesce: sends blocked threads back to the pool; their waits never return. */
    void (*unwind_blocked)(struct qn_exec *exec);

    /*
     * Runs fn(arg) on the caller. True: it returned. False: while it waited without a deadline no
     * thread could make progress, so nothing would ever have woken it; it was unwound from the
     * wait, and the pool is as after quiesce. NULL: not detected, and such a wait never ends.
     */
    bool (*guard)(struct qn_exec *exec, void (*fn)(void *arg), void *arg);

    /* Abandons what self runs and returns to the pool, or, for a caller, to its guard. Does not
     * return. */
    void (*unwind)(struct qn_thread *self);

    /* Real blocking calls; NULL: not supported, and no_blocking says why. */
    const struct qn_blocking_ops *blocking;
    const char *no_blocking;

    /* Virtual time, in ns, and work; NULL: the real clock and kernel. */
    uint64_t (*now)(struct qn_exec *exec);
    void (*work)(struct qn_exec *exec, uint64_t iterations);
};

struct qn_exec {
    const struct qn_exec_ops *ops;
    uint64_t iterations_per_quantum; /* immutable while anything runs */
    unsigned n_threads;              /* of the pool; immutable */
};

/* The running thread; NULL on threads that belong to no executor. */
extern _Thread_local struct qn_thread *qn_self_ptr;

static inline struct qn_thread *qn_self(void)
{
    assert(qn_self_ptr);
    return qn_self_ptr;
}

/* The time in the executor's ticks. Never blocks; comparable across the executor's threads. */
static inline uint64_t qn_exec_now(struct qn_exec *exec)
{
    return QN_LIKELY(!exec->ops->now) ? qn_clock_ticks() : exec->ops->now(exec);
}

/*
 * Ticks of the executor in ns and back, rounded down; saturate at UINT64_MAX. Virtual time counts
 * ns, whatever the rate of the machine's clock. Everything above the executor converts by these
 * two.
 */
static inline uint64_t qn_exec_to_ns(const struct qn_exec *exec, uint64_t ticks)
{
    return QN_LIKELY(!exec->ops->now) ? qn_clock_to_ns(ticks) : ticks;
}

static inline uint64_t qn_exec_from_ns(const struct qn_exec *exec, uint64_t ns)
{
    return QN_LIKELY(!exec->ops->now) ? qn_clock_from_ns(ns) : ns;
}

/*
 * Does `iterations` of the work kernel. The returned value depends on every iteration: pass it on
 * as the next call's state, so that no compiler can remove the work.
 */
static inline uint64_t qn_exec_work(struct qn_exec *exec, uint64_t iterations, uint64_t state)
{
    if (QN_LIKELY(!exec->ops->work))
        return qn_kernel_run(iterations, state);
    exec->ops->work(exec, iterations);
    return state;
}

#ifdef QN_STEPS
/* Assert the rules of ranks: before a lock is waited for, after it was taken, before it is
 * released. */
void qn_lock_wanted(const struct qn_lock *lock);
void qn_lock_taken(struct qn_lock *lock);
void qn_lock_left(const struct qn_lock *lock);
#define QN_ASSERT_UNLOCKED() assert(!qn_self_ptr || !qn_self_ptr->last_lock)
#else
#define qn_lock_wanted(lock) ((void)0)
#define qn_lock_taken(lock) ((void)0)
#define qn_lock_left(lock) ((void)0)
#define QN_ASSERT_UNLOCKED() ((void)0)
#endif

/* Takes the lock, waiting until it is free. Acquire. Uncontended: one compare-and-swap. */
static inline void qn_lock(struct qn_exec *exec, struct qn_lock *lock)
{
    uint32_t is_free = 0;

    qn_lock_wanted(lock);
    QN_STEP("lock");
    if (!atomic_compare_exchange_strong_explicit(&lock->word, &is_free, 1, memory_order_acquire,
                                                 memory_order_relaxed))
        exec->ops->lock_slow(lock);
    qn_lock_taken(lock);
}

/* Releases the lock. Release order. Does not block. */
static inline void qn_unlock(struct qn_exec *exec, struct qn_lock *lock)
{
    qn_lock_left(lock);
    if (atomic_exchange_explicit(&lock->word, 0, memory_order_release) == 2)
        exec->ops->unlock_slow(lock);
    QN_STEP("unlocked");
}

static inline unsigned qn_exec_spin(struct qn_exec *exec, const struct qn_spin *what)
{
    return exec->ops->spin ? exec->ops->spin(exec, what) : 0;
}

static inline bool qn_park(struct qn_thread *self, uint64_t deadline)
{
    QN_ASSERT_UNLOCKED();
    QN_STEP("park");
    return self->exec->ops->park(self, deadline);
}

static inline void qn_unpark(struct qn_thread *thread)
{
    QN_ASSERT_UNLOCKED();
    QN_STEP("unpark");
    thread->exec->ops->unpark(thread);
}

/* See the table's yield. Nothing is held across it. */
static inline void qn_exec_yield(struct qn_exec *exec)
{
    QN_ASSERT_UNLOCKED();
    QN_STEP("yield");
    exec->ops->yield();
}

/* Sets up the fields common to all executors. The token and the claim start empty. */
void qn_thread_init(struct qn_thread *thread, struct qn_exec *exec, int index);

#endif
