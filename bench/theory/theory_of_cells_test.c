/* Which closed forms apply to a cell, and that there is none if none does. */
#include <math.h>

#include "bench/theory/cell.h"
#include "bench/theory/example_cell.h"
#include "bench/theory/models.h"
#include "tests/near.h"

static void test_theory_of_waste(void **unused)
{
    struct qn_cell cell = example_cell("c0001", "drain", false);
    double exact = qn_model_waste_worker_raises_exp(16, 2, 0.05, 100e3, 2000);

    (void)unused;
    assert_near(qn_theory_wasted(&cell, NAN), qn_model_waste_to_end(16, 0.05, 100e3));
    cell.strategy = "leak";
    assert_true(isnan(qn_theory_wasted(&cell, NAN)));
    cell = example_cell("c0001", "cancel-wait", true);
    cell.policy_values.canceller = QN_CANCELLER_WORKER;
    assert_near(qn_theory_wasted(&cell, 5000), exact);
    cell.workload.service.type = QN_SERVICE_CONST;
    assert_near(qn_theory_wasted(&cell, 5000), qn_model_in_flight(16, 2, 0.05) * 1000);
    cell.policy_values.canceller = QN_CANCELLER_CALLER;
    assert_true(isnan(qn_theory_wasted(&cell, NAN))); /* nothing measured */
    cell.workload.workers = 2;                        /* nothing is left to begin */
    assert_near(qn_theory_wasted(&cell, 5000), qn_model_in_flight(2, 2, 0.05) * 6000);
    cell.workload.poll_quanta = 80;                    /* 20 us */
    assert_true(isnan(qn_theory_wasted(&cell, 5000))); /* polls too far apart */
    cell = example_cell("c0001", "drain", false);
    cell.workload.service.type = QN_SERVICE_CONST;
    assert_true(isnan(qn_theory_wasted(&cell, NAN)));
}

static void test_theory_of_error_at(void **unused)
{
    struct qn_cell cell = example_cell("c0001", "leak", false);
    struct qn_service *s = &cell.workload.service;

    (void)unused;
    assert_near(qn_theory_error_at(&cell), qn_model_error_at_exp(16, 2, 0.05, 100e3));
    s->type = QN_SERVICE_CONST;
    assert_true(isnan(qn_theory_error_at(&cell))); /* E[K] below 4 P */
    cell.workload.threads = 1;
    assert_near(qn_theory_error_at(&cell), qn_model_error_at_single(16, 0.05, 100e3));
    cell.workload.threads = 2;
    cell.workload.workers = 200;
    assert_near(qn_theory_error_at(&cell), qn_model_error_at_approx(200, 2, 0.05, 100e3, 0));
    *s = (struct qn_service){
        .type = QN_SERVICE_LOGNORMAL, .a = 0, .b = 2.36, .c = 1e6, .scale = 1, .cap_ns = 1e30};
    assert_true(isnan(qn_theory_error_at(&cell))); /* the second term outweighs the first */
}

static void test_theory_does_not_apply(void **unused)
{
    struct qn_cell good = example_cell("c0001", "drain", false), cell = good;

    (void)unused;
    assert_true(isfinite(qn_theory_error_at(&cell)));
    cell.workload.kind = QN_KIND_WAIT;
    assert_true(isnan(qn_theory_error_at(&cell)));
    cell = good;
    cell.workload.failure_at = QN_FAIL_AT_START;
    assert_true(isnan(qn_theory_error_at(&cell)));
    cell = good;
    cell.workload.poll_cost_ns = 50;
    assert_true(isnan(qn_theory_error_at(&cell)));
    cell = good;
    cell.workload.failure_rate = 0;
    assert_true(isnan(qn_theory_error_at(&cell)));
    cell.workload.failure_rate = 1;
    assert_true(isnan(qn_theory_error_at(&cell)));
    cell.workload.failure_rate = NAN;
    assert_true(isnan(qn_theory_error_at(&cell)));
    cell = good;
    cell.workload.service.cap_ns = 300e3; /* one draw in twenty is capped */
    assert_true(isnan(qn_theory_error_at(&cell)));
    assert_true(isnan(qn_theory_wasted(&cell, NAN)));
    /* as shipped: lognormal, capped at 20 ms */
    cell.workload.service = (struct qn_service){
        .type = QN_SERVICE_LOGNORMAL, .a = -0.38, .b = 2.36, .c = 1e6, .scale = 1, .cap_ns = 20e6};
    cell.workload.failure_rate = 0.01;
    assert_true(isnan(qn_theory_error_at(&cell)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_theory_of_waste),
        cmocka_unit_test(test_theory_of_error_at),
        cmocka_unit_test(test_theory_does_not_apply),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
