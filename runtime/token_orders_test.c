/* Trees of tokens of every kind, raised while children are created and destroyed, wait, poll and
 * select, in every order of their steps. */
#include "runtime/token_bed.h"
#include "tests/cmocka_all.h"

#define LATE (UINT64_C(1) << 40)

/* It must not be read any more. */
static void drop_token(struct state *st, enum place p)
{
    qn_token_fini(token_at(st, p));
    memset(st->nodes[p], 0xa5, sizeof(st->nodes[p]));
}

static void poll_twice(void *arg)
{
    struct part *p = arg;

    p->saw = qn_token_poll(token_at(p->state, p->place));
    assert_true(!p->saw || qn_token_poll(token_at(p->state, p->place))); /* raising is permanent */
    p->saw |= qn_token_poll(token_at(p->state, p->place));
}

static void make_a_and_below(void *arg)
{
    struct part *p = arg;

    tokens_make(p->state, A);
    tokens_make(p->state, AA);
}

static void make_below_a(void *arg)
{
    struct part *p = arg;

    tokens_make(p->state, AA);
}

static void wait_below_and_drop(void *arg)
{
    struct part *p = arg;

    make_a_and_below(arg);
    p->rc = qn_token_wait(token_at(p->state, AA), QN_NEVER);
    drop_token(p->state, AA);
    drop_token(p->state, A);
}

static void come_and_go(void *arg)
{
    struct part *p = arg;

    make_a_and_below(arg);
    drop_token(p->state, AA);
    drop_token(p->state, A);
}

static void come_and_go_below_b(void *arg)
{
    struct part *p = arg;

    tokens_make(p->state, BB);
    drop_token(p->state, BB);
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

/* A raise of the root while tokens are created below it, two and three deep. */

static void set_register(struct qn_stepper *s, void *arg)
{
    tokens_begin(s, arg, ROOT);
    tokens_add(s, arg, 0, make_a_and_below, A);
    tokens_add(s, arg, 1, raise_it, ROOT);
}

static void set_register_below(struct qn_stepper *s, void *arg)
{
    tokens_begin(s, arg, A);
    tokens_add(s, arg, 0, make_below_a, AA);
    tokens_add(s, arg, 1, raise_it, ROOT);
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
    tokens_begin(s, arg, ROOT);
    tokens_add(s, arg, 0, wait_below_and_drop, A);
    tokens_add(s, arg, 1, raise_it, ROOT);
}

static void check_cancelled(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_int_equal(st->parts[0].rc, QN_ECANCELED);
    assert_null(st->tree.waiters.head);
}

/* Two that are created and destroyed, at depth 2 and 3 and below a sibling, during the raise. */
static void set_come_and_go(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    tokens_begin(s, st, ROOT);
    tokens_make(st, B);
    tokens_add(s, st, 0, come_and_go, A);
    tokens_add(s, st, 1, raise_it, ROOT);
    tokens_add(s, st, 2, come_and_go_below_b, BB);
}

static void check_gone(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_int_equal(st->parts[1].rc, true);
    assert_true(qn_token_poll(token_at(st, B)));
    if (token_kind == QN_TOKEN_IS_PUSH) {
        assert_ptr_equal(token_at(st, ROOT).push->first_child, token_at(st, B).push);
        assert_null(token_at(st, B).push->first_child);
    }
}

static void test_children_come_and_go(void **unused)
{
    (void)unused;
    tokens_explore("raise against register, two deep", set_register, check_below_a);
    tokens_explore("raise against register below a child", set_register_below, check_below_a);
    tokens_explore("raise against a grandchild's wait and fini", set_wait_and_drop,
                   check_cancelled);
    tokens_explore("raise against children that come and go", set_come_and_go, check_gone);
}

/* Two raises at once, one above the other; the lowest waiter is woken once. */

static void set_two_raises(struct qn_stepper *s, void *arg)
{
    tokens_begin(s, arg, BB);
    tokens_add(s, arg, 0, wait_for, AA);
    tokens_add(s, arg, 1, raise_it, ROOT);
    tokens_add(s, arg, 2, raise_it, A);
}

/* The same for the first of two siblings, which the root's raise may skip. */
static void set_two_raises_beside(struct qn_stepper *s, void *arg)
{
    tokens_begin(s, arg, BB);
    tokens_add(s, arg, 0, wait_for, AA);
    tokens_add(s, arg, 1, raise_it, ROOT);
    tokens_add(s, arg, 2, raise_it, B);
}

static void check_two_raises(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    check_cancelled(s, st);
    assert_int_equal(st->parts[1].rc, true);
    for (enum place p = ROOT; p < N_PLACES; p++)
        assert_true(qn_token_poll(token_at(st, p)));
}

/* A raise in another branch does not reach the waiter. */
static void set_raise_beside(struct qn_stepper *s, void *arg)
{
    tokens_begin(s, arg, BB);
    tokens_add(s, arg, 0, wait_for, AA);
    tokens_add(s, arg, 1, raise_it, A);
    tokens_add(s, arg, 2, wait_for, BB)->deadline = LATE;
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
    tokens_explore("raises of a token and of its ancestor", set_two_raises, check_two_raises);
    tokens_explore("raises of a token and of its parent", set_two_raises_beside, check_two_raises);
    tokens_explore("a raise beside a wait", set_raise_beside, check_raise_beside);
}

/* Polls: two of one token, a raise above it and one in another branch. */

static void set_polls(struct qn_stepper *s, void *arg)
{
    tokens_begin(s, arg, BB);
    tokens_add(s, arg, 0, poll_twice, AA);
    tokens_add(s, arg, 1, poll_twice, AA);
    tokens_add(s, arg, 2, raise_it, A);
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
    tokens_begin(s, arg, BB);
    tokens_add(s, arg, 0, poll_twice, BB);
    tokens_add(s, arg, 1, raise_it, A);
    tokens_add(s, arg, 2, raise_it, BB);
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
    tokens_explore("two polls against a raise above", set_polls, check_polls);
    tokens_explore("a poll against raises beside and at it", set_polls_beside, check_polls_beside);
}

static void set_select(struct qn_stepper *s, void *arg)
{
    tokens_begin(s, arg, AA);
    tokens_add(s, arg, 0, select_send_or_cancelled, AA);
    tokens_add(s, arg, 1, raise_it, ROOT);
    tokens_add(s, arg, 2, receive, ROOT);
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
    tokens_explore("select {send, token} against a raise two above", set_select, check_select);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_children_come_and_go),
        cmocka_unit_test(test_two_raises),
        cmocka_unit_test(test_polls),
        cmocka_unit_test(test_select),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
