/* The pool's locks and parkers: where its threads wait. */
#include <errno.h>

#include "runtime/pool/parts.h"

/* How long, in pauses, a thread spins at a buffer before it queues up, and how often it checks. */
#define SPIN_PAUSES 1024
#define SPIN_STEP 8

/*
 * Attempts to take a lock before sleeping; a critical section takes some tens of ns. If cores are
 * scarce, a few attempts at long intervals, in total the cost of a sleep: one of two threads
 * contending for a lock then takes it several times in a row, instead of both passing its line back
 * and forth (two senders: 50 ns per message instead of 79).
 */
#define LOCK_TRIES 100
#define LOCK_TRIES_SHORT 8
#define LOCK_PAUSES_SHORT 32

/* Values of a parker's token. */
enum token { TOKEN_NONE, TOKEN_SET, TOKEN_ASLEEP };

/* Locks. */

void qn_pool_lock_slow(struct qn_lock *lock)
{
    struct qn_thread *self = qn_self_ptr;
    bool may_spin = self && qn_pool_of(self->exec)->spin_ticks > 0;
    int tries = may_spin ? LOCK_TRIES : LOCK_TRIES_SHORT, pauses = may_spin ? 1 : LOCK_PAUSES_SHORT;

    for (int i = 0; i < tries; i++) {
        uint32_t is_free = 0;

        for (int j = 0; j < pauses; j++)
            qn_pool_pause();
        if (atomic_load_explicit(&lock->word, memory_order_relaxed) == 0 &&
            atomic_compare_exchange_weak_explicit(&lock->word, &is_free, 1, memory_order_acquire,
                                                  memory_order_relaxed))
            return;
    }
    while (atomic_exchange_explicit(&lock->word, 2, memory_order_acquire) != 0)
        qn_pool_futex_wait(&lock->word, 2);
}

void qn_pool_unlock_slow(struct qn_lock *lock)
{
    qn_pool_futex_wake(&lock->word, 1);
}

/* True if spinning can't succeed any more. */
static bool is_in_vain(const struct qn_spin *what)
{
    return atomic_load_explicit(what->over, memory_order_relaxed) ||
           (what->deadline != QN_NEVER && qn_clock_ticks() >= what->deadline);
}

unsigned qn_pool_spin(struct qn_exec *exec, const struct qn_spin *what)
{
    unsigned n_looks = 0, pauses = what->pauses;

    if (qn_pool_of(exec)->spin_ticks == 0)
        return 0;
    for (unsigned total = 0; total < SPIN_PAUSES && !is_in_vain(what); total += pauses) {
        if (n_looks > 0)
            pauses = SPIN_STEP;
        for (unsigned j = 0; j < pauses; j++)
            qn_pool_pause();
        n_looks++;
        QN_STEP("look");
        if (atomic_load_explicit(what->word, memory_order_acquire) != what->value)
            return n_looks;
    }
    return 0;
}

/* Parking. */

static bool take_token(struct qn_thread *self)
{
    return atomic_load_explicit(&self->token, memory_order_relaxed) == TOKEN_SET &&
           atomic_exchange_explicit(&self->token, TOKEN_NONE, memory_order_acquire) == TOKEN_SET;
}

/* Spins for the token; indefinitely if the pool never sleeps. */
static bool spin_for_token(struct qn_thread *self, uint64_t until)
{
    do {
        for (int i = 0; i < LOOKS_PER_CLOCK; i++) {
            if (take_token(self))
                return true;
            qn_pool_pause();
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

        if (qn_pool_futex(&self->token, FUTEX_WAIT_BITSET, TOKEN_ASLEEP,
                          deadline == QN_NEVER ? NULL : &at) == 0 ||
            errno != ETIMEDOUT)
            continue;
        if (atomic_compare_exchange_strong_explicit(&self->token, &asleep, TOKEN_NONE,
                                                    memory_order_relaxed, memory_order_relaxed)) {
            if (qn_clock_ticks() < deadline) /* the two clocks may differ slightly */
                return sleep_for_token(self, deadline);
            return false;
        }
    }
    return take_token(self);
}

static bool is_guarded(const struct qn_pool *pool)
{
    return qn_pool_is_guarded(atomic_load_explicit(&pool->stays, memory_order_relaxed));
}

bool qn_pool_park(struct qn_thread *self, uint64_t deadline)
{
    struct qn_pool *pool = qn_pool_of(self->exec);
    struct pool_thread *t = (struct pool_thread *)self;
    bool is_unbounded = deadline == QN_NEVER && (self->index >= 0 || is_guarded(pool));
    bool taken;

    if (take_token(self))
        return true;
    if (deadline == QN_NEVER && pool->spin_ticks > 0 &&
        spin_for_token(self, qn_clock_ticks() + pool->spin_ticks))
        return true;
    if (is_unbounded) {
        qn_pool_set_state(t, STATE_BLOCKED);
        qn_pool_tell_rest(pool);
    }
    if (pool->config.wait == QN_WAIT_SPIN)
        taken = spin_for_token(self, deadline);
    else
        taken = sleep_for_token(self, deadline);
    if (is_unbounded)
        qn_pool_set_state(t, STATE_BUSY);
    return taken;
}

void qn_pool_unpark(struct qn_thread *thread)
{
    if (atomic_exchange_explicit(&thread->token, TOKEN_SET, memory_order_release) == TOKEN_ASLEEP)
        qn_pool_futex_wake(&thread->token, 1);
}
