/* A limit on how many workers run at once, and late_work: work submitted after the first error. */
#include "tests/cmocka_all.h"
#include "tests/stepped/stepped.h"

#define N_SEEDS 100u

static struct qn_policy policy_of(uint32_t limit, enum qn_late_work late_work)
{
    struct qn_policy policy;

    qn_policy_default(qn_strategy_find("limited"), &policy);
    policy.limit = limit;
    policy.late_work = late_work;
    return policy;
}

/* The most workers that ran at once. */
static unsigned most_at_once(const struct fixture *f)
{
    unsigned most = 0;

    for (unsigned i = 0; i < N_WORKERS; i++) {
        uint64_t at = f->caller.records[i].begin;
        unsigned n = 0;

        for (unsigned j = 0; j < N_WORKERS; j++)
            n += at != 0 && f->caller.records[j].begin != 0 && f->caller.records[j].begin <= at &&
                 at < f->caller.records[j].stop;
        most = n > most ? n : most;
    }
    return most;
}

/* Limit 1: worker 0 fails, so worker 1 is the first that would be submitted late. */
static void test_late_work(void **unused)
{
    static const struct {
        enum qn_late_work late_work;
        int64_t work; /* quanta */
        int64_t wasted;
    } expected[] = {{QN_LATE_RUN, 8, 6}, {QN_LATE_REFUSE, 2, 0}};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(expected); i++) {
        struct qn_policy policy = policy_of(1, expected[i].late_work);
        struct fixture f;

        set_up_with(&f, "limited", 1u, 2, 1, &policy);
        finish(&f);
        assert_int_equal(f.rc, QN_OK);
        assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED], 0);
        assert_int_equal(f.row.v[QN_COL_WORK] / QN_QUANTUM_NS, expected[i].work);
        assert_int_equal(f.row.v[QN_COL_WASTED] / QN_QUANTUM_NS, expected[i].wasted);
        assert_int_equal(f.row.v[QN_COL_WASTED_INFLIGHT], 0);
        tear_down(&f);
    }
}

/* Limit 2: work that runs when the error occurs completes; none begins after the caller has
 * received it. */
static void test_refusing_stops_nothing_that_runs(void **unused)
{
    struct qn_policy policy = policy_of(2, QN_LATE_REFUSE);
    struct fixture f;

    (void)unused;
    set_up_with(&f, "limited", 1u, 2, 1, &policy);
    f.caller.tasks[1].quanta = 50;
    qn_stepper_run_out(f.stepper, 0); /* a runner waits for work */
    qn_stepper_run_out(f.stepper, CALLER);
    assert_true(qn_stepper_run_to(f.stepper, 0, "work")); /* worker 0 */
    qn_stepper_run_out(f.stepper, CALLER);
    assert_true(qn_stepper_run_to(f.stepper, 1, "work")); /* worker 1 */
    finish(&f);
    assert_int_equal(f.rc, QN_OK);
    assert_int_equal(f.caller.records[1].quanta, 50);
    assert_int_equal(f.caller.records[2].begin, 0);
    assert_int_equal(f.caller.records[3].begin, 0);
    assert_true(f.row.v[QN_COL_STOP_AT] <= f.row.v[QN_COL_RETURN_AT]);
    tear_down(&f);
}

/* In any order: never more than the limit, nothing leaks, and without a failure all is done. */
static void test_random_orders(void **unused)
{
    static const uint32_t limits[] = {1, 2, 3, 9};
    unsigned n_two = 0;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(limits); i++)
        for (int late = QN_LATE_RUN; late <= QN_LATE_REFUSE; late++)
            for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
                struct qn_policy policy = policy_of(limits[i], (enum qn_late_work)late);
                unsigned failing = (unsigned)seed % 16;
                uint64_t rng = seed;
                struct fixture f;

                set_up_with(&f, "limited", failing, 3, seed, &policy);
                assert_true(qn_stepper_run_random(f.stepper, &rng, 100000));
                assert_int_equal(f.rc, QN_OK);
                assert_true(most_at_once(&f) <= limits[i]);
                n_two += most_at_once(&f) == 2;
                if (failing == 0 || late == QN_LATE_RUN)
                    assert_int_equal(f.row.v[QN_COL_WORK], f.row.v[QN_COL_PLANNED_WORK]);
                tear_down(&f);
            }
    assert_true(n_two > 0); /* both threads are used if the limit allows it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_late_work),
        cmocka_unit_test(test_refusing_stops_nothing_that_runs),
        cmocka_unit_test(test_random_orders),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
