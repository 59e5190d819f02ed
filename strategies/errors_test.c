/* Which error survives: every policy about errors on forced orders, each with its exact outcome. */
#include <stdalign.h>
#include <stdio.h>

#include "bench/options/policy.h"
#include "tests/cmocka_all.h"
#include "tests/stepped/stepped.h"

/* Random orders tried of properties that hold in all of them. */
#define N_SEEDS 300u

static struct qn_policy policy_of(const char *strategy)
{
    struct qn_policy policy;

    qn_policy_default(qn_strategy_find(strategy), &policy);
    return policy;
}

/*
 * drain, workers 0, 1 and 3 fail. Worker 1 fails first; 0 is received first, 3 last.
 */
static void run_three_errors(struct fixture *f, const struct qn_policy *policy)
{
    set_up_with(f, "drain", 0xbu, 2, 1, policy);
    qn_stepper_run_out(f->stepper, CALLER);
    assert_true(qn_stepper_run_to(f->stepper, 0, "work"));
    /* worker 1 has failed but not reported */
    assert_true(qn_stepper_run_to(f->stepper, 1, "lock"));
    assert_true(qn_stepper_run_to(f->stepper, 0, "unpark")); /* worker 0's error is handed over */
    qn_stepper_run_out(f->stepper, CALLER);
    finish(f);
    assert_int_equal(f->rc, QN_OK);
}

static void test_error_policies(void **unused)
{
    static const struct {
        enum qn_error_policy policy;
        uint32_t join_limit;
        int64_t returned, lost, fidelity, n_joined;
    } expected[] = {
        {QN_ERRORS_FIRST_RECEIVED, 16, 0, 2, 0, 0}, {QN_ERRORS_FIRST_IN_TIME, 16, 1, 2, 1, 0},
        {QN_ERRORS_FIRST_BY_INDEX, 16, 0, 2, 0, 0}, {QN_ERRORS_LAST, 16, 3, 2, 0, 0},
        {QN_ERRORS_JOIN_ALL, 16, 0, 0, 0, 3},       {QN_ERRORS_JOIN_ALL, 2, 0, 1, 0, 2},
        {QN_ERRORS_JOIN_ALL, 1, 0, 2, 0, 1},        {QN_ERRORS_LOG, 16, 0, 0, 0, 0},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(expected); i++) {
        struct qn_policy policy = policy_of("drain");
        struct fixture f;

        policy.error_policy = expected[i].policy;
        policy.join_limit = expected[i].join_limit;
        run_three_errors(&f, &policy);
        assert_int_equal(f.row.v[QN_COL_ERROR_FIRST], 1);
        assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED], expected[i].returned);
        assert_int_equal(f.row.v[QN_COL_ERRORS_SEEN], 3);
        assert_int_equal(f.row.v[QN_COL_ERRORS_LOST], expected[i].lost);
        assert_int_equal(f.row.v[QN_COL_ERROR_FIDELITY], expected[i].fidelity);
        assert_int_equal(f.row.v[QN_COL_ERRORS_MASKED], 0);
        assert_int_equal(f.row.v[QN_COL_ERROR_BYTES],
                         expected[i].n_joined
                             ? expected[i].n_joined * (int64_t)usable(&f, sizeof(struct qn_joined),
                                                                      alignof(struct qn_joined))
                             : QN_NONE);
        tear_down(&f);
    }
}

/* The smallest index is not always received first: worker 1 reports while 0 is still working. */
static void test_first_by_index(void **unused)
{
    static const struct {
        enum qn_error_policy policy;
        int64_t returned;
    } expected[] = {{QN_ERRORS_FIRST_RECEIVED, 1}, {QN_ERRORS_FIRST_BY_INDEX, 0}};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(expected); i++) {
        struct qn_policy policy = policy_of("drain");
        struct fixture f;

        policy.error_policy = expected[i].policy;
        set_up_with(&f, "drain", 3u, 2, 1, &policy);
        qn_stepper_run_out(f.stepper, CALLER);
        assert_true(qn_stepper_run_to(f.stepper, 0, "work")); /* worker 0 is in its work */
        qn_stepper_run_out(f.stepper, 1);                     /* worker 1's error is handed over */
        finish(&f);
        assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED], expected[i].returned);
        tear_down(&f);
    }
}

/*
 * The masking case. Worker 0 fails and raises; before it has recorded its error, worker 1 is
 * cancelled and its report is on record.
 */
static void run_masking(struct fixture *f, enum qn_record_order order,
                        enum qn_cancelled_reports reports)
{
    struct qn_policy policy = policy_of("cancel-wait");

    policy.record_order = order;
    policy.cancelled_reports = reports;
    set_up_with(f, "cancel-wait", 1u, 4, 1, &policy);
    f->caller.tasks[0].quanta = 1;
    qn_stepper_run_out(f->stepper, CALLER);
    assert_true(qn_stepper_run_to(f->stepper, 0, "work")); /* worker 0 */
    assert_true(qn_stepper_run_to(f->stepper, 1, "work")); /* worker 1 */
    assert_true(qn_stepper_run_to(f->stepper, 0, "record"));
    qn_stepper_run_out(f->stepper, 1);
    finish(f);
    assert_int_equal(f->rc, QN_OK);
}

static void test_masking(void **unused)
{
    static const struct {
        enum qn_record_order order;
        enum qn_cancelled_reports reports;
        int64_t kind, masked, fidelity, lost;
    } expected[] = {
        {QN_CANCEL_FIRST, QN_CANCELLED_ERROR, QN_ERROR_CANCELLED, 1, 0, 1},
        {QN_CANCEL_FIRST, QN_CANCELLED_CODE, QN_ERROR_WORKER, 0, 1, 0},
        {QN_CANCEL_FIRST, QN_CANCELLED_SILENT, QN_ERROR_WORKER, 0, 1, 0},
        {QN_RECORD_FIRST, QN_CANCELLED_ERROR, QN_ERROR_WORKER, 0, 1, 0},
        {QN_RECORD_FIRST, QN_CANCELLED_CODE, QN_ERROR_WORKER, 0, 1, 0},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(expected); i++) {
        struct fixture f;

        run_masking(&f, expected[i].order, expected[i].reports);
        assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED_KIND], expected[i].kind);
        assert_int_equal(f.row.v[QN_COL_ERRORS_MASKED], expected[i].masked);
        assert_int_equal(f.row.v[QN_COL_ERROR_FIDELITY], expected[i].fidelity);
        assert_int_equal(f.row.v[QN_COL_ERRORS_LOST], expected[i].lost);
        tear_down(&f);
    }
}

/* In any order recording first never masks; cancelling first does in some. */
static void test_masking_in_random_orders(void **unused)
{
    unsigned n_masked[2] = {0};

    (void)unused;
    for (int order = QN_RECORD_FIRST; order <= QN_CANCEL_FIRST; order++)
        for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
            struct qn_policy policy = policy_of("cancel-wait");
            uint64_t rng = seed;
            struct fixture f;

            policy.record_order = (enum qn_record_order)order;
            policy.cancelled_reports = QN_CANCELLED_ERROR;
            set_up_with(&f, "cancel-wait", 1u, 3, seed, &policy);
            assert_true(qn_stepper_run_random(f.stepper, &rng, 100000));
            assert_int_equal(f.rc, QN_OK);
            n_masked[order] += f.row.v[QN_COL_ERRORS_MASKED] == 1;
            tear_down(&f);
        }
    assert_int_equal(n_masked[QN_RECORD_FIRST], 0);
    assert_true(n_masked[QN_CANCEL_FIRST] > 0);
}

/* What workers that were cut short report if the caller raises. */
static void test_cancelled_reports(void **unused)
{
    static const struct {
        enum qn_cancelled_reports reports;
        int64_t n_cancelled;
    } expected[] = {{QN_CANCELLED_SILENT, 0}, {QN_CANCELLED_CODE, 3}, {QN_CANCELLED_ERROR, 3}};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(expected); i++) {
        struct qn_policy policy = policy_of("cancel-wait");
        struct fixture f;

        policy.canceller = QN_CANCELLER_CALLER;
        policy.cancelled_reports = expected[i].reports;
        set_up_with(&f, "cancel-wait", 1u, 9, 1, &policy);
        f.caller.tasks[0].quanta = 1;
        qn_stepper_run_out(f.stepper, CALLER);
        assert_true(qn_stepper_run_to(f.stepper, 0, "work"));
        assert_true(qn_stepper_run_to(f.stepper, 1, "work"));
        assert_true(qn_stepper_run_to(f.stepper, 0, "unpark"));
        assert_true(qn_stepper_resume(f.stepper, 0));
        qn_stepper_run_out(f.stepper, CALLER); /* holds the error, has raised */
        finish(&f);
        assert_int_equal(f.row.v[QN_COL_CANCELLED_REPORTS], expected[i].n_cancelled);
        assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED_KIND], QN_ERROR_WORKER);
        assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED], 0);
        assert_int_equal(f.row.v[QN_COL_ERRORS_LOST], 0);
        tear_down(&f);
    }
}

/* If the caller joins by index, a failure of worker 1 is not seen while worker 0 is still
 * working. */
static void test_join_order(void **unused)
{
    static const enum qn_join_order orders[] = {QN_JOIN_COMPLETION, QN_JOIN_INDEX};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(orders); i++) {
        struct qn_policy policy = policy_of("drain");
        struct fixture f;

        policy.join_order = orders[i];
        set_up_with(&f, "drain", 2u, 2, 1, &policy);
        f.caller.tasks[0].quanta = 50;
        qn_stepper_run_out(f.stepper, CALLER);
        assert_true(qn_stepper_run_to(f.stepper, 0, "work")); /* worker 0 is in its first quantum */
        for (int j = 0; j < 20; j++) {                        /* the others run and report */
            qn_stepper_run_out(f.stepper, 1);
            qn_stepper_run_out(f.stepper, CALLER);
        }
        assert_int_equal(f.caller.call.sink.error_seen != 0, orders[i] == QN_JOIN_COMPLETION);
        finish(&f);
        assert_int_equal(f.rc, QN_OK);
        assert_int_equal(f.row.v[QN_COL_ERROR_SEEN] < f.row.v[QN_COL_STOP_AT],
                         orders[i] == QN_JOIN_COMPLETION);
        assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED], 1);
        tear_down(&f);
    }
}

/* By index, cancel-wait's caller raises only when it reaches the failed worker. */
static void test_join_order_delays_the_callers_cancel(void **unused)
{
    struct qn_policy policy = policy_of("cancel-wait");
    struct fixture f;

    (void)unused;
    policy.canceller = QN_CANCELLER_CALLER;
    policy.join_order = QN_JOIN_INDEX;
    set_up_with(&f, "cancel-wait", 2u, 2, 1, &policy);
    f.caller.tasks[0].quanta = 50;
    qn_stepper_run_out(f.stepper, CALLER);
    assert_true(qn_stepper_run_to(f.stepper, 0, "work"));
    for (int j = 0; j < 20; j++) {
        qn_stepper_run_out(f.stepper, 1);
        qn_stepper_run_out(f.stepper, CALLER);
    }
    assert_int_equal(f.caller.call.cancel_at, 0);
    finish(&f);
    /* Worker 0 ran to completion: nothing stopped it before its own report let the caller
     * continue. */
    assert_int_equal(f.row.v[QN_COL_WORK], f.row.v[QN_COL_PLANNED_WORK]);
    assert_true(f.row.v[QN_COL_CANCEL_AT] > f.row.v[QN_COL_STOP_AT]);
    tear_down(&f);
}

/* Three results and then an error: kept, they outlive the return, and nothing counts as discarded. */
static void test_partial_results(void **unused)
{
    static const enum qn_partial_results choices[] = {QN_PARTIAL_DISCARD, QN_PARTIAL_KEEP};
    int64_t retained[2];

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(choices); i++) {
        struct qn_policy policy = policy_of("drain");
        struct fixture f;

        policy.partial_results = choices[i];
        set_up_with(&f, "drain", 8u, 2, 1, &policy);
        finish(&f);
        assert_int_equal(f.rc, QN_OK);
        assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED], 3);
        assert_int_equal(f.row.v[QN_COL_DISCARDED] > 0, choices[i] == QN_PARTIAL_DISCARD);
        retained[i] = f.row.v[QN_COL_RETAINED_AT_RETURN];
        if (i == 1)
            assert_int_equal(retained[1] - retained[0], 3 * result(&f));
        tear_down(&f);
    }
}

/* Every error policy, in random orders, keeps the invariants of trials. */
static void test_random_orders(void **unused)
{
    static const char *const strategies[] = {"drain", "cancel-wait"};

    (void)unused;
    for (size_t s = 0; s < QN_ARRAY_LEN(strategies); s++)
        for (unsigned i = 0; i < 6u * 2 * 2 * 3; i++)
            for (uint64_t seed = 1; seed <= 6; seed++) {
                const struct qn_strategy *strategy = qn_strategy_find(strategies[s]);
                struct qn_policy policy = policy_of(strategies[s]);

                policy.error_policy = (enum qn_error_policy)(i % 6);
                policy.join_order = (enum qn_join_order)(i / 6 % 2);
                policy.partial_results = (enum qn_partial_results)(i / 12 % 2);
                policy.cancelled_reports = (enum qn_cancelled_reports)(i / 24);
                try_random(strategy, (unsigned)(seed * 5 + i) % 16, seed, &policy);
            }
}

/* The row of a call in random order, its reports taken by the short path or by the general one. */
static void take_random(const struct qn_strategy *s, unsigned failing, uint64_t seed,
                        bool is_general, struct qn_trial *out)
{
    struct fixture f;
    struct qn_call *call = &f.caller.call;
    struct qn_policy policy;

    set_up_strategy(&f, s, failing, 3, seed, NULL);
    policy = call->policy;
    if (is_general)
        call->policy.error_policy = QN_ERRORS_LAST;
    qn_sink_resolve(call);
    call->policy = policy;
    run_random(&f, failing, seed);
    *out = f.row;
    tear_down(&f);
}

/* Under the default policies, the short path gives the same calls as the general one. */
static void test_default_policies_in_short(void **unused)
{
    struct qn_trial in_short, in_general;

    (void)unused;
    for (size_t i = 0; i < qn_n_strategies; i++)
        for (unsigned failing = 0; failing < 16 && runs_stepped(qn_strategies[i], QN_KIND_CPU);
             failing++)
            for (uint64_t seed = 1; seed <= 3; seed++) {
                take_random(qn_strategies[i], failing, seed, false, &in_short);
                take_random(qn_strategies[i], failing, seed, true, &in_general);
                assert_memory_equal(in_short.v, in_general.v, sizeof(in_short.v));
            }
}

static void test_contradictions_are_refused(void **unused)
{
    struct qn_policy policy = policy_of("cancel-wait");
    const char *why = NULL;

    (void)unused;
    policy.record_order = QN_CANCEL_FIRST;
    assert_int_equal(qn_policy_check(&policy, &why), QN_OK);
    policy.canceller = QN_CANCELLER_CALLER;
    assert_int_equal(qn_policy_check(&policy, &why), QN_EINVAL);
    assert_non_null(strstr(why, "canceller=worker"));
    policy.canceller = QN_CANCELLER_WORKER;
    policy.error_policy = QN_ERRORS_LAST;
    assert_int_equal(qn_policy_check(&policy, &why), QN_EINVAL);
    assert_non_null(strstr(why, "first-received"));
    policy = policy_of("drain");
    policy.join_limit = 3;
    assert_int_equal(qn_policy_check(&policy, &why), QN_EINVAL);
    assert_non_null(strstr(why, "join-all"));
    policy.error_policy = QN_ERRORS_JOIN_ALL;
    assert_int_equal(qn_policy_check(&policy, &why), QN_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error_policies),
        cmocka_unit_test(test_first_by_index),
        cmocka_unit_test(test_masking),
        cmocka_unit_test(test_masking_in_random_orders),
        cmocka_unit_test(test_cancelled_reports),
        cmocka_unit_test(test_join_order),
        cmocka_unit_test(test_join_order_delays_the_callers_cancel),
        cmocka_unit_test(test_partial_results),
        cmocka_unit_test(test_random_orders),
        cmocka_unit_test(test_default_policies_in_short),
        cmocka_unit_test(test_contradictions_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
