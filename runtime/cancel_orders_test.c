/* A token raised while threads wait for it, or children are created and destroyed, in every
 * order. */
#include "runtime/orders_bed.h"
#include "tests/cmocka_all.h"

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
    memset(&p->state->child, 0xa5, sizeof(p->state->child)); /* it must not be read any more */
}

static void drop_child(void *arg)
{
    struct part *p = arg;

    qn_cancel_init(&p->state->child, p->state->exec, &p->state->token);
    qn_cancel_fini(&p->state->child);
    memset(&p->state->child, 0xa5, sizeof(p->state->child));
}

static void set_raise_against_wait(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    orders_begin(s, st, 0, 0);
    orders_add(s, wait_token, orders_part(st, 0, 0));
    orders_add(s, raise_token, orders_part(st, 1, 0));
    orders_add(s, raise_token, orders_part(st, 2, 0));
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
    orders_explore("raise against wait", set_raise_against_wait, check_raise_against_wait);
}

static void set_raise_against_register(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    orders_begin(s, st, 0, 0);
    orders_add(s, make_child, orders_part(st, 0, 0));
    orders_add(s, raise_token, orders_part(st, 1, 0));
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

    orders_begin(s, st, 0, 0);
    orders_add(s, wait_child, orders_part(st, 0, 0));
    orders_add(s, raise_token, orders_part(st, 1, 0));
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

    orders_begin(s, st, 0, 0);
    orders_add(s, drop_child, orders_part(st, 0, 0));
    orders_add(s, raise_token, orders_part(st, 1, 0));
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
    orders_explore("raise against register", set_raise_against_register,
                   check_raise_against_register);
    orders_explore("raise against a child's wait", set_raise_against_child_wait, check_child_wait);
    orders_explore("raise against deregister", set_raise_against_drop, check_drop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_raise_against_wait),
        cmocka_unit_test(test_raise_against_children),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
