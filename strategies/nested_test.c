/* Nested fan-outs: how errors climb and cancels descend, on forced orders with exact outcomes. */
#include <stdio.h>
#include <string.h>

#include "bench/options/policy.h"
#include "strategies/tree.h"
#include "tests/cmocka_all.h"
#include "tests/stepped/stepped.h"

/* A tree of 2x2: scope 1 has workers 0 and 1, scope 2 has workers 2 and 3. */
#define N_QUANTA 6u
#define N_SEEDS 10u

static const char *const strategies[] = {"tree-climb", "tree-root"};
static const enum qn_token_policy tokens[] = {QN_TOKEN_PUSH, QN_TOKEN_WALK, QN_TOKEN_GENERATION};

static struct qn_policy policy_of(const char *strategy, enum qn_token_policy token)
{
    struct qn_policy policy;

    qn_policy_default(qn_strategy_find(strategy), &policy);
    policy.token = token;
    return policy;
}

static void set_up_tree(struct fixture *f, const char *strategy, unsigned failing, uint64_t seed,
                        const struct qn_policy *policy)
{
    set_up_with(f, strategy, failing, N_QUANTA, seed, policy);
    f->caller.call.tree_depth = 2;
    f->caller.call.tree_breadth = 2;
}

static uint32_t quanta(const struct fixture *f, unsigned worker)
{
    return f->caller.records[worker].quanta;
}

/*
 * Worker 0 fails on thread 0, which then begins worker 2, while thread 1 is in the work of worker
 * 1.
 */
static void let_worker_0_fail(struct fixture *f)
{
    qn_stepper_run_out(f->stepper, CALLER);
    assert_true(qn_stepper_run_to(f->stepper, 0, "work"));
    assert_true(qn_stepper_run_to(f->stepper, 1, "work"));
    while (qn_record_failed_at(&f->caller.records[0]) == 0)
        assert_true(qn_stepper_resume(f->stepper, 0));
    /* All that it reports to a scope before it counts down. */
    assert_true(qn_stepper_run_to(f->stepper, 0, "stopped"));
}

static void check_outcome(struct fixture *f, int64_t returned, int64_t lost, int64_t fidelity)
{
    finish(f);
    assert_int_equal(f->rc, QN_OK);
    assert_int_equal(f->row.v[QN_COL_ERROR_RETURNED], returned);
    assert_int_equal(f->row.v[QN_COL_ERROR_RETURNED_KIND], QN_ERROR_WORKER);
    assert_int_equal(f->row.v[QN_COL_ERRORS_LOST], lost);
    assert_int_equal(f->row.v[QN_COL_ERROR_FIDELITY], fidelity);
    assert_int_equal(f->row.v[QN_COL_LEAKED_WORKERS], 0);
}

/* The caller learns of it only when worker 1 has stopped, and by then worker 2 is working. */
static void test_climb_waits_for_siblings(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(tokens); i++) {
        struct qn_policy policy = policy_of("tree-climb", tokens[i]);
        struct fixture f;

        set_up_tree(&f, "tree-climb", 1u << 0, 1, &policy);
        let_worker_0_fail(&f);
        assert_true(qn_stepper_run_to(f.stepper, 0, "work"));
        qn_stepper_run_out(f.stepper, CALLER);
        assert_int_equal(f.caller.call.sink.error_seen, 0);
        qn_stepper_run_out(f.stepper,
                           1); /* worker 1 stops, and with it scope 1; worker 3 is skipped */
        qn_stepper_run_out(f.stepper, CALLER);
        assert_true(f.caller.call.sink.error_seen > 0);
        assert_false(f.has_returned);
        check_outcome(&f, 0, 0, 1);
        assert_true(quanta(&f, 1) < N_QUANTA);
        assert_int_equal(quanta(&f, 2), 1);
        assert_true(qn_record_skipped(&f.caller.records[3]));
        tear_down(&f);
    }
}

/* The caller learns of it at once, and worker 2 never begins. */
static void test_root_is_told_at_once(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(tokens); i++) {
        struct qn_policy policy = policy_of("tree-root", tokens[i]);
        struct fixture f;

        set_up_tree(&f, "tree-root", 1u << 0, 1, &policy);
        let_worker_0_fail(&f);
        qn_stepper_run_out(f.stepper, CALLER);
        assert_true(f.caller.call.sink.error_seen > 0);
        assert_false(f.has_returned);
        check_outcome(&f, 0, 0, 1);
        assert_int_equal(quanta(&f, 1), 1);
        assert_true(qn_record_skipped(&f.caller.records[2]));
        assert_true(qn_record_skipped(&f.caller.records[3]));
        tear_down(&f);
    }
}

/*
 * Worker 0 fails first, but its scope has another running worker; worker 2 fails later, in a scope
 * that finishes sooner. The climbing error is overtaken by the second.
 */
static void test_which_error_comes_back(void **unused)
{
    (void)unused;
    for (size_t s = 0; s < QN_ARRAY_LEN(strategies); s++) {
        bool climbs = s == 0;
        struct fixture f;

        set_up_tree(&f, strategies[s], 1u << 0 | 1u << 2, 1, NULL);
        let_worker_0_fail(&f);
        qn_stepper_run_out(f.stepper, 0); /* workers 2 and 3 */
        check_outcome(&f, climbs ? 2 : 0, climbs ? 1 : 0, climbs ? 0 : 1);
        assert_int_equal(f.row.v[QN_COL_ERROR_FIRST], 0);
        assert_int_equal(f.row.v[QN_COL_FAILING_WORKERS], climbs ? 2 : 1);
        tear_down(&f);
    }
}

/* Worker 3 fails while worker 0 is in its work. */
static void run_shielded(struct fixture *f, const char *strategy, enum qn_token_policy token,
                         uint32_t shield)
{
    struct qn_policy policy = policy_of(strategy, token);

    policy.shield = shield;
    set_up_tree(f, strategy, 1u << 3, 1, &policy);
    qn_stepper_run_out(f->stepper, CALLER);
    assert_true(qn_stepper_run_to(f->stepper, 0, "work"));
    qn_stepper_run_out(f->stepper, 1); /* workers 1, 2 and 3 */
    check_outcome(f, 3, 0, 1);
}

static void test_shielded_runs_on(void **unused)
{
    (void)unused;
    for (size_t s = 0; s < QN_ARRAY_LEN(strategies); s++)
        for (size_t i = 0; i < QN_ARRAY_LEN(tokens); i++) {
            struct fixture f;

            run_shielded(&f, strategies[s], tokens[i], 1);
            assert_int_equal(quanta(&f, 0), N_QUANTA);
            tear_down(&f);
            run_shielded(&f, strategies[s], tokens[i], 0);
            assert_int_equal(quanta(&f, 0), 1);
            tear_down(&f);
        }
}

/* Nothing fails, but the deadline passes while workers 0 and 1 are working. */
static void test_deadline_cancels_all(void **unused)
{
    (void)unused;
    for (size_t s = 0; s < QN_ARRAY_LEN(strategies); s++)
        for (size_t i = 0; i < QN_ARRAY_LEN(tokens); i++) {
            struct qn_policy policy = policy_of(strategies[s], tokens[i]);
            struct fixture f;

            policy.deadline_ns = 100;
            set_up_tree(&f, strategies[s], 0, 1, &policy);
            qn_stepper_run_out(f.stepper, CALLER);
            assert_true(qn_stepper_run_to(f.stepper, 0, "work"));
            assert_true(qn_stepper_run_to(f.stepper, 1, "work"));
            assert_int_equal(qn_stepper_state(f.stepper, CALLER), QN_FIBER_TIMED);
            assert_true(qn_stepper_resume(f.stepper, CALLER)); /* the deadline passes */
            qn_stepper_run_out(f.stepper, CALLER);
            finish(&f);
            assert_int_equal(f.rc, QN_OK);
            assert_int_equal(f.row.v[QN_COL_FAILED], 0);
            assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED], QN_NONE);
            assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED_KIND], QN_ERROR_CANCELLED);
            assert_int_equal(quanta(&f, 0), 1);
            assert_int_equal(quanta(&f, 1), 1);
            assert_true(qn_record_skipped(&f.caller.records[2]));
            assert_true(qn_record_skipped(&f.caller.records[3]));
            tear_down(&f);
        }
}

/* Workers that wait are woken by the deadline that travelled down to their scope. */
static void test_deadline_travels_down(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(tokens); i++) {
        struct qn_policy policy = policy_of("tree-root", tokens[i]);
        struct fixture f;

        policy.deadline_ns = 1000;
        set_up_tree(&f, "tree-root", 0, 1, &policy);
        f.caller.call.kind = QN_KIND_WAIT;
        for (unsigned w = 0; w < N_WORKERS; w++)
            f.caller.tasks[w].quanta = 100;
        qn_stepper_run_out(f.stepper, CALLER);
        qn_stepper_run_out(f.stepper, 0);
        assert_int_equal(qn_stepper_state(f.stepper, 0), QN_FIBER_TIMED);
        assert_true(qn_stepper_resume(f.stepper, 0)); /* its wait ends, though nothing was raised */
        qn_stepper_run_out(f.stepper, 0);
        assert_int_equal(f.caller.call.cancel_at, 0);
        assert_true(f.caller.records[0].stop > 0);
        assert_false(qn_record_finished(&f.caller.records[0]));
        while (qn_stepper_resume(f.stepper, 0) || qn_stepper_resume(f.stepper, 1) ||
               qn_stepper_resume(f.stepper, CALLER))
            continue;
        assert_int_equal(f.rc, QN_OK);
        assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED_KIND], QN_ERROR_CANCELLED);
        tear_down(&f);
    }
}

static void try_tree(const char *strategy, unsigned failing, uint64_t seed,
                     const struct qn_policy *policy)
{
    struct fixture f;
    uint64_t rng = seed;

    set_up_tree(&f, strategy, failing, seed, policy);
    assert_true(qn_stepper_run_random(f.stepper, &rng, 100000));
    assert_true(f.has_returned);
    assert_int_equal(f.rc, QN_OK); /* which compares the memory with the ledgers */
    assert_int_equal(f.row.v[QN_COL_LEAKED_WORKERS], 0);
    assert_int_equal(f.row.v[QN_COL_LEAKED_BYTES], 0);
    assert_true(f.row.v[QN_COL_STOP_AT] <= f.row.v[QN_COL_RETURN_AT]);
    if (f.row.v[QN_COL_FAILED]) {
        assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED_KIND], QN_ERROR_WORKER);
        assert_true(failing >> f.row.v[QN_COL_ERROR_RETURNED] & 1);
        assert_true(f.row.v[QN_COL_ERROR_AT] <= f.row.v[QN_COL_ERROR_SEEN]);
        assert_true(f.row.v[QN_COL_ERROR_SEEN] <= f.row.v[QN_COL_RETURN_AT]);
    } else {
        assert_int_equal(f.row.v[QN_COL_WASTED], 0);
    }
    tear_down(&f);
}

static void test_random_orders(void **unused)
{
    (void)unused;
    for (size_t s = 0; s < QN_ARRAY_LEN(strategies); s++)
        for (size_t i = 0; i < QN_ARRAY_LEN(tokens); i++)
            for (uint32_t shield = 0; shield <= 2; shield++)
                for (unsigned failing = 0; failing < 16; failing++)
                    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
                        struct qn_policy policy = policy_of(strategies[s], tokens[i]);

                        policy.shield = shield;
                        try_tree(strategies[s], failing, seed, &policy);
                    }
}

/* Shapes. */

static void test_shapes(void **unused)
{
    struct qn_policy policy = policy_of("tree-climb", QN_TOKEN_PUSH);

    (void)unused;
    assert_int_equal(qn_tree_n_workers(1, 1000), 1000);
    assert_int_equal(qn_tree_n_scopes(1, 1000), 1);
    assert_int_equal(qn_tree_n_workers(3, 10), 1000);
    assert_int_equal(qn_tree_n_scopes(3, 10), 111);
    assert_int_equal(qn_tree_n_workers(1000, 1), 1);
    assert_int_equal(qn_tree_n_scopes(1000, 1), 1000);
    assert_int_equal(qn_tree_n_workers(10, 2), 1024);
    assert_int_equal(qn_tree_n_workers(1000000, 1000000), UINT32_MAX);
    assert_int_equal(qn_tree_n_scopes(1000000, 2), UINT32_MAX);
    assert_null(qn_policy_tree_refusal(&policy, 1, 4));
    policy.shield = 2;
    assert_null(qn_policy_tree_refusal(&policy, 2, 2));
    assert_non_null(qn_policy_tree_refusal(&policy, 1, 4));
    policy.shield = 3;
    assert_non_null(qn_policy_tree_refusal(&policy, 2, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_climb_waits_for_siblings),
        cmocka_unit_test(test_root_is_told_at_once),
        cmocka_unit_test(test_which_error_comes_back),
        cmocka_unit_test(test_shielded_runs_on),
        cmocka_unit_test(test_deadline_cancels_all),
        cmocka_unit_test(test_deadline_travels_down),
        cmocka_unit_test(test_random_orders),
        cmocka_unit_test(test_shapes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
