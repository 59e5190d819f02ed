/* Cells of a plan are found by their ids, and rounds of processes appended. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/schema/plan.h"
#include "tests/cmocka_all.h"

#define N_CELLS 12000u /* ids of four digits, and of five */

/* A plan of every `step`-th cell. */
static struct qn_plan plan_of(unsigned step)
{
    struct qn_plan plan = {.cells = calloc(N_CELLS, sizeof(*plan.cells))};

    assert_non_null(plan.cells);
    for (unsigned i = 0; i < N_CELLS; i += step)
        snprintf(plan.cells[plan.n_cells++].id, QN_CELL_ID_BYTES, "c%04u", i + 1);
    return plan;
}

static void test_cells_are_found(void **unused)
{
    (void)unused;
    for (unsigned step = 1; step <= 7; step += 3) {
        struct qn_plan plan = plan_of(step);

        for (unsigned i = 0; i < N_CELLS; i++) {
            char id[QN_CELL_ID_BYTES];

            snprintf(id, sizeof(id), "c%04u", i + 1);
            assert_int_equal(qn_plan_find(&plan, id), i % step == 0 ? (int)(i / step) : -1);
        }
        assert_int_equal(qn_plan_find(&plan, "c1"), -1);
        assert_int_equal(qn_plan_find(&plan, ""), -1);
        assert_int_equal(qn_plan_find(&plan, "d0001"), -1);
        qn_plan_fini(&plan);
    }
}

static void test_a_round_is_appended(void **unused)
{
    static const uint32_t first[] = {2, 0}, second[] = {0, 1, 0};
    static const uint32_t cells[] = {2, 0, 0, 1, 0}, numbers[] = {0, 0, 1, 0, 2};
    struct qn_plan plan = plan_of(1000);

    (void)unused;
    assert_int_equal(qn_plan_add_round(&plan, first, QN_ARRAY_LEN(first)), QN_OK);
    assert_int_equal(qn_plan_add_round(&plan, second, QN_ARRAY_LEN(second)), QN_OK);
    assert_int_equal(plan.n_processes, QN_ARRAY_LEN(cells));
    for (uint32_t i = 0; i < plan.n_processes; i++) {
        assert_int_equal(plan.processes[i].cell, cells[i]);
        assert_int_equal(plan.processes[i].number, numbers[i]);
        assert_int_equal(plan.processes[i].order, i);
        assert_int_equal(plan.processes[i].status, QN_STATUS_PENDING);
    }
    qn_plan_fini(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_are_found),
        cmocka_unit_test(test_a_round_is_appended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
