/*
 * Measures, objectives and bounds: what they mean, what is refused, and values computed by hand.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/stats/quantity.h"
#include "bench/tune/objective.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

static struct qn_tune_metric parse(const char *text)
{
    struct qn_tune_metric m;
    const char *allowed;

    if (qn_tune_metric_parse(text, strlen(text), &m, NULL, &allowed) != QN_OK)
        fail_msg("'%s': %s", text, allowed);
    return m;
}

static void assert_refused(const char *text)
{
    struct qn_tune_metric m;
    const char *allowed = NULL;

    assert_int_equal(qn_tune_metric_parse(text, strlen(text), &m, NULL, &allowed), QN_EINVAL);
    assert_non_null(allowed);
}

/* Each name, its metric, statistic and condition. */
static void test_names(void **unused)
{
    static const struct {
        const char *text, *formatted, *unit;
    } names[] = {
        {"waste", "wasted_mean", "ns"},
        {"wasted_p99", "wasted_p99", "ns"},
        {"wasted_mean@failed", "wasted_mean@failed", "ns"},
        {"first-error", "detection_p50", "ns"},
        {"return-latency", "return_latency_p50", "ns"},
        {"return_p99", "return_at_p99", "ns"},
        {"return_at_p999@failed", "return_at_p999@failed", "ns"},
        {"settle_latency_max", "settle_latency_max", "ns"},
        {"retained", "retained_integral_mean", "byte_ns"},
        {"retained_at_return", "retained_at_return_mean", "bytes"},
        {"overhead", "overhead_p50", "ratio"},
        {"errors-lost", "errors_lost_mean", "errors"},
        {"error_fidelity", "error_fidelity_mean", "share"},
        {"polling", "polling_mean", "ns"},
        {"response-time_p99", "response_time_p99", "ns"},
        {"response_time@failed", "response_time_p50@failed", "ns"},
        {"error_response", "error_response_p50", "ns"},
        {"next-return", "next_return_p50", "ns"},
        {"return_latency_less_closing_max", "return_latency_less_closing_max", "ns"},
        {"goodput", "goodput_p50", "calls_per_s"},
    };
    char text[64];

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(names); i++) {
        const struct qn_tune_metric m = parse(names[i].text);

        qn_tune_metric_format(&m, text, sizeof(text));
        assert_string_equal(text, names[i].formatted);
        assert_string_equal(m.info->unit, names[i].unit);
    }
    assert_refused("");
    assert_refused("wast");
    assert_refused("return_at_p98");
    assert_refused("waste@some");
    assert_refused("overhead@failed");
    assert_refused("next_return@all");
    assert_refused("goodput_p99"); /* one figure per process */
    assert_refused("goodput_mean");
    assert_refused("calls_to_exhaustion"); /* one figure per cell */
    assert_refused("theory_wasted");
    assert_refused("seed"); /* an identifier */
    assert_refused("a_name_that_is_far_longer_than_any_metric_that_there_is_or_will_be_mean");
}

/* Every listed metric is accepted, unless it is of a whole cell. */
static void test_every_metric_can_be_chosen(void **unused)
{
    size_t n_of_cells = 0;

    (void)unused;
    for (size_t i = 0; i < QN_METRIC_COUNT; i++) {
        const struct qn_metric_info *m = &qn_metrics[i];

        n_of_cells += m->kind == QN_METRIC_OF_CELL;
        if (m->kind == QN_METRIC_OF_CELL || m->kind == QN_METRIC_OF_NOTHING)
            assert_refused(m->name);
        else
            assert_ptr_equal(parse(m->name).info, m);
    }
    assert_int_equal(n_of_cells, 5);
}

/* Three calls, the second without failure. */
static struct qn_trial calls[3];

static void make_calls(void)
{
    for (size_t i = 0; i < 3; i++) {
        for (int c = 0; c < QN_COL_COUNT; c++)
            calls[i].v[c] = QN_NONE;
        calls[i].v[QN_COL_TRIAL] = (int64_t)i;
        calls[i].v[QN_COL_FAILED] = i != 1;
        calls[i].v[QN_COL_RETURN_AT] = 1000 * ((int64_t)i + 1);
        calls[i].v[QN_COL_WASTED] = i == 1 ? 0 : 500 * ((int64_t)i + 1);
    }
    calls[0].v[QN_COL_ERROR_AT] = 400;
    calls[2].v[QN_COL_ERROR_AT] = 2800;
    calls[0].v[QN_COL_POLLING] = 30;
    calls[1].v[QN_COL_POLLING] = 60;
}

/* Rows by column, until the next that are kept in the same place. */
static struct qn_calls_part part_of(struct qn_calls *kept, const struct qn_trial *rows, size_t n)
{
    qn_calls_fini(kept);
    assert_int_equal(qn_calls_copy(kept, rows, n), QN_OK);
    return (struct qn_calls_part){.of = kept, .n = n};
}

static struct qn_calls kept, kept_floor;

static int free_kept(void **unused)
{
    (void)unused;
    qn_calls_fini(&kept_floor);
    qn_calls_fini(&kept);
    return 0;
}

static void test_values(void **unused)
{
    const struct qn_process_calls rows = {.calls = part_of(&kept, calls, 3)};
    const struct qn_tune_metric latency = parse("return_latency_p50"), waste = parse("waste"),
                                failed = parse("waste@failed"), most = parse("return_at_max");
    double values[3], weights[3];
    struct qn_weighed s = {.values = values, .weights = weights};

    (void)unused;
    assert_int_equal(qn_tune_metric_values(&latency, &rows, &s), 2);
    assert_true(values[0] == 600 && values[1] == 200);
    assert_true(qn_tune_metric_take(&latency, &s) == 400);
    assert_int_equal(qn_tune_metric_values(&waste, &rows, &s), 3);
    assert_true(fabs(qn_tune_metric_take(&waste, &s) - 2000.0 / 3) < 1e-9);
    assert_int_equal(qn_tune_metric_values(&failed, &rows, &s), 2);
    assert_true(qn_tune_metric_take(&failed, &s) == 1000);
    assert_int_equal(qn_tune_metric_values(&most, &rows, &s), 3);
    assert_true(qn_tune_metric_take(&most, &s) == 3000);
}

/* Calls 0 and 2 fail; the second waited 200 ns, the third 300. */
static void test_values_of_calls_that_follow_one_another(void **unused)
{
    struct qn_trial own[3];
    struct qn_process_calls rows;
    const struct qn_tune_metric response = parse("response_time_max"), next = parse("next_return"),
                                goodput = parse("goodput"),
                                less = parse("return_latency_less_closing");
    double values[3], weights[3];
    struct qn_weighed s = {.values = values, .weights = weights};

    (void)unused;
    for (int64_t i = 0; i < 3; i++) {
        own[i] = calls[i];
        own[i].v[QN_COL_BEGIN_AT] = 10000 * i;
        own[i].v[QN_COL_INTENDED_AT] = i == 0 ? 0 : -100 * (i + 1);
        own[i].v[QN_COL_CLOSING] = 50;
    }
    rows = (struct qn_process_calls){.calls = part_of(&kept, own, 3)};
    assert_int_equal(qn_tune_metric_values(&response, &rows, &s), 3);
    assert_true(qn_tune_metric_take(&response, &s) == 3300);
    assert_int_equal(qn_tune_metric_values(&next, &rows, &s), 1);
    assert_true(values[0] == 2000);
    assert_int_equal(qn_tune_metric_values(&goodput, &rows, &s), 1);
    assert_true(fabs(values[0] - 1e9 / 23000) < 1e-6);
    assert_int_equal(qn_tune_metric_values(&less, &rows, &s), 2);
    assert_true(values[0] == 550 && values[1] == 150);
}

/* Calls without failure on either side, matched by number: trials 1 and 3 here. */
static void test_overhead_is_of_the_same_calls(void **unused)
{
    struct qn_trial own[3] = {0}, floor[3] = {0};
    struct qn_process_calls rows;
    const struct qn_tune_metric overhead = parse("overhead_mean");
    static const int64_t trials[2][3] = {{1, 2, 3}, {0, 1, 3}};
    double values[3], weights[3];
    struct qn_weighed s = {.values = values, .weights = weights};

    (void)unused;
    for (size_t i = 0; i < 3; i++) {
        own[i].v[QN_COL_TRIAL] = trials[0][i];
        floor[i].v[QN_COL_TRIAL] = trials[1][i];
        own[i].v[QN_COL_FAILED] = floor[i].v[QN_COL_FAILED] = 0;
        own[i].v[QN_COL_RETURN_AT] = 110;
        floor[i].v[QN_COL_RETURN_AT] = 100;
    }
    rows = (struct qn_process_calls){.without_failure = part_of(&kept, own, 3),
                                     .floor = part_of(&kept_floor, floor, 3)};
    assert_int_equal(qn_tune_metric_values(&overhead, &rows, &s), 2);
    assert_true(fabs(values[0] - 0.1) < 1e-12 && fabs(values[1] - 0.1) < 1e-12);
    floor[1].v[QN_COL_FAILED] = 1;
    rows.floor = part_of(&kept_floor, floor, 3);
    assert_int_equal(qn_tune_metric_values(&overhead, &rows, &s), 1);
}

/* A sum is over all calls: one without a figure counts as 0. */
static void test_a_sum_is_a_calls_cost(void **unused)
{
    const struct qn_process_calls rows = {.calls = part_of(&kept, calls, 3)};
    struct qn_objective o;
    double values[3], weights[3];
    struct qn_weighed s = {.values = values, .weights = weights};

    (void)unused;
    qn_objective_default(&o);
    assert_true(fabs(qn_objective_of(&o, &rows, &s) - (2000 + 90) / 3.0) < 1e-9);
    assert_int_equal(qn_objective_weigh("--weigh", "waste=2,return-latency=0.5", &o), QN_OK);
    assert_true(fabs(qn_objective_of(&o, &rows, &s) - (4000 + 400) / 3.0) < 1e-9);
    assert_int_equal(qn_objective_parse("--objective", "errors-lost", &o), QN_OK);
    assert_true(isnan(qn_objective_of(&o, &rows, &s)));
    assert_false(qn_objective_needs_floor(&o));
    assert_int_equal(qn_objective_weigh("--weigh", "waste=1,overhead=1ms", &o), QN_OK);
    assert_true(qn_objective_needs_floor(&o));
}

/* Two calls without failure that count 1.45 each, and a failed one that counts 0.1. */
static void test_calls_drawn_on_purpose_count_by_their_weight(void **unused)
{
    struct qn_trial own[3];
    struct qn_process_calls rows;
    const struct qn_tune_metric mean = parse("waste"), median = parse("return_at_p50");
    double values[3], weights[3];
    struct qn_weighed s = {.values = values, .weights = weights};
    struct qn_objective o;

    (void)unused;
    for (size_t i = 0; i < 3; i++) {
        own[i] = calls[i == 0 ? 0 : 1];
        own[i].v[QN_COL_WEIGHT] = (int64_t)((i == 0 ? 0.1 : 1.45) * QN_WEIGHT_ONE);
    }
    rows = (struct qn_process_calls){.calls = part_of(&kept, own, 3)};
    assert_int_equal(qn_tune_metric_values(&mean, &rows, &s), 3);
    assert_true(fabs(qn_tune_metric_take(&mean, &s) - 0.1 / 3 * 500) < 1e-9);
    assert_int_equal(qn_tune_metric_values(&median, &rows, &s), 3);
    assert_true(qn_tune_metric_take(&median, &s) == own[1].v[QN_COL_RETURN_AT]);
    qn_objective_default(&o);
    assert_true(fabs(qn_objective_of(&o, &rows, &s) - (0.1 * (500 + 30) + 2.9 * 60) / 3) < 1e-9);
}

static void test_weights_have_the_units_of_their_metric(void **unused)
{
    struct qn_objective o;

    (void)unused;
    assert_int_equal(
        qn_objective_weigh("--weigh",
                           "retained_at_return=1us/KiB,errors_lost=50us,retained=2ms/MiB", &o),
        QN_OK);
    assert_true(fabs(o.terms[0].weight - 1000.0 / 1024) < 1e-12);
    assert_true(o.terms[1].weight == 50000);
    assert_true(fabs(o.terms[2].weight - 2e6 / 1048576 / 1e9) < 1e-24);
}

/* No finer than their intervals: two digits of half the width. */
static void test_estimates_are_no_finer_than_their_interval(void **unused)
{
    static const struct {
        struct qn_estimate e;
        const char *unit, *text;
    } cases[] = {{{144, -527, 815, true}, "ns", "140 [-530, 820] ns"},
                 {{3, -44800, 45200, true}, "ns", "0 [-45, 45] µs"},
                 {{21812, 21312, 22212, true}, "ns", "21.8 [21.3, 22.2] µs"},
                 {{1234, 234, 2234, true}, "ns", "1.2 [0.2, 2.2] µs"},
                 {{0.268, 0.126, 0.41, true}, "ratio", "27 [13, 41] %"},
                 {{5, 5, 5, true}, "errors", "5.00 [5.00, 5.00] errors"},
                 {{5, 0, 0, false}, "errors", "5.00 errors (no interval)"}};
    char text[128];

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        qn_say_value_estimate(&cases[i].e, cases[i].unit, text, sizeof(text));
        assert_string_equal(text, cases[i].text);
    }
}

static void test_bounds(void **unused)
{
    struct qn_bound b;

    (void)unused;
    assert_int_equal(qn_bound_parse("--slo", "return_p99<=2ms", &b), QN_OK);
    assert_true(b.limit == 2e6 && !b.is_floor && b.metric.statistic == QN_STATISTIC_P99);
    assert_int_equal(qn_bound_parse("--slo", "error_fidelity>=90%", &b), QN_OK);
    assert_true(b.limit == 0.9 && b.is_floor);
    assert_int_equal(qn_bound_parse("--slo", "retained<=64KiB.ms", &b), QN_OK);
    assert_true(b.limit == 65536e6);
    assert_int_equal(qn_bound_parse("--slo", "errors_lost_max<=0", &b), QN_OK);
    assert_int_equal(qn_bound_at_most("--max-overhead", "overhead_p50", "1%", &b), QN_OK);
    assert_true(b.limit == 0.01);
    assert_string_equal(b.text, "overhead_p50<=1%");
}

/* Each prints one line, which goes to a file. */
static void test_what_is_refused(void **unused)
{
    static const char *const bounds[] = {"return_p99",        "return_p99<2ms",
                                         "return_p99<=2",     "return_p99<=2MiB",
                                         "nothing<=2ms",      "return_p99<=0ns",
                                         "wasted<=-1us",      "error_fidelity>=1.5",
                                         "error_fidelity>=0", "error_fidelity<=1",
                                         "errors_lost<=-1",   "retained_at_return<=2ms",
                                         "retained<=2MiB",    "<=2ms",
                                         "overhead<=-150%",   "goodput<=-1",
                                         "theory_wasted<=1s", "error_fidelity<=-0.5"};
    static const char *const weights[] = {
        "waste",     "waste=x",         "waste=-1",      "waste_p99=1", "retained_at_return=1us",
        "waste=1us", "waste=1,waste=2", "errors_lost=3", "nothing=1",   "error_fidelity=1us"};
    /* higher is better for these */
    static const char *const objectives[] = {"goodput", "error_fidelity", "close_errors_reported"};
    FILE *words = tmpfile();
    int old = dup(STDERR_FILENO);
    struct qn_objective o;
    struct qn_bound b;
    size_t n_refused = 0, n_lines = 0;

    (void)unused;
    assert_non_null(words);
    fflush(stderr);
    dup2(fileno(words), STDERR_FILENO);
    for (size_t i = 0; i < QN_ARRAY_LEN(bounds); i++)
        n_refused += qn_bound_parse("--slo", bounds[i], &b) == QN_EINVAL;
    for (size_t i = 0; i < QN_ARRAY_LEN(weights); i++)
        n_refused += qn_objective_weigh("--weigh", weights[i], &o) == QN_EINVAL;
    n_refused +=
        qn_bound_at_most("--max-retained", "retained_at_return_max", "-1", &b) == QN_EINVAL;
    for (size_t i = 0; i < QN_ARRAY_LEN(objectives); i++)
        n_refused += qn_objective_parse("--objective", objectives[i], &o) == QN_EINVAL;
    fflush(stderr);
    dup2(old, STDERR_FILENO);
    close(old);
    rewind(words);
    for (int c; (c = getc(words)) != EOF;)
        n_lines += c == '\n';
    fclose(words);
    assert_int_equal(n_refused,
                     QN_ARRAY_LEN(bounds) + QN_ARRAY_LEN(weights) + QN_ARRAY_LEN(objectives) + 1);
    assert_int_equal(n_lines, n_refused);
}

static int setup(void **unused)
{
    (void)unused;
    make_calls();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_every_metric_can_be_chosen),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_values_of_calls_that_follow_one_another),
        cmocka_unit_test(test_overhead_is_of_the_same_calls),
        cmocka_unit_test(test_a_sum_is_a_calls_cost),
        cmocka_unit_test(test_calls_drawn_on_purpose_count_by_their_weight),
        cmocka_unit_test(test_weights_have_the_units_of_their_metric),
        cmocka_unit_test(test_estimates_are_no_finer_than_their_interval),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_what_is_refused),
    };

    return cmocka_run_group_tests(tests, setup, free_kept);
}
