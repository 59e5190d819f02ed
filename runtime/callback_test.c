/* Callbacks: registering and deregistering during a raise, in every order of their steps. */
#include "runtime/callback.h"
#include "tests/cmocka_all.h"
#include "tests/stepped/explore.h"

/* A callback and its state. */
struct part {
    struct state *state;
    struct qn_callback callback;
    struct qn_callback *victim; /* that the callback removes, or NULL */
    unsigned n_runs;
    bool is_inside; /* is running */
    bool is_gone;   /* removed: must not run any more */
};

struct state {
    struct qn_callbacks set;
    struct part parts[2];
    unsigned n_raised;
};

static struct state state;

static void on_raise(void *arg)
{
    struct part *p = arg;

    assert_false(p->is_gone);
    assert_null(qn_self()->last_lock);
    p->is_inside = true;
    p->n_runs++;
    QN_STEP("inside"); /* another thread may run here */
    if (p->victim) {
        qn_callback_remove(&p->state->set, p->victim);
        if (p->victim == &p->callback)
            memset(&p->callback, 0xa5, sizeof(p->callback));
    }
    p->is_inside = false;
}

static void add_callback(void *arg)
{
    struct part *p = arg;

    qn_callback_add(&p->state->set, &p->callback, on_raise, p);
}

static void add_and_remove(void *arg)
{
    struct part *p = arg;

    add_callback(p);
    qn_callback_remove(&p->state->set, &p->callback);
    assert_false(p->is_inside);
    p->is_gone = true;
    memset(&p->callback, 0xa5, sizeof(p->callback)); /* it must not be read any more */
}

static void raise_set(void *arg)
{
    struct state *st = arg;

    if (qn_callbacks_raise(&st->set))
        st->n_raised++;
}

static void begin(struct qn_stepper *s, struct state *st)
{
    qn_callbacks_init(&st->set, qn_stepper_exec(s));
    for (unsigned i = 0; i < QN_ARRAY_LEN(st->parts); i++)
        st->parts[i].state = st;
}

static void add(struct qn_stepper *s, void (*fn)(void *), void *arg)
{
    unsigned id;

    assert_int_equal(qn_stepper_add(s, fn, arg, &id), QN_OK);
}

static void explore(const char *name, void (*set_up)(struct qn_stepper *, void *),
                    void (*check)(struct qn_stepper *, void *))
{
    struct qn_scenario sc = {name, 0, set_up, check, &state, sizeof(state)};

    qn_explore(&sc, qn_explore_depth());
}

/* Registered before or after the raise: runs once either way. */
static void set_add(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st);
    add(s, add_callback, &st->parts[0]);
    add(s, add_callback, &st->parts[1]);
    add(s, raise_set, st);
}

static void check_each_ran_once(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_int_equal(st->n_raised, 1);
    assert_int_equal(st->parts[0].n_runs, 1);
    assert_int_equal(st->parts[1].n_runs, 1);
    assert_null(st->set.first);
    assert_null(st->set.waiters.head);
}

static void test_register_against_raise(void **unused)
{
    (void)unused;
    explore("register against raise", set_add, check_each_ran_once);
}

static void set_remove(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st);
    add(s, add_and_remove, &st->parts[0]);
    add(s, add_and_remove, &st->parts[1]);
    add(s, raise_set, st);
}

/* Whether it ran depends on the order; on_raise and add_and_remove have asserted when it may. */
static void check_removed(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_true(st->parts[0].n_runs <= 1);
    assert_true(st->parts[1].n_runs <= 1);
    assert_null(st->set.first);
    assert_null(st->set.waiters.head);
}

static void test_deregister_against_raise(void **unused)
{
    (void)unused;
    explore("deregister against raise", set_remove, check_removed);
}

/* The wait, forced: while the callback is running, removing it does not return. */
static void test_deregister_waits_for_the_callback(void **unused)
{
    struct qn_stepper *s;
    struct state st = {0};

    (void)unused;
    assert_int_equal(qn_stepper_create(0, 1, &s), QN_OK);
    begin(s, &st);
    add(s, add_and_remove, &st.parts[0]);
    add(s, raise_set, &st);
    assert_true(qn_stepper_run_to(s, 0, "unlocked")); /* registered */
    assert_true(qn_stepper_run_to(s, 1, "inside"));
    qn_stepper_run_out(s, 0);
    assert_int_equal(qn_stepper_state(s, 0), QN_FIBER_PARKED);
    assert_false(st.parts[0].is_gone);
    qn_stepper_run_out(s, 1);
    qn_stepper_run_out(s, 0);
    check_removed(s, &st);
    assert_int_equal(st.parts[0].n_runs, 1);
    qn_stepper_destroy(s);
}

/* A callback removes itself, and its storage is gone before it returns. */
static void set_remove_itself(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    set_add(s, st);
    for (unsigned i = 0; i < QN_ARRAY_LEN(st->parts); i++)
        st->parts[i].victim = &st->parts[i].callback;
}

static void test_deregister_from_within(void **unused)
{
    (void)unused;
    explore("a callback removes itself", set_remove_itself, check_each_ran_once);
}

/* A callback removes another one, which then never runs if it hadn't yet. */
static void set_remove_other(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    begin(s, st);
    add_callback(&st->parts[0]);
    add_callback(&st->parts[1]); /* newest first: it runs before the other */
    st->parts[1].victim = &st->parts[0].callback;
    add(s, raise_set, st);
    add(s, raise_set, st);
}

static void check_other_is_out(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    qn_assert_all_done(s);
    assert_int_equal(st->n_raised, 1);
    assert_int_equal(st->parts[0].n_runs, 0);
    assert_int_equal(st->parts[1].n_runs, 1);
}

static void test_deregister_another_from_within(void **unused)
{
    (void)unused;
    explore("a callback removes another", set_remove_other, check_other_is_out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_register_against_raise),
        cmocka_unit_test(test_deregister_against_raise),
        cmocka_unit_test(test_deregister_waits_for_the_callback),
        cmocka_unit_test(test_deregister_from_within),
        cmocka_unit_test(test_deregister_another_from_within),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
