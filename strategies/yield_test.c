/* after_error=yield: which thread yields, when and how often, in orders that the stepper forces. */
#include "tests/cmocka_all.h"
#include "tests/stepped/stepped.h"

#define N_SEEDS 24u
#define MAX_STEPS 100000u

/* What was seen of a call's yields. */
struct yields {
    unsigned n;                  /* in all */
    bool has_yielded[N_WORKERS]; /* after this failing worker */
};

/* The failing worker that a thread has just ended and not yielded for; N_WORKERS: none. */
static unsigned just_ended(const struct fixture *f, const struct yields *y, unsigned thread)
{
    for (unsigned i = 0; i < N_WORKERS; i++) {
        const struct qn_worker_record *r = &f->caller.records[i];

        if (qn_record_failed_at(r) != 0 && r->end != 0 && r->thread == (int)thread &&
            !y->has_yielded[i])
            return i;
    }
    return N_WORKERS;
}

/* The report of a worker that has ended has left its thread: the caller holds it, or a channel, or it was dropped. */
static void look_at_yield(const struct fixture *f, unsigned thread, struct yields *y)
{
    unsigned worker;

    assert_true(thread < N_THREADS); /* not the caller */
    worker = just_ended(f, y, thread);
    assert_true(worker < N_WORKERS);
    y->has_yielded[worker] = true;
    y->n++;
}

/* Runs the call to its end in an order drawn from the seed. */
static struct yields run(struct fixture *f, uint64_t seed)
{
    struct yields y = {0};
    uint64_t state = seed;

    for (unsigned step = 0; step < MAX_STEPS && f->rc == 1; step++) {
        unsigned first = (unsigned)((state = state * UINT64_C(6364136223846793005) + 1) >> 33);

        for (unsigned i = 0; i <= CALLER; i++) {
            unsigned id = (first + i) % (CALLER + 1);

            if (!qn_stepper_resume(f->stepper, id))
                continue;
            if (strcmp(qn_stepper_point(f->stepper, id), "yield") == 0)
                look_at_yield(f, id, &y);
            break;
        }
    }
    return y;
}

/* Failing workers whose thread came back from them. */
static unsigned count_ended(const struct fixture *f)
{
    unsigned n = 0;

    for (unsigned i = 0; i < N_WORKERS; i++)
        n += qn_record_failed_at(&f->caller.records[i]) != 0 && f->caller.records[i].end != 0;
    return n;
}

static void try_order(const struct qn_strategy *s, enum qn_after_error after_error,
                      unsigned failing, uint64_t seed, unsigned *n_yields)
{
    struct qn_policy policy;
    struct fixture f;
    struct yields y;

    qn_policy_default(s, &policy);
    policy.after_error = after_error;
    set_up_strategy(&f, s, failing, 2, seed, &policy);
    y = run(&f, seed);
    assert_int_equal(f.rc, QN_OK);
    assert_int_equal(y.n, after_error == QN_AFTER_YIELD ? count_ended(&f) : 0);
    *n_yields += y.n;
    tear_down(&f);
}

static void test_failing_workers_yield_once_after_delivery(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < qn_n_strategies; i++) {
        unsigned n_yields = 0;

        if (!runs_stepped(qn_strategies[i], QN_KIND_CPU))
            continue;
        for (uint64_t seed = 1; seed <= N_SEEDS; seed++)
            try_order(qn_strategies[i], QN_AFTER_YIELD, (unsigned)seed % (1u << N_WORKERS), seed,
                      &n_yields);
        if (n_yields == 0) /* of its failing workers none comes back from its second send */
            assert_string_equal(qn_strategies[i]->name, "double-send");
    }
}

static void test_without_failure_nothing_yields(void **unused)
{
    unsigned n_yields = 0;

    (void)unused;
    for (size_t i = 0; i < qn_n_strategies; i++)
        if (runs_stepped(qn_strategies[i], QN_KIND_CPU))
            for (uint64_t seed = 1; seed <= N_SEEDS; seed++)
                try_order(qn_strategies[i], QN_AFTER_YIELD, 0, seed, &n_yields);
    assert_int_equal(n_yields, 0);
}

static void test_by_default_nothing_yields(void **unused)
{
    unsigned n_yields = 0;

    (void)unused;
    for (size_t i = 0; i < qn_n_strategies; i++)
        if (runs_stepped(qn_strategies[i], QN_KIND_CPU))
            for (uint64_t seed = 1; seed <= N_SEEDS; seed++)
                try_order(qn_strategies[i], QN_AFTER_GO_ON, (unsigned)seed % (1u << N_WORKERS),
                          seed, &n_yields);
    assert_int_equal(n_yields, 0);
}

/* Under the worst order of all for the caller, its error is in the caller's reach when the thread yields. */
static void test_a_yield_finds_the_error_delivered(void **unused)
{
    const struct qn_strategy *s = qn_strategy_find("buffered");
    struct qn_policy policy;
    struct fixture f;

    (void)unused;
    qn_policy_default(s, &policy);
    policy.after_error = QN_AFTER_YIELD;
    set_up_strategy(&f, s, 1, 2, 1, &policy);
    qn_stepper_run_out(f.stepper, CALLER); /* waits for a report */
    assert_true(qn_stepper_run_to(f.stepper, 0, "yield"));
    qn_stepper_run_out(f.stepper, CALLER);
    assert_true(f.has_returned); /* of what that thread had sent alone: the other has not run */
    assert_int_equal(f.caller.call.sink.returned.worker, 0);
    assert_int_equal(f.caller.call.sink.returned.error, QN_ERROR_WORKER);
    finish(&f);
    assert_int_equal(f.rc, QN_OK);
    tear_down(&f);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failing_workers_yield_once_after_delivery),
        cmocka_unit_test(test_without_failure_nothing_yields),
        cmocka_unit_test(test_by_default_nothing_yields),
        cmocka_unit_test(test_a_yield_finds_the_error_delivered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
