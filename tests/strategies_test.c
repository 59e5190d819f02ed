/* Every strategy on the stepping executor: forced orders with exact expectations, then many random. */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/caller.h"
#include "runtime/memory.h"
#include "tests/cmocka_all.h"
#include "tests/explore.h"

#define N_WORKERS 4u
#define N_THREADS 2u
#define CALLER N_THREADS /* the caller's fiber comes after the pool's */
#define MEMORY_BYTES 1000u
#define RESULT_BYTES 100u

/* Random orders tried of each strategy and pattern of failures. */
#define N_SEEDS 40u

struct fixture {
    struct qn_stepper *stepper;
    struct qn_memory *memory;
    struct qn_workload workload;
    struct qn_thread *threads[N_THREADS + 1];
    struct qn_caller caller;
    struct qn_trial row;
    bool has_returned;
    int rc; /* of settling; 1: not yet */
};

static void run_call(void *arg)
{
    struct fixture *f = arg;
    struct qn_row_key key = {1, 0, 0};

    qn_caller_call(&f->caller);
    f->has_returned = true;
    f->rc = qn_caller_settle(&f->caller);
    if (f->rc == QN_OK)
        qn_caller_row(&f->caller, &key, &f->row);
}

/* failing: a bit a worker; all have the given quanta. */
static void set_up_with(struct fixture *f, const char *strategy, unsigned failing, uint32_t quanta,
                        uint64_t seed, const struct qn_policy *policy)
{
    struct qn_caller_config config = {.strategy = qn_strategy_find(strategy), .record = true};
    unsigned id;

    memset(f, 0, sizeof(*f));
    f->rc = 1;
    f->workload = (struct qn_workload){.kind = QN_KIND_CPU,
                                       .workers = N_WORKERS,
                                       .threads = N_THREADS,
                                       .memory_bytes = MEMORY_BYTES,
                                       .result_bytes = RESULT_BYTES,
                                       .poll_ns = QN_QUANTUM_NS};
    assert_non_null(config.strategy);
    assert_int_equal(qn_memory_create(&f->memory), QN_OK);
    assert_int_equal(qn_stepper_create(N_THREADS, seed, &f->stepper), QN_OK);
    assert_int_equal(qn_stepper_add(f->stepper, run_call, f, &id), QN_OK);
    assert_int_equal(id, CALLER);
    for (unsigned i = 0; i <= N_THREADS; i++)
        f->threads[i] = qn_stepper_thread(f->stepper, i);
    if (policy)
        config.policy = *policy;
    else
        qn_policy_default(config.strategy, &config.policy);
    config.workload = &f->workload;
    config.exec = qn_stepper_exec(f->stepper);
    config.threads = f->threads;
    config.n_threads = N_THREADS + 1;
    config.memory = f->memory;
    assert_int_equal(qn_caller_init(&f->caller, &config), QN_OK);
    for (unsigned i = 0; i < N_WORKERS; i++)
        f->caller.tasks[i] = (struct qn_task){quanta, failing >> i & 1};
}

static void set_up(struct fixture *f, const char *strategy, unsigned failing)
{
    set_up_with(f, strategy, failing, 2, 1, NULL);
}

static void tear_down(struct fixture *f)
{
    qn_caller_fini(&f->caller);
    qn_stepper_destroy(f->stepper);
    qn_memory_destroy(f->memory);
}

/* Usable bytes of a block as the call would get it. */
static uint64_t usable(struct fixture *f, size_t bytes, size_t align)
{
    size_t n;
    void *block = qn_memory_alloc(f->memory, bytes, align, &n);

    assert_non_null(block);
    qn_memory_free(f->memory, block);
    return n;
}

/* A scope is one block: the struct and, behind it, its channel. */
static uint64_t call_bytes(struct fixture *f, uint32_t capacity)
{
    return usable(f, sizeof(struct qn_scope) + qn_chan_bytes(capacity, sizeof(struct qn_report)),
                  QN_LINE_BYTES);
}

static uint64_t working_set(struct fixture *f)
{
    return usable(f, MEMORY_BYTES, alignof(max_align_t));
}

static uint64_t result(struct fixture *f)
{
    return usable(f, RESULT_BYTES, alignof(max_align_t));
}

/* The caller up to its first receive; then one thread until its worker's error is with the caller. */
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
    for (int i = 0; i < 4; i++) /* booked, then rescued */
        for (unsigned id = 0; id <= CALLER; id++)
            qn_stepper_run_out(f.stepper, CALLER - id);
    assert_int_equal(f.rc, QN_OK);
    assert_int_equal(f.row.v[QN_COL_LEAKED_WORKERS], 4); /* worker 0 in its second send, 1, and 2 that never began */
    assert_int_equal(f.row.v[QN_COL_LEAKED_BYTES],
                     call_bytes(&f, 0) + 2 * working_set(&f) + result(&f));
    tear_down(&f);
}

/* A worker that is stopped before its send, for however long, is no leak; once it blocks, it is. */
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
    assert_true(qn_stepper_run_to(f.stepper, 0, "lock")); /* worker 1 stands right before its send */
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
        assert_true(qn_stepper_run_to(f.stepper, 0, "work")); /* worker 0 */
        assert_true(qn_stepper_run_to(f.stepper, 1, "work")); /* worker 1 */
        assert_true(qn_stepper_run_to(f.stepper, 0, "lock")); /* has failed, is about to report */
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

/* Two errors: which one comes back, by policy. Worker 1 fails first, worker 0 is received first. */
static void test_error_policies(void **unused)
{
    static const struct {
        enum qn_error_policy policy;
        int64_t returned, lost, fidelity;
    } expected[] = {{QN_ERRORS_FIRST_RECEIVED, 0, 1, 0},
                    {QN_ERRORS_FIRST_IN_TIME, 1, 1, 1},
                    {QN_ERRORS_LAST, 1, 1, 1},
                    {QN_ERRORS_LOG, 0, 0, 0}};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(expected); i++) {
        struct qn_policy policy = {.error_policy = expected[i].policy};
        struct fixture f;

        set_up_with(&f, "drain", 3u, 2, 1, &policy);
        qn_stepper_run_out(f.stepper, CALLER);
        assert_true(qn_stepper_run_to(f.stepper, 0, "work"));
        assert_true(qn_stepper_run_to(f.stepper, 1, "lock")); /* worker 1 has failed */
        qn_stepper_run_out(f.stepper, 0);                     /* worker 0 fails and reports */
        for (int j = 0; j < 12; j++)
            for (unsigned id = 0; id <= CALLER; id++)
                qn_stepper_run_out(f.stepper, CALLER - id);
        assert_int_equal(f.rc, QN_OK);
        assert_int_equal(f.row.v[QN_COL_ERROR_FIRST], 1);
        assert_int_equal(f.row.v[QN_COL_ERROR_RETURNED], expected[i].returned);
        assert_int_equal(f.row.v[QN_COL_ERRORS_SEEN], 2);
        assert_int_equal(f.row.v[QN_COL_ERRORS_LOST], expected[i].lost);
        assert_int_equal(f.row.v[QN_COL_ERROR_FIDELITY], expected[i].fidelity);
        tear_down(&f);
    }
}

/* What holds of every trial, whatever the order (see docs/figures.md). */
static void check_invariants(const struct fixture *f, unsigned failing)
{
    const int64_t *v = f->row.v;
    unsigned flags = f->caller.config.strategy->flags;
    bool leaks = v[QN_COL_LEAKED_WORKERS] > 0;

    assert_int_equal(f->rc, QN_OK);
    assert_int_equal(v[QN_COL_WASTED], v[QN_COL_WASTED_INFLIGHT] + v[QN_COL_WASTED_STARTED]);
    assert_true(v[QN_COL_WORK] <= v[QN_COL_PLANNED_WORK]);
    assert_true(v[QN_COL_WASTED] + v[QN_COL_DISCARDED] <= v[QN_COL_WORK]);
    assert_int_equal(v[QN_COL_FAILED], v[QN_COL_FAILING_WORKERS] > 0);
    assert_int_equal(leaks, v[QN_COL_SETTLE_AT] == QN_NONE);
    if (failing == 0 || !(flags & QN_LEAKS))
        assert_false(leaks);
    if (failing == 0)
        assert_int_equal(v[QN_COL_WORK], v[QN_COL_PLANNED_WORK]);
    if (v[QN_COL_FAILED]) {
        assert_true(v[QN_COL_ERROR_AT] <= v[QN_COL_STOP_AT]);
        assert_true(v[QN_COL_ERROR_AT] <= v[QN_COL_RETURN_AT]);
        if (!(flags & QN_RETURNS_NO_ERROR)) {
            assert_true(v[QN_COL_ERROR_AT] <= v[QN_COL_ERROR_SEEN]);
            assert_true(v[QN_COL_ERROR_SEEN] <= v[QN_COL_RETURN_AT]);
        }
    }
    if ((flags & QN_CANCELS) && v[QN_COL_CANCEL_AT] != QN_NONE)
        assert_int_equal(v[QN_COL_CANCEL_AT] >= v[QN_COL_RETURN_AT],
                         (flags & QN_OWNER_RELEASES) != 0);
    if ((flags & QN_WAITS_ALL) && !(flags & QN_LEAKS))
        assert_true(v[QN_COL_STOP_AT] <= v[QN_COL_RETURN_AT]);
}

static void try_random(const struct qn_strategy *s, unsigned failing, uint64_t seed,
                       const struct qn_policy *policy)
{
    struct fixture f;
    uint64_t rng = seed;

    set_up_with(&f, s->name, failing, 3, seed, policy);
    assert_true(qn_stepper_run_random(f.stepper, &rng, 100000));
    if (f.rc != QN_OK)
        print_message("%s failing %x seed %u: %s\n", s->name, failing, (unsigned)seed,
                      f.rc == 1 ? "never settled" : qn_err_text(f.rc));
    check_invariants(&f, failing);
    tear_down(&f);
}

static void test_random_orders(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < qn_n_strategies; i++)
        for (unsigned failing = 0; failing < 1u << N_WORKERS; failing++)
            for (uint64_t seed = 1; seed <= N_SEEDS; seed++)
                try_random(qn_strategies[i], failing, seed, NULL);
}

static void test_random_orders_other_canceller(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < qn_n_strategies; i++) {
        const struct qn_strategy *s = qn_strategies[i];
        struct qn_policy policy;

        if (!(s->flags & QN_CANCELS) || (s->flags & QN_OWNER_RELEASES))
            continue;
        qn_policy_default(s, &policy);
        policy.canceller = policy.canceller == QN_CANCELLER_CALLER ? QN_CANCELLER_WORKER
                                                                   : QN_CANCELLER_CALLER;
        for (unsigned failing = 0; failing < 1u << N_WORKERS; failing++)
            for (uint64_t seed = 1; seed <= N_SEEDS; seed++)
                try_random(s, failing, seed, &policy);
    }
}

/* Each allocation of a call fails in turn: the call ends, says so, and leaves nothing behind. */
static void test_out_of_memory(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < qn_n_strategies; i++) {
        bool has_failed = true;

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leak_books_exactly),
        cmocka_unit_test(test_double_send_blocks_the_failing_worker_too),
        cmocka_unit_test(test_no_leak_is_booked_before_it_blocks),
        cmocka_unit_test(test_close_stops_nothing_and_cancel_does),
        cmocka_unit_test(test_error_policies),
        cmocka_unit_test(test_random_orders),
        cmocka_unit_test(test_random_orders_other_canceller),
        cmocka_unit_test(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
