/* The C API over Google Benchmark, through the real library. */
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench/gbench/gbench.h"
#include "tests/cmocka_all.h"

void gbench_register_thrower(void); /* gbench_thrower.cc */

struct seen {
    gb_run last;
    char name[64], label[64], error[64];
    double counter;
    size_t n_runs, n_contexts, n_finalized;
    int body_runs;
};

static int on_context(void *user, int n_cpus, double cycles)
{
    (void)cycles;
    ((struct seen *)user)->n_contexts++;
    return n_cpus > 0;
}

static void on_runs(void *user, const gb_run *runs, size_t n)
{
    struct seen *s = user;

    for (size_t i = 0; i < n; i++) {
        s->last = runs[i];
        strncpy(s->name, runs[i].name, sizeof(s->name) - 1);
        strncpy(s->label, runs[i].label, sizeof(s->label) - 1);
        strncpy(s->error, runs[i].error_message, sizeof(s->error) - 1);
        for (size_t c = 0; c < runs[i].n_counters; c++)
            if (strcmp(runs[i].counters[c].name, "items") == 0)
                s->counter = runs[i].counters[c].value;
        s->n_runs++;
    }
}

static void on_finalize(void *user)
{
    ((struct seen *)user)->n_finalized++;
}

static size_t run(const char *filter, struct seen *s)
{
    gb_reporter reporter = {on_context, on_runs, on_finalize, s};
    size_t n = 99;

    assert_int_equal(gb_run_reporter(filter, &reporter, &n), GB_OK);
    return n;
}

static void batch(gb_state *state, void *user)
{
    struct seen *s = user;

    assert_int_equal(gb_max_iterations(state), 100);
    while (gb_keep_running_batch(state, gb_max_iterations(state)))
        s->body_runs++;
    gb_set_iteration_time(state, 0.0005);
    gb_set_label(state, "label");
    assert_int_equal(gb_set_counter(state, "items", 300, GB_COUNTER_AVG_ITERATIONS), GB_OK);
    assert_int_equal(gb_set_counter(state, NULL, 1, GB_COUNTER_DEFAULT), GB_EINVAL);
    assert_int_equal(gb_iterations(state), 100);
    assert_int_equal(gb_thread_index(state), 0);
}

static void single(gb_state *state, void *user)
{
    int *n = user;

    while (gb_keep_running(state)) {
        (*n)++;
        gb_pause_timing(state);
        gb_resume_timing(state);
        GB_DO_NOT_OPTIMIZE(*n);
        GB_CLOBBER();
    }
}

static void failing(gb_state *state, void *user)
{
    (void)user;
    assert_false(gb_error_occurred(state));
    gb_skip_with_error(state, "it broke");
    assert_true(gb_error_occurred(state));
    while (gb_keep_running(state))
        fail();
}

static void test_batch_crosses_once_and_time_is_what_was_set(void **unused)
{
    struct seen s = {0};
    gb_benchmark *b;

    (void)unused;
    assert_int_equal(gb_register("batch", batch, &s, &b), GB_OK);
    assert_int_equal(gb_benchmark_iterations(b, 100), GB_OK);
    assert_int_equal(gb_benchmark_use_manual_time(b), GB_OK);
    assert_int_equal(gb_benchmark_unit(b, GB_NANOSECOND), GB_OK);
    assert_int_equal(run(NULL, &s), 1);
    assert_int_equal(s.body_runs, 1);
    assert_int_equal(s.n_runs, 1);
    assert_int_equal(s.n_contexts, 1);
    assert_int_equal(s.n_finalized, 1);
    assert_int_equal(s.last.iterations, 100);
    assert_float_equal(s.last.real_time, 5000, 1e-6); /* ns an iteration */
    assert_float_equal(s.last.real_accumulated_time, 0.0005, 1e-12);
    assert_int_equal(s.last.unit, GB_NANOSECOND);
    assert_float_equal(s.counter, 3, 1e-9);
    assert_string_equal(s.label, "label");
    assert_non_null(strstr(s.name, "batch"));
    assert_false(s.last.has_error);
    assert_false(s.last.is_aggregate);
    gb_clear_registered();
}

static void test_keep_running(void **unused)
{
    struct seen s = {0};
    gb_benchmark *b;
    int n = 0;

    (void)unused;
    assert_int_equal(gb_register("single", single, &n, &b), GB_OK);
    assert_int_equal(gb_benchmark_iterations(b, 7), GB_OK);
    assert_int_equal(gb_benchmark_repetitions(b, 1), GB_OK);
    assert_int_equal(gb_benchmark_use_real_time(b), GB_OK);
    assert_int_equal(run("single", &s), 1);
    assert_int_equal(n, 7);
    gb_clear_registered();
}

static void test_errors_reach_the_reporter(void **unused)
{
    struct seen s = {0};

    (void)unused;
    assert_int_equal(gb_register("failing", failing, NULL, NULL), GB_OK);
    run("failing", &s);
    assert_true(s.last.has_error);
    assert_string_equal(s.error, "it broke");
    gb_clear_registered();
}

static void test_filter_that_matches_nothing(void **unused)
{
    struct seen s = {0};

    (void)unused;
    assert_int_equal(gb_register("failing", failing, NULL, NULL), GB_OK);
    assert_int_equal(run("^nothing$", &s), 0);
    assert_int_equal(s.n_runs, 0);
    gb_clear_registered();
}

static void test_bad_arguments(void **unused)
{
    gb_benchmark *b;

    (void)unused;
    assert_int_equal(gb_register(NULL, failing, NULL, &b), GB_EINVAL);
    assert_int_equal(gb_register("", failing, NULL, &b), GB_EINVAL);
    assert_int_equal(gb_register("x", NULL, NULL, &b), GB_EINVAL);
    assert_int_equal(gb_register("x", failing, NULL, &b), GB_OK);
    assert_int_equal(gb_benchmark_iterations(b, 0), GB_EINVAL);
    assert_int_equal(gb_benchmark_repetitions(b, 0), GB_EINVAL);
    assert_int_equal(gb_benchmark_min_time(b, 0), GB_EINVAL);
    assert_int_equal(gb_benchmark_min_time(b, 0.1), GB_OK);
    assert_int_equal(gb_benchmark_unit(b, (gb_unit)9), GB_EINVAL);
    assert_int_equal(gb_benchmark_use_manual_time(NULL), GB_EINVAL);
    assert_int_equal(gb_run_json(NULL, NULL, NULL, NULL), GB_EINVAL);
    assert_int_equal(gb_add_context(NULL, "v"), GB_EINVAL);
    assert_string_equal(gb_err_text(GB_EUNKNOWN), "the benchmark library or a benchmark threw");
    assert_string_equal(gb_err_text(77), "unknown error");
    gb_clear_registered();
}

struct text {
    char bytes[65536];
    size_t n;
    bool refuse;
};

static int take(void *user, const char *text, size_t n)
{
    struct text *t = user;

    if (t->refuse || n >= sizeof(t->bytes) - t->n)
        return -1;
    memcpy(t->bytes + t->n, text, n);
    t->n += n;
    return 0;
}

static void test_json(void **unused)
{
    static const char *const keys[] = {"name", "run_name", "run_type", "repetitions", "repetition_index", "threads", "iterations", "real_time", "cpu_time", "time_unit"};
    static struct text t;
    struct seen s = {0};
    gb_benchmark *b;
    cJSON *root, *benchmark;
    size_t n;

    (void)unused;
    assert_int_equal(gb_add_context("who", "gbench_test"), GB_OK);
    assert_int_equal(gb_register("json", batch, &s, &b), GB_OK);
    assert_int_equal(gb_benchmark_iterations(b, 100), GB_OK);
    assert_int_equal(gb_benchmark_use_manual_time(b), GB_OK);
    assert_int_equal(gb_run_json("json", take, &t, &n), GB_OK);
    assert_int_equal(n, 1);
    root = cJSON_Parse(t.bytes);
    assert_non_null(root);
    assert_string_equal(cJSON_GetObjectItem(cJSON_GetObjectItem(root, "context"), "who")->valuestring, "gbench_test");
    benchmark = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "benchmarks"), 0);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        assert_non_null(cJSON_GetObjectItem(benchmark, keys[i]));
    assert_float_equal(cJSON_GetObjectItem(benchmark, "real_time")->valuedouble, 5000, 1e-6);
    cJSON_Delete(root);
    t.refuse = true;
    assert_int_equal(gb_run_json("json", take, &t, &n), GB_EOUTPUT);
    gb_clear_registered();
}

/* A C++ exception inside a benchmark comes back as a code and does not cross. */
static void test_exceptions_stay_inside(void **unused)
{
    struct seen s = {0};
    gb_reporter reporter = {on_context, on_runs, on_finalize, &s};

    (void)unused;
    gbench_register_thrower();
    assert_int_equal(gb_run_reporter("thrower", &reporter, NULL), GB_EUNKNOWN);
    gb_clear_registered();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch_crosses_once_and_time_is_what_was_set),
        cmocka_unit_test(test_keep_running),
        cmocka_unit_test(test_errors_reach_the_reporter),
        cmocka_unit_test(test_filter_that_matches_nothing),
        cmocka_unit_test(test_bad_arguments),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_exceptions_stay_inside),
    };
    char name[] = "gbench_test", *argv[] = {name, NULL};
    int argc = 1;

    if (gb_initialize(&argc, argv) != GB_OK || gb_report_unrecognized(argc, argv))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
