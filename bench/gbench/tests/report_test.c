/* Runs and reports, through the real library. Options come from argv once, so the order of tests
 * matters. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bed.h"

void gbench_throw(int what); /* thrower.cc */

static gb_benchmark *add(const char *name)
{
    gb_benchmark *b = NULL;

    assert_int_equal(gb_register(name, seen_nothing, NULL, &b), GB_OK);
    assert_int_equal(gb_benchmark_iterations(b, 4), GB_OK);
    return b;
}

static void pass_options(const char *const *options, int n)
{
    static char words[8][128]; /* the library keeps pointers */
    static char *argv[9];
    int argc = n + 1;

    snprintf(words[0], sizeof(words[0]), "gbench_report_test");
    for (int i = 0; i < n; i++)
        snprintf(words[i + 1], sizeof(words[0]), "%s", options[i]);
    for (int i = 0; i <= n; i++)
        argv[i] = words[i];
    assert_int_equal(gb_initialize(&argc, argv), GB_OK);
    assert_int_equal(argc, 1);
    assert_false(gb_report_unrecognized(argc, argv));
}

/* Filters. */

static void test_filters(void **unused)
{
    gb_reporter reporter = seen_reporter(&seen);
    size_t n = 9;

    (void)unused;
    add("alpha");
    add("beta");
    assert_int_equal(seen_run(&seen, ""), 2);
    assert_int_equal(seen.n_contexts, 1);
    assert_int_equal(seen.n_finalized, 1);
    assert_int_equal(seen.n_configs, strncmp(gb_version(), "1.7.", 4) == 0 ? 0 : 2);
    assert_int_equal(seen_run(&seen, "al"), 1);
    assert_int_equal(seen_run(&seen, "-al"), 1);
    assert_string_equal(seen.runs[0].function_name, "beta");
    assert_int_equal(seen_run(&seen, "^nothing$"), 0);
    assert_int_equal(seen.n, 0);
    assert_int_equal(gb_run_benchmarks("(", &reporter, NULL, &n), GB_EINVAL);
    assert_int_equal(gb_run_benchmarks("(", NULL, NULL, &n), GB_EINVAL);
    /* NULL is the option's. */
    assert_string_equal(gb_filter(), "");
    assert_int_equal(gb_set_filter("beta"), GB_OK);
    assert_int_equal(gb_set_filter(NULL), GB_EINVAL);
    assert_string_equal(gb_filter(), "beta");
    assert_int_equal(seen_run(&seen, NULL), 1);
    assert_int_equal(gb_set_filter(""), GB_OK);
}

static int refuse(void *user, const gb_context *context, gb_output *output)
{
    (void)user;
    (void)context;
    (void)output;
    return 0;
}

static void test_a_reporter_can_refuse_to_run(void **unused)
{
    gb_reporter reporter = seen_reporter(&seen);

    (void)unused;
    add("b");
    seen.n = 0;
    reporter.report_context = refuse;
    assert_int_equal(gb_run_benchmarks("", &reporter, NULL, NULL), GB_OK);
    assert_int_equal(seen.n, 0);
}

static void test_a_reporter_without_functions(void **unused)
{
    gb_reporter nobody = {0};
    size_t n;

    (void)unused;
    add("b");
    assert_int_equal(gb_run_benchmarks("", &nobody, NULL, &n), GB_OK);
    assert_int_equal(n, 1);
}

static struct {
    gb_context context;
    char host[SEEN_TEXT], executable[SEEN_TEXT], value[SEEN_TEXT];
    int caches_ok, loads_ok;
} told;

static int keep_context(void *user, const gb_context *c, gb_output *output)
{
    (void)user;
    (void)output;
    told.context = *c;
    snprintf(told.host, SEEN_TEXT, "%s", c->host_name);
    snprintf(told.executable, SEEN_TEXT, "%s", c->executable_name);
    for (size_t i = 0; i < c->n_custom; i++)
        if (strcmp(c->custom[i].key, "who") == 0)
            snprintf(told.value, SEEN_TEXT, "%s", c->custom[i].value);
    told.caches_ok = told.loads_ok = 1;
    for (size_t i = 0; i < c->n_caches; i++)
        told.caches_ok &=
            c->caches[i].level >= 1 && c->caches[i].size_bytes > 0 && c->caches[i].type[0];
    for (size_t i = 0; i < c->n_load_avg; i++)
        told.loads_ok &= c->load_avg[i] >= 0;
    return 1;
}

static void test_context(void **unused)
{
    static const char *const options[] = {"--benchmark_context=given=there"};
    gb_reporter reporter = {.report_context = keep_context};
    char host[SEEN_TEXT];

    (void)unused;
    pass_options(options, 1);
    add("a_name_of_some_length");
    assert_int_equal(gb_add_context("who", "report_test"), GB_OK);
    assert_int_equal(gb_add_context("who", "again"), GB_EINVAL);
    assert_int_equal(gb_add_context("given", "again"), GB_EINVAL);
    assert_int_equal(gb_add_context(NULL, "v"), GB_EINVAL);
    assert_int_equal(gb_add_context("k", NULL), GB_EINVAL);
    assert_int_equal(gb_run_benchmarks("", &reporter, NULL, NULL), GB_OK);
    assert_int_equal(told.context.num_cpus, sysconf(_SC_NPROCESSORS_ONLN));
    assert_true(told.context.cycles_per_second > 1e6);
    assert_true(told.context.scaling >= GB_SCALING_UNKNOWN &&
                told.context.scaling <= GB_SCALING_DISABLED);
    assert_int_equal(told.context.name_field_width, strlen("a_name_of_some_length/iterations:4"));
    assert_true(told.caches_ok);
    assert_true(told.loads_ok);
    assert_int_equal(gethostname(host, sizeof(host)), 0);
    assert_string_equal(told.host, host);
    assert_string_equal(told.executable, "gbench_report_test");
    assert_int_equal(told.context.n_custom, 2);
    assert_string_equal(told.value, "report_test");
}

/* What throws inside a callback comes back as a code. */
static void throw_it(void *user, const gb_run *runs, size_t n, gb_output *output)
{
    (void)runs;
    (void)n;
    (void)output;
    gbench_throw(*(const int *)user);
}

static void throw_from_a_hook(const gb_state *state, void *user)
{
    (void)state;
    gbench_throw(*(const int *)user);
}

static void test_exceptions_stay_inside(void **unused)
{
    int what = 0;
    gb_reporter reporter = {.report_runs = throw_it, .user = &what}, quiet = {0};
    gb_benchmark *b = add("b");

    (void)unused;
    assert_int_equal(gb_run_benchmarks("", &reporter, NULL, NULL), GB_EUNKNOWN);
    what = 2;
    assert_int_equal(gb_run_benchmarks("", &reporter, NULL, NULL), GB_ENOMEM);
    assert_int_equal(gb_benchmark_setup(b, throw_from_a_hook, &what), GB_OK);
    assert_int_equal(gb_run_benchmarks("", &quiet, NULL, NULL), GB_ENOMEM);
    /* And the next run is one like any other. */
    assert_int_equal(gb_clear_registered(), GB_OK);
    add("b");
    assert_int_equal(seen_run(&seen, ""), 1);
}

/* Text. */

struct text {
    char bytes[65536];
    size_t n, n_pieces;
    int refuse;
};

static int take(void *user, const char *text, size_t n)
{
    struct text *t = user;

    if (t->refuse || n >= sizeof(t->bytes) - t->n)
        return -1;
    memcpy(t->bytes + t->n, text, n);
    t->n += n;
    t->bytes[t->n] = '\0';
    t->n_pieces++;
    return 0;
}

static struct text text;

static const char *run_text(gb_format format)
{
    size_t n;

    memset(&text, 0, sizeof(text));
    assert_int_equal(gb_run_text(format, "", take, &text, &n), GB_OK);
    assert_int_equal(n, 2);
    return text.bytes;
}

static void test_json(void **unused)
{
    static const char *const keys[] = {
        "name",    "run_name",   "run_type",  "repetitions", "repetition_index",
        "threads", "iterations", "real_time", "cpu_time",    "time_unit"};
    cJSON *root, *benchmarks;

    (void)unused;
    add("one");
    add("two");
    root = cJSON_Parse(run_text(GB_JSON));
    assert_non_null(root);
    assert_true(text.n_pieces > 1); /* as it comes */
    assert_string_equal(
        cJSON_GetObjectItem(cJSON_GetObjectItem(root, "context"), "who")->valuestring,
        "report_test");
    benchmarks = cJSON_GetObjectItem(root, "benchmarks");
    assert_int_equal(cJSON_GetArraySize(benchmarks), 2);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        assert_non_null(cJSON_GetObjectItem(cJSON_GetArrayItem(benchmarks, 1), keys[i]));
    cJSON_Delete(root);
    /* A second document is as whole as the first. */
    root = cJSON_Parse(run_text(GB_JSON));
    assert_non_null(root);
    cJSON_Delete(root);
}

static void test_other_formats(void **unused)
{
    (void)unused;
    add("one");
    add("two");
    assert_non_null(strstr(run_text(GB_CONSOLE), "one/iterations:4"));
    assert_null(strchr(text.bytes, '\033'));
    assert_non_null(strstr(run_text(GB_CONSOLE_TABULAR), "two/iterations:4"));
    assert_null(strchr(text.bytes, '\033'));
    assert_non_null(strchr(run_text(GB_CONSOLE_COLOR), '\033'));
    assert_non_null(strchr(run_text(GB_CONSOLE_COLOR_TABULAR), '\033'));
    assert_non_null(strstr(run_text(GB_CSV), "\"two/iterations:4\",4,"));
}

static void test_text_errors(void **unused)
{
    size_t n = 9;

    (void)unused;
    add("one");
    text.n = 0;
    text.refuse = 1;
    assert_int_equal(gb_run_text(GB_JSON, "", take, &text, &n), GB_EOUTPUT);
    assert_int_equal(gb_write_basic_context(take, &text), GB_EOUTPUT);
    text.refuse = 0;
    assert_int_equal(gb_run_text(GB_JSON, "(", take, &text, &n), GB_EINVAL);
    assert_int_equal(gb_run_text(GB_JSON, "", NULL, NULL, &n), GB_EINVAL);
    assert_int_equal(gb_run_text((gb_format)17, "", take, &text, &n), GB_EINVAL);
    assert_int_equal(gb_write_basic_context(NULL, NULL), GB_EINVAL);
}

static void test_basic_context(void **unused)
{
    (void)unused;
    memset(&text, 0, sizeof(text));
    assert_int_equal(gb_write_basic_context(take, &text), GB_OK);
    assert_non_null(strstr(text.bytes, "who: report_test"));
}

/* Memory. */

struct memory {
    int starts, stops;
};

static void start(void *user)
{
    ((struct memory *)user)->starts++;
}

static void stop(void *user, gb_memory_result *result)
{
    ((struct memory *)user)->stops++;
    assert_int_equal(result->total_allocated_bytes, GB_MEMORY_NONE);
    assert_int_equal(result->net_heap_growth, GB_MEMORY_NONE);
    result->num_allocs = 8;
    result->max_bytes_used = 1000;
    result->net_heap_growth = -24;
}

static void test_memory_manager(void **unused)
{
    struct memory memory = {0, 0};
    gb_memory_manager manager = {start, stop, &memory}, broken = {start, NULL, NULL};
    gb_reporter reporter = seen_reporter(&seen);
    gb_benchmark *b = add("b");
    const gb_run *run = &seen.runs[0].run;
    int rc;

    (void)unused;
    assert_int_equal(gb_register_memory_manager(&broken), GB_EINVAL);
    assert_int_equal(gb_register_memory_manager(&manager), GB_OK);
    assert_int_equal(seen_run(&seen, ""), 1);
    assert_int_equal(memory.starts, 1);
    assert_int_equal(memory.stops, 1);
    assert_true(run->has_memory);
    assert_int_equal(run->memory.num_allocs, 8);
    assert_int_equal(run->memory.max_bytes_used, 1000);
    assert_int_equal(run->memory.total_allocated_bytes, GB_MEMORY_NONE);
    assert_int_equal(run->memory.net_heap_growth, -24);
    assert_true(run->memory.memory_iterations == 0 || run->memory.memory_iterations == 4);
    assert_float_equal(run->allocs_per_iter, 2, 0); /* 8 over the run's 4 iterations */

    /* Either the library can, or it is kept from reading freed memory. */
    assert_int_equal(gb_benchmark_repetitions(b, 3), GB_OK);
    rc = gb_run_benchmarks("", &reporter, NULL, NULL);
    assert_true(rc == GB_OK || rc == GB_EUNSUPPORTED);
    assert_int_equal(memory.stops, rc == GB_OK ? 4 : 1);

    assert_int_equal(gb_register_memory_manager(NULL), GB_OK);
    assert_int_equal(seen_run(&seen, ""), 1);
    assert_false(run->has_memory);
    assert_int_equal(memory.stops, rc == GB_OK ? 4 : 1);
}

/* Files. */

static int write_head(void *user, const gb_context *context, gb_output *output)
{
    (void)user;
    (void)context;
    return gb_output_write(output, "head ", 5) == GB_OK;
}

static void write_runs(void *user, const gb_run *runs, size_t n, gb_output *output)
{
    int *ok = user;

    for (size_t i = 0; i < n; i++)
        *ok &= gb_output_write(output, runs[i].parts.function_name,
                               strlen(runs[i].parts.function_name)) == GB_OK;
    *ok &=
        gb_output_write(output, NULL, 1) == GB_EINVAL && gb_output_write(NULL, "x", 1) == GB_EINVAL;
}

static void write_foot(void *user, gb_output *output)
{
    (void)user;
    gb_output_write(output, " foot", 5);
}

static void expect_file(const char *path, const char *expected)
{
    char bytes[4096];
    FILE *f = fopen(path, "r");
    size_t n;

    assert_non_null(f);
    n = fread(bytes, 1, sizeof(bytes) - 1, f);
    bytes[n] = '\0';
    fclose(f);
    assert_non_null(strstr(bytes, expected));
}

static void test_file_reporters(void **unused)
{
    int ok = 1;
    gb_reporter display = seen_reporter(&seen),
                file = {write_head, NULL, write_runs, write_foot, &ok};
    char path[] = "/tmp/gbench_test_XXXXXX", option[64];
    const char *options[] = {option, "--benchmark_out_format=json"};
    int fd = mkstemp(path);

    (void)unused;
    assert_true(fd >= 0);
    close(fd);
    add("to_file");
    /* The library would end the process here. */
    assert_int_equal(gb_run_benchmarks("", &display, &file, NULL), GB_ESTATE);
    snprintf(option, sizeof(option), "--benchmark_out=%s", path);
    pass_options(options, 2);
    seen.n = 0;
    assert_int_equal(gb_run_benchmarks("", &display, &file, NULL), GB_OK);
    assert_int_equal(seen.n, 1);
    assert_true(ok);
    expect_file(path, "head to_file foot");
    /* Without a reporter of its own, the library's. */
    assert_int_equal(gb_run_benchmarks("", &display, NULL, NULL), GB_OK);
    expect_file(path, "\"benchmarks\": [");
    unlink(path);
    snprintf(option, sizeof(option), "--benchmark_out=/nonexistent/folder/x.json");
    pass_options(options, 2);
    /* And here. */
    assert_int_equal(gb_run_benchmarks("", &display, NULL, NULL), GB_EOUTPUT);
    snprintf(option, sizeof(option), "--benchmark_out=");
    pass_options(options, 2);
    assert_int_equal(gb_run_benchmarks("", &display, NULL, NULL), GB_OK);
}

/* The library's own display reporter, twice: 1.7.1 frees it after the first run. */
static void test_the_default_reporter_survives(void **unused)
{
    size_t n;

    (void)unused;
    add("by_default");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(gb_run_benchmarks("", NULL, NULL, &n), GB_OK);
        assert_int_equal(n, 1);
    }
}

static void test_verbosity_and_version(void **unused)
{
    static const char *const options[] = {"--v=1", "--benchmark_filter=by_option",
                                          "--benchmark_time_unit=ms"};
    static const char *const back[] = {"--v=0"};

    (void)unused;
    assert_int_equal(gb_verbosity(), 0);
    pass_options(options, 3);
    assert_int_equal(gb_verbosity(), 1);
    assert_string_equal(gb_filter(), "by_option");
    assert_int_equal(gb_default_unit(), GB_MILLISECOND);
    pass_options(back, 1);
    assert_true(gb_version()[0] >= '1' && gb_version()[0] <= '9');
    assert_non_null(strchr(gb_version(), '.'));
}

#define TEST(name) cmocka_unit_test_teardown(name, clear_registered)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_filters),
        TEST(test_a_reporter_can_refuse_to_run),
        TEST(test_a_reporter_without_functions),
        TEST(test_context),
        TEST(test_exceptions_stay_inside),
        TEST(test_json),
        TEST(test_other_formats),
        TEST(test_text_errors),
        TEST(test_basic_context),
        TEST(test_memory_manager),
        TEST(test_file_reporters),
        TEST(test_the_default_reporter_survives),
        TEST(test_verbosity_and_version),
    };
    return cmocka_run_group_tests_name("gbench report", tests, begin_seen, end_seen);
}
