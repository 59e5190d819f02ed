/* What the user's words become: numbers with units, distributions, traces, schedules, plans, policies. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/base/nearest.h"
#include "bench/base/quote.h"
#include "bench/base/rng.h"
#include "bench/base/units.h"
#include "bench/options/parse.h"
#include "bench/options/plan.h"
#include "bench/options/policy.h"
#include "bench/schema/plan.h"
#include "bench/workload/draw.h"
#include "bench/workload/trace.h"
#include "runtime/kernel.h"
#include "tests/cmocka_all.h"

static void test_durations(void **unused)
{
    static const struct {
        const char *text;
        uint64_t ns;
    } good[] = {{"0ns", 0},      {"500ns", 500},          {"20us", 20000},
                {"1.5ms", 1500000}, {"1s", 1000000000}, {"0.0005us", 1},
                {"2\u00b5s", 2000}, {"2\u03bcs", 2000}, {"1.5m", UINT64_C(90000000000)}, {"24h", UINT64_C(86400000000000)}};
    static const char *const bad[] = {"", "5", "us", "-5us", "+5us", "5 us", "5d", "25h", "5\u00b5", "1e3us", ".5us", "nanus", "86401s"};
    const char *allowed;
    uint64_t ns;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(good); i++) {
        assert_int_equal(qn_parse_duration(good[i].text, &ns, &allowed), QN_OK);
        assert_int_equal(ns, good[i].ns);
    }
    for (size_t i = 0; i < QN_ARRAY_LEN(bad); i++)
        assert_int_not_equal(qn_parse_duration(bad[i], &ns, &allowed), QN_OK);
}

/* Whoever reads a written duration may know no minutes; and 0.1% is 0.001 to the last bit. */
static void test_percentages_and_what_is_written(void **unused)
{
    static const struct {
        const char *text;
        double share;
    } good[] = {{"5%", 0.05}, {"0.1%", 0.001}, {"100%", 1}, {"0%", 0}, {"2.5%", 0.025}, {"0.3", 0.3}};
    static const char *const bad[] = {"", "%", "5%%", "101%", "-1%", "1.1", "nan%", "inf%", "5 %", "1e-1%"};
    const char *allowed;
    char text[32];
    double share;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(good); i++) {
        assert_int_equal(qn_parse_share(good[i].text, &share, &allowed), QN_OK);
        assert_true(share == good[i].share);
    }
    for (size_t i = 0; i < QN_ARRAY_LEN(bad); i++)
        assert_int_not_equal(qn_parse_share(bad[i], &share, &allowed), QN_OK);
    assert_int_equal(qn_parse_percent("5", &share), QN_OK);
    assert_true(share == 0.05);
    assert_int_equal(qn_parse_percent("0.1%", &share), QN_OK);
    assert_true(share == 0.001);
    assert_int_equal(qn_parse_share("-0", &share, &allowed), QN_OK);
    assert_false(signbit(share));
    for (size_t i = 0; i < 3; i++)
        assert_int_not_equal(qn_parse_percent(bad[i], &share), QN_OK);
    qn_format_duration(UINT64_C(3600) * QN_NS_PER_S, text, sizeof(text));
    assert_string_equal(text, "3600s");
}

static void test_formats(void **unused)
{
    char text[32];

    (void)unused;
    qn_format_duration(2000, text, sizeof(text));
    assert_string_equal(text, "2us");
    qn_format_duration(2500, text, sizeof(text));
    assert_string_equal(text, "2500ns");
    qn_format_number(0.1, text, sizeof(text));
    assert_string_equal(text, "0.1");
    qn_format_number(400000, text, sizeof(text));
    assert_string_equal(text, "400000");
    qn_format_number(1.0 / 3, text, sizeof(text));
    assert_true(strtod(text, NULL) == 1.0 / 3);
    qn_format_number(NAN, text, sizeof(text));
    assert_string_equal(text, "");
}

/* What is quoted comes apart as it was, alone and among others, at any separator. */
static void test_quoted_items(void **unused)
{
    static const char *const items[] = {"plain", "a,b", "a:b",     "say \"x\"", "\"",
                                        "\\",    "a\\", " blank ", "a;b #c",    "C:\\dir\\x,y"};
    static const char *const bad[] = {"", ",", "a,,b", "\"\"", "\"a\"b", "\"a", " ", "a, ,b", "\"a\" b"};
    const char *allowed;
    char **parts;
    size_t n;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(items); i++)
        for (const char *separator = ",:"; *separator; separator++) {
            char *quoted = qn_quote_item(items[i]), *list;

            assert_non_null(quoted);
            assert_true(asprintf(&list, "x%c%s%cy", *separator, quoted, *separator) > 0);
            assert_int_equal(qn_list_split(list, *separator, &parts, &n, &allowed), QN_OK);
            assert_int_equal(n, 3);
            assert_string_equal(parts[1], items[i]);
            qn_list_free(parts, n);
            free(list);
            free(quoted);
        }
    for (size_t i = 0; i < QN_ARRAY_LEN(bad); i++)
        assert_int_equal(qn_list_split(bad[i], ',', &parts, &n, &allowed), QN_EINVAL);
    assert_int_equal(qn_list_split("C:\\x,a\"b", ',', &parts, &n, &allowed), QN_OK);
    assert_string_equal(parts[0], "C:\\x");
    assert_string_equal(parts[1], "a\"b");
    qn_list_free(parts, n);
}

/* "0.01, 0.05" was refused for the blank that belongs to neither. */
static void test_blanks_around_items_are_not_of_them(void **unused)
{
    const char *allowed;
    char **parts, *whole;
    size_t n;

    (void)unused;
    assert_int_equal(qn_list_split(" 0.01,\t0.05 ,\n\" kept \" , two words,\\, x", ',', &parts, &n, &allowed), QN_OK);
    assert_int_equal(n, 5);
    assert_string_equal(parts[0], "0.01");
    assert_string_equal(parts[1], "0.05");
    assert_string_equal(parts[2], " kept ");
    assert_string_equal(parts[3], "two words");
    assert_string_equal(parts[4], ", x");
    qn_list_free(parts, n);
    assert_int_equal(qn_unquote("\" a\\\"# \"", &whole), QN_OK);
    assert_string_equal(whole, " a\"# ");
    free(whole);
    assert_int_equal(qn_unquote("C:\\a,\"b", &whole), QN_OK);
    assert_string_equal(whole, "C:\\a,\"b");
    free(whole);
    assert_int_equal(qn_unquote("\"a\"b", &whole), QN_EINVAL);
    assert_int_equal(qn_unquote("\"a", &whole), QN_EINVAL);
}

static const char *nearest_of(const char *word)
{
    static const char *const names[] = {"drain", "leak", "cancel", "cancel-wait", "run", "--strategies", "--workload", "--workers"};
    static struct qn_nearest nearest;

    qn_nearest_begin(&nearest, word);
    for (size_t i = 0; i < QN_ARRAY_LEN(names); i++)
        qn_nearest_offer(&nearest, names[i]);
    return nearest.name;
}

static void test_nearest(void **unused)
{
    static const char *const cases[][2] = {
        {"leek", "leak"},          {"darin", "drain"},             {"Drain", "drain"},
        {"cancel_wait", "cancel-wait"}, {"cancel-wiat", "cancel-wait"}, {"cancl", "cancel"},
        {"rn", "run"},             {"--strat", "--strategies"},    {"--worklaod", "--workload"},
        {"--worker", "--workers"}, {"x", ""},                      {"", ""},
        {"table", ""},             {"colour", ""},                 {"leaked-memory", ""}};
    char long_word[4 * QN_NEAREST_BYTES];

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++)
        assert_string_equal(nearest_of(cases[i][0]), cases[i][1]);
    memset(long_word, 'd', sizeof(long_word) - 1);
    long_word[sizeof(long_word) - 1] = '\0';
    assert_string_equal(nearest_of(long_word), "");
}

static struct qn_service service(enum qn_service_type type, double a, double b, double c)
{
    return (struct qn_service){.type = type, .a = a, .b = b, .c = c, .scale = 1, .cap_ns = 1e18};
}

/* Quantiles against closed forms: at u1 = 1/2 each distribution has a known value. */
static void test_quantiles(void **unused)
{
    static const double rows[] = {10, 20, 30};
    struct qn_service s;
    bool capped;

    (void)unused;
    s = service(QN_SERVICE_CONST, 7, 0, 0);
    assert_true(qn_service_draw(&s, 0.5, 0.5, 0, &capped) == 7);
    s = service(QN_SERVICE_UNIFORM, 10, 30, 0);
    assert_true(qn_service_draw(&s, 0.5, 0.5, 0, &capped) == 20);
    s = service(QN_SERVICE_EXP, 100, 0, 0);
    assert_float_equal(qn_service_draw(&s, 0.5, 0.5, 0, &capped), 69.314718, 1e-4);
    s = service(QN_SERVICE_PARETO, 100, 2, 0);
    assert_float_equal(qn_service_draw(&s, 0.75, 0.5, 0, &capped), 200, 1e-4);
    s = service(QN_SERVICE_LOGNORMAL, 0, 1, 100); /* cos(2 pi / 4) = 0: the median */
    assert_float_equal(qn_service_draw(&s, 0.5, 0.25, 0, &capped), 100, 1e-4);
    s = service(QN_SERVICE_BIMODAL, 10, 1000, 0.01);
    assert_true(qn_service_draw(&s, 0.5, 0.5, 0, &capped) == 10);
    assert_true(qn_service_draw(&s, 0.005, 0.5, 0, &capped) == 1000);
    s = service(QN_SERVICE_TRACE, 0, 0, 0);
    s.rows = rows;
    s.n_rows = 3;
    s.scale = 2;
    assert_true(qn_service_draw(&s, 0.5, 0.5, 4, &capped) == 40);
    assert_false(capped);
    s.cap_ns = 25;
    assert_true(qn_service_draw(&s, 0.5, 0.5, 4, &capped) == 25);
    assert_true(capped);
}

/* Means and variances of many draws against the closed forms, within five standard errors. */
static void test_moments(void **unused)
{
    const struct qn_service all[] = {
        service(QN_SERVICE_CONST, 50, 0, 0),     service(QN_SERVICE_UNIFORM, 10, 30, 0),
        service(QN_SERVICE_EXP, 100, 0, 0),      service(QN_SERVICE_LOGNORMAL, 0, 0.5, 100),
        service(QN_SERVICE_PARETO, 100, 6, 0),   service(QN_SERVICE_BIMODAL, 10, 20, 0.3)};
    const int n = 200000;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(all); i++) {
        double mean, cv2, sum = 0, squares = 0, se;

        qn_service_moments(&all[i], &mean, &cv2);
        for (int j = 0; j < n; j++) {
            uint64_t state = qn_rng_mix(qn_rng_mix(1, i), (uint64_t)j);
            bool capped;
            double x = qn_service_draw(&all[i], qn_rng_uniform(qn_rng_mix(state, 1)),
                                       qn_rng_uniform(qn_rng_mix(state, 2)), 0, &capped);

            sum += x;
            squares += x * x;
        }
        se = mean * sqrt(cv2 / n);
        assert_true(fabs(sum / n - mean) <= 5 * se + 1e-9 * mean);
        assert_true(fabs((squares / n - pow(sum / n, 2)) / (mean * mean) - cv2) <= 0.05 * cv2 + 1e-9);
    }
}

static void test_rng_known_answers(void **unused)
{
    (void)unused;
    /* splitmix64 of seed 0: its first output is the mix of state 0 and word 0 */
    assert_true(qn_rng_mix(0, 0) == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(qn_rng_text("") == UINT64_C(0xcbf29ce484222325));
    assert_true(qn_rng_text("a") == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(qn_rng_uniform(0) > 0);
    assert_true(qn_rng_uniform(UINT64_MAX) < 1);
}

#define N 64u

static struct qn_workload workload(double rate)
{
    struct qn_workload w = {.name = "w", .workers = N, .threads = 2, .failure_rate = rate};

    w.service = service(QN_SERVICE_EXP, 100000, 0, 0);
    return w;
}

static void test_failures_grow_with_the_rate(void **unused)
{
    static const double rates[] = {0, 0.01, 0.1, 0.5, 1};
    struct qn_task before[N] = {{0}}, tasks[N];
    uint32_t capped;

    (void)unused;
    for (uint32_t trial = 0; trial < 50; trial++) {
        for (size_t r = 0; r < QN_ARRAY_LEN(rates); r++) {
            struct qn_workload w = workload(rates[r]);
            struct qn_call_key key = {1, 2, trial, 50};
            unsigned n_failing = 0;

            qn_schedule_draw(&w, &key, tasks, &capped);
            for (unsigned i = 0; i < N; i++) {
                n_failing += tasks[i].fails;
                assert_true(tasks[i].quanta >= 1);
                if (r > 0) {
                    assert_true(tasks[i].fails >= before[i].fails);
                    assert_int_equal(tasks[i].quanta, before[i].quanta);
                }
                before[i] = tasks[i];
            }
            if (rates[r] == 0)
                assert_int_equal(n_failing, 0);
            if (rates[r] == 1)
                assert_int_equal(n_failing, N);
        }
    }
}

static void test_where_failures_come(void **unused)
{
    struct qn_task end[N], start[N], uniform[N], first[N];
    struct qn_call_key key = {1, 0, 0, 1};
    struct qn_workload w = workload(0.5);
    uint32_t capped;
    bool some_cut = false;

    (void)unused;
    qn_schedule_draw(&w, &key, end, &capped);
    w.failure_at = QN_FAIL_AT_START;
    qn_schedule_draw(&w, &key, start, &capped);
    w.failure_at = QN_FAIL_AT_UNIFORM;
    qn_schedule_draw(&w, &key, uniform, &capped);
    w.failure_at = QN_FAIL_AT_FIRST;
    w.first_failing = 3;
    qn_schedule_draw(&w, &key, first, &capped);
    for (unsigned i = 0; i < N; i++) {
        assert_int_equal(start[i].quanta, end[i].fails ? 0 : end[i].quanta);
        assert_true(uniform[i].quanta <= end[i].quanta);
        some_cut |= uniform[i].quanta < end[i].quanta;
        assert_int_equal(first[i].fails, i < 3);
        assert_int_equal(first[i].quanta, end[i].quanta);
    }
    assert_true(some_cut);
}

static struct qn_workload with_resources(double rate)
{
    struct qn_workload w = workload(rate);

    w.n_resources = 4;
    for (unsigned i = 0; i < w.n_resources; i++)
        w.resources[i] = (struct qn_resource){1000, 1000, 4096, i * 0.25};
    w.cleanup_weights[QN_CLEANUP_INCOMPLETE] = 14;
    w.cleanup_weights[QN_CLEANUP_WRONG] = 10;
    w.cleanup_weights[QN_CLEANUP_NONE] = 4;
    w.cleanup_weights[QN_CLEANUP_UNORDERED] = 3;
    return w;
}

/* A failing worker has taken what the steps it began take, wherever in them it fails. */
static void test_steps_follow_from_the_work_done(void **unused)
{
    struct qn_workload w = with_resources(0.5);
    struct qn_call_key key = {1, 0, 0, 1};
    struct qn_task tasks[N];
    uint32_t capped;

    (void)unused;
    for (unsigned at = QN_FAIL_AT_END; at <= QN_FAIL_AT_STEP; at++) {
        w.failure_at = (enum qn_failure_at)at;
        w.first_failing = 3;
        w.failing_step = 3;
        qn_schedule_draw(&w, &key, tasks, &capped);
        for (unsigned i = 0; i < N; i++) {
            const struct qn_task *t = &tasks[i];
            unsigned steps = !t->fails || at == QN_FAIL_AT_END || at == QN_FAIL_AT_FIRST ? 4
                             : at == QN_FAIL_AT_START                                    ? 1
                             : at == QN_FAIL_AT_STEP                                     ? 3
                                                                                         : t->n_steps;

            assert_int_equal(t->n_steps, steps);
            assert_in_range(t->n_steps, 1, 4);
            assert_int_equal(qn_task_step_end(t, t->n_steps - 1u, 4), t->quanta);
            for (uint32_t s = 1; s < t->n_steps; s++) {
                assert_true(qn_task_step_end(t, s - 1, 4) <= qn_task_step_end(t, s, 4));
                assert_int_equal(qn_task_step_end(t, s - 1, 4), (uint64_t)t->whole_quanta * s / 4);
            }
            if (at == QN_FAIL_AT_STEP && t->fails)
                assert_int_equal(t->quanta, (uint64_t)t->whole_quanta * 3 / 4);
        }
    }
}

/* Which closes fail and what a cleanup is like hangs on no rate, and is drawn as often as asked. */
static void test_closes_are_drawn_apart(void **unused)
{
    struct qn_workload low = with_resources(0.1), high = with_resources(0.9), plain = workload(0.1);
    unsigned n_fail[4] = {0}, n_cleanup[QN_CLEANUP_COUNT] = {0}, n = 0;
    struct qn_task a[N], b[N], c[N];
    uint32_t capped;

    (void)unused;
    for (uint32_t trial = 0; trial < 200; trial++) {
        struct qn_call_key key = {1, 2, trial, 200};

        qn_schedule_draw(&low, &key, a, &capped);
        qn_schedule_draw(&high, &key, b, &capped);
        qn_schedule_draw(&plain, &key, c, &capped);
        for (unsigned i = 0; i < N; i++, n++) {
            assert_true(a[i].failing_closes == b[i].failing_closes);
            assert_int_equal(a[i].cleanup, b[i].cleanup);
            assert_int_equal(a[i].quanta, c[i].quanta); /* the work is the same without resources */
            assert_int_equal(a[i].fails, c[i].fails);
            for (unsigned r = 0; r < 4; r++)
                n_fail[r] += a[i].failing_closes >> r & 1;
            n_cleanup[a[i].cleanup]++;
        }
    }
    for (unsigned r = 0; r < 4; r++)
        assert_in_range(n_fail[r], n * r / 4 - (r ? n / 50 : 0), n * r / 4 + (r ? n / 50 : 0));
    for (unsigned i = 0; i < QN_CLEANUP_COUNT; i++)
        assert_in_range(n_cleanup[i], n * low.cleanup_weights[i] / 31 - (i < 4 ? n / 50 : 0),
                        n * low.cleanup_weights[i] / 31 + (i < 4 ? n / 50 : 0));
}

static void test_trace_rows(void **unused)
{
    static const double rows[] = {1000, 2000, 3000, 4000, 5000};
    static const uint8_t failed[] = {0, 0, 1, 0, 0};
    struct qn_workload w = {.name = "t", .workers = 3, .threads = 1, .failure_rate = NAN};
    struct qn_call_key key = {1, 1, 1, 4}; /* the run's call 5: rows 15, 16, 17 mod 5 */
    struct qn_task tasks[3];
    uint32_t capped;

    (void)unused;
    w.service = service(QN_SERVICE_TRACE, 0, 0, 0);
    w.service.rows = rows;
    w.service.n_rows = 5;
    w.trace_failed = failed;
    qn_schedule_draw(&w, &key, tasks, &capped);
    assert_int_equal(tasks[0].quanta, 4);
    assert_int_equal(tasks[1].quanta, 8);
    assert_int_equal(tasks[2].quanta, 12);
    assert_false(tasks[0].fails || tasks[1].fails);
    assert_true(tasks[2].fails);
}

static void test_plan_is_whole_and_shuffled(void **unused)
{
    char *argv[] = {"run", "--strategies", "drain,cancel", "--workload", "default", "--poll",
                    "1us,4us", "--failure-rates", "0.1,0.2", "--workers", "4,8", "--processes", "3"};
    struct qn_run_options o;
    struct qn_plan plan;
    size_t n_moved = 0;

    (void)unused;
    assert_int_equal(qn_run_options_parse(QN_ARRAY_LEN(argv), argv, &o), QN_OK);
    assert_int_equal(qn_plan_build(&o, &plan), QN_OK);
    assert_int_equal(plan.n_cells, 2 * 2 * (1 + 2)); /* workers × rates × (drain, and cancel at two polls) */
    assert_int_equal(plan.n_replicas, 3 * plan.n_cells);
    for (uint32_t p = 0; p < 3; p++) {
        unsigned seen[64] = {0};

        for (size_t i = 0; i < plan.n_cells; i++) {
            const struct qn_replica *r = &plan.replicas[p * plan.n_cells + i];

            assert_int_equal(r->process, p);
            seen[r->cell]++;
            n_moved += r->cell != i;
        }
        for (size_t c = 0; c < plan.n_cells; c++)
            assert_int_equal(seen[c], 1); /* a block holds each cell once */
    }
    assert_true(n_moved > plan.n_cells);
    qn_plan_fini(&plan);
    qn_run_options_fini(&o);
}

static void test_policies(void **unused)
{
    const struct qn_strategy *cancel = qn_strategy_find("cancel");
    const struct qn_strategy *owner = qn_strategy_find("owner-close");
    const struct qn_strategy *drain = qn_strategy_find("drain");
    struct qn_policy p;
    const char *why;
    char text[160];

    (void)unused;
    qn_policy_default(cancel, &p);
    assert_int_equal(p.canceller, QN_CANCELLER_CALLER);
    assert_int_equal(qn_policy_format(cancel, &p, text, sizeof(text)), QN_OK);
    assert_string_equal(text, "");
    assert_int_equal(qn_policy_set(cancel, &p, "canceller", "worker", &why), QN_OK);
    assert_int_equal(qn_policy_set(cancel, &p, "error_policy", "last", &why), QN_EINVAL);
    assert_int_equal(qn_policy_format(cancel, &p, text, sizeof(text)), QN_OK);
    assert_string_equal(text, "canceller=worker");
    qn_policy_default(drain, &p);
    assert_int_equal(qn_policy_set(drain, &p, "error_policy", "log", &why), QN_OK);
    assert_int_equal(qn_policy_set(drain, &p, "canceller", "worker", &why), QN_EINVAL);
    qn_policy_default(owner, &p);
    assert_int_equal(qn_policy_set(owner, &p, "owner_delay", "1500us", &why), QN_OK);
    assert_int_equal(p.owner_delay_ns, 1500000);
    assert_int_equal(qn_policy_format(owner, &p, text, sizeof(text)), QN_OK);
    assert_string_equal(text, "owner_delay=1500us");
    assert_int_equal(qn_policy_set(owner, &p, "canceller", "worker", &why), QN_EINVAL);
    assert_int_equal(qn_policy_set(owner, &p, "colour", "red", &why), QN_ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_percentages_and_what_is_written),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_blanks_around_items_are_not_of_them),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_quoted_items),
        cmocka_unit_test(test_quantiles),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_rng_known_answers),
        cmocka_unit_test(test_failures_grow_with_the_rate),
        cmocka_unit_test(test_where_failures_come),
        cmocka_unit_test(test_steps_follow_from_the_work_done),
        cmocka_unit_test(test_closes_are_drawn_apart),
        cmocka_unit_test(test_trace_rows),
        cmocka_unit_test(test_plan_is_whole_and_shuffled),
        cmocka_unit_test(test_policies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
