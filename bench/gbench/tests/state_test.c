/* What a benchmark can ask and show while it runs, through the real library. */
#include <pthread.h>
#include <string.h>

#include "bed.h"

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
    gb_benchmark *b = add_body(asking, &f, 2);

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
    gb_benchmark *b = add_body(asking_too_much, NULL, 2);

    (void)unused;
    assert_int_equal(gb_benchmark_arg(b, 1), GB_OK);
    expect_failure("asked for an argument that it hasn't got");
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
    assert_int_equal(gb_benchmark_use_manual_time(add_body(showing, &ok, 100)), GB_OK);
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
    gb_benchmark *b = add_body(counting, &ok, 100);

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
    add_body(opaque, &same, 3);
    run_one();
    assert_true(same);
}

#define TEST(name) cmocka_unit_test_teardown(name, clear_registered)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_facts),
        TEST(test_an_argument_that_is_not_there_fails),
        TEST(test_labels_bytes_and_items),
        TEST(test_counters_with_every_flag),
        TEST(test_macros_change_nothing),
    };
    return cmocka_run_group_tests_name("gbench state", tests, begin_seen, end_seen);
}
