/* Polls of tokens, and how long a raise takes to be seen. */
#include "bench/micro/micro.h"
#include "runtime/cancel.h"

#define MAX_DEPTH 16
#define N_POLLS 20000000
#define N_RAISES 300
/* The token is raised while the workers run, not while they start. */
#define BEFORE_NS 3000

/* A chain of tokens, of which the last is polled. */
static struct qn_cancel chain[MAX_DEPTH];

static struct qn_cancel *make_chain(struct qn_exec *exec, int64_t depth)
{
    for (int64_t i = 0; i < depth; i++)
        qn_cancel_init(&chain[i], exec, i ? &chain[i - 1] : NULL);
    return &chain[depth - 1];
}

static void drop_chain(int64_t depth)
{
    while (depth > 0)
        qn_cancel_fini(&chain[--depth]);
}

static void poll(gb_state *state, const struct micro_run *run, bool is_raised)
{
    struct qn_cancel *token = make_chain(run->env->exec, run->micro->n);
    uint64_t start, n_seen = 0;

    if (is_raised)
        qn_cancel_raise(&chain[0]);
    start = qn_clock_ticks();
    GB_LOOP (state) {
        n_seen += qn_cancel_poll(token);
        GB_CLOBBER();
    }
    micro_set_ticks(state, qn_clock_ticks() - start);
    if ((n_seen > 0) != is_raised)
        gb_skip_with_error(state, "a poll was wrong");
    drop_chain(run->micro->n);
}

static void run_poll(gb_state *state, void *user)
{
    poll(state, user, false);
}

static void run_poll_raised(gb_state *state, void *user)
{
    poll(state, user, true);
}

/* A token created below another and removed again: a nested scope. */
static void run_child(gb_state *state, void *user)
{
    const struct micro_run *run = user;
    struct qn_cancel *parent = make_chain(run->env->exec, 1), child;
    uint64_t start = qn_clock_ticks();

    GB_LOOP (state) {
        qn_cancel_init(&child, run->env->exec, parent);
        qn_cancel_fini(&child);
    }
    micro_set_ticks(state, qn_clock_ticks() - start);
    drop_chain(1);
}

/* Workers that poll continuously and note when they see the raise. */
struct watch {
    struct qn_cancel *token;
    uint64_t seen_at[2];
    _Atomic uint32_t n_watching;
};

static void watch_token(void *arg, uint32_t index)
{
    struct watch *w = arg;

    atomic_fetch_add_explicit(&w->n_watching, 1, memory_order_release);
    while (!qn_cancel_poll(w->token))
        continue;
    w->seen_at[index] = qn_clock_ticks();
}

static void run_raise(gb_state *state, void *user)
{
    const struct micro_run *run = user;
    uint64_t ticks = 0;

    GB_LOOP (state) {
        struct watch w = {.token = make_chain(run->env->exec, run->micro->n)};
        uint64_t start;

        if (!micro_spawn(state, run, watch_token, &w, 1))
            return;
        while (atomic_load_explicit(&w.n_watching, memory_order_acquire) < 1)
            continue;
        start = qn_clock_ticks() + qn_clock_from_ns(BEFORE_NS);
        while (qn_clock_ticks() < start)
            continue;
        start = qn_clock_ticks();
        qn_cancel_raise(&chain[0]);
        micro_rest(run);
        if (w.seen_at[0] > start)
            ticks += w.seen_at[0] - start;
        drop_chain(run->micro->n);
    }
    micro_set_ticks(state, ticks);
}

#define POLL(title, text, function, depth) \
    { \
        .name = title, .what = text, .pool = MICRO_CROSS, .iterations = N_POLLS, .per = 1, \
        .fn = function, .floor = "loop", .floor_times = 1, .n = depth \
    }

static const struct micro micros[] = {
    POLL("poll-live", "poll of a live flat token, with its loop", run_poll, 1),
    POLL("poll-raised", "the same, raised", run_poll_raised, 1),
    POLL("poll-live-4", "poll at tree depth 4, live", run_poll, 4),
    POLL("poll-live-16", "poll at tree depth 16, live", run_poll, 16),
    POLL("poll-raised-4", "poll at tree depth 4, raised at the root", run_poll_raised, 4),
    POLL("poll-raised-16", "poll at tree depth 16, raised at the root", run_poll_raised, 16),
    {.name = "token-child",
     .what = "creating and dropping a token below another",
     .pool = MICRO_CROSS,
     .iterations = 200000,
     .per = 1,
     .fn = run_child,
     .floor = "atomic",
     .floor_times = 4},
    {.name = "raise-seen",
     .what = "raising a flat token, until a worker that polls continuously has seen it",
     .pool = MICRO_CROSS,
     .iterations = N_RAISES,
     .per = 1,
     .fn = run_raise,
     .floor = "spin",
     .floor_times = 0.5,
     .n = 1},
    {.name = "raise-seen-16",
     .what = "the same at tree depth 16, raised at the root",
     .pool = MICRO_CROSS,
     .iterations = N_RAISES,
     .per = 1,
     .fn = run_raise,
     .floor = "spin",
     .floor_times = 0.5,
     .n = 16},
};

const struct micro_group micro_tokens = {"tokens", micros, QN_ARRAY_LEN(micros)};
