/* Computed plots against values worked out by hand: thinned distributions, trade-offs, reversals,
 * drift. */
#include <math.h>
#include <stdlib.h>

#include "bench/report/drift.h"
#include "bench/report/reversals.h"
#include "bench/report/values.h"
#include "bench/stats/curves.h"
#include "bench/stats/interval.h"
#include "bench/workload/arrival.h"
#include "tests/cmocka_all.h"

#define N_MANY 10000

/* The share of values at or below x. */
static double share(const double *sorted, size_t n, double x)
{
    size_t at = 0;

    while (at < n && sorted[at] <= x)
        at++;
    return (double)at / (double)n;
}

static void test_few_values_are_all_drawn(void **unused)
{
    static const double values[] = {1, 2, 2, 5};
    struct qn_point p[4];

    (void)unused;
    assert_int_equal(qn_curve_ecdf(values, 4, p, 4), 3);
    assert_true(p[0].x == 1 && p[0].y == 0.25);
    assert_true(p[1].x == 2 && p[1].y == 0.75);
    assert_true(p[2].x == 5 && p[2].y == 1);
    assert_int_equal(qn_curve_ecdf(values, 0, p, 4), 0);
    assert_int_equal(qn_curve_ecdf(values, 1, p, 4), 1);
    assert_true(p[0].x == 1 && p[0].y == 1);
}

static void test_many_values_are_thinned(void **unused)
{
    static double values[N_MANY];
    struct qn_point p[400];
    size_t n;

    (void)unused;
    for (size_t i = 0; i < N_MANY; i++)
        values[i] = exp((double)i / 1000);
    n = qn_curve_ecdf(values, N_MANY, p, 400);
    assert_int_equal(n, 400);
    assert_true(p[0].x == values[0]);
    assert_true(p[n - 1].x == values[N_MANY - 1] && p[n - 1].y == 1);
    for (size_t i = 0; i < n; i++) {
        assert_true(p[i].y == share(values, N_MANY, p[i].x));
        if (i > 0) {
            assert_true(p[i].x > p[i - 1].x);
            assert_true(p[i].y - p[i - 1].y <= 1.0 / 399 + 1.0 / N_MANY);
        }
    }
}

static void test_ties_are_one_step(void **unused)
{
    static double values[N_MANY]; /* half of them 0 */
    struct qn_point p[100];
    size_t n;

    (void)unused;
    for (size_t i = N_MANY / 2; i < N_MANY; i++)
        values[i] = floor((double)i / 500);
    n = qn_curve_ecdf(values, N_MANY, p, 100);
    assert_int_equal(n, 11); /* 0, and 10 to 19 */
    assert_true(p[0].x == 0 && p[0].y == 0.5);
    assert_true(p[10].x == 19 && p[10].y == 1);
}

/* Two processes, in no order; one call lacks the figure, one did not fail. */
static void test_values_of_processes(void **unused)
{
    static const int64_t calls[][3] = {/* process, return_at, failed */
                                       {1, 40, 1}, {0, 10, 1},      {0, 30, 1}, {1, 20, 1},
                                       {0, 20, 1}, {0, QN_NONE, 1}, {1, 1, 0}};
    struct qn_trial rows[QN_ARRAY_LEN(calls)] = {0};
    size_t n = QN_ARRAY_LEN(calls);
    struct qn_tables t = {.n_scenes = 0};
    const struct qn_metric_of_calls latency = {&qn_metrics[QN_METRIC_RETURN_LATENCY], true};
    struct qn_values v;
    double scratch[2];

    (void)unused;
    for (size_t i = 0; i < n; i++) {
        rows[i].v[QN_COL_PROCESS] = calls[i][0];
        rows[i].v[QN_COL_RETURN_AT] = calls[i][1];
        rows[i].v[QN_COL_FAILED] = calls[i][2];
        rows[i].v[QN_COL_ERROR_AT] = 5;
    }
    assert_int_equal(qn_trials_init(&t.trials, 1, NULL, 0), QN_OK);
    assert_int_equal(qn_trials_add(&t.trials, 0, rows, n), QN_OK);
    assert_int_equal(qn_trials_settle(&t.trials), QN_OK);
    assert_int_equal(qn_values_of(&t, 0, &latency, &v), QN_OK);
    assert_int_equal(v.n, 5);
    assert_int_equal(v.n_processes, 2);
    assert_int_equal(v.ends[0], 3);
    assert_int_equal(v.process[1], 1);
    assert_true(v.v[0] == 5 && v.v[1] == 15 && v.v[2] == 25 && v.v[3] == 15 && v.v[4] == 35);
    assert_int_equal(qn_values_fewest(&v), 2);
    assert_true(qn_values_quantile(&v, 0.5, scratch).value == 15);   /* of 15 and 15 */
    assert_true(qn_values_quantile(&v, 0.999, scratch).value == 30); /* of 25 and 35 */
    qn_values_pool(&v);
    assert_true(v.v[1] == 15 && v.v[2] == 15 && v.v[4] == 35);
    qn_values_fini(&v);
    qn_trials_fini(&t.trials);
    assert_true(qn_curve_reach(1000) == 100); /* p99 and no further */
}

static void test_front(void **unused)
{
    struct qn_trade p[] = {
        {.x = 1, .y = 9, .is_eligible = true}, {.x = 5, .y = 2, .is_eligible = true},
        {.x = 5, .y = 3, .is_eligible = true}, /* as fast as the one before, but more waste */
        {.x = 6, .y = 9, .is_eligible = true}, {.x = 0, .y = 0, .is_eligible = false},
        {.x = 5, .y = 2, .is_eligible = true}, /* equal to another on the front */
    };
    static const bool wanted[] = {true, true, false, false, false, true};
    static const struct qn_point corners[] = {{1, 100}, {1, 9}, {5, 9}, {5, 2}, {50, 2}};
    struct qn_point steps[2 * QN_ARRAY_LEN(p) + 1];

    (void)unused;
    qn_curve_trade_off(p, QN_ARRAY_LEN(p));
    for (size_t i = 0; i < QN_ARRAY_LEN(p); i++)
        assert_int_equal(p[i].is_on_front, wanted[i]);
    assert_int_equal(qn_curve_steps(p, QN_ARRAY_LEN(p), 50, 100, steps), QN_ARRAY_LEN(corners));
    for (size_t i = 0; i < QN_ARRAY_LEN(corners); i++)
        assert_true(steps[i].x == corners[i].x && steps[i].y == corners[i].y);
    p[0].is_eligible = p[1].is_eligible = p[2].is_eligible = p[3].is_eligible = p[5].is_eligible =
        false;
    qn_curve_trade_off(p, QN_ARRAY_LEN(p));
    assert_int_equal(qn_curve_steps(p, QN_ARRAY_LEN(p), 50, 100, steps), 0);
}

static const struct qn_estimate low = {1, 0.5, 1.5, true}, high = {2, 1.6, 2.4, true},
                                wide = {2, 1.4, 2.6, true}, lone = {9, 0, 0, false};

static void test_reversals_need_intervals_apart(void **unused)
{
    const struct qn_reversal_side reversed[] = {{0, &low, &high}, {1, &high, &low}};
    const struct qn_reversal_side kept[] = {{0, &low, &low}, {1, &high, &high}};
    const struct qn_reversal_side near_before[] = {{0, &low, &high}, {1, &wide, &low}};
    const struct qn_reversal_side near_after[] = {{0, &low, &wide}, {1, &high, &low}};
    const struct qn_reversal_side none[] = {{0, &low, &lone}, {1, &high, &low}};
    struct qn_reversal found[2];

    (void)unused;
    assert_int_equal(qn_reversals_find(reversed, 2, false, found), 1);
    assert_int_equal(found[0].a, 0);
    assert_int_equal(found[0].b, 1);
    assert_int_equal(qn_reversals_find(kept, 2, false, found), 0);
    assert_int_equal(qn_reversals_find(near_before, 2, false, found), 0);
    assert_int_equal(qn_reversals_find(near_after, 2, false, found), 0);
    assert_int_equal(qn_reversals_find(none, 2, false, found), 0);
    /* if more is better, being lower in both means having lost the lead */
    assert_int_equal(qn_reversals_find(kept, 2, true, found), 1);
    assert_int_equal(found[0].a, 0);
    assert_int_equal(qn_reversals_find(reversed, 2, true, found), 0);
}

static void test_thirds_of_a_run(void **unused)
{
    struct qn_drift_point p[7];
    struct qn_drift d = {.points = p, .n = QN_ARRAY_LEN(p)};
    struct qn_estimate e;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(p); i++)
        p[i] = (struct qn_drift_point){
            .at = (double)i, .quantum = 1 + (double)i, .calls = NAN, .mark = ""};
    p[3].quantum = NAN; /* six are left: two per third */
    assert_int_equal(qn_drift_third(&d, false, false, &e), QN_OK);
    assert_true(e.value == 1.5 && e.has_interval);
    assert_int_equal(qn_drift_third(&d, false, true, &e), QN_OK);
    assert_true(e.value == 6.5 && e.has_interval);
    assert_int_equal(qn_drift_third(&d, true, true, &e), QN_OK);
    assert_false(e.has_interval);
}

static void test_arrival_goes_round(void **unused)
{
    static const char *const texts[] = {"isolated", "back-to-back", "poisson:1234.5",
                                        "poisson:0.001"};
    static const char *const bad[] = {"",           "poisson",       "poisson:",    "poisson:0",
                                      "poisson:-1", "poisson:1x",    "poisson:inf", "poisson: 5",
                                      "Isolated",   "back-to-back ", "poisson:nan"};
    const char *allowed = NULL;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(texts); i++) {
        struct qn_workload w = {.arrival_rate = 7};
        char text[QN_ARRIVAL_BYTES];

        assert_int_equal(qn_arrival_parse(texts[i], &w, &allowed), QN_OK);
        assert_int_equal(w.arrival, i < 2 ? i : 2);
        assert_string_equal(qn_arrival_text(&w, text, sizeof(text)), texts[i]);
    }
    for (size_t i = 0; i < QN_ARRAY_LEN(bad); i++) {
        struct qn_workload w = {.arrival = QN_ARRIVAL_BACK_TO_BACK};

        assert_int_equal(qn_arrival_parse(bad[i], &w, &allowed), QN_EINVAL);
        assert_int_equal(w.arrival, QN_ARRIVAL_BACK_TO_BACK);
        assert_non_null(allowed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_values_are_all_drawn),
        cmocka_unit_test(test_many_values_are_thinned),
        cmocka_unit_test(test_ties_are_one_step),
        cmocka_unit_test(test_values_of_processes),
        cmocka_unit_test(test_front),
        cmocka_unit_test(test_reversals_need_intervals_apart),
        cmocka_unit_test(test_thirds_of_a_run),
        cmocka_unit_test(test_arrival_goes_round),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
