/* Channels, selects, tokens and groups in every order of their steps, up to a few preemptions. */
#include "runtime/cancel.h"
#include "runtime/chan.h"
#include "runtime/group.h"
#include "tests/cmocka_all.h"
#include "tests/stepped/explore.h"

#define MAX_CHAN_BYTES 512

/* One fiber's part: what it does and what came of it. */
struct part {
    struct state *state;
    int value;    /* sent, or received */
    int rc;
    unsigned chosen;
    unsigned began, ended; /* places in the order of events, from 1 */
    uint64_t deadline;
};

struct state {
    struct qn_exec *exec;
    _Alignas(struct qn_chan) unsigned char a[MAX_CHAN_BYTES];
    _Alignas(struct qn_chan) unsigned char b[MAX_CHAN_BYTES];
    struct qn_cancel token, child;
    struct qn_group group;
    unsigned clock;
    struct part parts[4];
};

static struct state state;

static struct qn_chan *chan_a(struct state *st)
{
    return (struct qn_chan *)st->a;
}

static struct qn_chan *chan_b(struct state *st)
{
    return (struct qn_chan *)st->b;
}

static struct part *part_of(struct state *st, unsigned i, int value)
{
    st->parts[i] = (struct part){.state = st, .value = value, .rc = 1, .deadline = QN_NEVER};
    return &st->parts[i];
}

static void add(struct qn_stepper *s, void (*fn)(void *), struct part *p)
{
    unsigned id;

    assert_int_equal(qn_stepper_add(s, fn, p, &id), QN_OK);
}

static void begin(struct qn_stepper *s, struct state *st, uint32_t cap_a, uint32_t cap_b)
{
    st->exec = qn_stepper_exec(s);
    qn_chan_init(chan_a(st), st->exec, cap_a, sizeof(int));
    qn_chan_init(chan_b(st), st->exec, cap_b, sizeof(int));
    qn_cancel_init(&st->token, st->exec, NULL);
}

/* Fibers. */

static void send_a(void *arg)
{
    struct part *p = arg;

    p->rc = qn_chan_send(chan_a(p->state), &p->value, p->deadline);
    p->ended = ++p->state->clock;
}

static void send_b(void *arg)
{
    struct part *p = arg;

    p->rc = qn_chan_send(chan_b(p->state), &p->value, p->deadline);
}

static void recv_a(void *arg)
{
    struct part *p = arg;

    p->began = ++p->state->clock;
    p->rc = qn_chan_recv(chan_a(p->state), &p->value, p->deadline);
}

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

static void close_b(void *arg)
{
    struct part *p = arg;

    p->rc = qn_chan_close(chan_b(p->state));
}

static void raise_token(void *arg)
{
    struct part *p = arg;

    p->rc = qn_cancel_raise(&p->state->token);
}

static void wait_token(void *arg)
{
    struct part *p = arg;

    p->rc = qn_cancel_wait(&p->state->token, p->deadline);
}

static void make_child(void *arg)
{
    struct part *p = arg;

    qn_cancel_init(&p->state->child, p->state->exec, &p->state->token);
}

static void wait_child(void *arg)
{
    struct part *p = arg;

    qn_cancel_init(&p->state->child, p->state->exec, &p->state->token);
    p->rc = qn_cancel_wait(&p->state->child, QN_NEVER);
    qn_cancel_fini(&p->state->child);
    memset(&p->state->child, 0xa5, sizeof(p->state->child)); /* nobody may look at it any more */
}

static void drop_child(void *arg)
{
    struct part *p = arg;

    qn_cancel_init(&p->state->child, p->state->exec, &p->state->token);
    qn_cancel_fini(&p->state->child);
    memset(&p->state->child, 0xa5, sizeof(p->state->child));
}

static void group_done(void *arg)
{
    struct part *p = arg;

    qn_group_done(&p->state->group);
}

static void group_wait(void *arg)
{
    struct part *p = arg;

    p->rc = qn_group_wait(&p->state->group, p->deadline);
}

/* Scenarios. */

static void explore(const char *name, void (*set_up)(struct qn_stepper *, void *),
                    void (*check)(struct qn_stepper *, void *))
{
    struct qn_scenario sc = {name, 0, set_up, check, &state, sizeof(state)};

    qn_explore(&sc, qn_explore_depth());
}

static void set_rendezvous(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 0, 0);
    add(s, send_a, part_of(st, 0, 7));
    add(s, recv_a, part_of(st, 1, 0));
}

static void check_rendezvous(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_int_equal(st->parts[0].rc, QN_OK);
    assert_int_equal(st->parts[1].rc, QN_OK);
    assert_int_equal(st->parts[1].value, 7);
    assert_true(st->parts[1].began < st->parts[0].ended); /* no send completes before its receive began */
}

static void test_rendezvous(void **unused)
{
    (void)unused;
    explore("rendezvous", set_rendezvous, check_rendezvous);
}

static void set_two_senders(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 0, 0);
    add(s, send_a, part_of(st, 0, 1));
    add(s, send_a, part_of(st, 1, 2));
    add(s, recv_a_twice, part_of(st, 2, 0));
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
    explore("two senders, unbuffered", set_two_senders, check_two_senders);
    explore("two senders, capacity 1", set_two_senders_buffered, check_two_senders);
}

/* A receiver that comes between one that has made room and the sender that waits for it. */
static void set_order(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 1, 0);
    add(s, send_a_thrice, part_of(st, 0, 0));
    add(s, recv_a, part_of(st, 1, 0));
    add(s, recv_a_twice, part_of(st, 2, 0));
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
    explore("a sender and two receivers, capacity 1", set_order, check_order);
}

/* One receive makes room for one send, and nobody comes after it to put right what was missed. */
static void set_room(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 1, 0);
    add(s, send_a, part_of(st, 0, 1));
    add(s, send_a, part_of(st, 1, 2));
    add(s, recv_a, part_of(st, 2, 0));
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
    explore("two senders and one receive, capacity 1", set_room, check_room);
}

static void set_close_against_send(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 0, 0);
    add(s, send_a, part_of(st, 0, 7));
    add(s, recv_a, part_of(st, 1, 0));
    add(s, close_a, part_of(st, 2, 0));
}

/* Whatever comes first, nobody is left asleep and both sides agree. */
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
    explore("close against send and receive", set_close_against_send, check_close_against_send);
}

static void set_close_wakes_all(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 0, 0);
    add(s, recv_a, part_of(st, 0, 0));
    add(s, recv_a, part_of(st, 1, 0));
    add(s, close_a, part_of(st, 2, 0));
}

static void set_close_wakes_senders(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 0, 0);
    add(s, send_a, part_of(st, 0, 0));
    add(s, send_a, part_of(st, 1, 0));
    add(s, close_a, part_of(st, 2, 0));
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
    explore("close wakes all receivers", set_close_wakes_all, check_closed);
    explore("close wakes all senders", set_close_wakes_senders, check_closed);
}

/* The buffer is drained before a closed channel says so. */
static void set_close_after_buffered(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;
    int value = 7;

    begin(s, st, 1, 0);
    memcpy(chan_a(st)->buffer, &value, sizeof(value));
    chan_a(st)->tail = 1;
    add(s, recv_a, part_of(st, 0, 0));
    add(s, close_a, part_of(st, 1, 0));
    add(s, recv_a, part_of(st, 2, 0));
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
    explore("receive after close drains", set_close_after_buffered, check_close_after_buffered);
}

static void set_select_against_cancel(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 0, 0);
    add(s, select_send_a_or_cancelled, part_of(st, 0, 7));
    add(s, raise_token, part_of(st, 1, 0));
    part_of(st, 2, 0)->deadline = UINT64_C(1) << 40; /* the receiver gives up in the end */
    add(s, recv_a, &st->parts[2]);
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
    explore("select {send, token}", set_select_against_cancel, check_select_against_cancel);
}

static void set_select_against_close(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 0, 0);
    qn_chan_init(chan_b(st), st->exec, 0, 0);
    add(s, select_send_a_or_closed_b, part_of(st, 0, 7));
    add(s, close_b, part_of(st, 1, 0));
    part_of(st, 2, 0)->deadline = UINT64_C(1) << 40;
    add(s, recv_a, &st->parts[2]);
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
    explore("select {send, closed}", set_select_against_close, check_select_against_close);
}

/* Two senders race for one select: exactly one is taken, and the other is still there to be taken. */
static void set_select_race(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 0, 0);
    add(s, select_recv_a_or_b, part_of(st, 0, 0));
    add(s, send_a, part_of(st, 1, 1));
    add(s, send_b, part_of(st, 2, 2));
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
    explore("select {receive, receive}", set_select_race, check_select_race);
}

/* A deadline races the sender: either both succeed or neither does. */
static void set_timeout_race(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 0, 0);
    part_of(st, 0, 7)->deadline = 2000;
    part_of(st, 1, 0)->deadline = 1000;
    add(s, send_a, &st->parts[0]);
    add(s, recv_a, &st->parts[1]);
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
    explore("deadline against send", set_timeout_race, check_timeout_race);
}

static void set_raise_against_wait(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 0, 0);
    add(s, wait_token, part_of(st, 0, 0));
    add(s, raise_token, part_of(st, 1, 0));
    add(s, raise_token, part_of(st, 2, 0));
}

static void check_raise_against_wait(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_int_equal(st->parts[0].rc, QN_ECANCELED);
    assert_int_equal(st->parts[1].rc + st->parts[2].rc, 1); /* one of the two raised it */
}

static void test_raise_against_wait(void **unused)
{
    (void)unused;
    explore("raise against wait", set_raise_against_wait, check_raise_against_wait);
}

static void set_raise_against_register(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 0, 0);
    add(s, make_child, part_of(st, 0, 0));
    add(s, raise_token, part_of(st, 1, 0));
}

static void check_raise_against_register(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_true(qn_cancel_raised(&st->child));
}

static void set_raise_against_child_wait(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 0, 0);
    add(s, wait_child, part_of(st, 0, 0));
    add(s, raise_token, part_of(st, 1, 0));
}

static void check_child_wait(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_int_equal(st->parts[0].rc, QN_ECANCELED);
    assert_null(st->token.first_child);
}

static void set_raise_against_drop(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 0, 0);
    add(s, drop_child, part_of(st, 0, 0));
    add(s, raise_token, part_of(st, 1, 0));
}

static void check_drop(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_null(st->token.first_child);
}

static void test_raise_against_children(void **unused)
{
    (void)unused;
    explore("raise against register", set_raise_against_register, check_raise_against_register);
    explore("raise against a child's wait", set_raise_against_child_wait, check_child_wait);
    explore("raise against deregister", set_raise_against_drop, check_drop);
}

static void set_group(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st, 0, 0);
    qn_group_init(&st->group, st->exec, 2);
    add(s, group_wait, part_of(st, 0, 0));
    add(s, group_done, part_of(st, 1, 0));
    add(s, group_done, part_of(st, 2, 0));
}

static void check_group(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_int_equal(st->parts[0].rc, QN_OK);
}

static void test_group(void **unused)
{
    (void)unused;
    explore("group", set_group, check_group);
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
        cmocka_unit_test(test_select_against_cancel),
        cmocka_unit_test(test_select_against_close),
        cmocka_unit_test(test_select_race),
        cmocka_unit_test(test_timeout_race),
        cmocka_unit_test(test_raise_against_wait),
        cmocka_unit_test(test_raise_against_children),
        cmocka_unit_test(test_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
