/* Figures out of range, and figures below 0. */
#include <string.h>

#include "bench/cell/figures.h"
#include "tests/cmocka_all.h"
#include "tests/stepped/stepped.h"

#define TIB (INT64_C(1) << 40)

/* The settled call's figures with these events instead of its own. */
static int figures_with(const struct fixture *f, const struct qn_ledger_event *events, size_t n,
                        struct qn_trial *out)
{
    struct qn_row_key key = {1, 0, 0};

    return qn_figures_make(&f->caller.call, &f->caller.observed, events, n, &key, out);
}

/* The first failure, and a time after it at which the call has not yet settled. */
static uint64_t failed_at(const struct fixture *f)
{
    uint64_t first = 0;

    for (uint32_t i = 0; i < N_WORKERS; i++) {
        uint64_t at = qn_record_failed_at(&f->caller.call.records[i]);

        if (at != 0 && (first == 0 || at < first))
            first = at;
    }
    return first;
}

/* A TiB for a day is 9.5e25 byte·ns. llround turned it into an empty cell, as if there were no
 * figure. */
static void test_memory_over_time_beyond_a_cell_is_refused(void **unused)
{
    struct fixture f;
    struct qn_trial row;
    char block;

    (void)unused;
    set_up(&f, "drain", 1);
    finish(&f);
    assert_int_equal(f.rc, QN_OK);
    f.caller.call.settle_at =
        failed_at(&f) + qn_exec_from_ns(f.caller.call.exec, 86400 * QN_NS_PER_S);
    {
        struct qn_ledger_event one = {1, &block, 1, f.caller.call.id}, tib = one;

        tib.bytes = TIB;
        assert_int_equal(figures_with(&f, &one, 1, &row), QN_OK); /* a byte for a day is 8.64e13 */
        assert_true(row.v[QN_COL_RETAINED_INTEGRAL] > INT64_C(86300000000000) &&
                    row.v[QN_COL_RETAINED_INTEGRAL] < INT64_C(86500000000000));
        assert_int_equal(figures_with(&f, &tib, 1, &row), QN_EOVERFLOW);
    }
    f.caller.observed.results_freed_at = 0;
    tear_down(&f);
}

/* By its stamps, a block is freed before it was allocated, with the failure in between. */
static void test_memory_over_time_may_be_negative(void **unused)
{
    struct fixture f;
    struct qn_trial row;
    char block;

    (void)unused;
    set_up(&f, "drain", 1);
    finish(&f);
    assert_int_equal(f.rc, QN_OK);
    f.caller.call.settle_at = failed_at(&f) + qn_exec_from_ns(f.caller.call.exec, 1000);
    f.caller.observed.results_freed_at = 0;
    {
        uint64_t id = f.caller.call.id;
        const struct qn_ledger_event events[] = {{1, &block, -64, id},
                                                 {f.caller.call.settle_at, &block, 64, id}};

        assert_int_equal(figures_with(&f, events, 2, &row), QN_OK);
        assert_true(row.v[QN_COL_RETAINED_INTEGRAL] < -63000 &&
                    row.v[QN_COL_RETAINED_INTEGRAL] > -65000); /* 64 bytes for 1000 ns */
    }
    tear_down(&f);
}

/* 2^32 polls of a day each overflowed 64 bits. */
static void test_cost_of_polls_beyond_a_cell_is_refused(void **unused)
{
    struct fixture f;
    struct qn_trial row;

    (void)unused;
    set_up(&f, "cancel", 1);
    finish(&f);
    assert_int_equal(f.rc, QN_OK);
    f.caller.call.poll_cost_ns = 86400 * QN_NS_PER_S;
    f.caller.call.records[0].polls = UINT32_MAX;
    assert_int_equal(figures_with(&f, f.caller.events, f.caller.n_events, &row), QN_EOVERFLOW);
    tear_down(&f);
}

/* A worker that failed and then blocked forever in its second report was drawn as working. */
static void test_a_failing_worker_is_failed_where_its_report_blocks(void **unused)
{
    struct fixture f;
    struct qn_timeline_row row;

    (void)unused;
    set_up(&f, "double-send", 1);
    finish(&f);
    assert_int_equal(f.rc, QN_OK);
    qn_figures_timeline(&f.caller.call, &f.caller.observed, 0, 0, &row);
    assert_true(row.end_ns == QN_NONE);
    assert_int_equal(row.outcome, QN_OUTCOME_FAILED);
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_over_time_beyond_a_cell_is_refused),
        cmocka_unit_test(test_memory_over_time_may_be_negative),
        cmocka_unit_test(test_cost_of_polls_beyond_a_cell_is_refused),
        cmocka_unit_test(test_a_failing_worker_is_failed_where_its_report_blocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
