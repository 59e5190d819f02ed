/* Trees of tokens of each kind: polls by depth, raises by size, creating and dropping children. */
#include <stdlib.h>

#include "bench/micro/micro.h"
#include "runtime/token.h"

#define BREADTH 10
#define MAX_NODES 10000
#define N_PAIRS 10000

/* Tokens, stored in an array. */
struct tree {
    struct qn_token_tree shared;
    enum qn_token_kind kind;
    size_t stride;
    unsigned char *nodes; /* MAX_NODES */
};

static struct qn_token at(const struct tree *t, size_t i)
{
    return qn_token_at(t->kind, t->nodes + i * t->stride);
}

/* Each token has `breadth` children; 1 is a chain. */
static void grow(struct tree *t, size_t n, size_t breadth)
{
    qn_token_tree_init(&t->shared, t->shared.exec);
    for (size_t i = 0; i < n; i++)
        qn_token_init(at(t, i), &t->shared,
                      i ? at(t, (i - 1) / breadth) : qn_token_at(t->kind, NULL), QN_NEVER);
}

static void fell(struct tree *t, size_t n)
{
    while (n > 0)
        qn_token_fini(at(t, --n));
}

static bool tree_open(gb_state *state, const struct micro_run *run, enum qn_token_kind kind,
                      struct tree *t)
{
    size_t align = qn_token_align(kind);

    t->kind = kind;
    t->shared.exec = run->env->exec;
    t->stride = (qn_token_bytes(kind) + align - 1) / align * align;
    t->nodes = aligned_alloc(QN_LINE_BYTES, MAX_NODES * t->stride);
    if (!t->nodes)
        gb_skip_with_error(state, "out of memory");
    return t->nodes;
}

/* Inlined with a constant kind, as in the loop of a worker's work. */
static inline __attribute__((always_inline)) void poll(gb_state *state, const struct micro_run *run,
                                                       enum qn_token_kind kind, bool is_raised)
{
    size_t depth = (size_t)run->micro->n;
    uint64_t start, n_seen = 0;
    struct qn_token token;
    struct tree t;

    if (!tree_open(state, run, kind, &t))
        return;
    grow(&t, depth, 1);
    if (is_raised)
        qn_token_raise(at(&t, 0));
    token = qn_token_at(kind, at(&t, depth - 1).at);
    start = qn_clock_ticks();
    GB_LOOP (state) {
        n_seen += qn_token_poll(token);
        GB_CLOBBER();
    }
    micro_set_ticks(state, qn_clock_ticks() - start);
    if ((n_seen > 0) != is_raised)
        gb_skip_with_error(state, "a poll was wrong");
    fell(&t, depth);
    free(t.nodes);
}

/* Raises the root of a tree of n tokens; creating the tree is not timed. */
static void raise_root(gb_state *state, const struct micro_run *run, enum qn_token_kind kind)
{
    size_t n = (size_t)run->micro->n;
    uint64_t start, ticks = 0;
    struct tree t;

    if (!tree_open(state, run, kind, &t))
        return;
    GB_LOOP (state) {
        grow(&t, n, BREADTH);
        start = qn_clock_ticks();
        qn_token_raise(at(&t, 0));
        ticks += qn_clock_ticks() - start;
        fell(&t, n);
    }
    micro_set_ticks(state, ticks);
    free(t.nodes);
}

/* Creates a child of the root and drops it again. */
static void come_and_go(struct tree *t, struct qn_token child)
{
    qn_token_init(child, &t->shared, at(t, 0), QN_NEVER);
    qn_token_fini(child);
}

static void child(gb_state *state, const struct micro_run *run, enum qn_token_kind kind)
{
    struct tree t;
    uint64_t start;

    if (!tree_open(state, run, kind, &t))
        return;
    grow(&t, 1, BREADTH);
    start = qn_clock_ticks();
    GB_LOOP (state) {
        come_and_go(&t, at(&t, 1));
        GB_CLOBBER();
    }
    micro_set_ticks(state, qn_clock_ticks() - start);
    fell(&t, 1);
    free(t.nodes);
}

static void many_come_and_go(void *arg, uint32_t index)
{
    struct tree *t = arg;
    struct qn_token own = at(t, MAX_NODES / 2 * (1 + (size_t)index) - 1);

    for (int i = 0; i < N_PAIRS; i++)
        come_and_go(t, own);
}

/* Two threads below the same token. */
static void two_children(gb_state *state, const struct micro_run *run, enum qn_token_kind kind)
{
    struct tree t;
    uint64_t start;

    if (!tree_open(state, run, kind, &t))
        return;
    grow(&t, 1, BREADTH);
    start = qn_clock_ticks();
    GB_LOOP (state) {
        if (!micro_spawn(state, run, many_come_and_go, &t, 2))
            break;
        micro_rest(run);
    }
    micro_set_ticks(state, qn_clock_ticks() - start);
    fell(&t, 1);
    free(t.nodes);
}

static void raise_it(void *arg, uint32_t index)
{
    (void)index;
    qn_token_raise(at(arg, 0));
}

/* Creates and drops one child right after a raise of MAX_NODES - 1 tokens has begun on another
 * core. */
static void child_in_raise(gb_state *state, const struct micro_run *run, enum qn_token_kind kind)
{
    uint64_t start, ticks = 0;
    struct tree t;

    if (!tree_open(state, run, kind, &t))
        return;
    GB_LOOP (state) {
        grow(&t, MAX_NODES - 1, BREADTH);
        if (!micro_spawn(state, run, raise_it, &t, 1))
            break;
        while (!qn_token_poll(at(&t, 0)))
            continue;
        start = qn_clock_ticks();
        come_and_go(&t, at(&t, MAX_NODES - 1));
        ticks += qn_clock_ticks() - start;
        micro_rest(run);
        fell(&t, MAX_NODES - 1);
    }
    micro_set_ticks(state, ticks);
    free(t.nodes);
}

/* The functions of a kind. */
#define KIND(name, kind) \
    static void name##_poll(gb_state *state, void *user) \
    { \
        poll(state, user, kind, false); \
    } \
    static void name##_poll_raised(gb_state *state, void *user) \
    { \
        poll(state, user, kind, true); \
    } \
    static void name##_raise(gb_state *state, void *user) \
    { \
        raise_root(state, user, kind); \
    } \
    static void name##_child(gb_state *state, void *user) \
    { \
        child(state, user, kind); \
    } \
    static void name##_two(gb_state *state, void *user) \
    { \
        two_children(state, user, kind); \
    } \
    static void name##_in_raise(gb_state *state, void *user) \
    { \
        child_in_raise(state, user, kind); \
    }
KIND(push, QN_TOKEN_IS_PUSH)
KIND(walk, QN_TOKEN_IS_WALK)
KIND(generation, QN_TOKEN_IS_GENERATION)
#undef KIND

#define MICRO(title, text, where, function, times, ops, the_floor, floors, size) \
    { \
        .name = title, .what = text, .pool = where, .iterations = times, .per = ops, \
        .fn = function, .floor = the_floor, .floor_times = floors, .n = size \
    }

/* Polls are compared with an empty loop; deep ones use fewer iterations. */
#define POLLS_AT(kind, depth) \
    MICRO("tree-poll-" #kind "-" #depth, "poll of a live " #kind " token, depth " #depth, \
          MICRO_CROSS, kind##_poll, 4000000 / (depth), 1, "loop", 1, depth), \
        MICRO("tree-poll-" #kind "-raised-" #depth, "the same, raised at the root", MICRO_CROSS, \
              kind##_poll_raised, 4000000 / (depth), 1, "loop", 1, depth)
#define POLLS(kind) POLLS_AT(kind, 1), POLLS_AT(kind, 4), POLLS_AT(kind, 16), POLLS_AT(kind, 64)

/* A push needs an exchange and a lock per token; the others need one of each, and the tree's
 * word. */
#define RAISE(kind, size, times, atomics) \
    MICRO("tree-raise-" #kind "-" #size, "raising a " #kind " tree of " #size ", 10-ary", \
          MICRO_CROSS, kind##_raise, times, 1, "atomic", atomics, size)
#define RAISES(kind, atomics, grows) \
    RAISE(kind, 1, 2000, atomics), RAISE(kind, 10, 1000, atomics *(grows ? 10 : 1)), \
        RAISE(kind, 100, 300, atomics *(grows ? 100 : 1)), \
        RAISE(kind, 1000, 50, atomics *(grows ? 1000 : 1)), \
        RAISE(kind, 10000, 10, atomics *(grows ? 10000 : 1))

#define CHILDREN(kind, type, the_floor, floors) \
    {.name = "tree-child-" #kind, \
     .what = "creating and dropping a " #kind " token", \
     .pool = MICRO_CROSS, \
     .iterations = 200000, \
     .per = 1, \
     .fn = kind##_child, \
     .floor = the_floor, \
     .floor_times = floors, \
     .bytes = sizeof(struct type)}, \
        MICRO("tree-child-" #kind "-two", "the same, two threads below one token, a thread", \
              MICRO_TWO, kind##_two, 5, N_PAIRS, the_floor, floors, 0), \
        MICRO("tree-child-" #kind "-raise", "the same, once, during a raise of 10,000", \
              MICRO_CROSS, kind##_in_raise, 10, 1, the_floor, floors, 0)

static const struct micro micros[] = {
    POLLS(push),
    POLLS(walk),
    POLLS(generation),
    RAISES(push, 3, true),
    RAISES(walk, 4, false),
    RAISES(generation, 4, false),
    CHILDREN(push, qn_cancel, "atomic", 4),
    CHILDREN(walk, qn_walk, "loop", 1),
    CHILDREN(generation, qn_generation, "loop", 1),
};

const struct micro_group micro_trees = {"trees of tokens", micros, QN_ARRAY_LEN(micros)};
