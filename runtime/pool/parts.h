/*
 * The pool's parts, for its own files: pool.c (jobs, life), park.c (locks, parking), rest.c (coming
 * to rest, unwinding), block.c (real blocking calls), dedicated.c (threads that may be cancelled).
 * pool.h and block.h document them.
 */
#ifndef QN_RUNTIME_POOL_PARTS_H
#define QN_RUNTIME_POOL_PARTS_H

#include <linux/futex.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "runtime/pool/pool.h"
#include "runtime/wait.h"

/* Looks between two readings of the clock, which costs as much as several looks. */
#define LOOKS_PER_CLOCK 32

/* A pool thread's activity: the low bits of its state, below a count of changes. */
enum state { STATE_BUSY, STATE_IDLE, STATE_BLOCKED, STATE_BITS = 2, STATE_MASK = 3 };

/* What a thread blocks on, and how it is reached. */
struct block {
    pthread_mutex_t lock; /* guards what follows, except where noted */
    pthread_cond_t cond;
    bool is_woken;              /* the condition's flag */
    bool is_open[QN_BLOCK_FDS]; /* their numbers always belong to the thread */
    bool has_dedicated;         /* `dedicated` runs */
    bool is_cancelled;          /* cancel has come since enter */
    pthread_t dedicated;
    enum qn_block_type type; /* these three: written by the thread itself, in enter */
    bool has_signals;
    sigset_t inside; /* signals blocked inside the call: those blocked outside, except ours */
};

struct slot {
    /* On one line: the first claim needs all of it, later ones only the claims word. */
    QN_ALIGNED _Atomic uint64_t claims; /* n << 32 | next index */
    /* these three: valid for threads that have not passed the job */
    qn_task_fn *fn;
    qn_ended_fn *ended;
    void *arg;
    QN_ALIGNED _Atomic uint32_t n_passed; /* threads that have seen the job exhausted */
};

struct pool_thread {
    struct qn_thread thread; /* first: a qn_thread of the pool is a pool_thread */
    QN_ALIGNED _Atomic uint64_t state;
    jmp_buf home;
    _Atomic uint64_t cursor; /* jobs it has passed; written by the thread */
    uint32_t
        n_ended; /* tasks of the job at the cursor that it completed; only used by the thread */
    pthread_t pthread;
    int bind_error;
    struct block *block; /* for block.c; NULL until it first enters; written by the thread */
};

struct qn_pool {
    struct qn_exec exec;
    struct qn_pool_config config;
    uint64_t spin_ticks;
    struct pool_thread *threads; /* n_threads, then the caller's */

    QN_ALIGNED _Atomic uint64_t tail; /* jobs spawned so far */
    struct qn_lock spawn_lock;
    QN_ALIGNED _Atomic uint32_t n_sleepers;
    _Atomic uint32_t wake_word; /* idle threads sleep on it */
    _Atomic uint32_t is_over;

    struct qn_lock observer_lock;
    /* the thread that waits for rest; written under the lock */
    _Atomic(struct qn_thread *) observer;

    /* Odd: the caller is inside guard. Begun by the caller; ended by it, or by the thread that
     * unwinds it. */
    _Atomic uint32_t stays;

    _Atomic uint32_t n_ready; /* threads bound, at the start */
    int callers_slack_ns;     /* the caller's timer slack, to be restored; immutable */
    uint64_t n_slots;         /* a power of two; immutable */
    struct slot *slots;
};

static inline struct slot *qn_pool_slot(struct qn_pool *pool, uint64_t job)
{
    return &pool->slots[job & (pool->n_slots - 1)];
}

static inline struct qn_pool *qn_pool_of(struct qn_exec *exec)
{
    return QN_CONTAINER_OF(exec, struct qn_pool, exec);
}

static inline long qn_pool_futex(_Atomic uint32_t *word, int op, uint32_t value,
                                 const struct timespec *deadline)
{
    return syscall(SYS_futex, word, op | FUTEX_PRIVATE_FLAG, value, deadline, NULL,
                   FUTEX_BITSET_MATCH_ANY);
}

static inline void qn_pool_futex_wait(_Atomic uint32_t *word, uint32_t value)
{
    qn_pool_futex(word, FUTEX_WAIT_BITSET, value, NULL);
}

static inline void qn_pool_futex_wake(_Atomic uint32_t *word, int n)
{
    qn_pool_futex(word, FUTEX_WAKE, (uint32_t)n, NULL);
}

static inline void qn_pool_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

static inline bool qn_pool_is_guarded(uint32_t stays)
{
    return stays % 2 == 1;
}

/* The job's unclaimed tasks; acquires the job. */
static inline uint32_t qn_pool_unclaimed(const struct slot *slot)
{
    uint64_t word = atomic_load_explicit(&slot->claims, memory_order_seq_cst);
    uint32_t n = (uint32_t)(word >> 32), next = (uint32_t)word;

    return next < n ? n - next : 0;
}

/* park.c: the executor's operations. */
void qn_pool_lock_slow(struct qn_lock *lock);
void qn_pool_unlock_slow(struct qn_lock *lock);
unsigned qn_pool_spin(struct qn_exec *exec, const struct qn_spin *what);
bool qn_pool_park(struct qn_thread *self, uint64_t deadline);
void qn_pool_unpark(struct qn_thread *thread);

/* rest.c: the same, and notifications when a thread comes to rest or leaves it. */
void qn_pool_quiesce(struct qn_exec *exec, struct qn_census *out);
uint32_t qn_pool_drop_unclaimed(struct qn_exec *exec);
void qn_pool_unwind_blocked(struct qn_exec *exec);
bool qn_pool_guard(struct qn_exec *exec, void (*fn)(void *arg), void *arg);
void qn_pool_unwind(struct qn_thread *self);
void qn_pool_set_state(struct pool_thread *t, enum state state);
void qn_pool_tell_rest(struct qn_pool *pool);

static inline struct block *qn_pool_block_of(const struct qn_thread *thread)
{
    return ((const struct pool_thread *)thread)->block;
}

/* block.c: frees what an ended thread blocked on. */
void qn_pool_block_fini(struct pool_thread *t);

/* dedicated.c: the executor's operations. */
void qn_pool_cancel(struct qn_thread *thread);
int qn_pool_run_dedicated(struct qn_thread *self, void (*fn)(void *arg),
                          void (*clean_up)(void *arg), void *arg, bool *was_cancelled);
void qn_pool_test_cancel(void);
const char *qn_pool_why_no_dedicated_thread(void);

#endif
