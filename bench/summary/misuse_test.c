/* Verdicts on closing, from rows made by hand. */
#include <stdio.h>

#include "bench/summary/misuse.h"
#include "tests/cmocka_all.h"

#define WORKERS 4u
#define WHOLE 3 /* resources of a worker that does not fail */

/* A call in which `failing` workers took `each` resources, and its figures. */
static struct qn_trial trial(int64_t failing, int64_t each, int64_t leaked, int64_t twice,
                             int64_t after, int64_t close_errors)
{
    struct qn_trial t = {{0}};

    t.v[QN_COL_FAILED] = failing > 0;
    t.v[QN_COL_FAILING_WORKERS] = failing;
    t.v[QN_COL_RESOURCES_TAKEN] = (WORKERS - failing) * WHOLE + failing * each;
    t.v[QN_COL_RESOURCES_LEAKED] = leaked;
    t.v[QN_COL_CLOSED_TWICE] = twice;
    t.v[QN_COL_USED_AFTER_CLOSE] = after;
    t.v[QN_COL_CLOSE_ERRORS] = close_errors;
    return t;
}

static struct qn_trials trials_of(const struct qn_trial *rows, size_t n)
{
    struct qn_trials trials;

    assert_int_equal(qn_trials_init(&trials, 1, NULL, 0), QN_OK);
    assert_int_equal(qn_trials_add(&trials, 0, rows, n), QN_OK);
    assert_int_equal(qn_trials_settle(&trials), QN_OK);
    return trials;
}

static void check(const struct qn_trial *rows, size_t n, enum qn_misuse expected)
{
    struct qn_trials trials = trials_of(rows, n);
    struct qn_misuse_sums sums;
    enum qn_misuse misuse;

    assert_int_equal(qn_misuse_of(&trials, 0, WORKERS, &misuse, &sums), QN_OK);
    assert_string_equal(qn_misuse_names[misuse], qn_misuse_names[expected]);
    qn_trials_fini(&trials);
}

static bool applies(const struct qn_trial *rows, size_t n)
{
    struct qn_trials trials = trials_of(rows, n);
    bool does = qn_misuse_applies(&trials, 0);

    qn_trials_fini(&trials);
    return does;
}

static void test_single_misuses(void **unused)
{
    const struct qn_trial fine = trial(0, 0, 0, 0, 0, 1);
    const struct {
        struct qn_trial failed;
        enum qn_misuse expected;
    } cases[] = {
        {trial(1, 2, 0, 0, 0, 2), QN_MISUSE_SOUND},
        {trial(1, 2, 2, 0, 0, 0), QN_MISUSE_NO_CLOSE},
        {trial(2, 3, 6, 0, 0, 0), QN_MISUSE_NO_CLOSE},
        {trial(2, 3, 6, 0, 0, 2), QN_MISUSE_NO_CLOSE}, /* the close errors are the others' */
        {trial(1, 2, 0, 2, 0, 0), QN_MISUSE_TWICE},
        {trial(1, 2, 0, 0, 1, 0), QN_MISUSE_UNORDERED},
        {trial(1, 3, 1, 0, 0, 1), QN_MISUSE_STOPS},
        {trial(1, 3, 2, 0, 0, 4), QN_MISUSE_STOPS},
        {trial(1, 3, 2, 0, 0, 0), QN_MISUSE_MIX}, /* some were closed, and no close failed */
        {trial(1, 3, 1, 1, 0, 0), QN_MISUSE_MIX},
        {trial(1, 3, 0, 1, 1, 0), QN_MISUSE_MIX},
        {trial(1, 3, 1, 0, 1, 0), QN_MISUSE_MIX},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        struct qn_trial rows[] = {cases[i].failed, fine};

        check(rows, 2, cases[i].expected);
    }
}

static void test_several_calls(void **unused)
{
    const struct qn_trial fine = trial(0, 0, 0, 0, 0, 0), none = trial(1, 2, 2, 0, 0, 0),
                          stopped = trial(1, 3, 1, 0, 0, 1), sound = trial(1, 3, 0, 0, 0, 0),
                          twice = trial(1, 2, 0, 2, 0, 0), after = trial(1, 2, 0, 0, 1, 0);

    (void)unused;
    check((struct qn_trial[]){fine, stopped, sound}, 3, QN_MISUSE_STOPS);
    check((struct qn_trial[]){fine, none, none}, 3, QN_MISUSE_NO_CLOSE);
    check((struct qn_trial[]){fine, none, sound}, 3, QN_MISUSE_MIX);
    check((struct qn_trial[]){fine, none, stopped}, 3, QN_MISUSE_MIX);
    check((struct qn_trial[]){fine, twice, after}, 3, QN_MISUSE_MIX);
    check((struct qn_trial[]){fine, twice, sound}, 3, QN_MISUSE_TWICE);
    check((struct qn_trial[]){fine, fine}, 2, QN_MISUSE_SOUND);
}

/* Some worker fails in every call, but never all: what the failing ones took is unknown. */
static void test_without_a_call_that_succeeds(void **unused)
{
    const struct qn_trial none = trial(1, 2, 2, 0, 0, 1), stopped = trial(1, 3, 1, 0, 0, 1),
                          sound = trial(1, 3, 0, 0, 0, 0), all = trial(WORKERS, 2, 8, 0, 0, 0);

    (void)unused;
    check((struct qn_trial[]){none, none}, 2, QN_MISUSE_NO_CLOSE);
    check((struct qn_trial[]){stopped, sound}, 2, QN_MISUSE_STOPS);
    check((struct qn_trial[]){sound, sound}, 2, QN_MISUSE_SOUND);
    check((struct qn_trial[]){all, all}, 2, QN_MISUSE_NO_CLOSE);
}

/* What goes wrong without a failure is not a misuse of the error path. */
static void test_calls_that_succeed(void **unused)
{
    struct qn_trial rows[] = {trial(0, 0, 1, 0, 0, 0), trial(1, 2, 2, 0, 0, 0)};
    struct qn_trial without = {{0}};

    (void)unused;
    check(rows, 2, QN_MISUSE_MIX);
    without.v[QN_COL_RESOURCES_TAKEN] = QN_NONE;
    assert_true(applies(rows, 2));
    assert_false(applies(rows, 0));
    assert_false(applies(&without, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single_misuses),
        cmocka_unit_test(test_several_calls),
        cmocka_unit_test(test_without_a_call_that_succeeds),
        cmocka_unit_test(test_calls_that_succeed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
