/* Every strategy on the stepping executor: forced orders with exact expectations, then many random
 * ones. */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/memory.h"
#include "tests/cmocka_all.h"
#include "tests/stepped/stepped.h"

/* Random orders tried for each strategy and pattern of failures. */
#define N_SEEDS 40u

/* A scope is one block: the struct and, behind it, its channel. */
static uint64_t call_bytes(struct fixture *f, uint32_t capacity)
{
    return usable(f, sizeof(struct qn_scope) + qn_chan_bytes(capacity, sizeof(struct qn_report)),
                  QN_LINE_BYTES);
}

/* Runs the caller up to its first receive, then one thread until the caller has its worker's
 * error. */
static void let_worker_0_fail_first(struct fixture *f)
{
    qn_stepper_run_out(f->stepper, CALLER);
    qn_stepper_run_out(f->stepper, 0);
    qn_stepper_run_out(f->stepper, CALLER);
}

static void test_leak_books_exactly(void **unused)
{
    struct fixture f;

    (void)unused;
    set_up(&f, "leak", 1u << 0);
    qn_stepper_run_out(f.stepper, CALLER);
    assert_true(qn_stepper_run_to(f.stepper, 0, "unpark")); /* worker 0 has handed its error over */
    qn_stepper_run_out(f.stepper, 0);                       /* worker 1 blocks behind it */
    qn_stepper_run_out(f.stepper, CALLER);
    assert_true(f.has_returned);
    assert_int_equal(f.rc, 1); /* thread 1 has not begun: no leak yet */
    qn_stepper_run_out(f.stepper, 1);
    qn_stepper_run_out(f.stepper, CALLER);
    qn_stepper_run_out(f.stepper, 0);
    qn_stepper_run_out(f.stepper, 1);
    qn_stepper_run_out(f.stepper, CALLER);
    assert_int_equal(f.rc, QN_OK);
    assert_int_equal(f.row.v[QN_COL_LEAKED_WORKERS], 3); /* two blocked, one that never began */
    assert_int_equal(f.row.v[QN_COL_LEAKED_BYTES],
                     call_bytes(&f, 0) + 2 * (working_set(&f) + result(&f)));
    assert_int_equal(f.row.v[QN_COL_SETTLE_AT], QN_NONE);
    assert_int_equal(f.row.v[QN_COL_RETAINED_INTEGRAL], QN_NONE);
    assert_int_equal(f.row.v[QN_COL_OCCUPIED], QN_NONE);
    assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED], 0);
    tear_down(&f);
}

static void test_double_send_blocks_the_failing_worker_too(void **unused)
{
    struct fixture f;

    (void)unused;
    set_up(&f, "double-send", 1u << 0);
    let_worker_0_fail_first(&f);
    qn_stepper_run_out(f.stepper, 1);
    for (int i = 0; i < 4; i++) /* recorded, then unwound */
        for (unsigned id = 0; id <= CALLER; id++)
            qn_stepper_run_out(f.stepper, CALLER - id);
    assert_int_equal(f.rc, QN_OK);
    assert_int_equal(f.row.v[QN_COL_LEAKED_WORKERS],
                     4); /* worker 0 in its second send, 1, and 2 that never began */
    assert_int_equal(f.row.v[QN_COL_LEAKED_BYTES],
                     call_bytes(&f, 0) + 2 * working_set(&f) + result(&f));
    tear_down(&f);
}

/* A worker stopped before its send is not a leak, however long it takes; once it blocks, it is. */
static void test_no_leak_is_booked_before_it_blocks(void **unused)
{
    struct fixture f;

    (void)unused;
    set_up(&f, "leak", 1u << 0);
    qn_stepper_run_out(f.stepper, CALLER);
    assert_true(qn_stepper_run_to(f.stepper, 1, "work")); /* worker 0 runs on thread 1 */
    qn_stepper_run_out(f.stepper, 0); /* workers 1, 2 … report in turn as the caller receives */
    while (qn_stepper_resume(f.stepper, CALLER) || qn_stepper_resume(f.stepper, 0))
        continue;
    assert_false(f.has_returned); /* three successes so far, and the error is still to come */
    assert_true(qn_stepper_run_to(f.stepper, 1, "unlocked"));
    qn_stepper_run_out(f.stepper, 1);
    qn_stepper_run_out(f.stepper, CALLER);
    assert_int_equal(f.rc, QN_OK);
    assert_int_equal(f.row.v[QN_COL_LEAKED_WORKERS], 0);
    tear_down(&f);

    set_up(&f, "leak", 1u << 0);
    qn_stepper_run_out(f.stepper, CALLER);
    assert_true(qn_stepper_run_to(f.stepper, 1, "work")); /* worker 0 is in its work */
    assert_true(qn_stepper_run_to(f.stepper, 0, "lock")); /* worker 1 is right before its send */
    qn_stepper_run_out(f.stepper, 1);                     /* the error, then worker 2 blocks */
    qn_stepper_run_out(f.stepper, CALLER);
    assert_true(f.has_returned);
    for (int i = 0; i < 1000; i++)
        assert_false(qn_stepper_resume(f.stepper, CALLER)); /* as long as it likes */
    assert_int_equal(f.rc, 1);
    qn_stepper_run_out(f.stepper, 0);
    for (int i = 0; i < 4; i++)
        for (unsigned id = 0; id <= CALLER; id++)
            qn_stepper_run_out(f.stepper, CALLER - id);
    assert_int_equal(f.rc, QN_OK);
    assert_int_equal(f.row.v[QN_COL_LEAKED_WORKERS], 3);
    tear_down(&f);
}

/* close stops no computation; cancel does, at its next poll. */
static void test_close_stops_nothing_and_cancel_does(void **unused)
{
    static const struct {
        const char *strategy;
        int64_t inflight, started; /* quanta wasted */
    } expected[] = {{"buffered", 9, 20}, {"close", 9, 20}, {"cancel", 0, 1}};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(expected); i++) {
        struct fixture f;

        set_up_with(&f, expected[i].strategy, 1u << 0, 10, 1, NULL);
        qn_stepper_run_out(f.stepper, CALLER);
        assert_true(qn_stepper_run_to(f.stepper, 0, "work"));   /* worker 0 */
        assert_true(qn_stepper_run_to(f.stepper, 1, "work"));   /* worker 1 */
        assert_true(qn_stepper_run_to(f.stepper, 0, "lock"));   /* has failed, is about to report */
        assert_true(qn_stepper_run_to(f.stepper, 0, "unpark")); /* the caller is given the error */
        assert_true(qn_stepper_resume(f.stepper, 0));
        qn_stepper_run_out(f.stepper, CALLER);
        assert_true(f.has_returned);
        for (int j = 0; j < 4; j++)
            for (unsigned id = 0; id <= CALLER; id++)
                qn_stepper_run_out(f.stepper, id);
        assert_int_equal(f.rc, QN_OK);
        /* Worker 1 has 10 quanta and was in its first. The failing thread, once it has woken the
         * caller, is in the first quantum of worker 2 before the caller can raise. */
        assert_int_equal(f.row.v[QN_COL_WASTED_INFLIGHT] / QN_QUANTUM_NS, expected[i].inflight);
        assert_int_equal(f.row.v[QN_COL_WASTED_STARTED] / QN_QUANTUM_NS, expected[i].started);
        tear_down(&f);
    }
}

static void test_random_orders(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < qn_n_strategies; i++)
        for (unsigned failing = 0; failing < 1u << N_WORKERS; failing++)
            for (uint64_t seed = 1; seed <= N_SEEDS; seed++)
                if (runs_stepped(qn_strategies[i], QN_KIND_CPU))
                    try_random(qn_strategies[i], failing, seed, NULL);
}

static void test_random_orders_other_canceller(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < qn_n_strategies; i++) {
        const struct qn_strategy *s = qn_strategies[i];
        struct qn_policy policy;

        if (!(s->flags & QN_CANCELS) || (s->flags & QN_OWNER_RELEASES) ||
            !runs_stepped(s, QN_KIND_CPU))
            continue;
        qn_policy_default(s, &policy);
        policy.canceller =
            policy.canceller == QN_CANCELLER_CALLER ? QN_CANCELLER_WORKER : QN_CANCELLER_CALLER;
        for (unsigned failing = 0; failing < 1u << N_WORKERS; failing++)
            for (uint64_t seed = 1; seed <= N_SEEDS; seed++)
                try_random(s, failing, seed, &policy);
    }
}

/* The skeleton for new strategies works, and settles in any order. */
extern const struct qn_strategy qn_strategy_skeleton; /* docs/skeleton.c */

static void test_skeleton(void **unused)
{
    (void)unused;
    for (unsigned failing = 0; failing < 1u << N_WORKERS; failing++)
        for (uint64_t seed = 1; seed <= N_SEEDS; seed++)
            try_random(&qn_strategy_skeleton, failing, seed, NULL);
}

/* Each allocation of a call fails in turn: the call ends, says so, and leaves nothing behind. */
static void test_out_of_memory(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < qn_n_strategies; i++) {
        bool has_failed = runs_stepped(qn_strategies[i], QN_KIND_CPU);

        for (uint32_t nth = 1; has_failed; nth++) {
            struct fixture f;
            uint64_t rng = nth;

            set_up_with(&f, qn_strategies[i]->name, 0, 2, nth, NULL);
            qn_memory_fail_at(f.memory, nth);
            assert_true(qn_stepper_run_random(f.stepper, &rng, 100000));
            has_failed = f.rc == QN_ENOMEM;
            assert_true(has_failed || f.rc == QN_OK);
            if (qn_memory_is_exact()) {
                uint64_t live;

                assert_int_equal(qn_memory_live(f.memory, &live), QN_OK);
                assert_int_equal(live, 0);
            }
            assert_true(nth < 100);
            tear_down(&f);
        }
    }
}

/* A poll after every three quanta but none at the end of the work: after 3, 6 and 9 of 10. */
static void test_polls_are_counted(void **unused)
{
    static const struct {
        const char *strategy;
        int64_t polls;
    } cases[] = {{"cancel-wait", INT64_C(3) * N_WORKERS},
                 {"cancel", INT64_C(3) * N_WORKERS},
                 {"drain", QN_NONE}};
    struct fixture f;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        int64_t polls = cases[i].polls;

        set_up_with(&f, cases[i].strategy, 0, 10, 1, NULL);
        f.caller.call.poll_quanta = 3;
        f.caller.call.poll_cost_ns = 40;
        finish(&f);
        assert_int_equal(f.row.v[QN_COL_POLLS], polls);
        assert_int_equal(f.row.v[QN_COL_POLLING], polls == QN_NONE ? QN_NONE : polls * 40);
        tear_down(&f);
    }
    /* The failing worker polls nine times; those that are cut short or never begin poll less
     * often. */
    set_up_with(&f, "cancel-wait", 1, 10, 1, NULL);
    f.caller.call.poll_quanta = 1;
    finish(&f);
    assert_true(f.row.v[QN_COL_POLLS] >= 9 && f.row.v[QN_COL_POLLS] < INT64_C(9) * N_WORKERS);
    tear_down(&f);
}

/* A poll interval beyond 2^32 quanta (1073.7 s) is longer than any work: no worker polls. */
static void test_a_poll_interval_of_hours_is_not_one_of_a_quantum(void **unused)
{
    static const uint64_t quanta[] = {UINT64_C(1) << 32, (UINT64_C(1) << 32) + 1,
                                      UINT64_C(1) << 34};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(quanta); i++) {
        struct fixture f;

        set_up_with(&f, "cancel-wait", 0, 10, 1, NULL);
        f.workload.poll_quanta = quanta[i];
        qn_caller_prepare(&f.caller.config, &f.caller.call);
        finish(&f);
        assert_int_equal(f.row.v[QN_COL_POLLS], 0);
        tear_down(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leak_books_exactly),
        cmocka_unit_test(test_double_send_blocks_the_failing_worker_too),
        cmocka_unit_test(test_no_leak_is_booked_before_it_blocks),
        cmocka_unit_test(test_close_stops_nothing_and_cancel_does),
        cmocka_unit_test(test_random_orders),
        cmocka_unit_test(test_random_orders_other_canceller),
        cmocka_unit_test(test_skeleton),
        cmocka_unit_test(test_polls_are_counted),
        cmocka_unit_test(test_a_poll_interval_of_hours_is_not_one_of_a_quantum),
        cmocka_unit_test(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
