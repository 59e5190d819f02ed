#include "tests/stepped/stepped.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/memory.h"
#include "tests/cmocka_all.h"

static void run_call(void *arg)
{
    struct fixture *f = arg;
    struct qn_row_key key = {1, 0, 0, 1};

    for (; f->n_before > 0; f->n_before--) {
        qn_caller_call(&f->caller);
        if ((f->rc_before = qn_caller_settle(&f->caller)) != QN_OK)
            break;
    }
    qn_caller_call(&f->caller);
    f->has_returned = true;
    f->rc = qn_caller_settle(&f->caller);
    if (f->rc == QN_OK)
        f->rc = qn_caller_row(&f->caller, &key, &f->row);
}

void set_up_strategy(struct fixture *f, const struct qn_strategy *strategy, unsigned failing,
                     uint32_t quanta, uint64_t seed, const struct qn_policy *policy)
{
    struct qn_caller_config config = {.strategy = strategy, .record = true};
    unsigned id;

    memset(f, 0, sizeof(*f));
    f->rc = 1;
    f->workload = (struct qn_workload){.kind = QN_KIND_CPU,
                                       .workers = N_WORKERS,
                                       .threads = N_THREADS,
                                       .memory_bytes = MEMORY_BYTES,
                                       .result_bytes = RESULT_BYTES,
                                       .poll_quanta = 1};
    assert_non_null(config.strategy);
    if (config.strategy->flags & QN_SEQUENCE)
        f->workload.n_resources = N_RESOURCES;
    for (unsigned i = 0; i < f->workload.n_resources; i++)
        f->workload.resources[i] =
            (struct qn_resource){QN_QUANTUM_NS, QN_QUANTUM_NS, RESOURCE_BYTES, 0};
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
        f->caller.tasks[i] = (struct qn_task){.quanta = quanta,
                                              .fails = failing >> i & 1,
                                              .n_steps = (uint8_t)f->workload.n_resources,
                                              .cleanup = (uint8_t)(i % QN_CLEANUP_COUNT),
                                              .whole_quanta = quanta,
                                              .failing_closes = seed};
}

void set_up_with(struct fixture *f, const char *strategy, unsigned failing, uint32_t quanta,
                 uint64_t seed, const struct qn_policy *policy)
{
    set_up_strategy(f, qn_strategy_find(strategy), failing, quanta, seed, policy);
}

void set_up(struct fixture *f, const char *strategy, unsigned failing)
{
    set_up_with(f, strategy, failing, 2, 1, NULL);
}

void tear_down(struct fixture *f)
{
    qn_caller_fini(&f->caller);
    qn_stepper_destroy(f->stepper);
    qn_memory_destroy(f->memory);
}

uint64_t usable(struct fixture *f, size_t bytes, size_t align)
{
    size_t n;
    void *block = qn_memory_alloc(f->memory, bytes, align, &n);

    assert_non_null(block);
    qn_memory_free(f->memory, block);
    return n;
}

uint64_t working_set(struct fixture *f)
{
    return usable(f, MEMORY_BYTES, alignof(max_align_t));
}

uint64_t result(struct fixture *f)
{
    return usable(f, RESULT_BYTES, alignof(max_align_t));
}

uint64_t resource(struct fixture *f)
{
    return usable(f, RESOURCE_BYTES, alignof(max_align_t));
}

void finish(struct fixture *f)
{
    for (int i = 0; i < 1000 && f->rc == 1; i++)
        for (unsigned id = 0; id <= CALLER; id++)
            qn_stepper_run_out(f->stepper, id);
    assert_int_not_equal(f->rc, 1);
}

void finish_waits(struct fixture *f)
{
    while (f->rc == 1) {
        for (unsigned id = 0; id <= CALLER; id++)
            qn_stepper_run_out(f->stepper, id);
        for (unsigned id = 0; id <= CALLER && f->rc == 1; id++)
            if (qn_stepper_state(f->stepper, id) == QN_FIBER_TIMED)
                qn_stepper_resume(f->stepper, id);
    }
}

/*
 * Compares what was returned with what happened: the sink's report and the workers' records are
 * written by different threads and must agree on a worker. Asserted here, where every build checks
 * it.
 */
static void check_returned(const struct fixture *f)
{
    const struct qn_call *call = &f->caller.call;
    const struct qn_report *returned = f->caller.observed.returned;
    bool hears_all = (call->strategy->flags & (QN_WAITS_ALL | QN_LEAKS | QN_TREE)) == QN_WAITS_ALL;
    bool has_failed = f->row.v[QN_COL_FAILED];

    if (!returned) {
        assert_true(!has_failed || (call->strategy->flags & QN_RETURNS_NO_ERROR));
        return;
    }
    assert_int_not_equal(returned->error, QN_ERROR_NONE);
    assert_int_equal(f->row.v[QN_COL_ERROR_RETURNED_KIND], returned->error);
    if (returned->worker == QN_NO_WORKER)
        return;
    assert_true(returned->at == qn_record_failed_at(&call->records[returned->worker]));
    if (returned->error != QN_ERROR_CLOSE) /* a close error isn't in a worker's record */
        assert_int_equal(returned->error, call->records[returned->worker].error);
    if (returned->at != 0)
        assert_true(f->row.v[QN_COL_ERROR_AT] <=
                    (int64_t)qn_exec_to_ns(call->exec, returned->at - f->caller.observed.t0));
    if (has_failed && hears_all && call->policy.error_policy == QN_ERRORS_FIRST_IN_TIME)
        assert_int_equal(f->row.v[QN_COL_ERROR_RETURNED], f->row.v[QN_COL_ERROR_FIRST]);
}

/* The invariants of every trial, in any order (see docs/figures.md). */
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
    if (failing == 0 || !(flags & QN_LEAKS)) {
        assert_false(leaks);
        assert_int_equal(v[QN_COL_LEAKED_BYTES], 0);
    }
    if (flags & QN_SEQUENCE) {
        assert_true(v[QN_COL_RESOURCES_LEAKED] <= v[QN_COL_RESOURCES_TAKEN]);
        assert_int_equal(v[QN_COL_CLOSE_ERRORS],
                         v[QN_COL_CLOSE_ERRORS_REPORTED] + v[QN_COL_CLOSE_ERRORS_LOST]);
        assert_true(v[QN_COL_CLOSE_ERRORS_LOST] >= 0);
        if (v[QN_COL_CLOSING] != QN_NONE) /* it is between the two */
            assert_true(v[QN_COL_ERROR_AT] + v[QN_COL_CLOSING] <= v[QN_COL_RETURN_AT]);
    }
    check_returned(f);
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

bool runs_stepped(const struct qn_strategy *s, enum qn_kind kind)
{
    const struct qn_workload w = {.kind = kind};

    return !(s->flags & QN_BLOCKING) && !qn_kind_blocks(kind) && kind != QN_KIND_MIXED &&
           !qn_workload_refusal(&w, s);
}

void run_random(struct fixture *f, unsigned failing, uint64_t seed)
{
    uint64_t rng = seed;

    assert_true(qn_stepper_run_random(f->stepper, &rng, 100000));
    if (f->rc != QN_OK)
        print_message("%s failing %x seed %u: %s\n", f->caller.config.strategy->name, failing,
                      (unsigned)seed, f->rc == 1 ? "never settled" : qn_err_text(f->rc));
    check_invariants(f, failing);
}

void try_random(const struct qn_strategy *s, unsigned failing, uint64_t seed,
                const struct qn_policy *policy)
{
    struct fixture f;

    set_up_strategy(&f, s, failing, 3, seed, policy);
    run_random(&f, failing, seed);
    tear_down(&f);
}
