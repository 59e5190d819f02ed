/* Units, times, repetitions and threads of a benchmark, through the real library. */
#include <limits.h>
#include <math.h>
#include <stdio.h>

#include "bed.h"

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
    gb_benchmark *timed = add_named("timed"), *counted = add_named("counted");

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
    gb_benchmark *b = add_named("b");

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

#define TEST(name) cmocka_unit_test_setup_teardown(name, clear_registered, clear_registered)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_units),
        TEST(test_times_and_iterations),
        TEST(test_repetitions_and_aggregates),
        TEST(test_a_failed_repetition_fails_the_later_ones),
        TEST(test_kinds_of_time),
        TEST(test_threads),
        TEST(test_a_thread_per_cpu),
    };
    return cmocka_run_group_tests_name("gbench options", tests, begin_seen, end_seen);
}
