#include "runtime/pool/pool.h"

#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "runtime/pool/parts.h"

/*
 * How long a waiting thread spins if every thread has its own core. The classic rule is to spin for
 * about the cost of a park and a wake (Karlin et al., SOSP 1991), but the waker pays too: waking a
 * sleeping core costs a worker about 15 us of system call, in the middle of what is measured. So it
 * is long, as in libgomp, whose threads spin for about a millisecond.
 */
#define SPIN_NS QN_NS_PER_MS

/* The most exact timers that the kernel offers; the default slack is 50 us. Per thread. */
#define TIMER_SLACK_NS 1UL

/* The least number of unfinished jobs before spawn returns QN_EAGAIN. A power of two. */
#define MIN_SLOTS 256u

/* Jobs. */

static int op_spawn(struct qn_exec *exec, qn_task_fn *fn, qn_ended_fn *ended, void *arg, uint32_t n)
{
    struct qn_pool *pool = qn_pool_of(exec);
    uint64_t tail;
    struct slot *slot;

    qn_lock(exec, &pool->spawn_lock);
    tail = atomic_load_explicit(&pool->tail, memory_order_relaxed);
    slot = qn_pool_slot(pool, tail);
    if (tail >= pool->n_slots &&
        atomic_load_explicit(&slot->n_passed, memory_order_acquire) < exec->n_threads) {
        qn_unlock(exec, &pool->spawn_lock);
        return QN_EAGAIN;
    }
    atomic_store_explicit(&slot->n_passed, 0, memory_order_relaxed);
    slot->fn = fn;
    slot->ended = ended;
    slot->arg = arg;
    atomic_store_explicit(&slot->claims, (uint64_t)n << 32, memory_order_release);
    atomic_store_explicit(&pool->tail, tail + 1, memory_order_seq_cst);
    qn_unlock(exec, &pool->spawn_lock);
    if (atomic_load_explicit(&pool->n_sleepers, memory_order_seq_cst) > 0) {
        atomic_fetch_add_explicit(&pool->wake_word, 1, memory_order_seq_cst);
        qn_pool_futex_wake(&pool->wake_word, INT_MAX);
    }
    return QN_OK;
}

/* Claims the next task of a job: its index, or n if there is none. The only thread of a pool has no
 * competitors (drop_unclaimed runs while it rests), so its claims need no atomic addition. */
static uint32_t claim(struct slot *slot, bool is_alone, uint32_t *n)
{
    uint64_t word = atomic_load_explicit(&slot->claims, memory_order_acquire);

    *n = (uint32_t)(word >> 32);
    if ((uint32_t)word >= *n)
        return *n;
    if (is_alone)
        atomic_store_explicit(&slot->claims, word + 1, memory_order_relaxed);
    else
        word = atomic_fetch_add_explicit(&slot->claims, 1, memory_order_acquire);
    return (uint32_t)word;
}

/* Runs the tasks of a job that it can claim. */
static void run_job(struct qn_pool *pool, struct pool_thread *t, struct slot *slot)
{
    bool is_alone = pool->exec.n_threads == 1;
    qn_task_fn *fn = slot->fn;
    qn_ended_fn *ended = slot->ended;
    void *arg = slot->arg;
    uint32_t index, n;

    while ((index = claim(slot, is_alone, &n)) < n) {
        fn(arg, index);
        t->n_ended++;
    }
    if (t->n_ended > 0 && ended)
        ended(arg, t->n_ended);
    t->n_ended = 0;
}

/* Runs the tasks that it can claim of the jobs published so far. */
static void run_jobs(struct qn_pool *pool, struct pool_thread *t, uint64_t tail)
{
    uint64_t cursor = atomic_load_explicit(&t->cursor, memory_order_relaxed);

    while (cursor < tail) {
        struct slot *slot = qn_pool_slot(pool, cursor);

        run_job(pool, t, slot);
        atomic_store_explicit(&t->cursor, ++cursor, memory_order_relaxed);
        atomic_fetch_add_explicit(&slot->n_passed, 1, memory_order_release);
        if (pool->config.progress)
            atomic_store_explicit(&pool->config.progress[t->thread.index].n_passed, cursor,
                                  memory_order_relaxed);
    }
}

/* Waits until there is a job beyond the cursor, or the pool ends (0). */
static uint64_t wait_for_jobs(struct qn_pool *pool, struct pool_thread *t)
{
    uint64_t cursor = atomic_load_explicit(&t->cursor, memory_order_relaxed);
    const struct slot *next = qn_pool_slot(pool, cursor);
    uint64_t tail, until = qn_clock_ticks() + pool->spin_ticks;

    for (;;) {
        uint32_t word;

        do {
            /* The next job is visible in its slot, whose line is needed anyway, before it is in the
             * tail. */
            for (int i = 0; i < LOOKS_PER_CLOCK; i++) {
                if (qn_pool_unclaimed(next) > 0)
                    return cursor + 1;
                qn_pool_pause();
            }
            tail = atomic_load_explicit(&pool->tail, memory_order_acquire);
            if (tail != cursor)
                return tail;
            if (atomic_load_explicit(&pool->is_over, memory_order_relaxed))
                return 0;
        } while (pool->config.wait == QN_WAIT_SPIN || qn_clock_ticks() < until);

        word = atomic_load_explicit(&pool->wake_word, memory_order_seq_cst);
        atomic_fetch_add_explicit(&pool->n_sleepers, 1, memory_order_seq_cst);
        if (atomic_load_explicit(&pool->tail, memory_order_seq_cst) == cursor &&
            !atomic_load_explicit(&pool->is_over, memory_order_seq_cst))
            qn_pool_futex_wait(&pool->wake_word, word);
        atomic_fetch_sub_explicit(&pool->n_sleepers, 1, memory_order_seq_cst);
    }
}

static void thread_loop(struct qn_pool *pool, struct pool_thread *t)
{
    uint64_t tail;

    if (setjmp(t->home)) /* unwound: continues its job with the next claim */
        qn_pool_set_state(t, STATE_BUSY);
    for (;;) {
        run_jobs(pool, t, atomic_load_explicit(&pool->tail, memory_order_acquire));
        qn_pool_set_state(t, STATE_IDLE);
        qn_pool_tell_rest(pool);
        tail = wait_for_jobs(pool, t);
        if (tail == 0)
            return;
        qn_pool_set_state(t, STATE_BUSY);
    }
}

static void *thread_main(void *arg)
{
    struct pool_thread *t = arg;
    struct qn_pool *pool = qn_pool_of(t->thread.exec);

    qn_self_ptr = &t->thread;
    prctl(PR_SET_TIMERSLACK, TIMER_SLACK_NS, 0, 0, 0);
    if (pool->config.bind)
        t->bind_error = pool->config.bind(pool->config.user, t->thread.index);
    atomic_fetch_add_explicit(&pool->n_ready, 1, memory_order_release);
    qn_pool_futex_wake(&pool->n_ready, 1);
    thread_loop(pool, t);
    return NULL;
}

/* Life. */

static void op_yield(void)
{
    sched_yield();
}

static const struct qn_exec_ops pool_ops = {
    .name = "pool",
    .spawn = op_spawn,
    .park = qn_pool_park,
    .unpark = qn_pool_unpark,
    .yield = op_yield,
    .spin = qn_pool_spin,
    .lock_slow = qn_pool_lock_slow,
    .unlock_slow = qn_pool_unlock_slow,
    .quiesce = qn_pool_quiesce,
    .drop_unclaimed = qn_pool_drop_unclaimed,
    .unwind_blocked = qn_pool_unwind_blocked,
    .guard = qn_pool_guard,
    .unwind = qn_pool_unwind,
    .blocking = &qn_pool_blocking,
};

static void pool_free(struct qn_pool *pool)
{
    free(pool->slots);
    free(pool->threads);
    free(pool);
}

static void *calloc_aligned(size_t n, size_t bytes)
{
    void *block = aligned_alloc(QN_LINE_BYTES, n * bytes);

    return block ? memset(block, 0, n * bytes) : NULL;
}

/* Allocates the pool's storage, zeroed, or NULL. */
static struct qn_pool *pool_alloc(const struct qn_pool_config *config)
{
    struct qn_pool *pool = calloc_aligned(1, sizeof(*pool));

    if (!pool)
        return NULL;
    for (pool->n_slots = MIN_SLOTS; pool->n_slots < config->n_jobs; pool->n_slots *= 2)
        continue;
    pool->slots = calloc_aligned(pool->n_slots, sizeof(*pool->slots));
    pool->threads = calloc_aligned(config->n_threads + 1, sizeof(*pool->threads));
    if (pool->slots && pool->threads)
        return pool;
    pool_free(pool);
    return NULL;
}

static void join_threads(struct qn_pool *pool, unsigned n_started)
{
    atomic_store_explicit(&pool->is_over, 1, memory_order_seq_cst);
    atomic_fetch_add_explicit(&pool->wake_word, 1, memory_order_seq_cst);
    qn_pool_futex_wake(&pool->wake_word, INT_MAX);
    for (unsigned i = 0; i < n_started; i++) {
        int rc = pthread_join(pool->threads[i].pthread, NULL);

        assert(rc == 0);
        (void)rc;
    }
    for (unsigned i = 0; i < n_started; i++)
        qn_pool_block_fini(&pool->threads[i]);
    qn_self_ptr = NULL;
    if (pool->callers_slack_ns > 0) /* a real-time thread has none */
        prctl(PR_SET_TIMERSLACK, pool->callers_slack_ns, 0, 0, 0);
    pool_free(pool);
}

static int start_threads(struct qn_pool *pool, unsigned *n_started)
{
    uint32_t n_ready;

    for (unsigned i = 0; i < pool->exec.n_threads; i++) {
        if (pthread_create(&pool->threads[i].pthread, NULL, thread_main, &pool->threads[i]) != 0)
            return QN_EAGAIN;
        (*n_started)++;
    }
    while ((n_ready = atomic_load_explicit(&pool->n_ready, memory_order_acquire)) <
           pool->exec.n_threads)
        qn_pool_futex_wait(&pool->n_ready, n_ready);
    for (unsigned i = 0; i < pool->exec.n_threads; i++)
        if (pool->threads[i].bind_error)
            return pool->threads[i].bind_error;
    return QN_OK;
}

int qn_pool_create(const struct qn_pool_config *config, struct qn_pool **out)
{
    struct qn_pool *pool = pool_alloc(config);
    unsigned n_started = 0;
    int rc;

    if (!pool)
        return QN_ENOMEM;
    pool->config = *config;
    pool->exec.ops = &pool_ops;
    pool->exec.n_threads = config->n_threads;
    pool->exec.iterations_per_quantum = config->iterations_per_quantum;
    qn_lock_init(&pool->spawn_lock, QN_RANK_LEAF);
    qn_lock_init(&pool->observer_lock, QN_RANK_LEAF);
    if (config->wait != QN_WAIT_PARK && !config->oversubscribed)
        pool->spin_ticks = qn_clock_from_ns(SPIN_NS);
    for (unsigned i = 0; i < config->n_threads; i++)
        qn_thread_init(&pool->threads[i].thread, &pool->exec, (int)i);
    qn_thread_init(&pool->threads[config->n_threads].thread, &pool->exec, -1);
    qn_self_ptr = &pool->threads[config->n_threads].thread;
    pool->callers_slack_ns = prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);
    prctl(PR_SET_TIMERSLACK, TIMER_SLACK_NS, 0, 0, 0);

    rc = config->bind ? config->bind(config->user, -1) : QN_OK;
    if (rc == QN_OK)
        rc = start_threads(pool, &n_started);
    if (rc != QN_OK) {
        join_threads(pool, n_started);
        return rc;
    }
    *out = pool;
    return QN_OK;
}

void qn_pool_destroy(struct qn_pool *pool)
{
    if (pool)
        join_threads(pool, pool->exec.n_threads);
}

struct qn_exec *qn_pool_exec(struct qn_pool *pool)
{
    return &pool->exec;
}

struct qn_thread *qn_pool_thread(struct qn_pool *pool, unsigned i)
{
    assert(i <= pool->exec.n_threads);
    return &pool->threads[i].thread;
}
