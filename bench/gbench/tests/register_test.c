/* Registering, hooks, and what is refused during a run, through the real library. */
#include <stdio.h>

#include "bed.h"

static void test_registering(void **unused)
{
    gb_benchmark *b;

    (void)unused;
    assert_int_equal(gb_register(NULL, seen_nothing, NULL, &b), GB_EINVAL);
    assert_int_equal(gb_register("", seen_nothing, NULL, &b), GB_EINVAL);
    assert_int_equal(gb_register("x", NULL, NULL, &b), GB_EINVAL);
    add_quick("first");
    b = add_quick("second");
    assert_int_equal(gb_register("third", seen_nothing, NULL, NULL), GB_OK);
    assert_int_equal(gb_benchmark_name(b, "renamed"), GB_OK);
    assert_int_equal(gb_benchmark_name(b, ""), GB_EINVAL);
    assert_int_equal(gb_benchmark_name(b, NULL), GB_EINVAL);
    assert_int_equal(seen_run(&seen, "^(first|renamed)/"), 2);
    assert_string_equal(seen.runs[0].name, "first/iterations:1");
    assert_string_equal(seen.runs[1].function_name, "renamed");
    assert_string_equal(seen.runs[1].iterations, "iterations:1");
    assert_int_equal(seen.runs[1].run.family_index, 1);
    assert_int_equal(gb_clear_registered(), GB_OK);
    assert_int_equal(seen_run(&seen, ""), 0);
}

/* Hooks: what was called, in order, and with whose pointer. */
static struct {
    char text[64];
    size_t n;
} calls;

static void say(const char *who)
{
    for (; *who && calls.n + 1 < sizeof(calls.text); who++)
        calls.text[calls.n++] = *who;
    calls.text[calls.n] = '\0';
}

static void hook(const gb_state *state, void *user)
{
    say(user);
    calls.n += (size_t)snprintf(calls.text + calls.n, sizeof(calls.text) - calls.n, "%s%d/%zu/%d ",
                                gb_name(state), (int)gb_range(state, 0), gb_n_ranges(state),
                                gb_threads(state));
    /* Beyond the last argument a hook gets 0, and may not end the run. */
    if (gb_range(state, 1) != 0 ||
        gb_skip_with_error((gb_state *)(uintptr_t)state, "x") != GB_EINVAL)
        say("!");
}

static void said(gb_state *state, void *user)
{
    say(user);
    seen_nothing(state, user);
}

static void test_setup_and_teardown(void **unused)
{
    gb_benchmark *a, *b;

    (void)unused;
    assert_int_equal(gb_register("a", said, "run ", &a), GB_OK);
    assert_int_equal(gb_register("b", seen_nothing, NULL, &b), GB_OK);
    assert_int_equal(gb_benchmark_iterations(a, 1), GB_OK);
    assert_int_equal(gb_benchmark_iterations(b, 1), GB_OK);
    assert_int_equal(gb_benchmark_threads(b, 2), GB_OK);
    assert_int_equal(gb_benchmark_arg(a, 7), GB_OK);
    assert_int_equal(gb_benchmark_setup(a, hook, "replaced:"), GB_OK);
    assert_int_equal(gb_benchmark_setup(a, hook, "up:"), GB_OK);
    assert_int_equal(gb_benchmark_teardown(a, hook, "down:"), GB_OK);
    assert_int_equal(gb_benchmark_setup(b, hook, "other:"), GB_OK);
    assert_int_equal(gb_benchmark_setup(b, NULL, NULL), GB_EINVAL);
    assert_int_equal(gb_benchmark_teardown(b, NULL, NULL), GB_EINVAL);
    assert_int_equal(gb_benchmark_setup(NULL, hook, NULL), GB_EINVAL);
    assert_int_equal(gb_benchmark_teardown(NULL, hook, NULL), GB_EINVAL);
    calls.n = 0;
    assert_int_equal(seen_run(&seen, ""), 2);
    assert_string_equal(calls.text, "up:a7/1/1 run down:a7/1/1 other:b0/0/2 ");
}

static int n_counted;

static void count(const gb_state *state, void *user)
{
    (void)state;
    n_counted += *(const int *)user;
}

/* Each of GB_MAX_HOOKS user pointers is its own; one more is refused, and clearing makes room
 * again. */
static void test_hooks_are_limited(void **unused)
{
    static int ones[GB_MAX_HOOKS + 1];
    char name[16];
    int rc = GB_OK, n = 0;

    (void)unused;
    for (; n <= GB_MAX_HOOKS; n++) {
        gb_benchmark *b;

        snprintf(name, sizeof(name), "b%d", n);
        b = add_quick(name);
        ones[n] = n;
        rc = gb_benchmark_setup(b, count, &ones[n]);
        if (rc != GB_OK)
            break;
    }
    n_counted = 0;
    assert_int_equal(seen_run(&seen, ""), n < GB_MAX_HOOKS + 1 ? n + 1 : n);
    assert_int_equal(n_counted, n * (n - 1) / 2);
    if (rc != GB_OK) { /* a library whose hooks are raw pointers */
        assert_int_equal(rc, GB_ELIMIT);
        assert_int_equal(n, GB_MAX_HOOKS);
    }
    assert_int_equal(gb_clear_registered(), GB_OK);
    assert_int_equal(gb_benchmark_setup(add_named("again"), count, &ones[0]), GB_OK);
}

/* What changes the registry is refused while the library walks it. */
static void meddling(gb_state *state, void *user)
{
    int *refused = user;
    gb_reporter reporter = {0};
    gb_memory_manager *none = NULL;

    GB_LOOP (state)
        GB_CLOBBER();
    *refused = gb_register("x", seen_nothing, NULL, NULL) == GB_ESTATE &&
               gb_clear_registered() == GB_ESTATE &&
               gb_run_benchmarks("", &reporter, NULL, NULL) == GB_ESTATE &&
               gb_register_memory_manager(none) == GB_ESTATE && gb_set_filter("x") == GB_ESTATE &&
               gb_set_default_unit(GB_SECOND) == GB_ESTATE;
    gb_shutdown(); /* ignored */
}

static void test_nothing_changes_during_a_run(void **unused)
{
    int refused = 0;
    gb_benchmark *b;

    (void)unused;
    assert_int_equal(gb_register("meddling", meddling, &refused, &b), GB_OK);
    assert_int_equal(gb_benchmark_iterations(b, 1), GB_OK);
    assert_int_equal(seen_run(&seen, ""), 1);
    assert_true(refused);
    assert_int_equal(seen_run(&seen, ""), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, clear_registered, clear_registered)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_registering),
        TEST(test_setup_and_teardown),
        TEST(test_hooks_are_limited),
        TEST(test_nothing_changes_during_a_run),
    };
    return cmocka_run_group_tests_name("gbench register", tests, begin_seen, end_seen);
}
