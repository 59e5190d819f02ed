/* Shields and deadlines in trees of tokens of every kind. */
#include "runtime/token_bed.h"
#include "tests/cmocka_all.h"

static void test_shield(void **unused)
{
    struct qn_stepper *s;

    (void)unused;
    for (token_kind = 0; token_kind < N_KINDS; token_kind++) {
        assert_int_equal(qn_stepper_create(0, 1, &s), QN_OK);
        tokens_begin(s, &tokens_state, A);
        qn_token_init(token_at(&tokens_state, B), &tokens_state.tree, qn_token_at(token_kind, NULL),
                      QN_NEVER);
        tokens_make(&tokens_state, BB);
        assert_false(qn_token_poll(token_at(&tokens_state, BB)));
        tokens_add(s, &tokens_state, 0, raise_it, ROOT);
        qn_stepper_run_out(s, 0);
        assert_true(qn_token_poll(token_at(&tokens_state, A)));
        assert_false(qn_token_poll(token_at(&tokens_state, B)));
        assert_false(qn_token_poll(token_at(&tokens_state, BB)));
        tokens_add(s, &tokens_state, 1, raise_it, B);
        qn_stepper_run_out(s, 1);
        assert_true(qn_token_poll(token_at(&tokens_state, BB)));
        qn_stepper_destroy(s);
    }
}

/* A wait with its own deadline, below a token with this deadline. */
static int wait_below(uint64_t token_deadline, uint64_t own, uint64_t wait_deadline)
{
    struct qn_stepper *s;
    struct qn_token none = qn_token_at(token_kind, NULL);

    assert_int_equal(qn_stepper_create(0, 1, &s), QN_OK);
    tokens_begin(s, &tokens_state, ROOT);
    qn_token_init(token_at(&tokens_state, A), &tokens_state.tree, none, token_deadline);
    qn_token_init(token_at(&tokens_state, AA), &tokens_state.tree, token_at(&tokens_state, A), own);
    tokens_add(s, &tokens_state, 0, wait_for, AA)->deadline = wait_deadline;
    while (qn_stepper_resume(s, 0))
        continue;
    qn_assert_all_done(s);
    /* A deadline by itself raises nothing, and polls ignore it. */
    assert_false(qn_token_poll(token_at(&tokens_state, AA)));
    qn_stepper_destroy(s);
    return tokens_state.parts[0].rc;
}

static void test_deadlines(void **unused)
{
    (void)unused;
    for (token_kind = 0; token_kind < N_KINDS; token_kind++) {
        assert_int_equal(wait_below(1000, QN_NEVER, QN_NEVER), QN_EDEADLINE);
        assert_int_equal(qn_token_deadline(token_at(&tokens_state, AA)), 1000);
        assert_int_equal(wait_below(1000, 2000, QN_NEVER), QN_EDEADLINE);
        assert_int_equal(qn_token_deadline(token_at(&tokens_state, AA)), 1000);
        assert_int_equal(wait_below(2000, 1000, 1500), QN_EDEADLINE);
        assert_int_equal(qn_token_deadline(token_at(&tokens_state, AA)), 1000);
        assert_int_equal(wait_below(2000, QN_NEVER, 1000), QN_ETIMEDOUT);
        assert_int_equal(wait_below(2000, QN_NEVER, 2000),
                         QN_ETIMEDOUT); /* a tie goes to the waiter's deadline */
    }
}

static void set_deadline_race(struct qn_stepper *s, void *arg)
{
    struct state *st = arg;

    tokens_begin(s, st, ROOT);
    qn_token_init(token_at(st, A), &st->tree, token_at(st, ROOT), 1000);
    tokens_make(st, AA);
    tokens_add(s, st, 0, wait_for, AA);
    tokens_add(s, st, 1, raise_it, ROOT);
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
    tokens_explore("deadline against raise", set_deadline_race, check_deadline_race);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shield),
        cmocka_unit_test(test_deadlines),
        cmocka_unit_test(test_deadline_race),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
