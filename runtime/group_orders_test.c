/* Waiting for a group while its members finish, in every order of their steps. */
#include "runtime/orders_bed.h"
#include "tests/cmocka_all.h"

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

static void set_group(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    orders_begin(s, st, 0, 0);
    qn_group_init(&st->group, st->exec, 2);
    orders_add(s, group_wait, orders_part(st, 0, 0));
    orders_add(s, group_done, orders_part(st, 1, 0));
    orders_add(s, group_done, orders_part(st, 2, 0));
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
    orders_explore("group", set_group, check_group);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
