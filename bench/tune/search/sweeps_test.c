/* Figures of the sweeps over intervals and failure rates, by hand. */
#include <math.h>

#include "bench/tune/search/polls.h"
#include "bench/tune/search/rates.h"
#include "tests/cmocka_all.h"

/* By the form, items of 1,100 s between two polls wasted 1,100 s of 1 ms of work. */
static void test_no_form_of_items_that_are_long_against_the_work(void **unused)
{
    struct qn_cell cell = {
        .strategy = "cancel",
        .polls = true,
        .workload = {.kind = QN_KIND_CPU,
                     .workers = 8,
                     .threads = 2,
                     .failure_rate = 0.1,
                     .poll_quanta = 80, /* 20 us */
                     .service = {.type = QN_SERVICE_EXP, .a = 1e6, .scale = 1, .cap_ns = 1e9},
                     .has_item = true,
                     .item = {.type = QN_SERVICE_CONST, .a = 1000, .scale = 1, .cap_ns = 1e13}},
        .policy_values = {.stride = QN_STRIDE_ITEMS, .canceller = QN_CANCELLER_WORKER}};
    struct qn_poll_row row;

    (void)unused;
    qn_polls_forms(&cell, &row);
    assert_true(row.form_wasted > 0 && row.form_wasted < 1e6);
    assert_true(row.form_stop > 0 && row.form_stop < 1e6);
    cell.workload.item.a = 1100e9;
    qn_polls_forms(&cell, &row);
    assert_true(isnan(row.form_wasted) && isnan(row.form_stop));
    assert_true(row.form_throughput > 0 && row.form_throughput <= 1);
}

/* Noise among effective intervals hides none of them; one that is not effective is found. */
static void test_the_finest_interval_by_hand(void **unused)
{
    const double noisy[] = {0.38, 0.70, 0.90, 0.968, 0.962, 0.94, 0.98, 0.938};
    const double none[] = {0.5, 0.6, 0.9}, all[] = {0.99, 0.97, 1.01};
    const double gaps[] = {NAN, 0.9, NAN, 0.96};

    (void)unused;
    assert_int_equal(qn_polls_finest(noisy, 8), 3); /* the last five level at 0.9576 */
    assert_int_equal(qn_polls_finest(none, 3), 3);
    assert_int_equal(qn_polls_finest(all, 3), 0);
    assert_int_equal(qn_polls_finest(gaps, 4), 3);
    assert_int_equal(qn_polls_finest(gaps, 0), 0);
}

static void test_a_crossing_by_hand(void **unused)
{
    const double rates[] = {0, 0.01, 0.1, 0.4};
    const double falls[] = {4, 2, -2, -3}, at_once[] = {3, -1, -2, -3}, always[] = {-1, -1, -1, -1},
                 never[] = {1, 1, 1, 1}, twice[] = {1, -1, 1, -1};

    (void)unused;
    /* half way between 0.01 and 0.1, by logarithms */
    assert_true(fabs(qn_crossing_of(rates, falls, 3) - sqrt(0.001)) < 1e-12);
    /* three quarters of the way from 0 */
    assert_true(fabs(qn_crossing_of(rates, at_once, 3) - 0.0075) < 1e-12);
    assert_true(qn_crossing_of(rates, always, 3) == 0);
    assert_true(qn_crossing_of(rates, never, 3) == 0.4);
    assert_true(fabs(qn_crossing_of(rates, twice, 3) - 0.2) < 1e-12);
    assert_true(fabs(qn_crossing_of(rates, twice, 1) - 0.005) < 1e-12);
    /* a rate without a figure is skipped, and does not count as a fall */
    assert_true(fabs(qn_crossing_of(rates, (const double[]){4, NAN, -4, -3}, 3) - 0.05) < 1e-12);
    assert_true(qn_crossing_of(rates, (const double[]){NAN, 1, 2, NAN}, 3) == 0.1);
    assert_true(isnan(qn_crossing_of(rates, (const double[]){NAN, NAN, NAN, NAN}, 3)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_form_of_items_that_are_long_against_the_work),
        cmocka_unit_test(test_the_finest_interval_by_hand),
        cmocka_unit_test(test_a_crossing_by_hand),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
