/* Registration and every option of a benchmark, through the real library. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seen.h"

static struct seen seen;

static gb_benchmark *add(const char *name)
{
    gb_benchmark *b = NULL;

    assert_int_equal(gb_register(name, seen_nothing, NULL, &b), GB_OK);
    assert_non_null(b);
    return b;
}

/* A benchmark of one iteration a run: quick, whatever is done with it. */
static gb_benchmark *add_quick(const char *name)
{
    gb_benchmark *b = add(name);

    assert_int_equal(gb_benchmark_iterations(b, 1), GB_OK);
    return b;
}

static void expect_args(const char *const *args, size_t n)
{
    assert_int_equal(seen_run(&seen, ""), n);
    assert_int_equal(seen.n, n);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(seen.runs[i].args, args[i]);
}

#define EXPECT_ARGS(...)                                                                           \
    do {                                                                                           \
        const char *const args_[] = {__VA_ARGS__};                                                 \
        expect_args(args_, sizeof(args_) / sizeof(args_[0]));                                      \
    } while (0)

static int clear(void **unused)
{
    (void)unused;
    return gb_clear_registered();
}

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

static void test_single_arguments(void **unused)
{
    gb_benchmark *b = add_quick("b");

    (void)unused;
    assert_int_equal(gb_benchmark_arg(b, -7), GB_OK);
    assert_int_equal(gb_benchmark_dense_range(b, 1, 5, 2), GB_OK);
    assert_int_equal(gb_benchmark_range(b, 1, 100), GB_OK);
    assert_int_equal(gb_benchmark_range_multiplier(b, 2), GB_OK);
    assert_int_equal(gb_benchmark_range(b, 2, 9), GB_OK);
    EXPECT_ARGS("-7", "1", "3", "5", "1", "8", "64", "100", "2", "4", "8", "9");
    assert_int_equal(seen.runs[3].run.per_family_instance_index, 3);

    assert_int_equal(gb_benchmark_range(b, 2, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_range_multiplier(b, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_dense_range(b, 2, 1, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_dense_range(b, 1, 2, 0), GB_EINVAL);
    assert_int_equal(gb_benchmark_dense_range(b, INT64_MAX - 1, INT64_MAX, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_dense_range(b, 0, GB_MAX_FAMILY, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_dense_range(b, INT64_MIN, INT64_MAX - 1, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_arg(NULL, 1), GB_EINVAL);
    EXPECT_ARGS("-7", "1", "3", "5", "1", "8", "64", "100", "2", "4", "8", "9");
}

static void test_several_arguments(void **unused)
{
    static const int64_t pair[] = {3, 4}, ranges[][2] = {{1, 8}, {5, 5}}, backwards[][2] = {{2, 1}};
    static const int64_t few[] = {1, 2}, many[] = {10, 20};
    static const gb_values lists[] = {{few, 2}, {many, 2}}, empty[] = {{few, 0}},
                           none[] = {{NULL, 2}};
    gb_benchmark *b = add_quick("b");

    (void)unused;
    assert_int_equal(gb_benchmark_args(b, pair, 2), GB_OK);
    assert_int_equal(gb_benchmark_ranges(b, ranges, 2), GB_OK);
    assert_int_equal(gb_benchmark_args_product(b, lists, 2), GB_OK);
    EXPECT_ARGS("3/4", "1/5", "8/5", "1/10", "2/10", "1/20", "2/20");

    /* A second number of arguments aborts the library. */
    assert_int_equal(gb_benchmark_arg(b, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_args(b, pair, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_args(b, NULL, 2), GB_EINVAL);
    assert_int_equal(gb_benchmark_range(b, 1, 2), GB_EINVAL);
    assert_int_equal(gb_benchmark_ranges(b, ranges, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_ranges(b, NULL, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_ranges(add("c"), backwards, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_args_product(b, lists, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_args_product(b, lists, 0), GB_EINVAL);
    assert_int_equal(gb_benchmark_args_product(b, NULL, 2), GB_EINVAL);
    assert_int_equal(gb_benchmark_args_product(b, empty, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_args_product(b, none, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_arg_name(b, "one"), GB_EINVAL);
}

static void test_products_are_bounded(void **unused)
{
    static int64_t thousand[1001];
    static const gb_values lists[] = {{thousand, 1000}, {thousand, 1001}};
    gb_benchmark *b = add_quick("b");

    (void)unused;
    assert_int_equal(gb_benchmark_args_product(b, lists, 2), GB_EINVAL);
}

static void test_empty_arguments(void **unused)
{
    gb_benchmark *b = add_quick("b");

    (void)unused;
    assert_int_equal(gb_benchmark_args(b, NULL, 0), GB_OK);
    EXPECT_ARGS("");
}

static void test_argument_names(void **unused)
{
    static const char *const names[] = {"rows", "columns"}, *const broken[] = {"rows", NULL};
    static const int64_t pair[] = {3, 4};
    gb_benchmark *b = add_quick("b"), *c = add_quick("c");
    gb_reporter reporter = seen_reporter(&seen);

    (void)unused;
    assert_int_equal(gb_benchmark_arg_names(b, broken, 2), GB_EINVAL);
    assert_int_equal(gb_benchmark_arg_names(b, NULL, 2), GB_EINVAL);
    assert_int_equal(gb_benchmark_arg_names(b, names, 0), GB_EINVAL);
    assert_int_equal(gb_benchmark_arg_names(b, names, 2), GB_OK);
    /* The library would run nothing, and say nothing. */
    assert_int_equal(gb_run_benchmarks("", &reporter, NULL, NULL), GB_ESTATE);
    assert_int_equal(gb_benchmark_arg(b, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_args(b, pair, 2), GB_OK);
    assert_int_equal(gb_benchmark_arg(c, 5), GB_OK);
    assert_int_equal(gb_benchmark_arg_name(c, "n"), GB_OK);
    EXPECT_ARGS("rows:3/columns:4", "n:5");
}

static void test_creating_ranges(void **unused)
{
    int64_t values[3];
    size_t n;

    (void)unused;
    assert_int_equal(gb_create_range(1, 100, 8, values, 3, &n), GB_OK);
    assert_int_equal(n, 4);
    assert_int_equal(values[2], 64);
    assert_int_equal(gb_create_dense_range(-1, 1, 1, values, 3, &n), GB_OK);
    assert_int_equal(n, 3);
    assert_int_equal(values[0], -1);
    assert_int_equal(gb_create_range(1, 1, 2, NULL, 0, &n), GB_OK);
    assert_int_equal(n, 1);
    assert_int_equal(gb_create_range(2, 1, 8, values, 3, &n), GB_EINVAL);
    assert_int_equal(gb_create_range(1, 2, 1, values, 3, &n), GB_EINVAL);
    assert_int_equal(gb_create_range(1, 2, 8, NULL, 3, &n), GB_EINVAL);
    assert_int_equal(gb_create_range(1, 2, 8, values, 3, NULL), GB_EINVAL);
    assert_int_equal(gb_create_dense_range(1, 2, 0, values, 3, &n), GB_EINVAL);
    assert_int_equal(gb_create_dense_range(0, GB_MAX_FAMILY, 1, values, 3, &n), GB_EINVAL);
    assert_int_equal(gb_create_dense_range(0, 1, 1, NULL, 3, &n), GB_EINVAL);
}

static void test_units(void **unused)
{
    gb_benchmark *b = add_quick("b"), *other = add_quick("other");
    gb_unit unit;

    (void)unused;
    assert_int_equal(gb_default_unit(), GB_NANOSECOND);
    assert_int_equal(gb_set_default_unit(GB_SECOND), GB_OK);
    assert_int_equal(gb_set_default_unit((gb_unit)9), GB_EINVAL);
    assert_int_equal(gb_benchmark_unit(b, (gb_unit)9), GB_EINVAL);
    assert_int_equal(gb_benchmark_unit(NULL, GB_SECOND), GB_EINVAL);
    for (int u = GB_NANOSECOND; u <= GB_SECOND; u++) {
        assert_int_equal(gb_benchmark_unit(b, (gb_unit)u), GB_OK);
        assert_int_equal(gb_benchmark_get_unit(b, &unit), GB_OK);
        assert_int_equal(unit, u);
    }
    assert_int_equal(gb_benchmark_unit(b, GB_MICROSECOND), GB_OK);
    assert_int_equal(gb_benchmark_get_unit(other, &unit), GB_OK);
    assert_int_equal(unit, GB_SECOND);
    assert_int_equal(gb_benchmark_get_unit(b, NULL), GB_EINVAL);
    assert_int_equal(gb_benchmark_get_unit(NULL, &unit), GB_EINVAL);
    assert_int_equal(seen_run(&seen, ""), 2);
    assert_int_equal(seen.runs[0].run.unit, GB_MICROSECOND);
    assert_int_equal(seen.runs[1].run.unit, GB_SECOND);
    assert_int_equal(gb_set_default_unit(GB_NANOSECOND), GB_OK);
}

static void test_times_and_iterations(void **unused)
{
    gb_benchmark *timed = add("timed"), *counted = add("counted");

    (void)unused;
    assert_int_equal(gb_benchmark_min_time(timed, 0), GB_EINVAL);
    assert_int_equal(gb_benchmark_min_time(timed, NAN), GB_EINVAL);
    assert_int_equal(gb_benchmark_min_time(timed, INFINITY), GB_EINVAL);
    assert_int_equal(gb_benchmark_min_warmup_time(timed, -1), GB_EINVAL);
    assert_int_equal(gb_benchmark_min_time(timed, 0.001), GB_OK);
    assert_int_equal(gb_benchmark_min_warmup_time(timed, 0.001), GB_OK);
    assert_int_equal(gb_benchmark_iterations(timed, 3), GB_ESTATE);
    assert_int_equal(gb_benchmark_iterations(counted, 0), GB_EINVAL);
    assert_int_equal(gb_benchmark_iterations(counted, 3), GB_OK);
    assert_int_equal(gb_benchmark_min_time(counted, 1), GB_ESTATE);
    assert_int_equal(gb_benchmark_min_warmup_time(counted, 1), GB_ESTATE);
    assert_int_equal(gb_benchmark_repetitions(counted, 0), GB_EINVAL);
    assert_int_equal(seen_run(&seen, ""), 2);
    assert_string_equal(seen.runs[0].min_time, "min_time:0.001");
    assert_string_equal(seen.runs[0].min_warmup_time, "min_warmup_time:0.001");
    assert_true(seen.runs[0].run.iterations > 1);
    assert_true(seen.runs[0].run.cpu_accumulated_time >= 0.001);
    assert_int_equal(seen.runs[1].run.iterations, 3);
}

static const char *const with_aggregates[] = {"", "", "", "mean", "median", "stddev", "cv"};

static void expect_repeated(gb_benchmark *b, size_t n_runs)
{
    size_t first = 7 - n_runs;

    (void)b;
    assert_int_equal(seen_run(&seen, ""), 1);
    assert_int_equal(seen.n, n_runs);
    for (size_t i = 0; i < n_runs; i++) {
        int is_aggregate = with_aggregates[first + i][0] != '\0';

        assert_string_equal(seen.runs[i].aggregate_name, with_aggregates[first + i]);
        assert_int_equal(seen.runs[i].run.is_aggregate, is_aggregate);
        assert_int_equal(seen.runs[i].run.repetition_index, is_aggregate ? -1 : (int64_t)i);
        assert_int_equal(seen.runs[i].run.repetitions, 3);
    }
    assert_int_equal(seen.runs[n_runs - 1].run.aggregate_unit, GB_STATISTIC_PERCENTAGE);
    assert_int_equal(seen.runs[n_runs - 2].run.aggregate_unit, GB_STATISTIC_TIME);
}

static void test_repetitions_and_aggregates(void **unused)
{
    gb_benchmark *b = add_quick("b");

    (void)unused;
    assert_int_equal(gb_benchmark_repetitions(b, 3), GB_OK);
    expect_repeated(b, 7);
    assert_string_equal(seen.runs[0].repetitions, "repeats:3");
    assert_int_equal(seen.runs[0].run.n_statistics, 4);
    assert_string_equal(seen.runs[0].statistics[3].name, "cv");
    assert_int_equal(seen.runs[0].statistics[3].unit, GB_STATISTIC_PERCENTAGE);
    assert_int_equal(gb_benchmark_display_aggregates_only(b, 1), GB_OK);
    expect_repeated(b, 4);
    assert_int_equal(gb_benchmark_display_aggregates_only(b, 0), GB_OK);
    expect_repeated(b, 7);
    assert_int_equal(gb_benchmark_report_aggregates_only(b, 1), GB_OK);
    expect_repeated(b, 4);
    assert_int_equal(gb_benchmark_report_aggregates_only(b, 0), GB_OK);
    expect_repeated(b, 7);
    assert_int_equal(gb_benchmark_report_aggregates_only(NULL, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_display_aggregates_only(NULL, 1), GB_EINVAL);
}

static void test_kinds_of_time(void **unused)
{
    gb_benchmark *real = add_quick("real"), *manual = add_quick("manual"),
                 *process = add_quick("process");

    (void)unused;
    assert_int_equal(gb_benchmark_use_real_time(real), GB_OK);
    assert_int_equal(gb_benchmark_use_manual_time(real), GB_ESTATE);
    assert_int_equal(gb_benchmark_use_manual_time(manual), GB_OK);
    assert_int_equal(gb_benchmark_use_real_time(manual), GB_ESTATE);
    assert_int_equal(gb_benchmark_measure_process_cpu_time(process), GB_OK);
    assert_int_equal(gb_benchmark_measure_process_cpu_time(NULL), GB_EINVAL);
    assert_int_equal(seen_run(&seen, ""), 3);
    assert_string_equal(seen.runs[0].time_type, "real_time");
    assert_string_equal(seen.runs[1].time_type, "manual_time");
    assert_string_equal(seen.runs[2].time_type, "process_time");
}

static void expect_threads(const char *const *threads, size_t n)
{
    assert_int_equal(seen_run(&seen, ""), n);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(seen.runs[i].threads, threads[i]);
}

static void test_threads(void **unused)
{
    static const char *const expected[] = {"threads:3", "threads:1", "threads:2", "threads:4",
                                           "threads:1", "threads:4", "threads:5"};
    gb_benchmark *b = add("b");

    (void)unused;
    assert_int_equal(gb_benchmark_iterations(b, 10), GB_OK);
    assert_int_equal(gb_benchmark_threads(b, 0), GB_EINVAL);
    assert_int_equal(gb_benchmark_thread_range(b, 0, 2), GB_EINVAL);
    assert_int_equal(gb_benchmark_thread_range(b, 2, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_dense_thread_range(b, 0, 2, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_dense_thread_range(b, 2, 1, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_dense_thread_range(b, 1, 2, 0), GB_EINVAL);
    assert_int_equal(gb_benchmark_threads(b, GB_MAX_THREADS + 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_thread_range(b, 1, INT_MAX), GB_EINVAL);
    assert_int_equal(gb_benchmark_dense_thread_range(b, 1, INT_MAX, 1), GB_EINVAL);
    assert_int_equal(gb_benchmark_threads(b, 3), GB_OK);
    assert_int_equal(gb_benchmark_thread_range(b, 1, 4), GB_OK);
    assert_int_equal(gb_benchmark_dense_thread_range(b, 1, 5, 3), GB_OK);
    expect_threads(expected, 7);
    assert_int_equal(seen.runs[0].run.iterations, 30); /* of all threads */
    assert_int_equal(seen.runs[0].run.threads, 3);
}

static int n_cpus_seen;

static int keep_cpus(void *user, const gb_context *context, gb_output *output)
{
    (void)user;
    (void)output;
    n_cpus_seen = context->num_cpus;
    return 0;
}

static void test_a_thread_per_cpu(void **unused)
{
    gb_reporter context_only = {.report_context = keep_cpus};
    gb_benchmark *b = add_quick("b");
    char expected[SEEN_TEXT];

    (void)unused;
    assert_int_equal(gb_benchmark_thread_per_cpu(b), GB_OK);
    assert_int_equal(gb_benchmark_thread_per_cpu(NULL), GB_EINVAL);
    assert_int_equal(gb_run_benchmarks("", &context_only, NULL, NULL), GB_OK);
    snprintf(expected, sizeof(expected), "threads:%d", n_cpus_seen);
    assert_int_equal(seen_run(&seen, ""), 1);
    assert_string_equal(seen.runs[0].threads, expected);
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
    assert_int_equal(gb_benchmark_setup(add("again"), count, &ones[0]), GB_OK);
}

static void linear(gb_state *state, void *user)
{
    GB_LOOP (state)
        GB_CLOBBER();
    gb_set_iteration_time(state, 1e-6 * (double)gb_range(state, 0) * *(const double *)user);
    gb_set_complexity_n(state, gb_range(state, 0));
}

static double twice(int64_t n, void *user)
{
    *(int64_t *)user = n;
    return 2.0 * (double)n;
}

static void test_complexity(void **unused)
{
    static double factor = 1;
    int64_t last_n = 0;
    gb_benchmark *b;

    (void)unused;
    assert_int_equal(gb_register("linear", linear, &factor, &b), GB_OK);
    assert_int_equal(gb_benchmark_iterations(b, 1), GB_OK);
    assert_int_equal(gb_benchmark_use_manual_time(b), GB_OK);
    assert_int_equal(gb_benchmark_range(b, 8, 4096), GB_OK);
    assert_int_equal(gb_benchmark_complexity(b, GB_O_LAMBDA), GB_EINVAL);
    assert_int_equal(gb_benchmark_complexity(b, (gb_big_o)-1), GB_EINVAL);
    assert_int_equal(gb_benchmark_complexity(NULL, GB_O_N), GB_EINVAL);
    assert_int_equal(gb_benchmark_complexity(b, GB_O_AUTO), GB_OK);
    assert_int_equal(gb_benchmark_complexity(b, GB_O_N), GB_OK);
    assert_int_equal(seen_run(&seen, ""), 4);
    assert_int_equal(seen.n, 6);
    assert_int_equal(seen.runs[0].run.complexity_n, 8);
    assert_int_equal(seen.runs[0].run.complexity, GB_O_N);
    assert_true(seen.runs[4].run.report_big_o);
    assert_int_equal(seen.runs[4].run.complexity, GB_O_N);
    assert_float_equal(seen.runs[4].run.real_accumulated_time, 1e-6, 1e-9);
    assert_true(seen.runs[5].run.report_rms);

    assert_int_equal(gb_benchmark_complexity_fn(b, twice, &last_n), GB_OK);
    assert_int_equal(gb_benchmark_complexity_fn(b, NULL, NULL), GB_EINVAL);
    assert_int_equal(gb_benchmark_complexity_fn(NULL, twice, NULL), GB_EINVAL);
    assert_int_equal(seen_run(&seen, ""), 4);
    assert_int_equal(seen.runs[4].run.complexity, GB_O_LAMBDA);
    assert_float_equal(seen.runs[4].run.real_accumulated_time, 0.5e-6, 1e-9);
    assert_int_equal(last_n, 4096);
}

static void unsized(gb_state *state, void *user)
{
    (void)user;
    GB_LOOP (state)
        GB_CLOBBER();
}

static void test_complexity_without_n(void **unused)
{
    gb_benchmark *b;

    (void)unused;
    assert_int_equal(gb_register("unsized", unsized, NULL, &b), GB_OK);
    assert_int_equal(gb_benchmark_iterations(b, 1), GB_OK);
    assert_int_equal(gb_benchmark_range(b, 8, 64), GB_OK);
    assert_int_equal(gb_benchmark_complexity(b, GB_O_N), GB_OK);
    assert_int_equal(seen_run(&seen, ""), 2);
    assert_int_equal(seen.n, 4);
    assert_int_equal(seen.runs[0].run.complexity_n, 1);
    assert_true(seen.runs[2].run.report_big_o);
}

/* Fails in the repetition of number *user, counted down. */
static void failing_once(gb_state *state, void *user)
{
    if ((*(int *)user)-- == 0)
        gb_skip_with_error(state, "this one");
    GB_LOOP (state)
        GB_CLOBBER();
}

static void test_a_failed_repetition_fails_the_later_ones(void **unused)
{
    (void)unused;
    for (int failing = 0; failing < 3; failing++) {
        int left = failing;
        gb_benchmark *b;

        assert_int_equal(gb_clear_registered(), GB_OK);
        assert_int_equal(gb_register("failing", failing_once, &left, &b), GB_OK);
        assert_int_equal(gb_benchmark_iterations(b, 1), GB_OK);
        assert_int_equal(gb_benchmark_repetitions(b, 3), GB_OK);
        assert_int_equal(seen_run(&seen, ""), 1);
        for (int i = 0; i < 3; i++) {
            assert_int_equal(seen.runs[i].run.has_error, i >= failing);
            if (i >= failing)
                assert_string_equal(seen.runs[i].message,
                                    i == failing ? "this one" : "an earlier repetition failed");
        }
        /* A new run is a new start. */
        assert_int_equal(seen_run(&seen, ""), 1);
        assert_false(seen.runs[0].run.has_error);
        assert_false(seen.runs[2].run.has_error);
    }
}

/* The library gives a family without arguments an empty tuple of them when it first looks at it. */
static void test_arguments_after_a_run(void **unused)
{
    gb_benchmark *b = add_quick("b");

    (void)unused;
    assert_int_equal(gb_run_benchmarks("(", &(gb_reporter){0}, NULL, NULL), GB_EINVAL);
    assert_int_equal(gb_benchmark_arg(b, 5), GB_OK);
    assert_int_equal(seen_run(&seen, ""), 1);
    assert_string_equal(seen.runs[0].args, "5");
    b = add_quick("c");
    assert_int_equal(seen_run(&seen, "c"), 1);
    assert_int_equal(gb_benchmark_arg(b, 5), GB_EINVAL);
    assert_int_equal(gb_benchmark_arg_name(b, "n"), GB_EINVAL);
    assert_int_equal(gb_benchmark_args(b, NULL, 0), GB_OK);
    assert_int_equal(seen_run(&seen, "c"), 2);
}

static double scaled_max(const double *values, size_t n, void *user)
{
    double max = 0;

    for (size_t i = 0; i < n; i++)
        max = fmax(max, values[i]);
    return max * *(const double *)user;
}

static void one_second_a_repetition(gb_state *state, void *user)
{
    int *n = user;

    GB_LOOP (state)
        GB_CLOBBER();
    gb_set_iteration_time(state, ++*n);
}

static void test_statistics(void **unused)
{
    double ten = 10, half = 0.5;
    int n = 0;
    gb_benchmark *b;

    (void)unused;
    assert_int_equal(gb_register("b", one_second_a_repetition, &n, &b), GB_OK);
    assert_int_equal(gb_benchmark_iterations(b, 1), GB_OK);
    assert_int_equal(gb_benchmark_repetitions(b, 3), GB_OK);
    assert_int_equal(gb_benchmark_use_manual_time(b), GB_OK);
    assert_int_equal(gb_benchmark_unit(b, GB_SECOND), GB_OK);
    assert_int_equal(gb_benchmark_statistic(b, "tenfold", scaled_max, &ten, GB_STATISTIC_TIME),
                     GB_OK);
    assert_int_equal(gb_benchmark_statistic(b, "half", scaled_max, &half, GB_STATISTIC_PERCENTAGE),
                     GB_OK);
    assert_int_equal(gb_benchmark_statistic(b, "x", NULL, NULL, GB_STATISTIC_TIME), GB_EINVAL);
    assert_int_equal(gb_benchmark_statistic(b, NULL, scaled_max, NULL, GB_STATISTIC_TIME),
                     GB_EINVAL);
    assert_int_equal(gb_benchmark_statistic(b, "x", scaled_max, NULL, (gb_statistic_unit)7),
                     GB_EINVAL);
    assert_int_equal(gb_benchmark_statistic(NULL, "x", scaled_max, NULL, GB_STATISTIC_TIME),
                     GB_EINVAL);
    assert_int_equal(seen_run(&seen, ""), 1);
    assert_int_equal(seen.n, 3 + 6);
    assert_string_equal(seen.runs[7].aggregate_name, "tenfold");
    assert_float_equal(seen.runs[7].run.real_time, 30, 1e-9);
    assert_string_equal(seen.runs[8].aggregate_name, "half");
    assert_int_equal(seen.runs[8].run.aggregate_unit, GB_STATISTIC_PERCENTAGE);
    assert_float_equal(seen.runs[8].run.real_accumulated_time, 1.5, 1e-9);
}

static void test_statistics_and_complexities_are_limited(void **unused)
{
    double one = 1;
    int64_t n = 0;
    gb_benchmark *b = add_quick("b");

    (void)unused;
    for (int i = 0; i < GB_MAX_HOOKS; i++) {
        assert_int_equal(gb_benchmark_statistic(b, "s", scaled_max, &one, GB_STATISTIC_TIME),
                         GB_OK);
        assert_int_equal(gb_benchmark_complexity_fn(add("c"), twice, &n), GB_OK);
    }
    assert_int_equal(gb_benchmark_statistic(b, "s", scaled_max, &one, GB_STATISTIC_TIME),
                     GB_ELIMIT);
    assert_int_equal(gb_benchmark_complexity_fn(b, twice, &n), GB_ELIMIT);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, clear, clear)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_registering),
        TEST(test_single_arguments),
        TEST(test_several_arguments),
        TEST(test_products_are_bounded),
        TEST(test_empty_arguments),
        TEST(test_argument_names),
        TEST(test_creating_ranges),
        TEST(test_units),
        TEST(test_times_and_iterations),
        TEST(test_repetitions_and_aggregates),
        TEST(test_kinds_of_time),
        TEST(test_threads),
        TEST(test_a_thread_per_cpu),
        TEST(test_setup_and_teardown),
        TEST(test_hooks_are_limited),
        TEST(test_complexity),
        TEST(test_complexity_without_n),
        TEST(test_a_failed_repetition_fails_the_later_ones),
        TEST(test_arguments_after_a_run),
        TEST(test_statistics),
        TEST(test_statistics_and_complexities_are_limited),
        TEST(test_nothing_changes_during_a_run),
    };
    return cmocka_run_group_tests_name("gbench register", tests, set_up, tear_down);
}
