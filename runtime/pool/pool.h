/*
 * The pool: an executor of pinned threads.
 *
 * Jobs. spawn puts a job into the next slot of a ring and publishes it. Threads walk the ring in
 * order; in each slot they claim indices with one fetch_add on a word that holds both the count and
 * the next index, so a claim says by itself whether it is valid. A thread that has seen a job
 * exhausted passes on to the next; a slot is used again only when every thread has passed it. No
 * allocation and, while threads spin, no system call between spawn and the first worker.
 *
 * Waiting. A thread without work, or parked, spins for about the cost of a park and a wake, then
 * sleeps on a futex word of its own (idle threads: on one of the pool). Where the pool's threads
 * and its caller outnumber the cores they may run on, nothing spins.
 *
 * Guard. A caller that waits while every thread is at rest is stuck forever: the last to come to
 * rest, thread or caller, detects this and unwinds the caller to its guard, as unwind_blocked does
 * with threads.
 *
 * Unwinding. Each thread sets its jump target (setjmp) at the top of its loop; a wait that the
 * executor claimed as unwound jumps there, out of whatever ran, and never returns.
 *
 * Overlaps: spawn with anything, from any thread. quiesce, guard, drop_unclaimed and unwind_blocked
 * are for the one caller, and must not overlap spawn.
 *
 * Unclaimed workers. A thread passes a job once it has seen it exhausted; its slot is reused only
 * when all have passed. So unclaimed workers are in jobs between the furthest cursor and the tail,
 * and a check costs the number of threads plus the jobs that none of them has passed, independent
 * of the ring's size. The latter is 0 unless every thread is blocked.
 *
 * Memory order. Quiescence: a thread that comes to rest stores its state, then looks for an
 * observer; the observer announces itself, then reads the states; all sequentially consistent, so
 * one of the two sees the other. A state includes a count of changes: two equal readings of all
 * threads mean that none moved in between, and only what is read in between decides. A cursor is
 * stored before the resting state and read after it, so it is as recent; an older one would only
 * make the sweep longer.
 */
#ifndef QN_RUNTIME_POOL_POOL_H
#define QN_RUNTIME_POOL_POOL_H

#include "runtime/exec.h"

struct qn_pool;

enum qn_wait_mode {
    QN_WAIT_ADAPTIVE, /* spin for a while, then sleep; sleep at once where cores are short */
    QN_WAIT_SPIN,     /* never sleep */
    QN_WAIT_PARK,     /* never spin */
};

/* How many jobs a thread has passed, on its own line; other processes may read it. */
struct qn_progress {
    QN_ALIGNED _Atomic uint64_t n_passed;
};

struct qn_pool_config {
    unsigned n_threads; /* >= 1 */
    enum qn_wait_mode wait;
    bool oversubscribed; /* the pool and its caller outnumber the cores: nothing spins */
    uint64_t iterations_per_quantum;
    uint64_t n_jobs; /* jobs that some thread may not have passed, at once; 256 at least. A thread
                      * that is blocked forever passes none. Up to 2^32; 256 bytes each, touched
                      * one after the other: more than needed costs memory and cache misses */
    /* Pins the calling thread: index of the pool's thread, or -1 for the caller. NULL: no pinning.
     * Returns QN_OK, or an error that fails the creation. */
    int (*bind)(void *user, int index);
    void *user;
    struct qn_progress
        *progress; /* n_threads, written by the pool until it is destroyed; NULL: none */
};

/*
 * Starts the threads and waits until each is bound. The calling thread becomes the pool's caller
 * (qn_self) until qn_pool_destroy. QN_ENOMEM, QN_EAGAIN (no more threads can be created), or bind's
 * error; then nothing is left behind.
 */
int qn_pool_create(const struct qn_pool_config *config, struct qn_pool **out) QN_MUST_CHECK;

/* Ends the threads and waits for them. All must be idle. */
void qn_pool_destroy(struct qn_pool *pool);

struct qn_exec *qn_pool_exec(struct qn_pool *pool);

/* Blocking calls on the threads of any pool; support can be checked before one exists. */
extern const struct qn_blocking_ops qn_pool_blocking;

/* The i-th thread, 0 .. n_threads-1; n_threads is the caller. Lives as long as the pool. */
struct qn_thread *qn_pool_thread(struct qn_pool *pool, unsigned i);

#endif
