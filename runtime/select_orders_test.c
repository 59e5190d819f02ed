/* Selects against tokens, closing and one another in every order of their steps. */
#include "runtime/orders_bed.h"
#include "tests/cmocka_all.h"

static void send_b(void *arg)
{
    struct part *p = arg;

    p->rc = qn_chan_send(chan_b(p->state), &p->value, p->deadline);
}

static void close_b(void *arg)
{
    struct part *p = arg;

    p->rc = qn_chan_close(chan_b(p->state));
}

static void select_send_a_or_cancelled(void *arg)
{
    struct part *p = arg;
    struct qn_case cases[] = {qn_case_send(chan_a(p->state), &p->value),
                              qn_case_cancelled(&p->state->token)};

    p->rc = qn_select(cases, 2, p->deadline, &p->chosen);
}

static void select_send_a_or_closed_b(void *arg)
{
    struct part *p = arg;
    struct qn_case cases[] = {qn_case_send(chan_a(p->state), &p->value),
                              qn_case_recv(chan_b(p->state), NULL)};

    p->rc = qn_select(cases, 2, QN_NEVER, &p->chosen);
}

static void select_recv_a_or_b(void *arg)
{
    struct part *p = arg;
    struct qn_case cases[] = {qn_case_recv(chan_a(p->state), &p->value),
                              qn_case_recv(chan_b(p->state), &p->value)};

    p->rc = qn_select(cases, 2, QN_NEVER, &p->chosen);
}

static void set_select_against_cancel(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    orders_begin(s, st, 0, 0);
    orders_add(s, select_send_a_or_cancelled, orders_part(st, 0, 7));
    orders_add(s, raise_token, orders_part(st, 1, 0));
    orders_part(st, 2, 0)->deadline = UINT64_C(1) << 40; /* the receiver gives up in the end */
    orders_add(s, recv_a, &st->parts[2]);
}

static void check_select_against_cancel(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;
    const struct part *sel = &st->parts[0], *recv = &st->parts[2];

    qn_assert_all_done(s);
    if (sel->chosen == 0) {
        assert_int_equal(sel->rc, QN_OK);
        assert_int_equal(recv->rc, QN_OK);
        assert_int_equal(recv->value, 7);
    } else {
        assert_int_equal(sel->rc, QN_ECANCELED);
        assert_int_equal(recv->rc, QN_ETIMEDOUT);
    }
    assert_null(chan_a(st)->senders.head); /* the loser's node is gone */
    assert_null(st->token.waiters.head);
}

static void test_select_against_cancel(void **unused)
{
    (void)unused;
    orders_explore("select {send, token}", set_select_against_cancel, check_select_against_cancel);
}

static void set_select_against_close(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    orders_begin(s, st, 0, 0);
    qn_chan_init(chan_b(st), st->exec, 0, 0);
    orders_add(s, select_send_a_or_closed_b, orders_part(st, 0, 7));
    orders_add(s, close_b, orders_part(st, 1, 0));
    orders_part(st, 2, 0)->deadline = UINT64_C(1) << 40;
    orders_add(s, recv_a, &st->parts[2]);
}

static void check_select_against_close(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;
    const struct part *sel = &st->parts[0], *recv = &st->parts[2];

    qn_assert_all_done(s);
    assert_int_equal(sel->rc, sel->chosen == 0 ? QN_OK : QN_ECLOSED);
    assert_int_equal(recv->rc, sel->chosen == 0 ? QN_OK : QN_ETIMEDOUT);
    assert_null(chan_a(st)->senders.head);
    assert_null(chan_b(st)->receivers.head);
}

static void test_select_against_close(void **unused)
{
    (void)unused;
    orders_explore("select {send, closed}", set_select_against_close, check_select_against_close);
}

/* Two senders race for one select: exactly one is received, and the other can still be received. */
static void set_select_race(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    orders_begin(s, st, 0, 0);
    orders_add(s, select_recv_a_or_b, orders_part(st, 0, 0));
    orders_add(s, send_a, orders_part(st, 1, 1));
    orders_add(s, send_b, orders_part(st, 2, 2));
}

static void check_select_race(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;
    const struct part *sel = &st->parts[0];

    (void)s;
    assert_int_equal(sel->rc, QN_OK);
    assert_int_equal(sel->value, sel->chosen == 0 ? 1 : 2);
    assert_int_equal(st->parts[1].rc == QN_OK, sel->chosen == 0);
    assert_int_equal(st->parts[2].rc == QN_OK, sel->chosen == 1);
    assert_null(chan_a(st)->receivers.head);
    assert_null(chan_b(st)->receivers.head);
    assert_int_equal((chan_a(st)->senders.head != NULL) + (chan_b(st)->senders.head != NULL), 1);
}

static void test_select_race(void **unused)
{
    (void)unused;
    orders_explore("select {receive, receive}", set_select_race, check_select_race);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_select_against_cancel),
        cmocka_unit_test(test_select_against_close),
        cmocka_unit_test(test_select_race),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
