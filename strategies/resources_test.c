/* Sequences of resources in forced orders: what is closed when, to the byte, and what happens to
 * close errors under each policy. */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/cmocka_all.h"
#include "tests/stepped/stepped.h"

/* Random orders tried of each policy about errors of closing. */
#define N_SEEDS 100u

static struct qn_policy policy_of(const char *strategy)
{
    struct qn_policy policy;

    qn_policy_default(qn_strategy_find(strategy), &policy);
    return policy;
}

/*
 * Workers report in the order of their indexes, one after the other, all on thread 0. Worker i fails
 * where failing has its bit, after `steps` steps; closes[i] are its closes that fail.
 */
static void run_in_order(struct fixture *f, const char *strategy, unsigned failing, uint8_t steps,
                         const uint64_t *closes, const struct qn_policy *policy)
{
    set_up_with(f, strategy, failing, 6, 1, policy);
    for (unsigned i = 0; i < N_WORKERS; i++) {
        struct qn_task *task = &f->caller.tasks[i];

        task->failing_closes = closes ? closes[i] : 0;
        if (!task->fails)
            continue;
        task->n_steps = steps;
        task->quanta = 6 * steps / N_RESOURCES;
    }
    for (int i = 0; i < 100 && !f->has_returned; i++) {
        qn_stepper_run_out(f->stepper, CALLER);
        qn_stepper_run_out(f->stepper, 0);
    }
    finish(f);
    assert_int_equal(f->rc, QN_OK);
    assert_true(f->has_returned);
}

/* What each convention and misuse leaves open if two workers fail that have taken two of three. */
static void test_what_stays_behind(void **unused)
{
    static const struct {
        const char *strategy;
        int64_t taken, leaked, twice, after;
    } expected[] = {
        {"release-at-site", 10, 0, 0, 0}, {"release-by-owner", 12, 0, 0, 0},
        {"no-close", 10, 4, 0, 0},        {"close-twice", 10, 0, 4, 0},
        {"close-unordered", 10, 0, 0, 2}, {"close-stops", 10, 0, 0, 0},
        {"close-mixed", 10, 2, 1, 0}, /* worker 0's is incomplete, worker 1's wrong */
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(expected); i++) {
        struct fixture f;

        run_in_order(&f, expected[i].strategy, 3u, 2, NULL, NULL);
        assert_int_equal(f.row.v[QN_COL_RESOURCES_TAKEN], expected[i].taken);
        assert_int_equal(f.row.v[QN_COL_RESOURCES_LEAKED], expected[i].leaked);
        assert_int_equal(f.row.v[QN_COL_CLOSED_TWICE], expected[i].twice);
        assert_int_equal(f.row.v[QN_COL_USED_AFTER_CLOSE], expected[i].after);
        assert_int_equal(f.row.v[QN_COL_LEAKED_BYTES], expected[i].leaked * (int64_t)resource(&f));
        assert_int_equal(f.row.v[QN_COL_LEAKED_WORKERS], 0);
        assert_int_not_equal(f.row.v[QN_COL_SETTLE_AT], QN_NONE);
        assert_int_equal(f.row.v[QN_COL_CLOSE_ERRORS], 0);
        assert_int_equal(f.row.v[QN_COL_WORK], f.row.v[QN_COL_PLANNED_WORK]);
        assert_int_equal(f.row.v[QN_COL_PLANNED_WORK], (2 * 4 + 2 * 6) * QN_QUANTUM_NS);
        tear_down(&f);
    }
}

/* The same for all five kinds of cleanup, with one failing worker that has taken three. */
static void test_mixed_defects(void **unused)
{
    static const struct {
        enum qn_cleanup cleanup;
        uint8_t steps;
        int64_t leaked, twice, after;
    } expected[] = {
        {QN_CLEANUP_INCOMPLETE, 3, 2, 0, 0}, {QN_CLEANUP_WRONG, 3, 1, 1, 0},
        {QN_CLEANUP_NONE, 3, 3, 0, 0},       {QN_CLEANUP_UNORDERED, 3, 0, 0, 2},
        {QN_CLEANUP_SOUND, 3, 0, 0, 0},      {QN_CLEANUP_INCOMPLETE, 1, 1, 0, 0},
        {QN_CLEANUP_WRONG, 1, 0, 0, 0},      {QN_CLEANUP_UNORDERED, 1, 0, 0, 0},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(expected); i++) {
        struct fixture f;

        set_up_with(&f, "close-mixed", 1u << 2, 6, 1, NULL);
        f.caller.tasks[2].cleanup = (uint8_t)expected[i].cleanup;
        f.caller.tasks[2].n_steps = expected[i].steps;
        finish(&f);
        assert_int_equal(f.rc, QN_OK);
        assert_int_equal(f.row.v[QN_COL_RESOURCES_LEAKED], expected[i].leaked);
        assert_int_equal(f.row.v[QN_COL_CLOSED_TWICE], expected[i].twice);
        assert_int_equal(f.row.v[QN_COL_USED_AFTER_CLOSE], expected[i].after);
        assert_int_equal(f.row.v[QN_COL_LEAKED_BYTES], expected[i].leaked * (int64_t)resource(&f));
        tear_down(&f);
    }
}

/* The first close that fails is the second that is made: one resource is left open, and only where
 * the worker has failed. */
static void test_stopping_at_a_close_error(void **unused)
{
    static const uint64_t closes[N_WORKERS] = {2, 2, 2, 2};
    struct fixture f;

    (void)unused;
    run_in_order(&f, "close-stops", 1u, 3, closes, NULL);
    assert_int_equal(f.row.v[QN_COL_RESOURCES_LEAKED], 1);
    assert_int_equal(f.row.v[QN_COL_LEAKED_BYTES], resource(&f));
    assert_int_equal(f.row.v[QN_COL_CLOSE_ERRORS], 4);
    tear_down(&f);

    run_in_order(&f, "close-stops", 0, 3, closes, NULL);
    assert_int_equal(f.row.v[QN_COL_RESOURCES_LEAKED], 0);
    assert_int_equal(f.row.v[QN_COL_LEAKED_BYTES], 0);
    assert_int_equal(f.row.v[QN_COL_CLOSE_ERRORS], 4);
    tear_down(&f);
}

/* Closing at the site has ended when the error is reported; the owner's has not begun at the
 * return. */
static void test_when_it_closes(void **unused)
{
    const int64_t quantum = QN_QUANTUM_NS; /* virtual time is ns */
    struct fixture f;

    (void)unused;
    run_in_order(&f, "release-at-site", 1u, 2, NULL, NULL);
    assert_true(f.row.v[QN_COL_CLOSING] >= 2 * quantum);
    assert_true(f.row.v[QN_COL_CLOSING] <= f.row.v[QN_COL_ERROR_SEEN] - f.row.v[QN_COL_ERROR_AT]);
    /* the scope, whose last reference a thread may still hold, and the working set freed with it */
    assert_true(f.row.v[QN_COL_RETAINED_AT_RETURN] <
                (int64_t)resource(&f) * N_RESOURCES + (int64_t)working_set(&f) * N_WORKERS);
    tear_down(&f);

    run_in_order(&f, "release-by-owner", 1u, 2, NULL, NULL);
    assert_int_equal(f.row.v[QN_COL_CLOSING], 0);
    assert_true(f.row.v[QN_COL_RETAINED_AT_RETURN] >=
                (int64_t)resource(&f) * N_RESOURCES * N_WORKERS);
    assert_true(f.row.v[QN_COL_SETTLE_AT] > f.row.v[QN_COL_RETURN_AT]);
    tear_down(&f);
}

struct outcome {
    const char *strategy;
    enum qn_close_error close_error;
    enum qn_error_policy error_policy;
    uint32_t join_limit;
    enum qn_error_kind kind;
    int64_t returned, lost, reported, joined;
};

static void check_outcome(const struct outcome *o, unsigned failing, const uint64_t *closes,
                          int64_t n_close_errors)
{
    struct qn_policy policy = policy_of(o->strategy);
    struct fixture f;

    policy.close_error = o->close_error;
    policy.error_policy = o->error_policy;
    policy.join_limit = o->join_limit;
    run_in_order(&f, o->strategy, failing, 3, closes, &policy);
    assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED_KIND], o->kind);
    if (o->returned >= 0)
        assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED], o->returned);
    assert_int_equal(f.row.v[QN_COL_ERRORS_LOST], o->lost);
    assert_int_equal(f.row.v[QN_COL_CLOSE_ERRORS], n_close_errors);
    assert_int_equal(f.row.v[QN_COL_CLOSE_ERRORS_REPORTED], o->reported);
    assert_int_equal(f.row.v[QN_COL_CLOSE_ERRORS_LOST], n_close_errors - o->reported);
    assert_int_equal(f.row.v[QN_COL_ERROR_BYTES],
                     o->joined ? o->joined * (int64_t)usable(&f, sizeof(struct qn_joined),
                                                             alignof(struct qn_joined))
                               : QN_NONE);
    if (failing == 0) /* no error of closing counts as the first error seen */
        assert_int_equal(f.row.v[QN_COL_ERROR_SEEN], QN_NONE);
    else
        assert_true(f.row.v[QN_COL_ERROR_SEEN] >= f.row.v[QN_COL_ERROR_AT]);
    tear_down(&f);
}

#define FIRST QN_ERRORS_FIRST_RECEIVED
#define TIME QN_ERRORS_FIRST_IN_TIME
#define LAST QN_ERRORS_LAST
#define JOIN_ALL QN_ERRORS_JOIN_ALL
#define LOG QN_ERRORS_LOG
#define SITE "release-at-site"
#define OWNER "release-by-owner"

/* Workers 1 and 3 fail; each has two failing closes of three, and the others have none. */
static void test_close_errors_of_failing_workers(void **unused)
{
    static const uint64_t closes[N_WORKERS] = {0, 3, 0, 6};
    static const struct outcome expected[] = {
        {SITE, QN_CLOSE_DROP, FIRST, 16, QN_ERROR_WORKER, 1, 1, 0, 0},
        {SITE, QN_CLOSE_DROP, LOG, 16, QN_ERROR_WORKER, 1, 0, 0, 0},
        {SITE, QN_CLOSE_REPLACE, FIRST, 16, QN_ERROR_CLOSE, 1, 2, 1, 0},
        {SITE, QN_CLOSE_REPLACE, TIME, 16, QN_ERROR_CLOSE, 1, 2, 1, 0},
        {SITE, QN_CLOSE_REPLACE, LAST, 16, QN_ERROR_CLOSE, 3, 2, 1, 0},
        {SITE, QN_CLOSE_REPLACE, LOG, 16, QN_ERROR_CLOSE, 1, 2, 2, 0},
        {SITE, QN_CLOSE_REPLACE, JOIN_ALL, 16, QN_ERROR_CLOSE, 1, 2, 2, 2},
        {SITE, QN_CLOSE_ATTACH, FIRST, 16, QN_ERROR_WORKER, 1, 1, 2, 0},
        {SITE, QN_CLOSE_ATTACH, LAST, 16, QN_ERROR_WORKER, 3, 1, 2, 0},
        {SITE, QN_CLOSE_ATTACH, LOG, 16, QN_ERROR_WORKER, 1, 0, 4, 0},
        {SITE, QN_CLOSE_ATTACH, JOIN_ALL, 16, QN_ERROR_WORKER, 1, 0, 4, 2},
        {SITE, QN_CLOSE_ATTACH, JOIN_ALL, 1, QN_ERROR_WORKER, 1, 1, 2, 1},
        {SITE, QN_CLOSE_JOIN, FIRST, 16, QN_ERROR_WORKER, 1, 1, 4, 4},
        {SITE, QN_CLOSE_JOIN, FIRST, 3, QN_ERROR_WORKER, 1, 1, 3, 3},
        {SITE, QN_CLOSE_JOIN, JOIN_ALL, 16, QN_ERROR_WORKER, 1, 0, 4, 6},
        /* the worker's own error comes before those of its closing */
        {SITE, QN_CLOSE_JOIN, JOIN_ALL, 1, QN_ERROR_WORKER, 1, 1, 0, 1},
        {SITE, QN_CLOSE_JOIN, JOIN_ALL, 3, QN_ERROR_WORKER, 1, 1, 2, 3},
        {SITE, QN_CLOSE_JOIN, JOIN_ALL, 4, QN_ERROR_WORKER, 1, 0, 2, 4},
        /* the owner's errors of closing come beside the call's and touch it in no policy */
        {OWNER, QN_CLOSE_DROP, FIRST, 16, QN_ERROR_WORKER, 1, 1, 0, 0},
        {OWNER, QN_CLOSE_REPLACE, FIRST, 16, QN_ERROR_WORKER, 1, 1, 1, 0},
        {OWNER, QN_CLOSE_ATTACH, FIRST, 16, QN_ERROR_WORKER, 1, 1, 4, 0},
        {OWNER, QN_CLOSE_JOIN, FIRST, 16, QN_ERROR_WORKER, 1, 1, 4, 4},
        {OWNER, QN_CLOSE_JOIN, FIRST, 2, QN_ERROR_WORKER, 1, 1, 2, 2},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(expected); i++)
        check_outcome(&expected[i], 0xau, closes, 4);
}

/* Worker 1 fails; 0, which reports before it, can't close two, and 3, after it, one. */
static void test_close_errors_of_others(void **unused)
{
    static const uint64_t closes[N_WORKERS] = {3, 0, 0, 4};
    static const struct outcome expected[] = {
        {SITE, QN_CLOSE_DROP, FIRST, 16, QN_ERROR_WORKER, 1, 0, 0, 0},
        {SITE, QN_CLOSE_REPLACE, FIRST, 16, QN_ERROR_CLOSE, 0, 1, 1, 0},
        {SITE, QN_CLOSE_ATTACH, FIRST, 16, QN_ERROR_CLOSE, 0, 1, 2, 0},
        {SITE, QN_CLOSE_ATTACH, TIME, 16, QN_ERROR_WORKER, 1, 0, 0, 0},
        {SITE, QN_CLOSE_ATTACH, LAST, 16, QN_ERROR_CLOSE, 3, 1, 1, 0},
        {SITE, QN_CLOSE_ATTACH, LOG, 16, QN_ERROR_CLOSE, 0, 0, 3, 0},
        {SITE, QN_CLOSE_ATTACH, JOIN_ALL, 16, QN_ERROR_CLOSE, 0, 0, 3, 3},
        {SITE, QN_CLOSE_JOIN, FIRST, 16, QN_ERROR_CLOSE, 0, 1, 3, 3},
        {SITE, QN_CLOSE_JOIN, TIME, 16, QN_ERROR_WORKER, 1, 0, 3, 3},
        {SITE, QN_CLOSE_JOIN, JOIN_ALL, 16, QN_ERROR_CLOSE, 0, 0, 3, 4},
        {SITE, QN_CLOSE_JOIN, JOIN_ALL, 2, QN_ERROR_CLOSE, 0, 1, 2, 2},
        /* no room for worker 3's, but it is the returned one */
        {SITE, QN_CLOSE_JOIN, LAST, 2, QN_ERROR_CLOSE, 3, 1, 3, 2},
        {SITE, QN_CLOSE_JOIN, FIRST, 2, QN_ERROR_CLOSE, 0, 1, 2, 2},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(expected); i++)
        check_outcome(&expected[i], 2u, closes, 3);
}

/* Only closes fail: the call fails by policy, without a worker's error. */
static void test_close_errors_alone(void **unused)
{
    static const uint64_t closes[N_WORKERS] = {0, 1, 5, 0};
    static const struct outcome expected[] = {
        {SITE, QN_CLOSE_DROP, FIRST, 16, QN_ERROR_NONE, -1, 0, 0, 0},
        {SITE, QN_CLOSE_REPLACE, FIRST, 16, QN_ERROR_CLOSE, 1, 0, 1, 0},
        {SITE, QN_CLOSE_ATTACH, FIRST, 16, QN_ERROR_CLOSE, 1, 0, 1, 0},
        {SITE, QN_CLOSE_ATTACH, LAST, 16, QN_ERROR_CLOSE, 2, 0, 2, 0},
        {SITE, QN_CLOSE_JOIN, FIRST, 16, QN_ERROR_CLOSE, 1, 0, 3, 3},
        {OWNER, QN_CLOSE_ATTACH, FIRST, 16, QN_ERROR_NONE, -1, 0, 3, 0},
        {OWNER, QN_CLOSE_JOIN, FIRST, 2, QN_ERROR_NONE, -1, 0, 2, 2},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(expected); i++)
        check_outcome(&expected[i], 0, closes, 3);
}

/* Every strategy of resources, every policy, in random orders. */
static void test_random_orders(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < qn_n_strategies; i++) {
        const struct qn_strategy *s = qn_strategies[i];

        if (!(s->flags & QN_SEQUENCE))
            continue;
        for (int close_error = QN_CLOSE_DROP; close_error <= QN_CLOSE_JOIN; close_error++)
            for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
                struct qn_policy policy = policy_of(s->name);

                policy.close_error = (enum qn_close_error)close_error;
                policy.error_policy = (enum qn_error_policy)(seed % (QN_ERRORS_LOG + 1));
                policy.join_limit = 1 + (uint32_t)seed % 5;
                try_random(s, (unsigned)(seed % 16), seed, &policy);
            }
    }
}

/*
 * Work that waits takes as long as planned in any number of steps: each step ends at its planned
 * time, not a step's length after the previous one was seen to end. Taking resources is not part of
 * the work and adds to it.
 */
static void test_waiting_steps_keep_an_absolute_plan(void **unused)
{
    static const uint64_t acquire_ns[] = {0, QN_QUANTUM_NS, 12345};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(acquire_ns); i++) {
        const struct qn_worker_record *r;
        struct fixture f;

        set_up_with(&f, "release-at-site", 0, 6, 1, NULL);
        f.caller.call.kind = QN_KIND_WAIT;
        for (unsigned j = 0; j < N_RESOURCES; j++)
            f.workload.resources[j].acquire_ns = acquire_ns[i];
        r = &f.caller.records[0];
        qn_stepper_run_out(f.stepper, CALLER);
        while (r->stop == 0) { /* worker 0 alone */
            qn_stepper_run_out(f.stepper, 0);
            if (r->stop == 0)
                assert_true(qn_stepper_resume(f.stepper, 0));
        }
        /* the reading of the clock that stamps it is a tick of virtual time */
        assert_int_equal(r->stop - r->begin,
                         UINT64_C(6) * QN_QUANTUM_NS + N_RESOURCES * acquire_ns[i] + 1);
        finish_waits(&f);
        assert_int_equal(f.rc, QN_OK);
        tear_down(&f);
    }
}

/* A timed wait ends at once, and its deadline is noted. */
static struct {
    const struct qn_exec_ops *ops;
    uint64_t deadlines[N_WORKERS];
    unsigned n;
} waits;

static bool park_until(struct qn_thread *self, uint64_t deadline)
{
    if (deadline == QN_NEVER)
        return waits.ops->park(self, deadline);
    assert_true(waits.n < N_WORKERS);
    waits.deadlines[waits.n++] = deadline;
    return false;
}

/*
 * A wait's end is in ticks of the clock, and rounded to them once: at 2.593 GHz a quantum is 648.25
 * ticks, and waits that were counted in whole ticks a quantum were 0.04 % short.
 */
static void test_a_wait_is_rounded_once(void **unused)
{
    const uint32_t quanta = 1u << 20;
    const struct qn_call *call;
    struct qn_exec_ops ops;
    struct fixture f;
    uint64_t before;

    (void)unused;
    assert_int_equal(setenv(QN_CLOCK_VARIABLE, "2.593GHz", 1), 0);
    assert_int_equal(qn_clock_init(), QN_OK);
    set_up_with(&f, "drain", 0, quanta, 1, NULL);
    f.caller.call.kind = QN_KIND_WAIT;
    f.caller.call.policy.grace_ns = 1000 * QN_NS_PER_S;
    call = &f.caller.call;
    waits.ops = call->exec->ops;
    ops = *waits.ops;
    ops.now = NULL; /* the clock's ticks */
    ops.park = park_until;
    call->exec->ops = &ops;
    finish(&f);
    assert_int_equal(f.rc, QN_OK);
    assert_int_equal(waits.n, N_WORKERS);
    for (unsigned i = 0; i < N_WORKERS; i++) {
        uint64_t end = call->records[i].begin + qn_clock_from_ns(quanta * (uint64_t)QN_QUANTUM_NS);
        unsigned n = 0;

        for (unsigned j = 0; j < N_WORKERS; j++)
            n += waits.deadlines[j] == end;
        assert_true(n > 0);
    }
    before = qn_exec_now(call->exec);
    assert_true(qn_grace_ends(call) - before >= qn_clock_from_ns(call->policy.grace_ns));
    call->exec->ops = waits.ops;
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_stays_behind),
        cmocka_unit_test(test_mixed_defects),
        cmocka_unit_test(test_stopping_at_a_close_error),
        cmocka_unit_test(test_when_it_closes),
        cmocka_unit_test(test_close_errors_of_failing_workers),
        cmocka_unit_test(test_close_errors_of_others),
        cmocka_unit_test(test_close_errors_alone),
        cmocka_unit_test(test_waiting_steps_keep_an_absolute_plan),
        cmocka_unit_test(test_a_wait_is_rounded_once),
        cmocka_unit_test(test_random_orders),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
