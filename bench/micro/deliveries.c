/* Reaching a thread in a blocking call until it runs; creating threads for single tasks. */
#include <stdlib.h>

#include "bench/micro/micro.h"

/* The thread is reached when it sleeps in its call, not on the way there. */
#define BEFORE_NS 50000
/* A deadline that is never reached. */
#define PLAN_NS (600 * QN_NS_PER_S)

struct sleeper {
    enum qn_block_type type;
    enum qn_block_end end; /* the expected one */
    _Atomic uint32_t is_going, flag;
    uint64_t awake_at;
};

static void block(void *arg, uint32_t index)
{
    struct sleeper *s = arg;
    struct qn_thread *self = qn_self();
    const struct qn_blocking_ops *ops = self->exec->ops->blocking;

    (void)index;
    if (ops->enter(self, s->type, s->end == QN_BLOCK_INTERRUPTED ? &s->flag : NULL) != QN_OK)
        abort(); /* a handful of descriptors */
    atomic_store_explicit(&s->is_going, 1, memory_order_release);
    if (ops->block(self, qn_clock_ticks() + qn_clock_from_ns(PLAN_NS)) != s->end)
        abort(); /* nobody else reaches it */
    s->awake_at = qn_clock_ticks();
    ops->leave(self);
}

static void reach(gb_state *state, const struct micro_run *run, enum qn_block_type type,
                  enum qn_block_end end)
{
    struct qn_thread *thread = qn_pool_thread(run->env->pool, 0);
    const struct qn_blocking_ops *ops = run->env->exec->ops->blocking;
    uint64_t ticks = 0;

    GB_LOOP (state) {
        struct sleeper s = {.type = type, .end = end};
        uint64_t start;

        if (!micro_spawn(state, run, block, &s, 1))
            return;
        while (!atomic_load_explicit(&s.is_going, memory_order_acquire))
            continue;
        start = qn_clock_ticks() + qn_clock_from_ns(BEFORE_NS);
        while (qn_clock_ticks() < start)
            continue;
        start = qn_clock_ticks();
        if (end == QN_BLOCK_INTERRUPTED)
            ops->interrupt(thread);
        else if (end == QN_BLOCK_PEER_CLOSED)
            ops->close_peer(thread);
        else
            ops->wake(thread);
        micro_rest(run);
        ticks += s.awake_at - start;
    }
    micro_set_ticks(state, ticks);
}

static void run_signal(gb_state *state, void *user)
{
    reach(state, user, QN_BLOCK_EVENTFD, QN_BLOCK_INTERRUPTED);
}

static void run_eventfd(gb_state *state, void *user)
{
    reach(state, user, QN_BLOCK_EVENTFD, QN_BLOCK_WOKEN);
}

static void run_condvar(gb_state *state, void *user)
{
    reach(state, user, QN_BLOCK_CONDVAR, QN_BLOCK_WOKEN);
}

static void run_peer(gb_state *state, void *user)
{
    reach(state, user, QN_BLOCK_PIPE, QN_BLOCK_PEER_CLOSED);
}

/* Dedicated threads, one after another. */
struct lives {
    bool are_cancelled;
    int64_t n;
    uint64_t ticks;
};

static void look_for_cancel(void *arg)
{
    const struct qn_blocking_ops *ops = arg;

    ops->test_cancel();
}

static void live(void *arg, uint32_t index)
{
    struct lives *l = arg;
    struct qn_thread *self = qn_self();
    const struct qn_blocking_ops *ops = self->exec->ops->blocking;
    uint64_t start = qn_clock_ticks();

    (void)index;
    for (int64_t i = 0; i < l->n; i++) {
        bool was_cancelled;

        if (ops->enter(self, QN_BLOCK_NONE, NULL) != QN_OK)
            abort(); /* it takes nothing */
        if (l->are_cancelled)
            ops->cancel(self);
        if (ops->run_dedicated(self, look_for_cancel, NULL, (void *)(uintptr_t)ops,
                               &was_cancelled) != QN_OK ||
            was_cancelled != l->are_cancelled)
            abort(); /* one thread more, and it looks */
        ops->leave(self);
    }
    l->ticks = qn_clock_ticks() - start;
}

static void lives(gb_state *state, const struct micro_run *run, bool are_cancelled)
{
    struct lives l = {are_cancelled, gb_max_iterations(state), 0};

    if (are_cancelled && run->env->exec->ops->blocking->why_no_dedicated_thread()) {
        gb_skip_with_error(state, run->env->exec->ops->blocking->why_no_dedicated_thread());
        return;
    }
    if (!micro_spawn(state, run, live, &l, 1))
        return;
    micro_rest(run);
    GB_LOOP (state)
        continue;
    micro_set_ticks(state, l.ticks);
}

static void run_lives(gb_state *state, void *user)
{
    lives(state, user, false);
}

static void run_cancelled_lives(gb_state *state, void *user)
{
    lives(state, user, true);
}

#define REACH(title, text, function) \
    { \
        .name = title, .what = text, .pool = MICRO_CROSS_PARKED, .iterations = 200, .per = 1, \
        .fn = function, .floor = "wake-idle", .floor_times = 1 \
    }

static const struct micro micros[] = {
    REACH("signal-seen", "a signal to a thread in ppoll, until that runs (EINTR)", run_signal),
    REACH("eventfd-seen", "eight bytes to an eventfd on which a thread sleeps, until that runs",
          run_eventfd),
    REACH("peer-closed-seen", "closing the writing end of a pipe, until its reader runs", run_peer),
    REACH("condvar-seen", "a broadcast to a sleeping thread, until that runs", run_condvar),
    {.name = "thread-life",
     .what = "creating a thread that ends at once, and joining it",
     .pool = MICRO_CROSS_PARKED,
     .iterations = 300,
     .per = 1,
     .fn = run_lives,
     .floor = "wake-idle",
     .floor_times = 2},
    {.name = "thread-cancelled",
     .what = "the same for one ended by pthread_cancel",
     .pool = MICRO_CROSS_PARKED,
     .iterations = 300,
     .per = 1,
     .fn = run_cancelled_lives,
     .floor = "wake-idle",
     .floor_times = 2,
     .base = "thread-life"},
};

const struct micro_group micro_deliveries = {"deliveries", micros, QN_ARRAY_LEN(micros)};
