/* Channels in every order of their steps, up to a few preemptions. */
#include "runtime/orders_bed.h"
#include "tests/cmocka_all.h"

static void recv_a_twice(void *arg)
{
    struct part *p = arg;
    int first = 0, second = 0;

    p->rc = qn_chan_recv(chan_a(p->state), &first, QN_NEVER);
    assert_int_equal(qn_chan_recv(chan_a(p->state), &second, QN_NEVER), QN_OK);
    p->value = first * 10 + second;
}

static void send_a_thrice(void *arg)
{
    struct part *p = arg;

    p->rc = QN_OK;
    for (int i = 1; i <= 3; i++)
        p->rc |= qn_chan_send(chan_a(p->state), &i, QN_NEVER);
}

static void close_a(void *arg)
{
    struct part *p = arg;

    p->rc = qn_chan_close(chan_a(p->state));
}

static void set_rendezvous(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    orders_begin(s, st, 0, 0);
    orders_add(s, send_a, orders_part(st, 0, 7));
    orders_add(s, recv_a, orders_part(st, 1, 0));
}

static void check_rendezvous(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_int_equal(st->parts[0].rc, QN_OK);
    assert_int_equal(st->parts[1].rc, QN_OK);
    assert_int_equal(st->parts[1].value, 7);
    assert_true(st->parts[1].began <
                st->parts[0].ended); /* no send completes before its receive began */
}

static void test_rendezvous(void **unused)
{
    (void)unused;
    orders_explore("rendezvous", set_rendezvous, check_rendezvous);
}

static void set_two_senders(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    orders_begin(s, st, 0, 0);
    orders_add(s, send_a, orders_part(st, 0, 1));
    orders_add(s, send_a, orders_part(st, 1, 2));
    orders_add(s, recv_a_twice, orders_part(st, 2, 0));
}

static void set_two_senders_buffered(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    set_two_senders(s, st);
    qn_chan_init(chan_a(st), st->exec, 1, sizeof(int));
}

static void check_two_senders(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_true(st->parts[2].value == 12 || st->parts[2].value == 21);
    assert_int_equal(chan_a(st)->tail, chan_a(st)->head);
}

static void test_two_senders(void **unused)
{
    (void)unused;
    orders_explore("two senders, unbuffered", set_two_senders, check_two_senders);
    orders_explore("two senders, capacity 1", set_two_senders_buffered, check_two_senders);
}

/* A receiver that runs between one that has made room and the sender that waits for it. */
static void set_order(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    orders_begin(s, st, 1, 0);
    orders_add(s, send_a_thrice, orders_part(st, 0, 0));
    orders_add(s, recv_a, orders_part(st, 1, 0));
    orders_add(s, recv_a_twice, orders_part(st, 2, 0));
}

static void check_order(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;
    int first = st->parts[2].value / 10, second = st->parts[2].value % 10;

    qn_assert_all_done(s);
    assert_int_equal(st->parts[0].rc, QN_OK);
    assert_true(first < second); /* messages of one sender arrive in the order they were sent */
    assert_int_equal(st->parts[1].value + first + second, 6);
}

static void test_messages_keep_their_order(void **unused)
{
    (void)unused;
    orders_explore("a sender and two receivers, capacity 1", set_order, check_order);
}

/* One receive makes room for one send, and nothing follows that could repair a missed wake-up. */
static void set_room(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    orders_begin(s, st, 1, 0);
    orders_add(s, send_a, orders_part(st, 0, 1));
    orders_add(s, send_a, orders_part(st, 1, 2));
    orders_add(s, recv_a, orders_part(st, 2, 0));
}

static void check_room(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_int_equal(st->parts[0].rc, QN_OK);
    assert_int_equal(st->parts[1].rc, QN_OK);
    assert_int_equal(chan_a(st)->tail - chan_a(st)->head, 1);
}

static void test_room_is_told_of(void **unused)
{
    (void)unused;
    orders_explore("two senders and one receive, capacity 1", set_room, check_room);
}

static void set_close_against_send(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    orders_begin(s, st, 0, 0);
    orders_add(s, send_a, orders_part(st, 0, 7));
    orders_add(s, recv_a, orders_part(st, 1, 0));
    orders_add(s, close_a, orders_part(st, 2, 0));
}

/* In any order, no thread is left asleep and both sides agree. */
static void check_close_against_send(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_int_equal(st->parts[2].rc, QN_OK);
    assert_int_equal(st->parts[0].rc, st->parts[1].rc);
    assert_true(st->parts[0].rc == QN_OK || st->parts[0].rc == QN_ECLOSED);
    assert_int_equal(st->parts[1].value, st->parts[0].rc == QN_OK ? 7 : 0);
}

static void test_close_against_send(void **unused)
{
    (void)unused;
    orders_explore("close against send and receive", set_close_against_send,
                   check_close_against_send);
}

static void set_close_wakes_all(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    orders_begin(s, st, 0, 0);
    orders_add(s, recv_a, orders_part(st, 0, 0));
    orders_add(s, recv_a, orders_part(st, 1, 0));
    orders_add(s, close_a, orders_part(st, 2, 0));
}

static void set_close_wakes_senders(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    orders_begin(s, st, 0, 0);
    orders_add(s, send_a, orders_part(st, 0, 0));
    orders_add(s, send_a, orders_part(st, 1, 0));
    orders_add(s, close_a, orders_part(st, 2, 0));
}

static void check_closed(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_int_equal(st->parts[0].rc, QN_ECLOSED);
    assert_int_equal(st->parts[1].rc, QN_ECLOSED);
}

static void test_close_wakes_all(void **unused)
{
    (void)unused;
    orders_explore("close wakes all receivers", set_close_wakes_all, check_closed);
    orders_explore("close wakes all senders", set_close_wakes_senders, check_closed);
}

/* A closed channel is drained before receives fail. */
static void set_close_after_buffered(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;
    int value = 7;

    orders_begin(s, st, 1, 0);
    memcpy(chan_a(st)->buffer, &value, sizeof(value));
    chan_a(st)->tail = 1;
    orders_add(s, recv_a, orders_part(st, 0, 0));
    orders_add(s, close_a, orders_part(st, 1, 0));
    orders_add(s, recv_a, orders_part(st, 2, 0));
}

static void check_close_after_buffered(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;
    const struct part *r1 = &st->parts[0], *r2 = &st->parts[2];

    qn_assert_all_done(s);
    assert_int_equal((r1->rc == QN_OK) + (r2->rc == QN_OK), 1);
    assert_int_equal((r1->rc == QN_ECLOSED) + (r2->rc == QN_ECLOSED), 1);
    assert_int_equal(r1->value + r2->value, 7);
}

static void test_close_after_buffered(void **unused)
{
    (void)unused;
    orders_explore("receive after close drains", set_close_after_buffered,
                   check_close_after_buffered);
}

/* A deadline races the sender: either both succeed or neither does. */
static void set_timeout_race(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    orders_begin(s, st, 0, 0);
    orders_part(st, 0, 7)->deadline = 2000;
    orders_part(st, 1, 0)->deadline = 1000;
    orders_add(s, send_a, &st->parts[0]);
    orders_add(s, recv_a, &st->parts[1]);
}

static void check_timeout_race(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_int_equal(st->parts[0].rc, st->parts[1].rc);
    assert_true(st->parts[0].rc == QN_OK || st->parts[0].rc == QN_ETIMEDOUT);
    assert_null(chan_a(st)->senders.head);
    assert_null(chan_a(st)->receivers.head);
}

static void test_timeout_race(void **unused)
{
    (void)unused;
    orders_explore("deadline against send", set_timeout_race, check_timeout_race);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rendezvous),
        cmocka_unit_test(test_two_senders),
        cmocka_unit_test(test_messages_keep_their_order),
        cmocka_unit_test(test_room_is_told_of),
        cmocka_unit_test(test_close_against_send),
        cmocka_unit_test(test_close_wakes_all),
        cmocka_unit_test(test_close_after_buffered),
        cmocka_unit_test(test_timeout_race),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
