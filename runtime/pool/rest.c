/* Detecting that the pool is at rest, and unwinding threads that are blocked forever. */
#include "runtime/pool/parts.h"

void qn_pool_set_state(struct pool_thread *t, enum state state)
{
    uint64_t count = atomic_load_explicit(&t->state, memory_order_relaxed) >> STATE_BITS;

    atomic_store_explicit(&t->state, (count + 1) << STATE_BITS | state, memory_order_seq_cst);
}

/* The first job that no thread has passed. A passed job is exhausted for good, so unclaimed workers
 * are in jobs between this and the tail. */
static uint64_t first_open(const struct qn_pool *pool)
{
    uint64_t first = 0;

    for (unsigned i = 0; i < pool->exec.n_threads; i++) {
        uint64_t cursor = atomic_load_explicit(&pool->threads[i].cursor, memory_order_seq_cst);

        if (cursor > first)
            first = cursor;
    }
    return first;
}

static uint32_t count_unclaimed(struct qn_pool *pool)
{
    uint64_t tail = atomic_load_explicit(&pool->tail, memory_order_seq_cst);
    uint32_t n = 0;

    for (uint64_t job = first_open(pool); job < tail; job++) {
        QN_STEP("sweep");
        n += qn_pool_unclaimed(qn_pool_slot(pool, job));
    }
    return n;
}

/* True if the thread has passed every job: one that has yet to wake up is not at rest. */
static bool has_passed_all(const struct qn_pool *pool, const struct pool_thread *t)
{
    return atomic_load_explicit(&t->cursor, memory_order_seq_cst) ==
           atomic_load_explicit(&pool->tail, memory_order_seq_cst);
}

/* The sum of all states, or 0 if a thread is busy. States only increase, so equal sums mean equal
 * states. */
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
 * True if every thread was at rest at one instant of this call; *out describes it. Between two
 * equal readings of all states no thread ran, so what is read in between belongs to one instant: a
 * claimed wait would be visible, though its thread still sleeps.
 */
static bool is_quiet(struct qn_pool *pool, struct qn_census *out)
{
    unsigned n_idle, n_idle_again;
    uint64_t sum = sum_states(pool, &n_idle);

    if (sum == 0)
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
    out->n_blocked = pool->exec.n_threads - n_idle;
    out->n_unclaimed = count_unclaimed(pool);
    if (n_idle > 0 && out->n_unclaimed > 0)
        return false;
    return sum_states(pool, &n_idle_again) == sum;
}

/* Wakes the observer if all threads are at rest. */
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

/*
 * True if the guarded caller is in an unclaimed wait while all threads are at rest. The claim is
 * read after the instant of rest, since when only a claimed thread could have claimed it; the
 * caller's own state, read before and after, shows that it is the same wait.
 */
static bool is_stuck(struct qn_pool *pool)
{
    const struct pool_thread *caller = &pool->threads[pool->exec.n_threads];
    uint64_t state = atomic_load_explicit(&caller->state, memory_order_seq_cst);
    struct qn_census census;

    return (state & STATE_MASK) == STATE_BLOCKED && is_quiet(pool, &census) &&
           atomic_load_explicit(&caller->thread.claim, memory_order_seq_cst) == QN_CLAIM_WAITING &&
           atomic_load_explicit(&caller->state, memory_order_seq_cst) == state;
}

/*
 * Unwinds a stuck caller. Several threads may find the same wait stuck, but only one may act; so
 * they act by the number of the caller's stay in guard, which only one of them can claim. Until
 * then nothing else can end the wait.
 */
static void tell_guarded(struct qn_pool *pool)
{
    struct qn_thread *caller = &pool->threads[pool->exec.n_threads].thread;
    uint32_t stay = atomic_load_explicit(&pool->stays, memory_order_seq_cst);

    if (!qn_pool_is_guarded(stay) || !is_stuck(pool))
        return;
    QN_STEP("stuck");
    if (!atomic_compare_exchange_strong_explicit(&pool->stays, &stay, stay + 1,
                                                 memory_order_seq_cst, memory_order_seq_cst))
        return;
    if (!qn_wait_claim(caller, QN_CLAIM_UNWOUND))
        assert(!"nobody else can end a wait in which the caller is stuck");
    qn_unpark(caller);
}

/* After a state was set to rest: wakes the observer if all threads are at rest. */
void qn_pool_tell_rest(struct qn_pool *pool)
{
    QN_STEP("resting");
    tell_observer(pool);
    tell_guarded(pool);
}

bool qn_pool_guard(struct qn_exec *exec, void (*fn)(void *arg), void *arg)
{
    struct qn_pool *pool = qn_pool_of(exec);
    struct pool_thread *caller = &pool->threads[exec->n_threads];

    assert(qn_self() == &caller->thread);
    if (setjmp(caller->home) != 0)
        return false; /* the thread that unwound it has ended the stay */
    atomic_fetch_add_explicit(&pool->stays, 1, memory_order_seq_cst);
    fn(arg);
    atomic_fetch_add_explicit(&pool->stays, 1, memory_order_seq_cst);
    return true;
}

static void observe(struct qn_pool *pool, struct qn_thread *self)
{
    qn_lock(&pool->exec, &pool->observer_lock);
    atomic_store_explicit(&pool->observer, self, memory_order_seq_cst);
    qn_unlock(&pool->exec, &pool->observer_lock);
}

void qn_pool_quiesce(struct qn_exec *exec, struct qn_census *out)
{
    struct qn_pool *pool = qn_pool_of(exec);
    struct qn_thread *self = qn_self();

    assert(self->index < 0);
    while (!is_quiet(pool, out)) {
        if (pool->config.wait == QN_WAIT_SPIN) { /* threads never sleep, so none would notify */
            qn_pool_pause();
            continue;
        }
        qn_wait_begin(self);
        observe(pool, self);
        if (is_quiet(pool, out)) {
            /* Either the wait is unclaimed and taken back here, or the token is coming. */
            observe(pool, NULL);
            if (qn_wait_claim(self, QN_CLAIM_NONE))
                return;
        }
        if (qn_wait_finish(self, QN_NEVER) != 0)
            assert(!"only the pool claims an observer");
    }
}

uint32_t qn_pool_drop_unclaimed(struct qn_exec *exec)
{
    struct qn_pool *pool = qn_pool_of(exec);
    uint64_t tail = atomic_load_explicit(&pool->tail, memory_order_seq_cst);
    uint32_t n = 0;

    for (uint64_t job = first_open(pool); job < tail; job++) {
        struct slot *slot = qn_pool_slot(pool, job);
        uint32_t left = qn_pool_unclaimed(slot);

        QN_STEP("sweep");
        n += left;
        atomic_fetch_add_explicit(&slot->claims, left, memory_order_seq_cst);
    }
    return n;
}

void qn_pool_unwind_blocked(struct qn_exec *exec)
{
    struct qn_pool *pool = qn_pool_of(exec);

    for (unsigned i = 0; i < exec->n_threads; i++) {
        struct pool_thread *t = &pool->threads[i];
        uint64_t state = atomic_load_explicit(&t->state, memory_order_seq_cst);

        if ((state & STATE_MASK) == STATE_BLOCKED && qn_wait_claim(&t->thread, QN_CLAIM_UNWOUND))
            qn_unpark(&t->thread);
    }
}

void qn_pool_unwind(struct qn_thread *self)
{
    assert(self->index >= 0 || !qn_pool_is_guarded(atomic_load_explicit(
                                   &qn_pool_of(self->exec)->stays, memory_order_relaxed)));
    longjmp(((struct pool_thread *)self)->home, 1);
}
