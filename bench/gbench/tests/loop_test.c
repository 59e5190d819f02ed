/* Loops of a benchmark, and the timer in them, through the real library. */
#include <math.h>
#include <string.h>

#include "bed.h"

struct counts {
    int64_t bodies, before, first, last, after, max, again;
};

static void by_one(gb_state *state, void *user)
{
    struct counts *c = user;

    c->before = gb_iterations(state);
    c->max = gb_max_iterations(state);
    while (gb_keep_running(state)) {
        c->last = gb_iterations(state);
        if (c->bodies++ == 0)
            c->first = c->last;
    }
    c->after = gb_iterations(state);
    c->again = gb_keep_running(state) + gb_keep_running_batch(state, 1) + gb_loop_begin(state);
}

static void test_keep_running(void **unused)
{
    struct counts c = {0};

    (void)unused;
    add_body(by_one, &c, 7);
    assert_int_equal(run_one()->iterations, 7);
    assert_int_equal(c.bodies, 7);
    assert_int_equal(c.before, 0);
    assert_int_equal(c.max, 7);
    assert_int_equal(c.first, 1);
    assert_int_equal(c.last, 7);
    assert_int_equal(c.after, 7);
    assert_int_equal(c.again, 0); /* the library would abort */
}

static void by_four(gb_state *state, void *user)
{
    struct counts *c = user;

    while (gb_keep_running_batch(state, 4))
        c->bodies++;
    c->after = gb_iterations(state);
}

static void test_batches_may_overshoot(void **unused)
{
    struct counts c = {0};

    (void)unused;
    add_body(by_four, &c, 10);
    assert_int_equal(run_one()->iterations, 12);
    assert_int_equal(c.bodies, 3);
    assert_int_equal(c.after, 12);
}

static void at_once(gb_state *state, void *user)
{
    struct counts *c = user;

    while (gb_keep_running_batch(state, gb_max_iterations(state)))
        c->bodies++;
}

static void test_the_largest_batch_runs_once(void **unused)
{
    struct counts c = {0};

    (void)unused;
    add_body(at_once, &c, 1000000);
    assert_int_equal(run_one()->iterations, 1000000);
    assert_int_equal(c.bodies, 1);
}

static void by_loop(gb_state *state, void *user)
{
    struct counts *c = user;

    GB_LOOP (state) {
        c->bodies++;
        c->last = gb_iterations(state);
    }
    c->after = gb_iterations(state);
    c->again = gb_loop_end(state);
}

static void test_loop(void **unused)
{
    struct counts c = {0};

    (void)unused;
    add_body(by_loop, &c, 9);
    assert_int_equal(run_one()->iterations, 9);
    assert_int_equal(c.bodies, 9);
    assert_int_equal(c.last, 9);
    assert_int_equal(c.after, 9);
    assert_int_equal(c.again, 0);
}

static void by_nothing(gb_state *state, void *user)
{
    (void)user;
    gb_keep_running_batch(state, 0);
}

static void test_an_empty_batch_fails(void **unused)
{
    (void)unused;
    add_body(by_nothing, NULL, 3);
    expect_failure("a batch of fewer than 1 iteration");
}

static void leaving(gb_state *state, void *user)
{
    if (*(const int *)user)
        gb_keep_running(state);
}

/* The library aborts over these. */
static void test_leaving_the_loop_early_fails(void **unused)
{
    int has_begun = 0;

    (void)unused;
    add_body(leaving, &has_begun, 3);
    expect_failure("returned before its loop had ended");
    has_begun = 1;
    expect_failure("returned before its loop had ended");
}

/* Timing. */

struct timing {
    int before, twice, resumed_twice, good, after;
};

static void pausing(gb_state *state, void *user)
{
    struct timing *t = user;

    t->before = gb_pause_timing(state);
    GB_LOOP (state) {
        t->good |= gb_pause_timing(state);
        t->twice = gb_pause_timing(state);
        t->good |= gb_resume_timing(state);
        t->resumed_twice = gb_resume_timing(state);
    }
    t->after = gb_pause_timing(state);
}

static void test_pausing(void **unused)
{
    struct timing t = {0};

    (void)unused;
    add_body(pausing, &t, 5);
    assert_false(run_one()->has_error);
    assert_int_equal(t.good, GB_OK);
    assert_int_equal(t.before, GB_ESTATE);
    assert_int_equal(t.twice, GB_ESTATE);
    assert_int_equal(t.resumed_twice, GB_ESTATE);
    assert_int_equal(t.after, GB_ESTATE);
}

static void staying_paused(gb_state *state, void *user)
{
    if (*(const int *)user) {
        while (gb_keep_running_batch(state, 2))
            gb_pause_timing(state);
    } else {
        while (gb_keep_running(state))
            gb_pause_timing(state);
    }
}

static void test_staying_paused_fails(void **unused)
{
    int by_batch = 0;

    (void)unused;
    add_body(staying_paused, &by_batch, 3);
    expect_failure("the timer was paused at the end of an iteration");
    by_batch = 1;
    expect_failure("the timer was paused at the end of an iteration");
}

static void manual(gb_state *state, void *user)
{
    double *seconds = user;

    GB_LOOP (state)
        seconds[2 + gb_thread_index(state)] =
            gb_set_iteration_time(state, seconds[gb_thread_index(state)]);
    gb_set_counter(state, "sum", 5, GB_COUNTER_DEFAULT, GB_1000);
    gb_set_counter(state, "mean", 5, GB_COUNTER_AVG_THREADS, GB_1000);
}

static void test_manual_time(void **unused)
{
    double seconds[] = {0.25, 0, 1, 1};

    (void)unused;
    assert_int_equal(gb_benchmark_use_manual_time(add_body(manual, seconds, 4)), GB_OK);
    assert_float_equal(run_one()->real_accumulated_time, 1, 1e-12);
    assert_float_equal(seen.runs[0].run.real_time, 0.25e9, 1e-3);
    assert_int_equal(seconds[2], GB_OK);
    seconds[0] = -1;
    run_one();
    assert_int_equal(seconds[2], GB_EINVAL);
    seconds[0] = NAN;
    run_one();
    assert_int_equal(seconds[2], GB_EINVAL);
}

/* The trap: manual time is averaged over threads (from 1.9 on summed), counters are summed. */
static void test_manual_time_and_counters_of_threads(void **unused)
{
    const int sums = strncmp(gb_version(), "1.9.", 4) >= 0;
    double seconds[] = {0.2, 0.4, 1, 1};
    gb_benchmark *b = add_body(manual, seconds, 1);

    (void)unused;
    assert_int_equal(gb_benchmark_use_manual_time(b), GB_OK);
    assert_int_equal(gb_benchmark_threads(b, 2), GB_OK);
    assert_float_equal(run_one()->real_accumulated_time, (sums ? 0.6F : 0.3F), 1e-6F);
    assert_float_equal(seen_counter(&seen, 0, "sum"), 10, 0);
    assert_float_equal(seen_counter(&seen, 0, "mean"), 5, 0);
}

#define TEST(name) cmocka_unit_test_teardown(name, clear_registered)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_keep_running),
        TEST(test_batches_may_overshoot),
        TEST(test_the_largest_batch_runs_once),
        TEST(test_loop),
        TEST(test_an_empty_batch_fails),
        TEST(test_leaving_the_loop_early_fails),
        TEST(test_pausing),
        TEST(test_staying_paused_fails),
        TEST(test_manual_time),
        TEST(test_manual_time_and_counters_of_threads),
    };
    return cmocka_run_group_tests_name("gbench loop", tests, begin_seen, end_seen);
}
