/* Figures out of range, figures below 0, and figures of own work. */
#include <string.h>

#include "bench/cell/figures.h"
#include "tests/cmocka_all.h"
#include "tests/stepped/stepped.h"

#define TIB (INT64_C(1) << 40)

/* The settled call's figures with these events instead of its own. */
static int figures_with(const struct fixture *f, const struct qn_ledger_event *events, size_t n,
                        struct qn_trial *out)
{
    struct qn_row_key key = {1, 0, 0, 1};

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

/* Stamps a worker of a settled call, `at` ns and more after t0. */
static void stamp(struct fixture *f, uint32_t i, uint64_t begin_ns, uint64_t stop_ns,
                  enum qn_error_kind error)
{
    const struct qn_call *call = &f->caller.call;
    uint64_t t0 = f->caller.observed.t0;

    call->records[i].begin = t0 + qn_exec_from_ns(call->exec, begin_ns);
    call->records[i].stop = call->records[i].end = t0 + qn_exec_from_ns(call->exec, stop_ns);
    call->records[i].error = error;
    call->records[i].flags = begin_ns ? QN_WORKER_BEGUN : 0;
}

/* Not by the drawn quanta, nor by those that workers counted. */
static void test_own_work_is_wall_time(void **unused)
{
    struct fixture f;
    struct qn_trial row;

    (void)unused;
    set_up(&f, "drain", 1);
    finish(&f);
    assert_int_equal(f.rc, QN_OK);
    f.caller.call.kind = QN_KIND_OWN;
    stamp(&f, 0, 100, 1101, QN_ERROR_WORKER);    /* 1001; the first error */
    stamp(&f, 1, 100, 777, QN_ERROR_NONE);       /* 677, discarded */
    stamp(&f, 2, 800, 1501, QN_ERROR_CANCELLED); /* 701, 400 of it wasted */
    stamp(&f, 3, 1200, 1399, QN_ERROR_NONE);     /* 199, all of it wasted; begun late */
    assert_int_equal(figures_with(&f, f.caller.events, f.caller.n_events, &row), QN_OK);
    assert_true(row.v[QN_COL_PLANNED_WORK] == QN_NONE);
    assert_int_equal(row.v[QN_COL_WORK], 1001 + 677 + 701 + 199);
    assert_int_equal(row.v[QN_COL_WASTED_INFLIGHT], 400);
    assert_int_equal(row.v[QN_COL_WASTED_STARTED], 199);
    assert_int_equal(row.v[QN_COL_WASTED], 599);
    assert_int_equal(row.v[QN_COL_DISCARDED], 677);
    assert_int_equal(row.v[QN_COL_ERROR_AT], 1101);

    stamp(&f, 0, 100, 1101, QN_ERROR_NONE);
    stamp(&f, 3, 0, 0, QN_ERROR_CANCELLED); /* never began */
    assert_int_equal(figures_with(&f, f.caller.events, f.caller.n_events, &row), QN_OK);
    assert_int_equal(row.v[QN_COL_WORK], 1001 + 677 + 701);
    assert_int_equal(row.v[QN_COL_WASTED], 0);
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_over_time_beyond_a_cell_is_refused),
        cmocka_unit_test(test_memory_over_time_may_be_negative),
        cmocka_unit_test(test_cost_of_polls_beyond_a_cell_is_refused),
        cmocka_unit_test(test_a_failing_worker_is_failed_where_its_report_blocks),
        cmocka_unit_test(test_own_work_is_wall_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
