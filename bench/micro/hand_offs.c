/* Hand-offs between two threads through their parkers, and what waking one or all costs. */
#include <stdlib.h>

#include "bench/micro/micro.h"
#include "runtime/chan.h"

/* Two threads that unpark each other in turn. */
struct pair {
    struct qn_thread *other;
    int64_t n;
};

static void answer(void *arg, uint32_t index)
{
    const struct pair *p = arg;

    (void)index;
    for (int64_t i = 0; i < p->n; i++) {
        if (!qn_park(qn_self(), QN_NEVER))
            abort(); /* without a deadline, park returns with a token */
        qn_unpark(p->other);
    }
}

static void run_hand_off(gb_state *state, void *user)
{
    const struct micro_run *run = user;
    struct pair p = {qn_self(), gb_max_iterations(state)};
    struct qn_thread *other = qn_pool_thread(run->env->pool, 0);
    uint64_t start;

    if (!micro_spawn(state, run, answer, &p, 1))
        return;
    start = qn_clock_ticks();
    GB_LOOP (state) {
        qn_unpark(other);
        if (!qn_park(qn_self(), QN_NEVER))
            abort();
    }
    micro_set_ticks(state, qn_clock_ticks() - start);
    micro_rest(run);
}

/* Threads asleep in a receive, woken by a close: what the waker pays, and when the last one runs.
 */
struct sleepers {
    struct qn_chan *chan;
    uint64_t awake_at[MICRO_MANY_THREADS];
};

static void sleep_for_close(void *arg, uint32_t index)
{
    struct sleepers *s = arg;

    if (qn_chan_recv(s->chan, NULL, QN_NEVER) != QN_ECLOSED)
        abort(); /* it carries no messages */
    s->awake_at[index] = qn_clock_ticks();
}

static void wake(gb_state *state, const struct micro_run *run, bool until_seen)
{
    uint32_t n = (uint32_t)run->micro->n;
    static struct qn_chan closed;
    uint64_t ticks = 0;

    GB_LOOP (state) {
        struct sleepers s = {.chan = &closed};
        uint64_t start, end;

        qn_chan_init(&closed, run->env->exec, 0, 0);
        if (!micro_spawn(state, run, sleep_for_close, &s, n))
            return;
        micro_wait_blocked(run, n);
        start = qn_clock_ticks();
        if (qn_chan_close(&closed) != QN_OK)
            abort(); /* made open just now */
        end = qn_clock_ticks();
        micro_rest(run);
        for (uint32_t i = 0; until_seen && i < n; i++)
            end = s.awake_at[i] > end ? s.awake_at[i] : end;
        ticks += end - start;
    }
    micro_set_ticks(state, ticks);
}

static void run_wake_call(gb_state *state, void *user)
{
    wake(state, user, false);
}

static void run_wake_seen(gb_state *state, void *user)
{
    wake(state, user, true);
}

#define WAKE(title, text, where, function, the_floor, floors, threads) \
    { \
        .name = title, .what = text, .pool = where, .iterations = 200, .per = 1, .fn = function, \
        .floor = the_floor, .floor_times = floors, .n = threads \
    }

static const struct micro micros[] = {
    {.name = "hand-off-spinning",
     .what = "unpark to running, across cores, both spinning",
     .pool = MICRO_CROSS,
     .iterations = 50000,
     .per = 2,
     .fn = run_hand_off,
     .floor = "spin",
     .floor_times = 0.5},
    {.name = "hand-off-parked",
     .what = "the same, both sleeping",
     .pool = MICRO_CROSS_PARKED,
     .iterations = 1000,
     .per = 2,
     .fn = run_hand_off,
     .floor = "wake-idle",
     .floor_times = 1},
    {.name = "hand-off-same-core",
     .what = "the same on one core",
     .pool = MICRO_SAME_CORE,
     .iterations = 5000,
     .per = 2,
     .fn = run_hand_off,
     .floor = "wake-busy",
     .floor_times = 1},
    WAKE("wake-one-call", "closing a channel on which one thread sleeps: the closer's time",
         MICRO_TWO, run_wake_call, "wake-call", 1, 1),
    WAKE("wake-one-seen", "the same, until that thread runs", MICRO_TWO, run_wake_seen, "wake-call",
         1, 1),
    WAKE("wake-all-call", "closing one on which all (two) threads sleep: the closer's time",
         MICRO_TWO, run_wake_call, "wake-call", 2, 2),
    WAKE("wake-all-seen", "the same, until the last of them runs", MICRO_TWO, run_wake_seen,
         "wake-idle", 1, 2),
    WAKE("wake-many-call", "closing one on which 16 threads sleep: the closer's time", MICRO_MANY,
         run_wake_call, "wake-call", MICRO_MANY_THREADS, MICRO_MANY_THREADS),
    WAKE("wake-many-seen", "the same, until the last of them runs", MICRO_MANY, run_wake_seen,
         "wake-call", MICRO_MANY_THREADS, MICRO_MANY_THREADS),
};

const struct micro_group micro_hand_offs = {"hand-offs and wakes", micros, QN_ARRAY_LEN(micros)};
