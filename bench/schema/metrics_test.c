/* The list of metrics: its lines, and the figures computed from them. */
#include "bench/schema/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base.h"
#include "tests/cmocka_all.h"

static struct qn_trial trial_of(int64_t trial, bool failed)
{
    struct qn_trial t;

    for (int c = 0; c < QN_COL_COUNT; c++)
        t.v[c] = QN_NONE;
    t.v[QN_COL_PROCESS] = 3;
    t.v[QN_COL_TRIAL] = trial;
    t.v[QN_COL_FAILED] = failed;
    return t;
}

static int64_t figure(const struct qn_trial *t, enum qn_metric_id metric)
{
    return qn_figure_of(t, &qn_metrics[metric].figure);
}

static void test_a_figure_is_a_column_less_others(void **unused)
{
    struct qn_trial t = trial_of(0, true);

    (void)unused;
    t.v[QN_COL_RETURN_AT] = 1000;
    assert_int_equal(figure(&t, QN_METRIC_RETURN_AT), 1000);
    assert_int_equal(figure(&t, QN_METRIC_RETURN_LATENCY), QN_NONE); /* nothing failed */
    t.v[QN_COL_ERROR_AT] = 700;
    assert_int_equal(figure(&t, QN_METRIC_RETURN_LATENCY), 300);
    assert_int_equal(figure(&t, QN_METRIC_RETURN_LATENCY_LESS_CLOSING), QN_NONE);
    t.v[QN_COL_CLOSING] = 50;
    assert_int_equal(figure(&t, QN_METRIC_RETURN_LATENCY_LESS_CLOSING), 250);
    assert_int_equal(figure(&t, QN_METRIC_DETECTION), QN_NONE);
    assert_int_equal(figure(&t, QN_METRIC_GOODPUT), QN_NONE); /* not of a call */
}

static void test_each_has_a_name_of_its_own(void **unused)
{
    size_t n_identifiers = 0;

    (void)unused;
    for (size_t i = 0; i < QN_METRIC_COUNT; i++) {
        const struct qn_metric_info *m = &qn_metrics[i];

        n_identifiers += m->kind == QN_METRIC_OF_NOTHING;
        if (m->kind == QN_METRIC_OF_NOTHING) {
            assert_null(qn_metric_find(m->name));
            continue;
        }
        assert_ptr_equal(qn_metric_find(m->name), m);
        assert_true(m->unit[0] && m->meaning[0] && m->range.lo < m->range.hi);
        assert_true((m->kind == QN_METRIC_OF_CALL) == (m->figure.column != QN_COL_NONE) ||
                    m->kind == QN_METRIC_OF_NEXT);
        assert_false(m->is_counted && m->is_timed);
    }
    assert_int_equal(n_identifiers, 8);
    assert_ptr_equal(qn_metric_find("settle-latency"), &qn_metrics[QN_METRIC_SETTLE_LATENCY]);
    assert_null(qn_metric_find("settle"));
}

/* How a metric is judged depends on what it describes, not on where it is used. */
static void test_what_a_sort_says(void **unused)
{
    (void)unused;
    assert_true(qn_metrics[QN_METRIC_RETURN_AT].is_stamp);
    assert_false(qn_metrics[QN_METRIC_INTENDED_AT].is_stamp);
    assert_true(qn_metrics[QN_METRIC_INTENDED_AT].range.hi == 0);
    assert_int_equal(qn_metrics[QN_METRIC_WASTED].statistic, QN_STATISTIC_MEAN);
    assert_int_equal(qn_metrics[QN_METRIC_WORK].statistic, QN_STATISTIC_P50);
    assert_true(qn_metrics[QN_METRIC_WASTED].is_counted);
    assert_true(qn_metrics[QN_METRIC_RETAINED_INTEGRAL].is_timed);
    assert_false(qn_metrics[QN_METRIC_CLOSING].is_timed);
    assert_true(qn_metrics[QN_METRIC_ERROR_FIDELITY].is_higher_better);
    assert_true(qn_metrics[QN_METRIC_ERROR_FIDELITY].range.hi == 1);
    assert_true(qn_metrics[QN_METRIC_OVERHEAD].range.lo == -1);
}

static void test_a_processs_own_figure(void **unused)
{
    const struct qn_metric_of_calls all = {&qn_metrics[QN_METRIC_RETURN_AT], false},
                                    failed = {&qn_metrics[QN_METRIC_RETURN_AT], true},
                                    waste = {&qn_metrics[QN_METRIC_WASTED], true};
    struct qn_trial t[4];
    struct qn_calls calls;
    const struct qn_calls_part whole = {.of = &calls, .n = 4}, first = {.of = &calls, .n = 1},
                               last = {.of = &calls, .from = 2, .n = 2};
    double values[4], weights[4];
    struct qn_weighed s = {.values = values, .weights = weights};

    (void)unused;
    for (int i = 0; i < 4; i++) {
        t[i] = trial_of(i, i % 2);
        t[i].v[QN_COL_RETURN_AT] = 10 << i;
    }
    t[1].v[QN_COL_WASTED] = 0;
    t[3].v[QN_COL_WASTED] = 7;
    assert_int_equal(qn_calls_copy(&calls, t, 4), QN_OK);
    assert_true(qn_metric_figure(&all, &whole, &s) == 30); /* the median of 10 20 40 80 */
    assert_true(qn_metric_figure(&all, &last, &s) == 60);
    assert_true(qn_metric_figure(&failed, &whole, &s) == 50);
    assert_true(qn_metric_figure(&waste, &whole, &s) == 3.5); /* the mean */
    assert_true(isnan(qn_metric_figure(&failed, &first, &s)));
    qn_calls_fini(&calls);
}

/* As text and back. */
static void test_weights_are_decimals(void **unused)
{
    static const struct {
        int64_t weight;
        const char *text;
    } cases[] = {{1, "0.000000000000001"},
                 {(int64_t)QN_WEIGHT_ONE, "1"},
                 {1999998000002000, "1.999998000002"},
                 {128000000, "0.000000128"}};
    static const char *const refused[] = {"", "-1", "0", "nan", " 1", "1e9", "1,5", "0x1", "+1"};
    int64_t weight;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        char *text = NULL;
        size_t n;
        FILE *f = open_memstream(&text, &n);

        assert_non_null(f);
        qn_weight_put(f, cases[i].weight);
        fclose(f);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(qn_weight_parse(text, &weight), QN_OK);
        assert_int_equal(weight, cases[i].weight);
        free(text);
    }
    for (size_t i = 0; i < QN_ARRAY_LEN(refused); i++)
        assert_int_equal(qn_weight_parse(refused[i], &weight), QN_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_figure_is_a_column_less_others),
        cmocka_unit_test(test_each_has_a_name_of_its_own),
        cmocka_unit_test(test_what_a_sort_says),
        cmocka_unit_test(test_a_processs_own_figure),
        cmocka_unit_test(test_weights_are_decimals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
