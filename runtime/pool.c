#include "runtime/pool.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "runtime/wait.h"

/* Jobs under way at most: those that some thread has not yet passed. A power of two. */
#define N_SLOTS 256u

/*
 * How long a waiting thread spins where every thread has a core of its own. To spin for about the
 * cost of a park and a wake is the classic rule (Karlin et al., SOSP 1991), but the waker pays as
 * well: a wake of a sleeping core costs a worker some 15 us of system call, in the middle of what
 * is measured. So it is long, as in libgomp, whose threads spin for about a millisecond.
 */
#define SPIN_NS QN_NS_PER_MS

/* How long, in pauses of some 10 ns, one lingers at a buffer before it queues up, and how often it
 * looks. */
#define LINGER_PAUSES 1024
#define LINGER_STEP 8

/* Reading the clock takes as long as some looks. */
#define LOOKS_PER_CLOCK 32

/*
 * Tries for a lock before sleeping; a critical section is some tens of ns. Where cores are short a
 * few tries far apart, in all what a sleep would cost: one of two threads at the same lock then
 * gets a run of it, instead of both passing its line to and fro (two senders: 50 ns a message
 * instead of 79).
 */
#define LOCK_TRIES 100
#define LOCK_TRIES_SHORT 8
#define LOCK_PAUSES_SHORT 32

/* Timers as exact as the kernel offers; the default slack is 50 us. Of the thread alone. */
#define TIMER_SLACK_NS 1UL

/* Values of a parker's token. */
enum token { TOKEN_NONE, TOKEN_SET, TOKEN_ASLEEP };

/* What a pool thread does; the low bits of its state, above them a count of changes. */
enum state { STATE_BUSY, STATE_IDLE, STATE_BLOCKED, STATE_BITS = 2, STATE_MASK = 3 };

struct slot {
    /* On one line: a thread needs all of it for its first claim, and only the claims word after
     * that. */
    QN_ALIGNED _Atomic uint64_t claims; /* n << 32 | next index */
    qn_task_fn *fn;                     /* these three: in place for who has not passed the job */
    qn_ended_fn *ended;
    void *arg;
    QN_ALIGNED _Atomic uint32_t n_passed; /* threads that have seen the job exhausted */
};

struct pool_thread {
    struct qn_thread thread; /* first: a qn_thread of the pool is a pool_thread */
    QN_ALIGNED _Atomic uint64_t state;
    jmp_buf home;
    _Atomic uint64_t cursor; /* jobs it has passed; its owner writes */
    uint32_t
        n_ended; /* its owner's alone: tasks of the job at the cursor that it ran to their ends */
    pthread_t pthread;
    int bind_error;
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
    _Atomic(struct qn_thread *)
        observer; /* who waits for the pool to come to rest; written under the lock */

    _Atomic uint32_t n_ready; /* threads bound, at the start */
    struct slot slots[N_SLOTS];
};

static struct qn_pool *pool_of(struct qn_exec *exec)
{
    return QN_CONTAINER_OF(exec, struct qn_pool, exec);
}

static long futex(_Atomic uint32_t *word, int op, uint32_t value, const struct timespec *deadline)
{
    return syscall(SYS_futex, word, op | FUTEX_PRIVATE_FLAG, value, deadline, NULL,
                   FUTEX_BITSET_MATCH_ANY);
}

static void futex_wait(_Atomic uint32_t *word, uint32_t value)
{
    futex(word, FUTEX_WAIT_BITSET, value, NULL);
}

static void futex_wake(_Atomic uint32_t *word, int n)
{
    futex(word, FUTEX_WAKE, (uint32_t)n, NULL);
}

static inline void pause_cpu(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

/* Locks. */

static void lock_slow(struct qn_lock *lock)
{
    struct qn_thread *self = qn_self_ptr;
    bool may_spin = self && pool_of(self->exec)->spin_ticks > 0;
    int tries = may_spin ? LOCK_TRIES : LOCK_TRIES_SHORT, pauses = may_spin ? 1 : LOCK_PAUSES_SHORT;

    for (int i = 0; i < tries; i++) {
        uint32_t is_free = 0;

        for (int j = 0; j < pauses; j++)
            pause_cpu();
        if (atomic_load_explicit(&lock->word, memory_order_relaxed) == 0 &&
            atomic_compare_exchange_weak_explicit(&lock->word, &is_free, 1, memory_order_acquire,
                                                  memory_order_relaxed))
            return;
    }
    while (atomic_exchange_explicit(&lock->word, 2, memory_order_acquire) != 0)
        futex_wait(&lock->word, 2);
}

static void unlock_slow(struct qn_lock *lock)
{
    futex_wake(&lock->word, 1);
}

static unsigned op_linger(struct qn_exec *exec, const _Atomic uint64_t *word, uint64_t value,
                          unsigned pauses)
{
    unsigned n_looks = 0;

    if (pool_of(exec)->spin_ticks == 0)
        return 0;
    for (unsigned total = 0; total < LINGER_PAUSES; total += pauses) {
        if (n_looks > 0)
            pauses = LINGER_STEP;
        for (unsigned j = 0; j < pauses; j++)
            pause_cpu();
        n_looks++;
        if (atomic_load_explicit(word, memory_order_acquire) != value)
            return n_looks;
    }
    return 0;
}

/* Coming to rest. */

static void set_state(struct pool_thread *t, enum state state)
{
    uint64_t count = atomic_load_explicit(&t->state, memory_order_relaxed) >> STATE_BITS;

    atomic_store_explicit(&t->state, (count + 1) << STATE_BITS | state, memory_order_seq_cst);
}

static uint32_t unclaimed_of(const struct slot *slot)
{
    uint64_t word =
        atomic_load_explicit(&slot->claims, memory_order_seq_cst); /* acquires the job */
    uint32_t n = (uint32_t)(word >> 32), next = (uint32_t)word;

    return next < n ? n - next : 0;
}

static uint32_t count_unclaimed(const struct qn_pool *pool)
{
    uint32_t n = 0;

    for (unsigned i = 0; i < N_SLOTS; i++)
        n += unclaimed_of(&pool->slots[i]);
    return n;
}

/* True if the thread has passed every job there is: one that has yet to wake up is not at rest. */
static bool has_passed_all(const struct qn_pool *pool, const struct pool_thread *t)
{
    return atomic_load_explicit(&t->cursor, memory_order_seq_cst) ==
           atomic_load_explicit(&pool->tail, memory_order_seq_cst);
}

/* The sum of all states, or 0 if a thread is busy. States only ever rise: equal sums, equal states.
 */
static uint64_t sum_states(const struct qn_pool *pool, unsigned *n_idle)
{
    uint64_t sum = 0;

    *n_idle = 0;
    for (unsigned i = 0; i < pool->exec.n_threads; i++) {
        uint64_t state = atomic_load_explicit(&pool->threads[i].state, memory_order_seq_cst);

        if ((state & STATE_MASK) == STATE_BUSY)
            return 0;
        if ((state & STATE_MASK) == STATE_IDLE)
            (*n_idle)++;
        sum += state;
    }
    return sum;
}

/*
 * True if every thread stood still at one instant of this call; *out is what it was. Between two
 * equal readings of all states no thread ran, so what is read in between belongs to one instant: a
 * wait that somebody had claimed would show, though its thread still sleeps.
 */
static bool is_quiet(const struct qn_pool *pool, struct qn_census *out)
{
    unsigned n_idle, n_idle_again;
    uint64_t sum = sum_states(pool, &n_idle);

    if (sum == 0)
        return false;
    out->n_blocked = pool->exec.n_threads - n_idle;
    out->n_unclaimed = count_unclaimed(pool);
    if (n_idle > 0 && out->n_unclaimed > 0)
        return false;
    for (unsigned i = 0; i < pool->exec.n_threads; i++) {
        const struct pool_thread *t = &pool->threads[i];
        uint64_t state = atomic_load_explicit(&t->state, memory_order_seq_cst) & STATE_MASK;

        if (state == STATE_BLOCKED &&
            atomic_load_explicit(&t->thread.claim, memory_order_seq_cst) != QN_CLAIM_WAITING)
            return false;
        if (state == STATE_IDLE && !has_passed_all(pool, t))
            return false;
    }
    return sum_states(pool, &n_idle_again) == sum;
}

/* After a thread's state was set to rest: wakes the observer if now all rest. */
static void tell_observer(struct qn_pool *pool)
{
    struct qn_census census;
    struct qn_thread *wake = NULL;

    if (!atomic_load_explicit(&pool->observer, memory_order_seq_cst) || !is_quiet(pool, &census))
        return;
    qn_lock(&pool->exec, &pool->observer_lock);
    wake = atomic_load_explicit(&pool->observer, memory_order_relaxed);
    if (wake) {
        atomic_store_explicit(&pool->observer, NULL, memory_order_seq_cst);
        if (!qn_wait_claim(wake, 0))
            wake = NULL;
    }
    qn_unlock(&pool->exec, &pool->observer_lock);
    if (wake)
        qn_unpark(wake);
}

static void observe(struct qn_pool *pool, struct qn_thread *self)
{
    qn_lock(&pool->exec, &pool->observer_lock);
    atomic_store_explicit(&pool->observer, self, memory_order_seq_cst);
    qn_unlock(&pool->exec, &pool->observer_lock);
}

static void op_quiesce(struct qn_exec *exec, struct qn_census *out)
{
    struct qn_pool *pool = pool_of(exec);
    struct qn_thread *self = qn_self();

    assert(self->index < 0);
    while (!is_quiet(pool, out)) {
        if (pool->config.wait == QN_WAIT_SPIN) { /* nobody sleeps, so nobody would tell */
            pause_cpu();
            continue;
        }
        qn_wait_begin(self);
        observe(pool, self);
        if (is_quiet(pool, out)) {
            /* Either nobody has claimed and we take the wait back, or the token is on its way. */
            observe(pool, NULL);
            if (qn_wait_claim(self, QN_CLAIM_NONE))
                return;
        }
        if (qn_wait_finish(self, QN_NEVER) != 0)
            assert(!"only the pool claims an observer");
    }
}

static uint32_t op_revoke(struct qn_exec *exec)
{
    struct qn_pool *pool = pool_of(exec);
    uint32_t n = 0;

    for (unsigned i = 0; i < N_SLOTS; i++) {
        struct slot *slot = &pool->slots[i];
        uint32_t left = unclaimed_of(slot);

        if (left == 0)
            continue;
        n += left;
        atomic_fetch_add_explicit(&slot->claims, left, memory_order_seq_cst);
    }
    return n;
}

static void op_rescue(struct qn_exec *exec)
{
    struct qn_pool *pool = pool_of(exec);

    for (unsigned i = 0; i < exec->n_threads; i++) {
        struct pool_thread *t = &pool->threads[i];
        uint64_t state = atomic_load_explicit(&t->state, memory_order_seq_cst);

        if ((state & STATE_MASK) == STATE_BLOCKED && qn_wait_claim(&t->thread, QN_CLAIM_RESCUED))
            qn_unpark(&t->thread);
    }
}

static void op_abandon(struct qn_thread *self)
{
    assert(self->index >= 0);
    longjmp(((struct pool_thread *)self)->home, 1);
}

/* Parking. */

static bool take_token(struct qn_thread *self)
{
    return atomic_load_explicit(&self->token, memory_order_relaxed) == TOKEN_SET &&
           atomic_exchange_explicit(&self->token, TOKEN_NONE, memory_order_acquire) == TOKEN_SET;
}

/* Spins for the token; as long as it takes if the pool never sleeps. */
static bool spin_for_token(struct qn_thread *self, uint64_t until)
{
    do {
        for (int i = 0; i < LOOKS_PER_CLOCK; i++) {
            if (take_token(self))
                return true;
            pause_cpu();
        }
    } while (qn_clock_ticks() < until);
    return false;
}

/* Sleeps until the token is there (true) or the deadline has passed (false). */
static bool sleep_for_token(struct qn_thread *self, uint64_t deadline)
{
    struct timespec at;
    uint32_t none = TOKEN_NONE;

    if (deadline != QN_NEVER) {
        uint64_t now = qn_clock_ticks();
        uint64_t ns =
            qn_clock_now_monotonic_ns() + (deadline > now ? qn_clock_to_ns(deadline - now) : 0);

        at = (struct timespec){(time_t)(ns / QN_NS_PER_S), (long)(ns % QN_NS_PER_S)};
    }
    if (!atomic_compare_exchange_strong_explicit(&self->token, &none, TOKEN_ASLEEP,
                                                 memory_order_relaxed, memory_order_relaxed))
        return take_token(self);
    while (atomic_load_explicit(&self->token, memory_order_relaxed) == TOKEN_ASLEEP) {
        uint32_t asleep = TOKEN_ASLEEP;

        if (futex(&self->token, FUTEX_WAIT_BITSET, TOKEN_ASLEEP,
                  deadline == QN_NEVER ? NULL : &at) == 0 ||
            errno != ETIMEDOUT)
            continue;
        if (atomic_compare_exchange_strong_explicit(&self->token, &asleep, TOKEN_NONE,
                                                    memory_order_relaxed, memory_order_relaxed)) {
            if (qn_clock_ticks() < deadline) /* the two clocks may differ by a little */
                return sleep_for_token(self, deadline);
            return false;
        }
    }
    return take_token(self);
}

static bool op_park(struct qn_thread *self, uint64_t deadline)
{
    struct qn_pool *pool = pool_of(self->exec);
    struct pool_thread *t = (struct pool_thread *)self;
    bool is_unbounded = self->index >= 0 && deadline == QN_NEVER;
    bool taken;

    if (take_token(self))
        return true;
    if (deadline == QN_NEVER && pool->spin_ticks > 0 &&
        spin_for_token(self, qn_clock_ticks() + pool->spin_ticks))
        return true;
    if (is_unbounded) {
        set_state(t, STATE_BLOCKED);
        tell_observer(pool);
    }
    if (pool->config.wait == QN_WAIT_SPIN)
        taken = spin_for_token(self, deadline);
    else
        taken = sleep_for_token(self, deadline);
    if (is_unbounded)
        set_state(t, STATE_BUSY);
    return taken;
}

static void op_unpark(struct qn_thread *thread)
{
    if (atomic_exchange_explicit(&thread->token, TOKEN_SET, memory_order_release) == TOKEN_ASLEEP)
        futex_wake(&thread->token, 1);
}

/* Jobs. */

static int op_spawn(struct qn_exec *exec, qn_task_fn *fn, qn_ended_fn *ended, void *arg, uint32_t n)
{
    struct qn_pool *pool = pool_of(exec);
    uint64_t tail;
    struct slot *slot;

    qn_lock(exec, &pool->spawn_lock);
    tail = atomic_load_explicit(&pool->tail, memory_order_relaxed);
    slot = &pool->slots[tail % N_SLOTS];
    if (tail >= N_SLOTS &&
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
        futex_wake(&pool->wake_word, INT_MAX);
    }
    return QN_OK;
}

/* Claims the next task of a job: its index, or n if there is none. The only thread of a pool has
 * nobody to claim against (revoke comes while it rests), so its claims need no atomic addition. */
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

/* Runs what can be claimed of a job. */
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

/* Runs what can be claimed of the jobs published so far. */
static void run_jobs(struct qn_pool *pool, struct pool_thread *t, uint64_t tail)
{
    uint64_t cursor = atomic_load_explicit(&t->cursor, memory_order_relaxed);

    while (cursor < tail) {
        struct slot *slot = &pool->slots[cursor % N_SLOTS];

        run_job(pool, t, slot);
        atomic_store_explicit(&t->cursor, ++cursor, memory_order_relaxed);
        atomic_fetch_add_explicit(&slot->n_passed, 1, memory_order_release);
    }
}

/* Waits until there is a job beyond the cursor (its end of the ring), or the pool is over (0). */
static uint64_t wait_for_jobs(struct qn_pool *pool, struct pool_thread *t)
{
    uint64_t cursor = atomic_load_explicit(&t->cursor, memory_order_relaxed);
    const struct slot *next = &pool->slots[cursor % N_SLOTS];
    uint64_t tail, until = qn_clock_ticks() + pool->spin_ticks;

    for (;;) {
        uint32_t word;

        do {
            /* The next job shows in its slot, whose line is needed anyway, before it does in the
             * tail. */
            for (int i = 0; i < LOOKS_PER_CLOCK; i++) {
                if (unclaimed_of(next) > 0)
                    return cursor + 1;
                pause_cpu();
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
            futex_wait(&pool->wake_word, word);
        atomic_fetch_sub_explicit(&pool->n_sleepers, 1, memory_order_seq_cst);
    }
}

static void thread_loop(struct qn_pool *pool, struct pool_thread *t)
{
    uint64_t tail;

    if (setjmp(t->home)) /* rescued: the job it was in goes on where its claims stand */
        set_state(t, STATE_BUSY);
    for (;;) {
        run_jobs(pool, t, atomic_load_explicit(&pool->tail, memory_order_acquire));
        set_state(t, STATE_IDLE);
        tell_observer(pool);
        tail = wait_for_jobs(pool, t);
        if (tail == 0)
            return;
        set_state(t, STATE_BUSY);
    }
}

static void *thread_main(void *arg)
{
    struct pool_thread *t = arg;
    struct qn_pool *pool = pool_of(t->thread.exec);

    qn_self_ptr = &t->thread;
    prctl(PR_SET_TIMERSLACK, TIMER_SLACK_NS, 0, 0, 0);
    if (pool->config.bind)
        t->bind_error = pool->config.bind(pool->config.user, t->thread.index);
    atomic_fetch_add_explicit(&pool->n_ready, 1, memory_order_release);
    futex_wake(&pool->n_ready, 1);
    thread_loop(pool, t);
    return NULL;
}

/* Life. */

static const struct qn_exec_ops pool_ops = {
    .name = "pool",
    .spawn = op_spawn,
    .park = op_park,
    .unpark = op_unpark,
    .linger = op_linger,
    .lock_slow = lock_slow,
    .unlock_slow = unlock_slow,
    .quiesce = op_quiesce,
    .revoke = op_revoke,
    .rescue = op_rescue,
    .abandon = op_abandon,
};

static void join_threads(struct qn_pool *pool, unsigned n_started)
{
    atomic_store_explicit(&pool->is_over, 1, memory_order_seq_cst);
    atomic_fetch_add_explicit(&pool->wake_word, 1, memory_order_seq_cst);
    futex_wake(&pool->wake_word, INT_MAX);
    for (unsigned i = 0; i < n_started; i++) {
        int rc = pthread_join(pool->threads[i].pthread, NULL);

        assert(rc == 0);
        (void)rc;
    }
    qn_self_ptr = NULL;
    free(pool->threads);
    free(pool);
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
        futex_wait(&pool->n_ready, n_ready);
    for (unsigned i = 0; i < pool->exec.n_threads; i++)
        if (pool->threads[i].bind_error)
            return pool->threads[i].bind_error;
    return QN_OK;
}

int qn_pool_create(const struct qn_pool_config *config, struct qn_pool **out)
{
    struct qn_pool *pool = aligned_alloc(QN_LINE_BYTES, sizeof(*pool));
    unsigned n_started = 0;
    int rc;

    if (!pool)
        return QN_ENOMEM;
    memset(pool, 0, sizeof(*pool));
    pool->threads = aligned_alloc(QN_LINE_BYTES, (config->n_threads + 1) * sizeof(*pool->threads));
    if (!pool->threads) {
        free(pool);
        return QN_ENOMEM;
    }
    memset(pool->threads, 0, (config->n_threads + 1) * sizeof(*pool->threads));
    pool->config = *config;
    pool->exec.ops = &pool_ops;
    pool->exec.n_threads = config->n_threads;
    pool->exec.iterations_per_quantum = config->iterations_per_quantum;
    if (config->wait != QN_WAIT_PARK && !config->oversubscribed)
        pool->spin_ticks = qn_clock_from_ns(SPIN_NS);
    for (unsigned i = 0; i < config->n_threads; i++)
        qn_thread_init(&pool->threads[i].thread, &pool->exec, (int)i);
    qn_thread_init(&pool->threads[config->n_threads].thread, &pool->exec, -1);
    qn_self_ptr = &pool->threads[config->n_threads].thread;
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
