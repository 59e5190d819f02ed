/* What a benchmark can ask and say while it runs, through the real library. */
#include <math.h>
#include <pthread.h>
#include <string.h>

#include "seen.h"

void gbench_throw(int what); /* thrower.cc */

static struct seen seen;

static gb_benchmark *add(gb_fn *fn, void *user, int64_t iterations)
{
    gb_benchmark *b = NULL;

    assert_int_equal(gb_register("b", fn, user, &b), GB_OK);
    assert_int_equal(gb_benchmark_iterations(b, iterations), GB_OK);
    return b;
}

static const gb_run *run_one(void)
{
    assert_int_equal(seen_run(&seen, ""), 1);
    assert_int_equal(seen.n, 1);
    return &seen.runs[0].run;
}

static void expect_failure(const char *message)
{
    assert_true(run_one()->has_error);
    assert_true(run_one()->is_skipped);
    assert_string_equal(seen.runs[0].message, message);
}

static int clear(void **unused)
{
    (void)unused;
    return gb_clear_registered();
}

/* Loops. */

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
    add(by_one, &c, 7);
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
    add(by_four, &c, 10);
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
    add(at_once, &c, 1000000);
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
    add(by_loop, &c, 9);
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
    add(by_nothing, NULL, 3);
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
    add(leaving, &has_begun, 3);
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
    add(pausing, &t, 5);
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
    add(staying_paused, &by_batch, 3);
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
    assert_int_equal(gb_benchmark_use_manual_time(add(manual, seconds, 4)), GB_OK);
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
    gb_benchmark *b = add(manual, seconds, 1);

    (void)unused;
    assert_int_equal(gb_benchmark_use_manual_time(b), GB_OK);
    assert_int_equal(gb_benchmark_threads(b, 2), GB_OK);
    assert_float_equal(run_one()->real_accumulated_time, sums ? 0.6F : 0.3F, 1e-6F);
    assert_float_equal(seen_counter(&seen, 0, "sum"), 10, 0);
    assert_float_equal(seen_counter(&seen, 0, "mean"), 5, 0);
}

/* Facts. */

struct facts {
    pthread_mutex_t lock;
    int64_t range[3];
    size_t n_ranges;
    int threads, indices;
    char name[16];
};

static void asking(gb_state *state, void *user)
{
    struct facts *f = user;

    GB_LOOP (state)
        GB_CLOBBER();
    pthread_mutex_lock(&f->lock);
    f->n_ranges = gb_n_ranges(state);
    for (size_t i = 0; i < f->n_ranges && i < 3; i++)
        f->range[i] = gb_range(state, i);
    f->threads = gb_threads(state);
    f->indices |= 1 << gb_thread_index(state);
    strncpy(f->name, gb_name(state), sizeof(f->name) - 1);
    pthread_mutex_unlock(&f->lock);
}

static void test_facts(void **unused)
{
    static const int64_t args[] = {3, -4, INT64_MAX};
    struct facts f = {.lock = PTHREAD_MUTEX_INITIALIZER};
    gb_benchmark *b = add(asking, &f, 2);

    (void)unused;
    assert_int_equal(gb_benchmark_args(b, args, 3), GB_OK);
    assert_int_equal(gb_benchmark_threads(b, 3), GB_OK);
    run_one();
    assert_int_equal(f.n_ranges, 3);
    assert_memory_equal(f.range, args, sizeof(args));
    assert_int_equal(f.threads, 3);
    assert_int_equal(f.indices, 7);
    assert_string_equal(f.name, "b");
}

static void asking_too_much(gb_state *state, void *user)
{
    (void)user;
    GB_LOOP (state)
        if (gb_range(state, 1) == 0 && gb_error_occurred(state))
            break;
}

static void test_an_argument_that_is_not_there_fails(void **unused)
{
    gb_benchmark *b = add(asking_too_much, NULL, 2);

    (void)unused;
    assert_int_equal(gb_benchmark_arg(b, 1), GB_OK);
    expect_failure("asked for an argument that it hasn't got");
}

/* Errors. */

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
    add(failing, &ok, 5);
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
    add(failing_before, message, 5);
    expect_failure("not here");
    assert_string_equal(seen.runs[0].label, "");
    assert_int_equal(gb_clear_registered(), GB_OK);
    add(failing_before, NULL, 5);
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
    gb_benchmark *b = add(failing_in_one_thread, NULL, 5);

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
    add(skipping, &rc, 5);
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
    gb_benchmark *b = add(throwing, &what, 5);

    (void)unused;
    expect_failure("threw: thrown");
    what = 1;
    expect_failure("threw");
    assert_int_equal(gb_benchmark_threads(b, 3), GB_OK);
    expect_failure("threw");
}

/* What is shown. */

static void showing(gb_state *state, void *user)
{
    int *ok = user;
    double value = 0;

    GB_LOOP (state)
        GB_CLOBBER();
    gb_set_iteration_time(state, 0.5);
    *ok = gb_set_label(state, "labelled") == GB_OK && gb_bytes_processed(state) == 0 &&
          gb_items_processed(state) == 0 && gb_set_bytes_processed(state, -1) == GB_EINVAL &&
          gb_set_items_processed(state, -1) == GB_EINVAL &&
          gb_set_complexity_n(state, 0) == GB_EINVAL &&
          gb_set_bytes_processed(state, 4096) == GB_OK &&
          gb_set_items_processed(state, 300) == GB_OK && gb_set_complexity_n(state, 12) == GB_OK &&
          gb_bytes_processed(state) == 4096 && gb_items_processed(state) == 300 &&
          gb_complexity_n(state) == 12 && gb_get_counter(state, "none", &value) == GB_EINVAL &&
          gb_set_counter(state, "some", 2.5, GB_COUNTER_DEFAULT, GB_1000) == GB_OK &&
          gb_get_counter(state, "some", &value) == GB_OK && value == 2.5 &&
          gb_get_counter(state, NULL, &value) == GB_EINVAL &&
          gb_get_counter(state, "some", NULL) == GB_EINVAL;
}

static void test_labels_bytes_and_items(void **unused)
{
    int ok = 0;

    (void)unused;
    assert_int_equal(gb_benchmark_use_manual_time(add(showing, &ok, 100)), GB_OK);
    run_one();
    assert_true(ok);
    assert_string_equal(seen.runs[0].label, "labelled");
    assert_float_equal(seen_counter(&seen, 0, "bytes_per_second"), 8192, 1e-9);
    assert_float_equal(seen_counter(&seen, 0, "items_per_second"), 600, 1e-9);
    assert_int_equal(seen.runs[0].run.complexity_n, 12);
    /* By name: bytes first, which counts in units of 1,024. */
    assert_string_equal(seen.runs[0].counters[0].name, "bytes_per_second");
    assert_int_equal(seen.runs[0].counters[0].one_k, GB_1024);
    assert_int_equal(seen.runs[0].counters[0].flags, GB_COUNTER_IS_RATE);
    assert_int_equal(seen.runs[0].counters[1].one_k, GB_1000);
}

/* 300 over 100 iterations, half a second and one thread. */
static const struct {
    int flags;
    double expected;
} flag_cases[] = {
    {GB_COUNTER_DEFAULT, 300},
    {GB_COUNTER_IS_RATE, 600},
    {GB_COUNTER_AVG_THREADS, 300},
    {GB_COUNTER_AVG_THREADS_RATE, 600},
    {GB_COUNTER_IS_ITERATION_INVARIANT, 30000},
    {GB_COUNTER_IS_ITERATION_INVARIANT_RATE, 60000},
    {GB_COUNTER_AVG_ITERATIONS, 3},
    {GB_COUNTER_AVG_ITERATIONS_RATE, 6},
    {GB_COUNTER_INVERT, 1 / 300.0},
    {GB_COUNTER_IS_RATE | GB_COUNTER_INVERT, 1 / 600.0},
};

#define N_FLAG_CASES (sizeof(flag_cases) / sizeof(flag_cases[0]))

static void counting(gb_state *state, void *user)
{
    int *ok = user;

    GB_LOOP (state)
        GB_CLOBBER();
    gb_set_iteration_time(state, 0.5);
    for (size_t i = 0; i < N_FLAG_CASES; i++) {
        char name[2] = {(char)('a' + i), '\0'};

        if (gb_set_counter(state, name, 300, flag_cases[i].flags, i % 2 ? GB_1024 : GB_1000) !=
            GB_OK)
            *ok = 0;
    }
    if (gb_set_counter(state, NULL, 1, 0, GB_1000) != GB_EINVAL ||
        gb_set_counter(state, "", 1, 0, GB_1000) != GB_EINVAL ||
        gb_set_counter(state, "x", 1, 64, GB_1000) != GB_EINVAL ||
        gb_set_counter(state, "x", 1, 0, (gb_one_k)7) != GB_EINVAL)
        *ok = 0;
}

static void test_counters_with_every_flag(void **unused)
{
    int ok = 1;
    gb_benchmark *b = add(counting, &ok, 100);

    (void)unused;
    assert_int_equal(gb_benchmark_use_manual_time(b), GB_OK);
    run_one();
    assert_true(ok);
    assert_int_equal(seen.runs[0].run.n_counters, N_FLAG_CASES);
    for (size_t i = 0; i < N_FLAG_CASES; i++) {
        assert_float_equal(seen.runs[0].counters[i].value, flag_cases[i].expected, 1e-9);
        assert_int_equal(seen.runs[0].counters[i].flags, flag_cases[i].flags);
        assert_int_equal(seen.runs[0].counters[i].one_k, i % 2 ? GB_1024 : GB_1000);
    }
}

/* What keeps the optimiser out compiles for every scalar, and changes nothing. */
static void opaque(gb_state *state, void *user)
{
    struct {
        char bytes[100];
    } large = {{1}};
    double d = 1.5;
    char c = 'c';
    int64_t n = 5;

    GB_LOOP (state) {
        GB_DO_NOT_OPTIMIZE(d + 1);
        GB_DO_NOT_OPTIMIZE(&large);
        GB_DO_NOT_OPTIMIZE(c);
        GB_DO_NOT_OPTIMIZE_LVALUE(n);
        GB_DO_NOT_OPTIMIZE_LVALUE(d);
        GB_DO_NOT_OPTIMIZE_POINTER(&large);
        GB_CLOBBER();
    }
    *(int *)user = n == 5 && d == 1.5 && c == 'c' && large.bytes[0] == 1;
}

static void test_macros_change_nothing(void **unused)
{
    int same = 0;

    (void)unused;
    add(opaque, &same, 3);
    run_one();
    assert_true(same);
}

static int set_up(void **unused)
{
    (void)unused;
    seen_init(&seen);
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    seen_free(&seen);
    gb_shutdown();
    return 0;
}

#define TEST(name) cmocka_unit_test_teardown(name, clear)

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
        TEST(test_facts),
        TEST(test_an_argument_that_is_not_there_fails),
        TEST(test_errors_reach_the_reporter),
        TEST(test_an_error_before_the_loop),
        TEST(test_an_error_in_one_of_three_threads),
        TEST(test_skipping_with_a_message),
        TEST(test_exceptions_fail_the_run),
        TEST(test_labels_bytes_and_items),
        TEST(test_counters_with_every_flag),
        TEST(test_macros_change_nothing),
    };
    return cmocka_run_group_tests_name("gbench state", tests, set_up, tear_down);
}
