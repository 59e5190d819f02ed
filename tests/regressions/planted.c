/* Tests that fail on purpose in various ways, and between them tests that must run nevertheless. */
#include <assert.h>
#include <stdlib.h>

#include "tests/cmocka_all.h"
#include "tests/stepped/stepped.h"
#include "tests/stepped/stepper.h"

/* Leaves its stepper behind: only one may exist. */
static void test_planted_failure_with_a_stepper(void **unused)
{
    struct fixture f;

    (void)unused;
    set_up(&f, "drain", 0);
    assert_int_equal(qn_stepper_n_fibers(f.stepper), 0);
}

static void test_planted_abort(void **unused)
{
    (void)unused;
    abort(); /* as an assertion of the runtime */
}

static void test_planted_exit(void **unused)
{
    (void)unused;
    exit(3);
}

static void test_that_passes(void **unused)
{
    struct fixture f;

    (void)unused;
    set_up(&f, "drain", 0);
    finish(&f);
    assert_int_equal(f.rc, QN_OK);
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_planted_failure_with_a_stepper),
        cmocka_unit_test(test_that_passes),
        cmocka_unit_test(test_planted_abort),
        cmocka_unit_test(test_planted_exit),
        {"test_that_passes_too", test_that_passes, NULL, NULL, NULL},
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
