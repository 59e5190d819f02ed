/* Statistics of one's own, and complexities, through the real library. */
#include <math.h>

#include "bed.h"

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
        assert_int_equal(gb_benchmark_complexity_fn(add_named("c"), twice, &n), GB_OK);
    }
    assert_int_equal(gb_benchmark_statistic(b, "s", scaled_max, &one, GB_STATISTIC_TIME),
                     GB_ELIMIT);
    assert_int_equal(gb_benchmark_complexity_fn(b, twice, &n), GB_ELIMIT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, clear_registered, clear_registered)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_complexity),
        TEST(test_complexity_without_n),
        TEST(test_statistics),
        TEST(test_statistics_and_complexities_are_limited),
    };
    return cmocka_run_group_tests_name("gbench statistics", tests, begin_seen, end_seen);
}
