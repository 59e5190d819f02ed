/*
 * A peer's calls have the figures of ours: on one thread, where the order of everything is given, its workers do
 * the same work with the same polls as those of a strategy that does as it does. The peer is the test's own.
 */
#include <stdlib.h>

#include "bench/cell/caller.h"
#include "bench/cell/guest.h"
#include "bench/peer/host.h"
#include "runtime/memory.h"
#include "runtime/pool/pool.h"
#include "tests/cmocka_all.h"

#define N_WORKERS 6u

static size_t call_bytes; /* that the peer allocates in a call */
static bool stops;        /* after a failure; as `cancel` with canceller=worker on one thread */

static int32_t run(void *peer, struct quench_call *call)
{
    int32_t error = QUENCH_NO_ERROR;
    void *block = call_bytes ? malloc(call_bytes) : NULL;

    (void)peer;
    for (uint32_t i = 0; i < call->n && !(stops && error >= 0); i++) {
        struct quench_worker w;
        enum quench_step step;

        quench_begin(call, i, &w);
        do
            step = quench_chunk(&w);
        while (step == QUENCH_MORE);
        quench_end(&w);
        if (step == QUENCH_FAILED && error < 0) {
            error = (int32_t)i;
            quench_seen(call, i);
            quench_raising(call);
        }
    }
    __asm__ volatile("" : : "r"(block) : "memory"); /* keeps the allocation */
    free(block);
    return error;
}

static void work(struct quench_worker *w)
{
    while (quench_chunk(w) == QUENCH_MORE)
        continue;
    quench_end(w);
}

/* Worker 1 is in flight, after one chunk, while worker 0 fails. */
static int32_t run_around(void *peer, struct quench_call *call)
{
    struct quench_worker around, w;

    (void)peer;
    quench_begin(call, 1, &around);
    quench_chunk(&around);
    quench_begin(call, 0, &w);
    work(&w);
    quench_seen(call, 0);
    work(&around);
    for (uint32_t i = 2; i < call->n; i++) {
        quench_begin(call, i, &w);
        work(&w);
    }
    return 0;
}

static int32_t (*runs)(void *peer, struct quench_call *call) = run;

struct bench {
    struct qn_pool *pool;
    struct qn_memory *memory;
    struct qn_thread *threads[2];
    struct qn_workload workload;
    struct qn_policy policy;
    struct qn_caller caller;
    struct qn_guest guest;
    _Atomic uint32_t step;
    uint32_t gaps[QN_N_GAPS];
};

static void set_up(struct bench *b)
{
    const struct qn_pool_config config = {
        .n_threads = 1, .wait = QN_WAIT_PARK, .oversubscribed = true, .iterations_per_quantum = 10};

    memset(b, 0, sizeof(*b));
    assert_int_equal(qn_pool_create(&config, &b->pool), QN_OK);
    assert_int_equal(qn_memory_create(&b->memory), QN_OK);
    b->threads[0] = qn_pool_thread(b->pool, 0);
    b->threads[1] = qn_pool_thread(b->pool, 1);
    b->workload = (struct qn_workload){.name = "w",
                                       .workers = N_WORKERS,
                                       .threads = 1,
                                       .memory_bytes = 5000,
                                       .result_bytes = 100,
                                       .poll_quanta = 7};
    for (uint32_t i = 0; i < QN_N_GAPS; i++)
        b->gaps[i] = 1 + i % 5;
}

/* One call by the strategy, or by the peer if it is NULL: worker `failing` fails, and gaps may be counted in items. */
static struct qn_trial call(struct bench *b, const struct qn_strategy *s, uint32_t flags,
                            uint32_t failing, bool by_items)
{
    const struct qn_row_key key = {0};
    struct qn_caller_config config = {.strategy = s,
                                      .workload = &b->workload,
                                      .exec = qn_pool_exec(b->pool),
                                      .threads = b->threads,
                                      .n_threads = 2,
                                      .memory = b->memory,
                                      .gaps = by_items ? b->gaps : NULL,
                                      .record = true};
    struct qn_trial row;
    int error;

    if (!s) {
        const struct qn_host_config host = {.exec = config.exec, .n_workers = N_WORKERS};

        b->guest = (struct qn_guest){
            .peer = {.flags = flags | QUENCH_CALLER_WORKS | QUENCH_WAITS_ALL, .call = runs}};
        assert_int_equal(qn_host_open(&b->guest.peer, 1, &b->step, &b->guest.host, &error), QN_OK);
        assert_int_equal(qn_host_prepare(b->guest.host, &host), QN_OK);
        b->guest.strategy = (struct qn_strategy){
            .name = "peer",
            .flags = QN_OWN_THREADS | QN_WAITS_ALL |
                     (flags & QUENCH_STOPS_RUNNING ? QN_POLLS | QN_CANCELS : 0),
            .run = qn_host_run,
            .settle = qn_host_settle};
        config.strategy = &b->guest.strategy;
        config.more_ledgers = qn_host_ledgers(b->guest.host, &config.n_more);
    }
    qn_policy_default(config.strategy, &config.policy);
    assert_int_equal(qn_caller_init(&b->caller, &config), QN_OK);
    for (uint32_t i = 0; i < N_WORKERS; i++)
        b->caller.tasks[i] =
            (struct qn_task){.quanta = 20 + 9 * i, .fails = i == failing, .gap_at = 3 * i};
    qn_caller_call(&b->caller);
    assert_int_equal(qn_caller_settle(&b->caller), QN_OK);
    assert_int_equal(qn_caller_row(&b->caller, &key, &row), QN_OK);
    return row;
}

static void tidy(struct bench *b)
{
    qn_caller_fini(&b->caller);
    qn_guest_close(&b->guest);
    b->guest.host = NULL;
}

static void tear_down(struct bench *b)
{
    qn_pool_destroy(b->pool);
    qn_memory_destroy(b->memory);
}

static void assert_same(const struct qn_trial *a, const struct qn_trial *b)
{
    static const int columns[] = {QN_COL_FAILED,         QN_COL_FAILING_WORKERS,
                                  QN_COL_PLANNED_WORK,   QN_COL_WORK,
                                  QN_COL_WASTED,         QN_COL_WASTED_INFLIGHT,
                                  QN_COL_WASTED_STARTED, QN_COL_ERROR_FIRST,
                                  QN_COL_ERROR_RETURNED, QN_COL_ERROR_RETURNED_KIND,
                                  QN_COL_ERRORS_SEEN,    QN_COL_ERRORS_LOST,
                                  QN_COL_ERROR_FIDELITY, QN_COL_POLLS,
                                  QN_COL_LEAKED_BYTES};

    for (size_t i = 0; i < QN_ARRAY_LEN(columns); i++) {
        if (a->v[columns[i]] != b->v[columns[i]])
            print_message("%s\n", qn_trial_columns[columns[i]]);
        assert_int_equal(a->v[columns[i]], b->v[columns[i]]);
    }
}

/* Work in chunks polls as often as work in one piece. A process opens one host, so each way of counting has a test. */
static void check_chunks(bool by_items)
{
    struct qn_worker_record records[N_WORKERS];
    struct qn_trial ours, theirs;
    struct bench b;

    set_up(&b);
    ours = call(&b, &qn_strategy_cancel_wait, 0, N_WORKERS, by_items);
    memcpy(records, b.caller.records, sizeof(records));
    tidy(&b);
    theirs = call(&b, NULL, QUENCH_STOPS_RUNNING, N_WORKERS, by_items);
    assert_same(&ours, &theirs);
    for (uint32_t i = 0; i < N_WORKERS; i++) {
        const struct qn_worker_record *r = &b.caller.records[i];

        assert_int_equal(r->quanta, records[i].quanta);
        assert_int_equal(r->polls, records[i].polls);
        assert_true(r->polls > 0);
        assert_int_equal(r->flags, records[i].flags);
        assert_true(r->begin <= r->stop && r->stop <= r->end);
    }
    tidy(&b);
    tear_down(&b);
}

static void test_chunks_do_the_same_work(void **unused)
{
    (void)unused;
    check_chunks(false);
}

static void test_chunks_counted_in_items_do_the_same_work(void **unused)
{
    (void)unused;
    check_chunks(true);
}

/* Without polls a worker is one chunk, and what runs after an error is waste as in `drain`. */
static void test_waste_is_the_same(void **unused)
{
    struct qn_trial ours, theirs;
    struct bench b;

    (void)unused;
    set_up(&b);
    stops = false;
    ours = call(&b, &qn_strategy_drain, 0, 2, false);
    tidy(&b);
    theirs = call(&b, NULL, 0, 2, false);
    assert_same(&ours, &theirs);
    assert_true(theirs.v[QN_COL_WASTED_STARTED] > 0);
    assert_int_equal(theirs.v[QN_COL_PEER_BYTES] == QN_NONE, !qn_memory_is_exact());
    tidy(&b);
    tear_down(&b);
}

/* A worker in flight notes the error after its next quantum: what it does from there on is waste. */
static void test_waste_in_flight(void **unused)
{
    struct qn_trial row;
    struct bench b;

    (void)unused;
    set_up(&b);
    runs = run_around;
    row = call(&b, NULL, QUENCH_STOPS_RUNNING, 0, false);
    runs = run;
    assert_int_equal(row.v[QN_COL_WASTED_INFLIGHT], (29 - 7 - 1) * QN_QUANTUM_NS);
    assert_int_equal(row.v[QN_COL_WASTED_STARTED], (38 + 47 + 56 + 65) * QN_QUANTUM_NS);
    tidy(&b);
    tear_down(&b);
}

/* Workers that never began were skipped; none of them is counted as a report that the caller received. */
static void test_skipped_workers(void **unused)
{
    struct qn_trial row;
    struct bench b;

    (void)unused;
    set_up(&b);
    stops = true;
    row = call(&b, NULL, QUENCH_STOPS_RUNNING | QUENCH_SKIPS_QUEUED, 1, false);
    stops = false;
    assert_int_equal(row.v[QN_COL_WASTED], 0);
    assert_int_equal(row.v[QN_COL_WORK], (20 + 29) * QN_QUANTUM_NS);
    assert_int_equal(row.v[QN_COL_DISCARDED], 20 * QN_QUANTUM_NS);
    assert_int_equal(row.v[QN_COL_ERROR_RETURNED], 1);
    assert_true(qn_record_skipped(&b.caller.records[2]));
    assert_int_equal(row.v[QN_COL_CANCELLED_REPORTS], QN_NONE);
    assert_int_equal(row.v[QN_COL_CANCELLING], QN_NONE);
    assert_true(row.v[QN_COL_CANCEL_AT] >= row.v[QN_COL_ERROR_SEEN]);
    tidy(&b);
    tear_down(&b);
}

/* What the peer itself allocates, to the byte, apart from what the workers hold. */
static void test_bytes_of_the_peer(void **unused)
{
    struct bench b;

    (void)unused;
    if (!qn_memory_is_exact()) {
        print_message("skipped: the allocator's counters need jemalloc\n");
        return;
    }
    set_up(&b);
    for (int i = 0; i < 2; i++) {
        struct qn_trial row;

        call_bytes = i == 0 ? 0 : 20000;
        row = call(&b, NULL, QUENCH_STOPS_RUNNING, N_WORKERS, false);
        assert_int_equal(row.v[QN_COL_PEER_BYTES], i == 0 ? 0 : 20480);
        assert_true(row.v[QN_COL_PEAK] > 5000);
        tidy(&b);
    }
    call_bytes = 0;
    tear_down(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chunks_do_the_same_work),
        cmocka_unit_test(test_chunks_counted_in_items_do_the_same_work),
        cmocka_unit_test(test_waste_is_the_same),
        cmocka_unit_test(test_waste_in_flight),
        cmocka_unit_test(test_skipped_workers),
        cmocka_unit_test(test_bytes_of_the_peer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
