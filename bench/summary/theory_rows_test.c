/* Rows of theory, and of the deviation from it. */
#include "bench/summary/made_trials.h"
#include "bench/theory/cell.h"
#include "bench/theory/example_cell.h"
#include "bench/theory/models.h"
#include "tests/near.h"

/* Theory is only a mean, and exists only if a call failed. */
static void test_theory_rows(void **unused)
{
    struct qn_cell cell = example_cell("c0001", "cancel", true);
    struct qn_trial rows[] = {failed_of(0, 0, 1000), failed_of(1, 0, 2000), trial_of(1, 1, 0, 9)};
    struct qn_trial *of[] = {rows};
    size_t n = QN_ARRAY_LEN(rows);
    const struct qn_csv *row;

    (void)unused;
    summarise(&cell, 1, of, &n);
    row = row_of("c0001", "theory_error_at", "failed");
    assert_near(number(row, "mean"), qn_model_error_at_exp(16, 2, 0.05, 100e3));
    assert_string_equal(field(row, "unit"), "ns");
    assert_string_equal(field(row, "n"), "2");
    assert_string_equal(field(row, "mean_lo"), "");
    assert_string_equal(field(row, "p50"), "");
    assert_string_equal(field(row, "max"), "");
    /* the caller raises, 5000 ns after the error */
    row = row_of("c0001", "theory_wasted", "failed");
    assert_near(number(row, "mean"), qn_theory_wasted(&cell, 5000));
    assert_near(qn_theory_wasted(&cell, 5000),
                qn_model_in_flight(16, 2, 0.05) * 6000 + qn_model_work_left(16, 2, 0.05) * 6000);
}

/* Two processes with means 1000 and 2000, and with wastes of 6 and 10 us. */
static void test_deviation_rows(void **unused)
{
    struct qn_cell cell = example_cell("c0001", "drain", false);
    struct qn_trial rows[] = {failed_of(0, 0, 500), failed_of(0, 1, 1500), failed_of(1, 0, 2000),
                              trial_of(1, 1, 0, 9)};
    struct qn_trial *of[] = {rows};
    size_t n = QN_ARRAY_LEN(rows);
    double theory = qn_model_error_at_exp(16, 2, 0.05, 100e3), half = T_975_1 * 500;
    const struct qn_csv *row;

    (void)unused;
    rows[0].v[QN_COL_WASTED] = rows[1].v[QN_COL_WASTED] = 6000;
    rows[2].v[QN_COL_WASTED] = 10000;
    summarise(&cell, 1, of, &n);
    row = row_of("c0001", "deviation_error_at", "failed");
    assert_near(number(row, "mean"), 1500 / theory - 1);
    assert_true(1500 - half < 0 && number(row, "mean_lo") == -1);
    assert_near(number(row, "mean_hi"), (1500 + half) / theory - 1);
    assert_string_equal(field(row, "unit"), "share");
    assert_string_equal(field(row, "n"), "3");
    assert_string_equal(field(row, "processes"), "2");
    assert_string_equal(field(row, "p50"), "");
    assert_string_equal(field(row, "max"), "");
    row = row_of("c0001", "deviation_wasted", "failed");
    assert_near(number(row, "mean"), 8000 / qn_model_waste_to_end(16, 0.05, 100e3) - 1);
    cell.workload.service.type = QN_SERVICE_CONST; /* no form applies */
    summarise(&cell, 1, of, &n);
    assert_null(row_of("c0001", "deviation_wasted", "failed"));
    assert_null(row_of("c0001", "deviation_error_at", "failed"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_theory_rows),
        cmocka_unit_test(test_deviation_rows),
    };

    return cmocka_run_group_tests(tests, make_summary, remove_summary);
}
