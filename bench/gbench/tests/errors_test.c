/* Runs that fail, are skipped or throw, through the real library. */
#include <string.h>

#include "bed.h"

void gbench_throw(int what); /* thrower.cc */

static void failing(gb_state *state, void *user)
{
    int *ok = user;
    int64_t n = 0;

    *ok = !gb_error_occurred(state) && !gb_skipped(state);
    while (gb_keep_running(state))
        if (++n == 2)
            *ok &= gb_skip_with_error(state, "it broke") == GB_OK;
    *ok &= n == 2 && gb_error_occurred(state) && gb_skipped(state);
    gb_skip_with_error(state, "the second message is dropped");
}

static void test_errors_reach_the_reporter(void **unused)
{
    int ok = 0;

    (void)unused;
    add_body(failing, &ok, 5);
    expect_failure("it broke");
    assert_true(ok);
    assert_int_equal(seen.runs[0].run.n_statistics, 0);
}

static void failing_before(gb_state *state, void *user)
{
    gb_skip_with_error(state, user);
    GB_LOOP (state)
        gb_set_label(state, "looped");
    gb_pause_timing(state);
}

static void test_an_error_before_the_loop(void **unused)
{
    static char message[] = "not here";

    (void)unused;
    add_body(failing_before, message, 5);
    expect_failure("not here");
    assert_string_equal(seen.runs[0].label, "");
    assert_int_equal(gb_clear_registered(), GB_OK);
    add_body(failing_before, NULL, 5);
    expect_failure("");
}

static void failing_in_one_thread(gb_state *state, void *user)
{
    (void)user;
    GB_LOOP (state)
        if (gb_thread_index(state) == 1) {
            gb_skip_with_error(state, "thread 1");
            return;
        }
}

static void test_an_error_in_one_of_three_threads(void **unused)
{
    gb_benchmark *b = add_body(failing_in_one_thread, NULL, 5);

    (void)unused;
    assert_int_equal(gb_benchmark_threads(b, 3), GB_OK);
    expect_failure("thread 1");
}

static void skipping(gb_state *state, void *user)
{
    *(int *)user = gb_skip_with_message(state, "not today");
    GB_LOOP (state)
        GB_CLOBBER();
}

static void test_skipping_with_a_message(void **unused)
{
    int rc = GB_OK;

    (void)unused;
    add_body(skipping, &rc, 5);
    run_one();
    assert_false(seen.runs[0].run.has_error);
    if (strncmp(gb_version(), "1.7.", 4) == 0) {
        assert_int_equal(rc, GB_EUNSUPPORTED);
        assert_false(seen.runs[0].run.is_skipped);
    } else {
        assert_int_equal(rc, GB_OK);
        assert_true(seen.runs[0].run.is_skipped);
        assert_string_equal(seen.runs[0].message, "not today");
    }
}

static void throwing(gb_state *state, void *user)
{
    while (gb_keep_running(state))
        if (gb_thread_index(state) == gb_threads(state) - 1)
            gbench_throw(*(const int *)user);
}

static void test_exceptions_fail_the_run(void **unused)
{
    int what = 0;
    gb_benchmark *b = add_body(throwing, &what, 5);

    (void)unused;
    expect_failure("threw: thrown");
    what = 1;
    expect_failure("threw");
    assert_int_equal(gb_benchmark_threads(b, 3), GB_OK);
    expect_failure("threw");
}

#define TEST(name) cmocka_unit_test_teardown(name, clear_registered)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_errors_reach_the_reporter),        TEST(test_an_error_before_the_loop),
        TEST(test_an_error_in_one_of_three_threads), TEST(test_skipping_with_a_message),
        TEST(test_exceptions_fail_the_run),
    };
    return cmocka_run_group_tests_name("gbench errors", tests, begin_seen, end_seen);
}
