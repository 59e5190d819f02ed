/*
 * How a cancellation is delivered: on the stepper in forced orders where strategies need no real
 * calls, on the pool where they do. Nothing there is timed: a plan of ten minutes is cut short by
 * being reached, and work that can't be reached keeps its short plan.
 */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/memory.h"
#include "runtime/pool/pool.h"
#include "strategies/call.h"
#include "tests/cmocka_all.h"
#include "tests/stepped/stepped.h"

#define N_SEEDS 12u
#define LONG_QUANTA 1000u

/* On the stepper. */

/* Workers 0 and 1 are in their work, the caller waits; then worker 0 fails. */
static void let_worker_0_fail(struct fixture *f, const char *strategy, enum qn_kind kind,
                              uint32_t others)
{
    set_up_with(f, strategy, 1u << 0, 2, 1, NULL);
    f->caller.call.kind = kind;
    for (unsigned i = 1; i < N_WORKERS; i++)
        f->caller.tasks[i].quanta = others;
    qn_stepper_run_out(f->stepper, CALLER);
    if (kind == QN_KIND_WAIT) {
        qn_stepper_run_out(f->stepper, 0); /* both fall asleep */
        qn_stepper_run_out(f->stepper, 1);
        assert_true(qn_stepper_resume(f->stepper, 0)); /* and this one's time is up */
    } else {
        assert_true(qn_stepper_run_to(f->stepper, 0, "work"));
        assert_true(qn_stepper_run_to(f->stepper, 1, "work"));
    }
    qn_stepper_run_out(f->stepper, 0);
}

static void finish_waiting(struct fixture *f)
{
    finish_waits(f);
    assert_int_equal(f->rc, QN_OK);
    assert_int_equal(f->row.v[QN_COL_LEAKED_WORKERS], 0);
    assert_int_equal(f->row.v[QN_COL_LEAKED_BYTES], 0);
}

static const struct qn_worker_record *record(const struct fixture *f, unsigned worker)
{
    return &f->caller.records[worker];
}

static void test_dequeue_drops_what_has_not_begun(void **unused)
{
    struct fixture f;

    (void)unused;
    let_worker_0_fail(&f, "cancel-dequeue", QN_KIND_CPU, 10);
    finish_waiting(&f);
    assert_true(qn_record_finished(record(&f, 1))); /* it was running, so it runs to completion */
    assert_int_equal(f.row.v[QN_COL_WASTED_INFLIGHT] / QN_QUANTUM_NS, 9);
    assert_true(qn_record_skipped(record(&f, 2)));
    assert_true(qn_record_skipped(record(&f, 3)));
    assert_int_equal(f.row.v[QN_COL_WASTED_STARTED], 0);
    tear_down(&f);
}

static void test_callbacks_reach_computing_and_waiting(void **unused)
{
    static const enum qn_kind kinds[] = {QN_KIND_CPU, QN_KIND_WAIT};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(kinds); i++) {
        struct fixture f;

        let_worker_0_fail(&f, "cancel-callback", kinds[i], LONG_QUANTA);
        finish_waiting(&f);
        assert_false(qn_record_finished(record(&f, 1)));
        assert_true(record(&f, 1)->flags & QN_WORKER_BEGUN);
        assert_true(qn_record_skipped(record(&f, 2)));
        assert_true(f.row.v[QN_COL_WASTED] < (int64_t)LONG_QUANTA / 2 * QN_QUANTUM_NS);
        assert_true(f.row.v[QN_COL_STOP_AT] <= f.row.v[QN_COL_RETURN_AT]);
        tear_down(&f);
    }
}

/* The wait on `closed` ends by the close; work that checks it only afterwards continues waiting. */
static void test_one_close_wakes_all_who_wait_for_it(void **unused)
{
    struct fixture f;

    (void)unused;
    let_worker_0_fail(&f, "close-wakes", QN_KIND_WAIT, LONG_QUANTA);
    finish_waiting(&f);
    for (unsigned i = 1; i < N_WORKERS; i++)
        assert_false(qn_record_finished(record(&f, i)));
    assert_true(f.row.v[QN_COL_STOP_AT] < (int64_t)LONG_QUANTA * QN_QUANTUM_NS);
    tear_down(&f);

    let_worker_0_fail(&f, "close", QN_KIND_WAIT, LONG_QUANTA);
    finish_waiting(&f);
    for (unsigned i = 1; i < N_WORKERS; i++)
        assert_true(qn_record_finished(record(&f, i)));
    assert_true(f.row.v[QN_COL_STOP_AT] >= (int64_t)LONG_QUANTA * QN_QUANTUM_NS);
    tear_down(&f);
}

static void test_grace_is_enough_for_who_polls(void **unused)
{
    struct fixture f;

    (void)unused;
    let_worker_0_fail(&f, "cancel-grace", QN_KIND_CPU, LONG_QUANTA);
    finish_waiting(&f);
    assert_true(f.row.v[QN_COL_STOP_AT] <= f.row.v[QN_COL_RETURN_AT]);
    assert_int_equal(f.caller.call.sink.n_cancelled, N_WORKERS - 1); /* every report was received */
    tear_down(&f);
}

static void test_grace_gives_up_on_the_deaf(void **unused)
{
    struct fixture f;

    (void)unused;
    let_worker_0_fail(&f, "cancel-grace", QN_KIND_DEAF, LONG_QUANTA);
    /* The caller receives the reports of workers that never begin; then the grace period ends. */
    for (unsigned i = 0; i <= N_WORKERS && !f.has_returned; i++) {
        qn_stepper_run_out(f.stepper, 0);
        assert_true(qn_stepper_resume(f.stepper, CALLER));
        qn_stepper_run_out(f.stepper, CALLER);
    }
    assert_true(f.has_returned);
    assert_string_equal(qn_stepper_point(f.stepper, 1), "work"); /* it keeps running */
    finish_waiting(&f);
    assert_true(qn_record_finished(record(&f, 1)));
    assert_true(f.row.v[QN_COL_STOP_AT] > f.row.v[QN_COL_RETURN_AT]);
    assert_true(f.row.v[QN_COL_RETURN_AT] - f.row.v[QN_COL_CANCEL_AT] >=
                (int64_t)f.caller.call.policy.grace_ns);
    assert_int_equal(f.caller.call.sink.n_cancelled, N_WORKERS - 2);
    tear_down(&f);
}

static void test_random_orders_leak_nothing(void **unused)
{
    static const enum qn_kind kinds[] = {QN_KIND_WAIT, QN_KIND_DEAF};

    (void)unused;
    for (size_t i = 0; i < qn_n_strategies * QN_ARRAY_LEN(kinds) << N_WORKERS; i++) {
        const struct qn_strategy *s = qn_strategies[i / QN_ARRAY_LEN(kinds) >> N_WORKERS];
        enum qn_kind kind = kinds[(i >> N_WORKERS) % QN_ARRAY_LEN(kinds)];
        unsigned failing = i % (1u << N_WORKERS);

        for (uint64_t seed = 1; seed <= N_SEEDS && runs_stepped(s, kind); seed++) {
            struct fixture f;

            set_up_with(&f, s->name, failing, 3, seed, NULL);
            f.caller.call.kind = kind;
            run_random(&f, failing, seed);
            assert_true((s->flags & QN_LEAKS) || f.row.v[QN_COL_LEAKED_BYTES] == 0);
            tear_down(&f);
        }
    }
}

/* On the pool: worker 0 fails, worker 1 is in its work. */

#define N_POOLED 2u
#define POOLED_MEMORY 5000u
/* A plan that is never reached. */
#define FAR_QUANTA (UINT32_C(2000) * 1000 * 1000)

struct pooled {
    struct qn_pool *pool;
    struct qn_memory *memory;
    struct qn_workload workload;
    struct qn_thread *threads[N_POOLED + 1];
    struct qn_caller caller;
    struct qn_trial row;
    uint8_t kind_1; /* kind mixed: what worker 1 does, worker 0 computing */
};

static void set_up_pooled(struct pooled *p, const struct qn_strategy *s, enum qn_kind kind)
{
    struct qn_pool_config pool = {.n_threads = N_POOLED,
                                  .wait = QN_WAIT_ADAPTIVE,
                                  .oversubscribed = true,
                                  .iterations_per_quantum = 10};
    struct qn_caller_config config = {.strategy = s, .record = true, .n_threads = N_POOLED + 1};

    memset(p, 0, sizeof(*p));
    assert_int_equal(qn_pool_create(&pool, &p->pool), QN_OK);
    assert_int_equal(qn_memory_create(&p->memory), QN_OK);
    p->workload = (struct qn_workload){.kind = kind,
                                       .workers = N_POOLED,
                                       .threads = N_POOLED,
                                       .memory_bytes = POOLED_MEMORY,
                                       .poll_quanta = 1};
    for (unsigned i = 0; i <= N_POOLED; i++)
        p->threads[i] = qn_pool_thread(p->pool, i);
    qn_policy_default(s, &config.policy);
    config.workload = &p->workload;
    config.exec = qn_pool_exec(p->pool);
    config.threads = p->threads;
    config.memory = p->memory;
    assert_int_equal(qn_caller_init(&p->caller, &config), QN_OK);
}

static void tear_down_pooled(struct pooled *p)
{
    qn_caller_fini(&p->caller);
    qn_pool_destroy(p->pool);
    qn_memory_destroy(p->memory);
}

static const struct qn_worker_record *call_pooled(struct pooled *p, uint32_t quanta_0,
                                                  uint32_t quanta_1)
{
    struct qn_row_key key = {1, 0, 0, 1};

    p->caller.tasks[0] = (struct qn_task){.quanta = quanta_0, .fails = true};
    p->caller.tasks[1] = (struct qn_task){.quanta = quanta_1, .kind = p->kind_1};
    qn_caller_call(&p->caller);
    assert_int_equal(qn_caller_settle(&p->caller), QN_OK);
    assert_int_equal(qn_caller_row(&p->caller, &key, &p->row), QN_OK);
    assert_int_equal(p->row.v[QN_COL_LEAKED_WORKERS], 0);
    assert_true(p->row.v[QN_COL_SETTLE_AT] != QN_NONE);
    return &p->caller.records[1];
}

/* Which kinds each strategy reaches. */
static bool reaches(const char *name, enum qn_kind kind)
{
    static const struct {
        const char *name;
        unsigned kinds;
    } reached[] = {
#define CPU QN_KIND_BIT(QN_KIND_CPU)
#define WAIT QN_KIND_BIT(QN_KIND_WAIT)
#define PIPE QN_KIND_BIT(QN_KIND_PIPE)
#define EVENTFD QN_KIND_BIT(QN_KIND_EVENTFD)
#define CONDVAR QN_KIND_BIT(QN_KIND_CONDVAR)
        {"cancel", CPU | WAIT},
        {"cancel-wait", CPU | WAIT},
        {"cancel-grace", CPU | WAIT},
        {"cancel-callback", CPU | WAIT | PIPE | EVENTFD | CONDVAR},
        {"cancel-signal", CPU | PIPE | EVENTFD},
        {"cancel-thread", CPU | PIPE | EVENTFD | CONDVAR},
        {"cancel-thread-bare", CPU | PIPE | EVENTFD | CONDVAR},
        {"cancel-close-peer", PIPE},
        {"close-wakes", WAIT},
#undef CPU
#undef WAIT
#undef PIPE
#undef EVENTFD
#undef CONDVAR
    };

    for (size_t i = 0; i < QN_ARRAY_LEN(reached); i++)
        if (strcmp(reached[i].name, name) == 0)
            return reached[i].kinds & QN_KIND_BIT(kind);
    return false;
}

/* Calls until one in which worker 1 had begun when worker 0 failed, and was reached. */
static void check_reached(struct pooled *p, const struct qn_strategy *s)
{
    const struct qn_worker_record *r;
    uint64_t bytes;

    do {
        r = call_pooled(p, 200, FAR_QUANTA);
        assert_false(qn_record_finished(r));
        assert_int_equal(qn_record_skipped(r) ? p->row.v[QN_COL_LEAKED_BYTES] : 0, 0);
    } while (!(r->flags & QN_WORKER_BEGUN));
    bytes = (uint64_t)p->row.v[QN_COL_LEAKED_BYTES];
    if (strcmp(s->name, "cancel-thread-bare") == 0) {
        size_t usable_bytes;
        void *block =
            qn_memory_alloc(p->memory, POOLED_MEMORY, alignof(max_align_t), &usable_bytes);

        qn_memory_free(p->memory, block);
        assert_int_equal(bytes, usable_bytes); /* exactly its working set */
    } else {
        assert_int_equal(bytes, 0);
    }
}

/*
 * Work that can't be reached runs to completion, or never begins. A signal that comes before the
 * wait leaves its flag, which the wait checks first, as for any token; so calls are repeated until
 * one in which it came later.
 */
static void check_unreached(struct pooled *p)
{
    const char *name = p->caller.config.strategy->name;
    bool can_be_early = strcmp(name, "cancel-signal") == 0 && p->workload.kind == QN_KIND_WAIT;
    const struct qn_worker_record *r;

    do
        r = call_pooled(p, 200, 40000);
    while (can_be_early && !qn_record_finished(r) && !qn_record_skipped(r));
    if (!qn_record_finished(r) && !qn_record_skipped(r))
        print_message("%s, %s: flags %x\n", name, qn_kind_name(p->workload.kind), r->flags);
    assert_true(qn_record_finished(r) || qn_record_skipped(r));
    assert_int_equal(p->row.v[QN_COL_LEAKED_BYTES], 0);
}

static void test_each_way_reaches_what_it_can(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < qn_n_strategies * QN_KIND_COUNT; i++) {
        const struct qn_strategy *s = qn_strategies[i / QN_KIND_COUNT];
        const struct qn_workload w = {.kind = (enum qn_kind)(i % QN_KIND_COUNT)};
        bool is_close = strcmp(s->name, "cancel-close-fd") == 0; /* depends on the order */
        struct pooled p;

        if (!(s->flags & QN_CANCELS) || (s->flags & (QN_OWNER_RELEASES | QN_TREE | QN_LIMITS)) ||
            qn_workload_refusal(&w, s) || is_close || w.kind == QN_KIND_OWN || /* own_test.c */
            w.kind == QN_KIND_MIXED)                                           /* below */
            continue;
        if ((s->flags & QN_DEDICATED_THREAD) && qn_pool_blocking.why_no_dedicated_thread()) {
            print_message("%s skipped: %s\n", s->name, qn_pool_blocking.why_no_dedicated_thread());
            continue;
        }
        set_up_pooled(&p, s, w.kind);
        if (reaches(s->name, w.kind))
            check_reached(&p, s);
        else
            check_unreached(&p);
        tear_down_pooled(&p);
    }
}

/* In mixed calls each worker is reached as its own kind is; the work of one that computes is counted in quanta,
 * and of one that waits in ns. */
static void test_each_worker_of_a_mix_is_reached_as_its_kind(void **unused)
{
    static const char *const names[] = {"cancel-wait", "cancel-callback", "cancel-dequeue"};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(names) * QN_KIND_OWN; i++) {
        const struct qn_strategy *s = qn_strategy_find(names[i / QN_KIND_OWN]);
        enum qn_kind kind = (enum qn_kind)(i % QN_KIND_OWN);
        struct pooled p;

        set_up_pooled(&p, s, QN_KIND_MIXED);
        p.kind_1 = (uint8_t)kind;
        if (reaches(s->name, kind))
            check_reached(&p, s);
        else
            check_unreached(&p);
        if (!qn_kind_waits(kind))
            assert_int_equal(p.row.v[QN_COL_WORK] % QN_QUANTUM_NS, 0);
        tear_down_pooled(&p);
    }
}

/* Closing under readers: in either order the call ends and leaves nothing behind. */
static void test_closing_descriptors_leaves_nothing(void **unused)
{
    const struct qn_strategy *s = qn_strategy_find("cancel-close-fd");
    struct pooled p;

    (void)unused;
    for (int kind = QN_KIND_PIPE; kind <= QN_KIND_EVENTFD; kind++) {
        set_up_pooled(&p, s, (enum qn_kind)kind);
        for (int i = 0; i < 50; i++) {
            call_pooled(&p, 200, 1000);
            assert_int_equal(p.row.v[QN_COL_LEAKED_BYTES], 0);
        }
        tear_down_pooled(&p);
    }
}

/*
 * A wait that keeps its plan lasts as long as that or longer, and what a quantum's ticks lose in
 * rounding doesn't add up: at this rate a quantum is 25.475 ticks.
 */
static void test_no_wait_is_shorter_than_its_plan(void **unused)
{
    const uint32_t quanta = 200 * 1000; /* 50 ms, of which 0.9 ms would be lost */
    struct pooled p;
    uint64_t ticks;

    (void)unused;
    assert_int_equal(setenv(QN_CLOCK_VARIABLE, "0.1019GHz", 1), 0);
    assert_int_equal(qn_clock_init(), QN_OK);
    set_up_pooled(&p, qn_strategy_find("drain"), QN_KIND_WAIT);
    call_pooled(&p, quanta, quanta);
    for (unsigned i = 0; i < N_POOLED; i++) {
        ticks = p.caller.records[i].stop - p.caller.records[i].begin;
        assert_true(ticks >= qn_clock_from_ns((uint64_t)quanta * QN_QUANTUM_NS));
    }
    tear_down_pooled(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dequeue_drops_what_has_not_begun),
        cmocka_unit_test(test_callbacks_reach_computing_and_waiting),
        cmocka_unit_test(test_one_close_wakes_all_who_wait_for_it),
        cmocka_unit_test(test_grace_is_enough_for_who_polls),
        cmocka_unit_test(test_grace_gives_up_on_the_deaf),
        cmocka_unit_test(test_random_orders_leak_nothing),
        cmocka_unit_test(test_each_way_reaches_what_it_can),
        cmocka_unit_test(test_each_worker_of_a_mix_is_reached_as_its_kind),
        cmocka_unit_test(test_closing_descriptors_leaves_nothing),
        cmocka_unit_test(test_no_wait_is_shorter_than_its_plan),
    };

    if (qn_clock_init() != QN_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
