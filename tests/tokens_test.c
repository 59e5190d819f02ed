/* Trees of tokens of every kind: raised while children come and go, in every order of their steps;
 * shields and deadlines; and large trees, with a small stack and no system call a token. */
#include "runtime/token.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/chan.h"
#include "tests/cmocka_all.h"
#include "tests/stepped/explore.h"

#define MAX_TOKEN_BYTES 512
#define N_KINDS 3
#define LATE (UINT64_C(1) << 40)

static const char *const kind_names[N_KINDS] = {"push", "walk", "generation"};

/* Root, two below it, one below each of these. */
enum place { ROOT, A, B, AA, BB, N_PLACES };
static const enum place above[N_PLACES] = {ROOT, ROOT, ROOT, A, B};

struct part {
    struct state *state;
    enum place place;
    uint64_t deadline;
    int rc;
    unsigned chosen;
    bool saw;
};

struct state {
    struct qn_exec *exec;
    struct qn_token_tree tree;
    _Alignas(QN_LINE_BYTES) unsigned char nodes[N_PLACES][MAX_TOKEN_BYTES];
    _Alignas(struct qn_chan) unsigned char chan[512];
    struct part parts[4];
};

static struct state state;
static enum qn_token_kind kind; /* of the tree under test */

static struct qn_token token_at(struct state *st, enum place p)
{
    return qn_token_at(kind, st->nodes[p]);
}

static void make(struct state *st, enum place p)
{
    struct qn_token parent = p == ROOT ? qn_token_at(kind, NULL) : token_at(st, above[p]);

    qn_token_init(token_at(st, p), &st->tree, parent, QN_NEVER);
}

/* Nobody may look at it any more. */
static void drop(struct state *st, enum place p)
{
    qn_token_fini(token_at(st, p));
    memset(st->nodes[p], 0xa5, sizeof(st->nodes[p]));
}

static void begin(struct qn_stepper *s, struct state *st, enum place last)
{
    st->exec = qn_stepper_exec(s);
    qn_token_tree_init(&st->tree, st->exec);
    qn_chan_init((struct qn_chan *)st->chan, st->exec, 0, sizeof(int));
    for (enum place p = ROOT; p <= last; p++)
        make(st, p);
}

static struct part *add(struct qn_stepper *s, struct state *st, unsigned i, void (*fn)(void *),
                        enum place place)
{
    unsigned id;

    st->parts[i] = (struct part){.state = st, .place = place, .rc = 1, .deadline = QN_NEVER};
    assert_int_equal(qn_stepper_add(s, fn, &st->parts[i], &id), QN_OK);
    return &st->parts[i];
}

/* Fibers. */

static void raise_it(void *arg)
{
    struct part *p = arg;

    p->rc = qn_token_raise(token_at(p->state, p->place));
}

static void wait_for(void *arg)
{
    struct part *p = arg;

    p->rc = qn_token_wait(token_at(p->state, p->place), p->deadline);
}

static void poll_twice(void *arg)
{
    struct part *p = arg;

    p->saw = qn_token_poll(token_at(p->state, p->place));
    assert_true(!p->saw || qn_token_poll(token_at(p->state, p->place))); /* raised is for good */
    p->saw |= qn_token_poll(token_at(p->state, p->place));
}

static void make_a_and_below(void *arg)
{
    struct part *p = arg;

    make(p->state, A);
    make(p->state, AA);
}

static void make_below_a(void *arg)
{
    struct part *p = arg;

    make(p->state, AA);
}

static void wait_below_and_drop(void *arg)
{
    struct part *p = arg;

    make_a_and_below(arg);
    p->rc = qn_token_wait(token_at(p->state, AA), QN_NEVER);
    drop(p->state, AA);
    drop(p->state, A);
}

static void come_and_go(void *arg)
{
    struct part *p = arg;

    make_a_and_below(arg);
    drop(p->state, AA);
    drop(p->state, A);
}

static void come_and_go_below_b(void *arg)
{
    struct part *p = arg;

    make(p->state, BB);
    drop(p->state, BB);
}

static void select_send_or_cancelled(void *arg)
{
    struct part *p = arg;
    int value = 7;
    struct qn_case cases[] = {qn_case_send((struct qn_chan *)p->state->chan, &value),
                              qn_case_token(token_at(p->state, p->place))};

    p->rc = qn_select(cases, 2, QN_NEVER, &p->chosen);
}

static void receive(void *arg)
{
    struct part *p = arg;
    int value;

    p->rc = qn_chan_recv((struct qn_chan *)p->state->chan, &value, LATE);
}

/* Explores the scenario with each kind. */
static void explore(const char *name, void (*set_up)(struct qn_stepper *, void *),
                    void (*check)(struct qn_stepper *, void *))
{
    char text[96];

    for (kind = 0; kind < N_KINDS; kind++) {
        struct qn_scenario sc = {text, 0, set_up, check, &state, sizeof(state)};

        snprintf(text, sizeof(text), "%s: %s", kind_names[kind], name);
        qn_explore(&sc, qn_explore_depth());
    }
}

/* A raise of the root against tokens that come below it, two and three deep. */

static void set_register(struct qn_stepper *s, void *arg)
{
    begin(s, arg, ROOT);
    add(s, arg, 0, make_a_and_below, A);
    add(s, arg, 1, raise_it, ROOT);
}

static void set_register_below(struct qn_stepper *s, void *arg)
{
    begin(s, arg, A);
    add(s, arg, 0, make_below_a, AA);
    add(s, arg, 1, raise_it, ROOT);
}

static void check_below_a(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_true(qn_token_raised(token_at(st, A)));
    assert_true(qn_token_poll(token_at(st, AA)));
}

static void set_wait_and_drop(struct qn_stepper *s, void *arg)
{
    begin(s, arg, ROOT);
    add(s, arg, 0, wait_below_and_drop, A);
    add(s, arg, 1, raise_it, ROOT);
}

static void check_cancelled(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_int_equal(st->parts[0].rc, QN_ECANCELED);
    assert_null(st->tree.waiters.head);
}

/* Two that come and go, at depth 2 and 3 and below a sibling, while the raise goes through. */
static void set_come_and_go(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, ROOT);
    make(st, B);
    add(s, st, 0, come_and_go, A);
    add(s, st, 1, raise_it, ROOT);
    add(s, st, 2, come_and_go_below_b, BB);
}

static void check_gone(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_int_equal(st->parts[1].rc, true);
    assert_true(qn_token_poll(token_at(st, B)));
    if (kind == QN_TOKEN_IS_PUSH) {
        assert_ptr_equal(token_at(st, ROOT).push->first_child, token_at(st, B).push);
        assert_null(token_at(st, B).push->first_child);
    }
}

static void test_children_come_and_go(void **unused)
{
    (void)unused;
    explore("raise against register, two deep", set_register, check_below_a);
    explore("raise against register below a child", set_register_below, check_below_a);
    explore("raise against a grandchild's wait and fini", set_wait_and_drop, check_cancelled);
    explore("raise against children that come and go", set_come_and_go, check_gone);
}

/* Two raises at once, one above the other; who waits lowest is woken once. */

static void set_two_raises(struct qn_stepper *s, void *arg)
{
    begin(s, arg, BB);
    add(s, arg, 0, wait_for, AA);
    add(s, arg, 1, raise_it, ROOT);
    add(s, arg, 2, raise_it, A);
}

/* The same, where it is the first of two siblings that the root's raise may pass by. */
static void set_two_raises_beside(struct qn_stepper *s, void *arg)
{
    begin(s, arg, BB);
    add(s, arg, 0, wait_for, AA);
    add(s, arg, 1, raise_it, ROOT);
    add(s, arg, 2, raise_it, B);
}

static void check_two_raises(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    check_cancelled(s, st);
    assert_int_equal(st->parts[1].rc, true);
    for (enum place p = ROOT; p < N_PLACES; p++)
        assert_true(qn_token_poll(token_at(st, p)));
}

/* A raise beside who waits: nothing of it reaches there. */
static void set_raise_beside(struct qn_stepper *s, void *arg)
{
    begin(s, arg, BB);
    add(s, arg, 0, wait_for, AA);
    add(s, arg, 1, raise_it, A);
    add(s, arg, 2, wait_for, BB)->deadline = LATE;
}

static void check_raise_beside(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    check_cancelled(s, st);
    assert_int_equal(st->parts[2].rc, QN_ETIMEDOUT);
    assert_false(qn_token_raised(token_at(st, ROOT)));
    assert_false(qn_token_poll(token_at(st, BB)));
}

static void test_two_raises(void **unused)
{
    (void)unused;
    explore("raises of a token and of its ancestor", set_two_raises, check_two_raises);
    explore("raises of a token and of its parent", set_two_raises_beside, check_two_raises);
    explore("a raise beside a wait", set_raise_beside, check_raise_beside);
}

/* Polls: two of one token, a raise above it and one beside it. */

static void set_polls(struct qn_stepper *s, void *arg)
{
    begin(s, arg, BB);
    add(s, arg, 0, poll_twice, AA);
    add(s, arg, 1, poll_twice, AA);
    add(s, arg, 2, raise_it, A);
}

static void check_polls(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_true(qn_token_poll(token_at(st, AA)));
    assert_false(qn_token_poll(token_at(st, BB)));
}

static void set_polls_beside(struct qn_stepper *s, void *arg)
{
    begin(s, arg, BB);
    add(s, arg, 0, poll_twice, BB);
    add(s, arg, 1, raise_it, A);
    add(s, arg, 2, raise_it, BB);
}

static void check_polls_beside(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_true(qn_token_poll(token_at(st, BB)));
    assert_true(qn_token_poll(token_at(st, AA)));
    assert_false(qn_token_poll(token_at(st, B)));
}

static void test_polls(void **unused)
{
    (void)unused;
    explore("two polls against a raise above", set_polls, check_polls);
    explore("a poll against raises beside and at it", set_polls_beside, check_polls_beside);
}

static void set_select(struct qn_stepper *s, void *arg)
{
    begin(s, arg, AA);
    add(s, arg, 0, select_send_or_cancelled, AA);
    add(s, arg, 1, raise_it, ROOT);
    add(s, arg, 2, receive, ROOT);
}

static void check_select(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;
    const struct part *sel = &st->parts[0];

    qn_assert_all_done(s);
    assert_int_equal(sel->rc, sel->chosen == 0 ? QN_OK : QN_ECANCELED);
    assert_int_equal(st->parts[2].rc, sel->chosen == 0 ? QN_OK : QN_ETIMEDOUT);
    assert_null(((struct qn_chan *)st->chan)->senders.head);
    assert_null(st->tree.waiters.head); /* the loser's node is gone */
}

static void test_select(void **unused)
{
    (void)unused;
    explore("select {send, token} against a raise two above", set_select, check_select);
}

/* Shields and deadlines. */

static void test_shield(void **unused)
{
    struct qn_stepper *s;

    (void)unused;
    for (kind = 0; kind < N_KINDS; kind++) {
        assert_int_equal(qn_stepper_create(0, 1, &s), QN_OK);
        begin(s, &state, A);
        qn_token_init(token_at(&state, B), &state.tree, qn_token_at(kind, NULL), QN_NEVER);
        make(&state, BB);
        assert_false(qn_token_poll(token_at(&state, BB)));
        add(s, &state, 0, raise_it, ROOT);
        qn_stepper_run_out(s, 0);
        assert_true(qn_token_poll(token_at(&state, A)));
        assert_false(qn_token_poll(token_at(&state, B)));
        assert_false(qn_token_poll(token_at(&state, BB)));
        add(s, &state, 1, raise_it, B);
        qn_stepper_run_out(s, 1);
        assert_true(qn_token_poll(token_at(&state, BB)));
        qn_stepper_destroy(s);
    }
}

/* A wait below a token with this deadline, with a deadline of its own. */
static int wait_below(uint64_t token_deadline, uint64_t own, uint64_t wait_deadline)
{
    struct qn_stepper *s;
    struct qn_token none = qn_token_at(kind, NULL);

    assert_int_equal(qn_stepper_create(0, 1, &s), QN_OK);
    begin(s, &state, ROOT);
    qn_token_init(token_at(&state, A), &state.tree, none, token_deadline);
    qn_token_init(token_at(&state, AA), &state.tree, token_at(&state, A), own);
    add(s, &state, 0, wait_for, AA)->deadline = wait_deadline;
    while (qn_stepper_resume(s, 0))
        continue;
    qn_assert_all_done(s);
    /* A deadline raises nothing by itself, and a poll knows of none. */
    assert_false(qn_token_poll(token_at(&state, AA)));
    qn_stepper_destroy(s);
    return state.parts[0].rc;
}

static void test_deadlines(void **unused)
{
    (void)unused;
    for (kind = 0; kind < N_KINDS; kind++) {
        assert_int_equal(wait_below(1000, QN_NEVER, QN_NEVER), QN_EDEADLINE);
        assert_int_equal(qn_token_deadline(token_at(&state, AA)), 1000);
        assert_int_equal(wait_below(1000, 2000, QN_NEVER), QN_EDEADLINE);
        assert_int_equal(qn_token_deadline(token_at(&state, AA)), 1000);
        assert_int_equal(wait_below(2000, 1000, 1500), QN_EDEADLINE);
        assert_int_equal(qn_token_deadline(token_at(&state, AA)), 1000);
        assert_int_equal(wait_below(2000, QN_NEVER, 1000), QN_ETIMEDOUT);
        assert_int_equal(wait_below(2000, QN_NEVER, 2000), QN_ETIMEDOUT); /* a tie is the waiter's */
    }
}

static void set_deadline_race(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, ROOT);
    qn_token_init(token_at(st, A), &st->tree, token_at(st, ROOT), 1000);
    make(st, AA);
    add(s, st, 0, wait_for, AA);
    add(s, st, 1, raise_it, ROOT);
}

static void check_deadline_race(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_true(st->parts[0].rc == QN_ECANCELED || st->parts[0].rc == QN_EDEADLINE);
    assert_null(st->tree.waiters.head);
}

static void test_deadline_race(void **unused)
{
    (void)unused;
    explore("deadline against raise", set_deadline_race, check_deadline_race);
}

/*
 * Large trees. All that a runtime can ask of the system goes through its executor: this one counts it,
 * and the thread that raises has a stack that no recursion of such a depth fits.
 */

#define SMALL_STACK_BYTES ((size_t)256 * 1024)

/* A sanitizer multiplies the memory. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define N_MOST 100000
#else
#define N_MOST 1000000
#endif

static unsigned n_asked;

static void ask_lock(struct qn_lock *lock)
{
    (void)lock;
    n_asked++;
}

static void ask_unpark(struct qn_thread *thread)
{
    (void)thread;
    n_asked++;
}

static const struct qn_exec_ops counting_ops = {
    .name = "counting",
    .unpark = ask_unpark,
    .lock_slow = ask_lock,
    .unlock_slow = ask_lock,
};

struct large {
    struct qn_exec exec;
    struct qn_token_tree tree;
    unsigned char *nodes;
    size_t n, stride;
    size_t breadth; /* children a token: token i is below (i - 1) / breadth */
};

static struct qn_token large_at(struct large *l, size_t i)
{
    return qn_token_at(kind, l->nodes + i * l->stride);
}

static void *raise_large(void *arg)
{
    struct large *l = arg;

    assert_true(qn_token_raise(large_at(l, 0)));
    return NULL;
}

static void raise_on_small_stack(struct large *l)
{
    pthread_attr_t attr;
    pthread_t thread;

    assert_int_equal(pthread_attr_init(&attr), 0);
    assert_int_equal(pthread_attr_setstacksize(&attr, SMALL_STACK_BYTES), 0);
    assert_int_equal(pthread_create(&thread, &attr, raise_large, l), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attr);
}

/* The tokens whose polls are looked at: all, but where a poll climbs a deep tree a few. */
static size_t stride_of_polls(const struct large *l)
{
    return kind == QN_TOKEN_IS_PUSH || l->breadth > 1 ? 1 : l->n / 100;
}

static void check_large(size_t n, size_t breadth)
{
    static struct large l;
    size_t align = qn_token_align(kind);

    l = (struct large){.exec.ops = &counting_ops, .n = n, .breadth = breadth};
    l.stride = (qn_token_bytes(kind) + align - 1) / align * align;
    l.nodes = aligned_alloc(QN_LINE_BYTES, (n * l.stride + QN_LINE_BYTES - 1) / QN_LINE_BYTES * QN_LINE_BYTES);
    assert_non_null(l.nodes);
    qn_token_tree_init(&l.tree, &l.exec);
    for (size_t i = 0; i < n; i++)
        qn_token_init(large_at(&l, i), &l.tree,
                      i ? large_at(&l, (i - 1) / breadth) : qn_token_at(kind, NULL), QN_NEVER);
    n_asked = 0;
    raise_on_small_stack(&l);
    for (size_t i = 0; i < n; i += stride_of_polls(&l))
        assert_true(qn_token_poll(large_at(&l, i)));
    for (size_t i = n; i-- > 0;)
        qn_token_fini(large_at(&l, i));
    assert_int_equal(n_asked, 0);
    free(l.nodes);
}

static void test_large_trees(void **unused)
{
    (void)unused;
    for (kind = 0; kind < N_KINDS; kind++) {
        check_large(10000, 10);
        check_large(10000, 10000);
        check_large(100000, 1);
    }
    kind = QN_TOKEN_IS_PUSH;
    check_large(N_MOST, 10);
}

/* Of 10,000 tokens three are waited for: the raise wakes three threads and sleeps for nobody. */

#define N_NODES 10000
#define N_WAITING 3

struct forest {
    struct qn_token_tree tree;
    unsigned char *nodes;
    size_t stride;
    int rc[N_WAITING];
};

static struct forest forest;

static struct qn_token forest_at(size_t i)
{
    return qn_token_at(kind, forest.nodes + i * forest.stride);
}

static void wait_in_forest(void *arg)
{
    size_t i = (size_t)((int *)arg - forest.rc);

    forest.rc[i] = qn_token_wait(forest_at(N_NODES - 1 - i * 1000), QN_NEVER);
}

static void raise_forest(void *arg)
{
    (void)arg;
    assert_true(qn_token_raise(forest_at(0)));
}

/* The tokens are made before the stepper is there, so that this takes no steps. */
static void grow(struct qn_exec *exec)
{
    forest.stride = MAX_TOKEN_BYTES;
    forest.nodes = aligned_alloc(QN_LINE_BYTES, N_NODES * forest.stride);
    assert_non_null(forest.nodes);
    qn_token_tree_init(&forest.tree, exec);
    for (size_t i = 0; i < N_NODES; i++)
        qn_token_init(forest_at(i), &forest.tree,
                      i ? forest_at((i - 1) / 10) : qn_token_at(kind, NULL), QN_NEVER);
}

static void check_wakes(void)
{
    struct qn_stepper *s;
    unsigned id, n_unparks = 0, n_sleeps = 0;

    assert_int_equal(qn_stepper_create(0, 1, &s), QN_OK);
    grow(qn_stepper_exec(s));
    for (unsigned i = 0; i < N_WAITING; i++) {
        assert_int_equal(qn_stepper_add(s, wait_in_forest, &forest.rc[i], &id), QN_OK);
        qn_stepper_run_out(s, id);
        assert_int_equal(qn_stepper_state(s, id), QN_FIBER_PARKED);
    }
    assert_int_equal(qn_stepper_add(s, raise_forest, s, &id), QN_OK);
    while (qn_stepper_resume(s, id)) {
        n_unparks += strcmp(qn_stepper_point(s, id), "unpark") == 0;
        n_sleeps += qn_stepper_state(s, id) != QN_FIBER_READY && qn_stepper_state(s, id) != QN_FIBER_DONE;
    }
    assert_int_equal(n_unparks, N_WAITING);
    assert_int_equal(n_sleeps, 0);
    for (unsigned i = 0; i < N_WAITING; i++) {
        qn_stepper_run_out(s, i);
        assert_int_equal(forest.rc[i], QN_ECANCELED);
    }
    qn_assert_all_done(s);
    free(forest.nodes);
    qn_stepper_destroy(s);
}

static void test_wakes(void **unused)
{
    (void)unused;
    for (kind = 0; kind < N_KINDS; kind++)
        check_wakes();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_children_come_and_go),
        cmocka_unit_test(test_two_raises),
        cmocka_unit_test(test_polls),
        cmocka_unit_test(test_select),
        cmocka_unit_test(test_shield),
        cmocka_unit_test(test_deadlines),
        cmocka_unit_test(test_deadline_race),
        cmocka_unit_test(test_large_trees),
        cmocka_unit_test(test_wakes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
