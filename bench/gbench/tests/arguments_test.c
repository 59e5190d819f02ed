/* Arguments of a benchmark: single, ranges, products and names, through the real library. */
#include "bed.h"

static void expect_args(const char *const *args, size_t n)
{
    assert_int_equal(seen_run(&seen, ""), n);
    assert_int_equal(seen.n, n);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(seen.runs[i].args, args[i]);
}

#define EXPECT_ARGS(...) \
    do { \
        const char *const args_[] = {__VA_ARGS__}; \
        expect_args(args_, sizeof(args_) / sizeof(args_[0])); \
    } while (0)

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
    assert_int_equal(gb_benchmark_ranges(add_named("c"), backwards, 1), GB_EINVAL);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, clear_registered, clear_registered)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_single_arguments),      TEST(test_several_arguments),
        TEST(test_products_are_bounded),  TEST(test_empty_arguments),
        TEST(test_argument_names),        TEST(test_creating_ranges),
        TEST(test_arguments_after_a_run),
    };
    return cmocka_run_group_tests_name("gbench arguments", tests, begin_seen, end_seen);
}
