/* The machine's lower bounds: reads of the clock, lines crossing cores, futex calls. */
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/micro/micro.h"
#include "runtime/clock.h"

static void run_clock(gb_state *state, void *user)
{
    uint64_t start = qn_clock_ticks(), last = start;

    (void)user;
    GB_LOOP (state)
        last = qn_clock_ticks();
    micro_set_ticks(state, last - start);
}

static void run_empty(gb_state *state, void *user)
{
    uint64_t start = qn_clock_ticks();

    (void)user;
    GB_LOOP (state)
        GB_CLOBBER();
    micro_set_ticks(state, qn_clock_ticks() - start);
}

static void run_atomic(gb_state *state, void *user)
{
    static QN_ALIGNED _Atomic uint64_t word;
    uint64_t start = qn_clock_ticks();

    (void)user;
    GB_LOOP (state)
        atomic_fetch_add_explicit(&word, 1, memory_order_relaxed);
    micro_set_ticks(state, qn_clock_ticks() - start);
}

/* A value passed to another core and acknowledged, both spinning: a single-slot rendezvous. */
struct slot {
    QN_ALIGNED _Atomic uint64_t full;
    QN_ALIGNED _Atomic uint64_t taken;
    QN_ALIGNED uint64_t n;
};

static void take_all(void *arg, uint32_t index)
{
    struct slot *s = arg;

    (void)index;
    for (uint64_t i = 1; i <= s->n; i++) {
        while (atomic_load_explicit(&s->full, memory_order_acquire) != i)
            continue;
        atomic_store_explicit(&s->taken, i, memory_order_release);
    }
}

static void run_spin(gb_state *state, void *user)
{
    const struct micro_run *run = user;
    static struct slot s;
    uint64_t i = 0, start;

    s.n = (uint64_t)gb_max_iterations(state);
    atomic_store(&s.full, 0);
    atomic_store(&s.taken, 0);
    if (!micro_spawn(state, run, take_all, &s, 1))
        return;
    start = qn_clock_ticks();
    GB_LOOP (state) {
        atomic_store_explicit(&s.full, ++i, memory_order_release);
        while (atomic_load_explicit(&s.taken, memory_order_acquire) != i)
            continue;
    }
    micro_set_ticks(state, qn_clock_ticks() - start);
    micro_rest(run);
}

/* Lines written on one core and read on the other, one after another: what a stream costs. */
#define N_LINES 512u

struct stream {
    QN_ALIGNED _Atomic uint64_t round; /* written so far */
    QN_ALIGNED _Atomic uint64_t read;
    struct {
        _Alignas(64) uint64_t value;
    } lines[N_LINES];
    uint64_t n_rounds;
};

static void write_lines(void *arg, uint32_t index)
{
    struct stream *s = arg;

    (void)index;
    for (uint64_t r = 1; r <= s->n_rounds; r++) {
        while (atomic_load_explicit(&s->read, memory_order_acquire) != r - 1)
            continue;
        for (unsigned i = 0; i < N_LINES; i++)
            s->lines[i].value = r;
        atomic_store_explicit(&s->round, r, memory_order_release);
    }
}

static void run_stream(gb_state *state, void *user)
{
    const struct micro_run *run = user;
    static struct stream s;
    uint64_t r = 0, sum = 0, ticks = 0;

    s.n_rounds = (uint64_t)gb_max_iterations(state);
    atomic_store(&s.round, 0);
    atomic_store(&s.read, 0);
    if (!micro_spawn(state, run, write_lines, &s, 1))
        return;
    GB_LOOP (state) {
        uint64_t start;

        r++;
        while (atomic_load_explicit(&s.round, memory_order_acquire) != r)
            continue;
        start = qn_clock_ticks();
        for (unsigned i = 0; i < N_LINES; i++)
            sum += s.lines[i].value;
        GB_DO_NOT_OPTIMIZE(sum); /* before the clock is read again */
        ticks += qn_clock_ticks() - start;
        atomic_store_explicit(&s.read, r, memory_order_release);
    }
    micro_set_ticks(state, ticks);
    micro_rest(run);
}

/* Bare futexes. */

static void futex_wait(_Atomic uint32_t *word, uint32_t value)
{
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void futex_wake(_Atomic uint32_t *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void run_wake_call(gb_state *state, void *user)
{
    static _Atomic uint32_t word;
    uint64_t start = qn_clock_ticks();

    (void)user;
    GB_LOOP (state)
        futex_wake(&word);
    micro_set_ticks(state, qn_clock_ticks() - start);
}

/* What a wake costs the waker. The sleeper was given time to fall asleep; if it hasn't, the figure
 * is that of waking nobody, and the median ignores it. */
#define FALL_ASLEEP_NS 20000

struct sleeper {
    QN_ALIGNED _Atomic uint32_t word;
    QN_ALIGNED uint32_t n;
};

static void sleep_often(void *arg, uint32_t index)
{
    struct sleeper *s = arg;

    (void)index;
    for (uint32_t i = 0; i < s->n; i++)
        while (atomic_load_explicit(&s->word, memory_order_acquire) == i)
            futex_wait(&s->word, i);
}

static void run_wake_sleeper(gb_state *state, void *user)
{
    const uint64_t pause = qn_clock_from_ns(FALL_ASLEEP_NS);
    const struct micro_run *run = user;
    static struct sleeper s;
    uint64_t ticks = 0;

    s.n = (uint32_t)gb_max_iterations(state);
    atomic_store(&s.word, 0);
    if (!micro_spawn(state, run, sleep_often, &s, 1))
        return;
    GB_LOOP (state) {
        uint64_t start = qn_clock_ticks();

        while (qn_clock_ticks() - start < pause)
            continue;
        atomic_fetch_add_explicit(&s.word, 1, memory_order_release);
        start = qn_clock_ticks();
        futex_wake(&s.word);
        ticks += qn_clock_ticks() - start;
    }
    micro_set_ticks(state, ticks);
    micro_rest(run);
}

/* Two threads that wake each other in turn, sleeping in between; the word says whose turn it is. */
struct turns {
    QN_ALIGNED _Atomic uint32_t turn;
    QN_ALIGNED int64_t n;
};

static void take_turn(struct turns *t, uint32_t mine)
{
    while (atomic_load_explicit(&t->turn, memory_order_acquire) != mine)
        futex_wait(&t->turn, !mine);
    atomic_store_explicit(&t->turn, !mine, memory_order_release);
    futex_wake(&t->turn);
}

static void take_turns(void *arg, uint32_t index)
{
    struct turns *t = arg;

    (void)index;
    for (int64_t i = 0; i < t->n; i++)
        take_turn(t, 1);
}

static void run_turns(gb_state *state, void *user)
{
    const struct micro_run *run = user;
    static struct turns t;
    uint64_t start;

    t.n = gb_max_iterations(state);
    atomic_store(&t.turn, 0);
    if (!micro_spawn(state, run, take_turns, &t, 1))
        return;
    start = qn_clock_ticks();
    GB_LOOP (state)
        take_turn(&t, 0);
    micro_set_ticks(state, qn_clock_ticks() - start);
    micro_rest(run);
}

static const struct micro micros[] = {
    {.name = "clock", .what = "a clock read", .iterations = 200000, .per = 1, .fn = run_clock},
    {.name = "loop",
     .what = "an empty iteration",
     .iterations = 20000000,
     .per = 1,
     .fn = run_empty},
    {.name = "atomic",
     .what = "an atomic addition, uncontended",
     .iterations = 1000000,
     .per = 1,
     .fn = run_atomic},
    {.name = "spin",
     .what = "a single-slot rendezvous, both spinning: a round trip",
     .pool = MICRO_CROSS,
     .iterations = 100000,
     .per = 1,
     .fn = run_spin},
    {.name = "line",
     .what = "reading one of many lines that the other core wrote",
     .pool = MICRO_CROSS,
     .iterations = 200,
     .per = N_LINES,
     .fn = run_stream},
    {.name = "futex-call",
     .what = "FUTEX_WAKE without waiters",
     .iterations = 20000,
     .per = 1,
     .fn = run_wake_call},
    {.name = "wake-call",
     .what = "FUTEX_WAKE of a thread that sleeps on another core: the waker's time",
     .pool = MICRO_CROSS_PARKED,
     .iterations = 200,
     .per = 1,
     .fn = run_wake_sleeper},
    {.name = "wake-busy",
     .what = "a futex wake on the waker's core, until the woken thread runs",
     .pool = MICRO_SAME_CORE,
     .iterations = 5000,
     .per = 2,
     .fn = run_turns},
    {.name = "wake-idle",
     .what = "a futex wake of a sleeping core, until the woken thread runs",
     .pool = MICRO_CROSS_PARKED,
     .iterations = 1000,
     .per = 2,
     .fn = run_turns},
};

const struct micro_group micro_floors = {"floors of this machine", micros, QN_ARRAY_LEN(micros)};
