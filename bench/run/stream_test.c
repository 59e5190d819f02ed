/*
 * Streams on real threads: calls that do not wait for the previous one to settle, pools that run
 * out of threads, a caller that nothing could wake. Also arrivals, warm-up and budget.
 */
#include <math.h>
#include <stdlib.h>

#include "bench/cell/stream.h"
#include "bench/cell/warmup.h"
#include "bench/run/budget.h"
#include "bench/workload/arrival.h"
#include "runtime/chan.h"
#include "runtime/memory.h"
#include "runtime/pool/pool.h"
#include "tests/cmocka_all.h"

#define MAX_THREADS 3u
#define N_WORKERS 8u

/* cmocka's own compares floats. */
static void assert_near(double got, double wanted, double within)
{
    if (!(fabs(got - wanted) <= within))
        print_message("got %.12g, wanted %.12g\n", got, wanted);
    assert_true(fabs(got - wanted) <= within);
}

struct bench {
    struct qn_pool *pool;
    struct qn_memory *memory;
    struct qn_thread *threads[MAX_THREADS + 1];
    struct qn_workload workload;
    struct qn_caller caller;
    struct qn_stream *stream;
};

static void set_up_arriving(struct bench *b, const char *strategy, unsigned n_threads,
                            uint32_t n_calls, double failure_rate, const char *arrival)
{
    const char *allowed;
    struct qn_pool_config pool = {.n_threads = n_threads,
                                  .wait = QN_WAIT_ADAPTIVE,
                                  .oversubscribed = true,
                                  .iterations_per_quantum = 10,
                                  .n_jobs = n_calls + 1};
    struct qn_caller_config config = {.strategy = qn_strategy_find(strategy),
                                      .workload = &b->workload,
                                      .threads = b->threads,
                                      .n_threads = n_threads + 1,
                                      .record = true,
                                      .n_calls = n_calls};

    *b = (struct bench){
        .workload = {
            .name = "stream",
            .workers = N_WORKERS,
            .threads = n_threads,
            .service = {.type = QN_SERVICE_UNIFORM, .a = 250, .b = 5000, .scale = 1, .cap_ns = 1e9},
            .failure_rate = failure_rate,
            .memory_bytes = 5000,
            .result_bytes = 300,
            .resources = {{250, 250, 700, 0.2}, {250, 0, 0, 0.2}, {0, 500, 9000, 0.2}},
            .n_resources = config.strategy->flags & QN_SEQUENCE ? 3 : 0,
            .cleanup_weights = {1, 1, 1, 1, 1},
            .poll_quanta = 1}};
    assert_int_equal(qn_arrival_parse(arrival, &b->workload, &allowed), QN_OK);
    assert_int_equal(qn_pool_create(&pool, &b->pool), QN_OK);
    assert_int_equal(qn_memory_create(&b->memory), QN_OK);
    for (unsigned i = 0; i <= n_threads; i++)
        b->threads[i] = qn_pool_thread(b->pool, i);
    config.exec = qn_pool_exec(b->pool);
    config.memory = b->memory;
    qn_policy_default(config.strategy, &config.policy);
    assert_int_equal(qn_caller_init(&b->caller, &config), QN_OK);
    assert_int_equal(qn_stream_create(&b->caller, n_calls, false, &b->stream), QN_OK);
    for (uint32_t i = 0; i < n_calls; i++) {
        struct qn_call_key key = {1, 0, i, n_calls};

        qn_stream_draw(b->stream, i, &key);
    }
}

static void set_up(struct bench *b, const char *strategy, unsigned n_threads, uint32_t n_calls,
                   double failure_rate)
{
    set_up_arriving(b, strategy, n_threads, n_calls, failure_rate, "back-to-back");
}

static void tear_down(struct bench *b)
{
    qn_stream_destroy(b->stream);
    qn_caller_fini(&b->caller);
    qn_pool_destroy(b->pool);
    qn_memory_destroy(b->memory);
}

static void row_of(const struct bench *b, uint32_t i, struct qn_trial *row)
{
    struct qn_row_key key = {1, 0, i, 1};

    assert_int_equal(qn_stream_row(b->stream, i, &key, row), QN_OK);
}

/* Every strategy: a stream that ends has settled to the byte, and its rows satisfy the invariants
 * of trials. */
static void test_streams_settle(void **unused)
{
    const uint32_t n_calls = 200;

    (void)unused;
    for (size_t s = 0; s < qn_n_strategies; s++) {
        bool leaks = qn_strategies[s]->flags & QN_LEAKS;
        uint32_t n_returned = 0;
        struct bench b;

        if (qn_strategies[s]->kinds || (qn_strategies[s]->flags & QN_SEQUENCE) ||
            ((qn_strategies[s]->flags & QN_DEDICATED_THREAD) &&
             qn_pool_blocking.why_no_dedicated_thread()))
            continue; /* doesn't suit this workload, or not in this build */
        set_up(&b, qn_strategies[s]->name, 2, n_calls, 0.05);
        qn_stream_run(b.stream, &n_returned);
        assert_int_equal(qn_stream_settle(b.stream), QN_OK);
        assert_true(leaks || n_returned == n_calls);
        assert_int_equal(qn_stream_exhausted_after(b.stream),
                         n_returned == n_calls ? 0 : n_returned);
        for (uint32_t i = 0; i < n_returned; i++) {
            struct qn_trial row;
            const int64_t *v = row.v;

            row_of(&b, i, &row);
            assert_true(v[QN_COL_WORK] <= v[QN_COL_PLANNED_WORK]);
            assert_true(v[QN_COL_WASTED] + v[QN_COL_DISCARDED] <= v[QN_COL_WORK]);
            assert_int_equal(v[QN_COL_SETTLE_AT] == QN_NONE, v[QN_COL_LEAKED_WORKERS] > 0);
            assert_true(v[QN_COL_FAILED] == 1 || v[QN_COL_LEAKED_WORKERS] == 0);
            assert_true(v[QN_COL_FAILED] == 1 || v[QN_COL_LEAKED_BYTES] == 0);
            assert_true(leaks || v[QN_COL_LEAKED_BYTES] == 0);
            assert_true(v[QN_COL_IN_FLIGHT] >= v[QN_COL_RETAINED_AT_RETURN]);
            assert_true(i == 0 || v[QN_COL_BEGIN_AT] > 0);
        }
        tear_down(&b);
    }
}

/* A stream has the same calls as isolated ones: the same plans and failures. */
static void test_a_stream_draws_the_same_calls(void **unused)
{
    uint32_t n_returned = 0;
    struct bench b;

    (void)unused;
    set_up(&b, "buffered", 2, 50, 0.1);
    qn_stream_run(b.stream, &n_returned);
    assert_int_equal(qn_stream_settle(b.stream), QN_OK);
    assert_int_equal(n_returned, 50);
    for (uint32_t i = 0; i < n_returned; i++) {
        struct qn_call_key key = {1, 0, i, 50};
        struct qn_trial row;
        int64_t planned = 0, failing = 0;

        row_of(&b, i, &row);
        qn_caller_draw(&b.caller, &key);
        for (uint32_t w = 0; w < N_WORKERS; w++) {
            planned += (int64_t)b.caller.tasks[w].quanta * QN_QUANTUM_NS;
            failing += b.caller.tasks[w].fails;
        }
        assert_int_equal(row.v[QN_COL_PLANNED_WORK], planned);
        assert_int_equal(row.v[QN_COL_FAILING_WORKERS], failing);
    }
    tear_down(&b);
}

/*
 * leak on one thread, every worker failing: the first call's second worker blocks the only thread,
 * so one call returns and the next never does. Its bytes are recorded, then unwound.
 */
static void test_a_pool_runs_out_of_threads(void **unused)
{
    uint32_t n_returned = 0;
    struct qn_trial row;
    struct bench b;

    (void)unused;
    set_up(&b, "leak", 1, 20, 1);
    qn_stream_run(b.stream, &n_returned);
    assert_int_equal(qn_stream_settle(b.stream), QN_OK);
    assert_int_equal(n_returned, 1);
    assert_int_equal(qn_stream_exhausted_after(b.stream), 1);
    row_of(&b, 0, &row);
    assert_int_equal(row.v[QN_COL_LEAKED_WORKERS], N_WORKERS - 1);
    assert_true(row.v[QN_COL_LEAKED_BYTES] > 5000);
    assert_int_equal(row.v[QN_COL_SETTLE_AT], QN_NONE);
    tear_down(&b);
}

/* With more threads each failed call takes at least one, so at most as many calls return as there
 * are threads. */
static void test_a_thread_is_lost_with_every_leak(void **unused)
{
    (void)unused;
    for (unsigned n_threads = 1; n_threads <= MAX_THREADS; n_threads++) {
        uint32_t n_returned = 0;
        struct bench b;

        set_up(&b, "leak", n_threads, 20, 1);
        qn_stream_run(b.stream, &n_returned);
        assert_int_equal(qn_stream_settle(b.stream), QN_OK);
        assert_in_range(n_returned, 1, n_threads);
        tear_down(&b);
    }
}

/* Guard. */

struct deadlock {
    struct qn_exec *exec;
    struct qn_chan *to_caller, *to_worker;
    uint32_t n_workers;
    bool answers, has_returned;
};

static void wait_for_ever(void *arg, uint32_t index)
{
    struct deadlock *d = arg;
    char message = 'm';

    if (d->answers && index == 0)
        assert_int_equal(qn_chan_send(d->to_caller, &message, QN_NEVER), QN_OK);
    if (index > 0)
        assert_int_equal(qn_chan_recv(d->to_worker, &message, QN_NEVER), QN_OK);
}

static void call_and_receive(void *arg)
{
    struct deadlock *d = arg;
    char message;

    assert_int_equal(d->exec->ops->spawn(d->exec, wait_for_ever, NULL, d, d->n_workers), QN_OK);
    assert_int_equal(qn_chan_recv(d->to_caller, &message, QN_NEVER), QN_OK);
    d->has_returned = true;
}

/* The last to come to rest, a thread or the caller, sees that the caller is stuck, and no other
 * does. */
static void test_guard_tells_who_is_stuck(void **unused)
{
    struct qn_pool_config config = {.n_threads = 2,
                                    .wait = QN_WAIT_ADAPTIVE,
                                    .oversubscribed = true,
                                    .iterations_per_quantum = 10};
    struct qn_pool *pool;
    struct qn_exec *exec;

    (void)unused;
    assert_int_equal(qn_pool_create(&config, &pool), QN_OK);
    exec = qn_pool_exec(pool);
    for (uint32_t i = 0; i < 2000; i++) {
        struct qn_chan to_caller, to_worker;
        struct deadlock d = {.exec = exec,
                             .to_caller = &to_caller,
                             .to_worker = &to_worker,
                             .n_workers = 1 + i % 4,
                             .answers = i % 3 == 0};
        struct qn_census census;

        qn_chan_init(&to_caller, exec, i % 2, 1);
        qn_chan_init(&to_worker, exec, 0, 1);
        assert_int_equal(exec->ops->guard(exec, call_and_receive, &d), d.answers);
        assert_int_equal(d.has_returned, d.answers);
        exec->ops->quiesce(exec, &census);
        exec->ops->drop_unclaimed(exec);
        exec->ops->unwind_blocked(exec);
        exec->ops->quiesce(exec, &census);
        assert_int_equal(census.n_blocked + census.n_unclaimed, 0);
    }
    qn_pool_destroy(pool);
}

/* Arrivals. */

static void test_arrivals_are_kept(void **unused)
{
    uint32_t n_returned = 0;
    int64_t last = -1;
    struct bench b;

    (void)unused;
    set_up_arriving(&b, "drain", 2, 30, 0.05, "poisson:20000");
    qn_stream_draw_arrivals(b.stream, 1, 0);
    qn_stream_run(b.stream, &n_returned);
    assert_int_equal(qn_stream_settle(b.stream), QN_OK);
    assert_int_equal(n_returned, 30);
    for (uint32_t i = 0; i < 30; i++) {
        struct qn_trial row;
        int64_t intended;

        row_of(&b, i, &row);
        assert_true(row.v[QN_COL_INTENDED_AT] != QN_NONE && row.v[QN_COL_INTENDED_AT] <= 0);
        intended = row.v[QN_COL_BEGIN_AT] + row.v[QN_COL_INTENDED_AT];
        assert_true(intended > last || i == 0);
        last = intended;
    }
    tear_down(&b);
}

static void test_the_offered_load(void **unused)
{
    struct qn_workload w = {.workers = 16,
                            .threads = 2,
                            .arrival = QN_ARRIVAL_POISSON,
                            .arrival_rate = 500,
                            .service = {.type = QN_SERVICE_CONST, .a = 100e3, .scale = 1}};

    (void)unused;
    assert_near(qn_arrival_load(&w), 500 * 16 * 100e-6 / 2, 1e-12);
    w.arrival = QN_ARRIVAL_BACK_TO_BACK;
    assert_near(qn_arrival_load(&w), 0, 0);
}

/* Warm-up. */

static unsigned calls_until_steady(const double *figures, unsigned n)
{
    struct qn_warmup w = {0};

    for (unsigned i = 0; i < n; i++)
        if (qn_warmup_add(&w, figures[i]))
            return i + 1;
    return 0;
}

static void test_warmup_sees_when_times_rest(void **unused)
{
    static const double rest[] = {1, 1, 1, 1, 1, 1},
                        falling[] = {2, 1.8, 1.6, 1.4, 1.2, 1, 1, 1, 1, 1, 1},
                        one_bad[] = {1, 9, 1, 1, 1, 1}, none[] = {NAN, NAN, NAN, NAN, NAN, NAN};
    double always[QN_WARMUP_MAX_CALLS];

    (void)unused;
    for (unsigned i = 0; i < QN_WARMUP_MAX_CALLS; i++)
        always[i] = pow(1.1, i);
    assert_int_equal(calls_until_steady(rest, 6), 6);
    /* Medians of adjacent windows of three: 1.8 1.4, 1.6 1.2, 1.4 1, 1.2 1, 1 1. */
    assert_int_equal(calls_until_steady(falling, 11), 10);
    assert_int_equal(calls_until_steady(one_bad, 6), 6);
    assert_int_equal(calls_until_steady(none, 6), 6);
    assert_int_equal(calls_until_steady(always, QN_WARMUP_MAX_CALLS), 0);
}

static void test_warmup_figures(void **unused)
{
    struct qn_worker_record records[4] = {
        {.begin = 0, .stop = qn_clock_from_ns(2500), .quanta = 5, .flags = QN_WORKER_BEGUN},
        {.begin = 0, .stop = qn_clock_from_ns(2500), .quanta = 10, .flags = QN_WORKER_BEGUN},
        {.begin = 0, .stop = qn_clock_from_ns(7500), .quanta = 10, .flags = QN_WORKER_BEGUN},
        {.error = QN_ERROR_CANCELLED}};
    const struct qn_exec_ops real = {.name = "of the machine's clock"};
    struct qn_exec exec = {.ops = &real};
    struct qn_call call = {.exec = &exec, .n_workers = 4, .records = records};
    double figure;

    (void)unused;
    assert_int_equal(qn_warmup_figure(&call, &figure), QN_OK);
    assert_near(figure, 2, 0.01);
    call.kind = QN_KIND_WAIT; /* and they kept their plan */
    assert_int_equal(qn_warmup_figure(&call, &figure), QN_OK);
    assert_near(figure, 2, 0.01);
    for (size_t i = 0; i < QN_ARRAY_LEN(records); i++)
        records[i].error = QN_ERROR_CANCELLED; /* cut short, all of them */
    assert_int_equal(qn_warmup_figure(&call, &figure), QN_OK);
    assert_true(isnan(figure));
}

/* Budget. */

static struct qn_trial made(int64_t process, int64_t return_at)
{
    struct qn_trial t;

    for (int c = 0; c < QN_COL_COUNT; c++)
        t.v[c] = QN_NONE;
    t.v[QN_COL_PROCESS] = process;
    t.v[QN_COL_FAILED] = 0;
    t.v[QN_COL_RETURN_AT] = return_at;
    return t;
}

static void add_processes(struct qn_budget *b, uint32_t cell, const int64_t *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct qn_trial t = made((int64_t)i, values[i]);

        assert_int_equal(qn_budget_add(b, cell, &t, 1), QN_OK);
    }
}

static void test_the_budget_goes_to_the_widest(void **unused)
{
    static const int64_t narrow[] = {100, 101, 100, 99, 100, 100},
                         wide[] = {50, 100, 150, 70, 130, 100},
                         wider[] = {10, 100, 190, 50, 150, 100};
    struct qn_run_options o = {.seed = 1, .target_ci = 0.05};
    struct qn_budget *b;
    uint32_t cells[4];

    (void)unused;
    assert_int_equal(qn_budget_create(&o, 4, 1000, &b), QN_OK);
    add_processes(b, 0, narrow, 6);
    add_processes(b, 1, wide, 6);
    add_processes(b, 2, wider, 6);
    add_processes(b, 3, narrow, 5); /* too few for an interval */
    assert_near(qn_budget_width(b, 0), 0.01, 1e-12);
    assert_near(qn_budget_width(b, 1), 0.5, 1e-12); /* six: the interval is the range */
    assert_true(isinf(qn_budget_width(b, 3)));
    assert_int_equal(qn_budget_round(b, cells), 3);
    for (int i = 0; i < 3; i++)
        assert_int_not_equal(cells[i], 0);
    assert_false(qn_budget_is_over(b, UINT64_MAX - 1));
    o.time_budget_ns = 5000; /* the wider half of three */
    assert_int_equal(qn_budget_round(b, cells), 2);
    assert_true((cells[0] == 3 && cells[1] == 2) || (cells[0] == 2 && cells[1] == 3));
    qn_budget_destroy(b);

    o.target_ci = 0;
    assert_int_equal(qn_budget_create(&o, 4, 1000, &b), QN_OK);
    assert_false(qn_budget_is_over(b, 5999));
    assert_true(qn_budget_is_over(b, 6000));
    qn_budget_destroy(b);
    o.time_budget_ns =
        UINT64_MAX - 1; /* beyond the end of the clock: not wrapped to its beginning */
    assert_int_equal(qn_budget_create(&o, 4, 1000, &b), QN_OK);
    assert_false(qn_budget_is_over(b, 6000));
    o.time_budget_ns = 5000;
    qn_budget_destroy(b);

    o.time_budget_ns = 0;
    assert_int_equal(qn_budget_create(&o, 4, 1000, &b), QN_OK);
    add_processes(b, 1, wide, 6);
    assert_int_equal(qn_budget_round(b, cells), 0);
    qn_budget_destroy(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_streams_settle),
        cmocka_unit_test(test_a_stream_draws_the_same_calls),
        cmocka_unit_test(test_a_pool_runs_out_of_threads),
        cmocka_unit_test(test_a_thread_is_lost_with_every_leak),
        cmocka_unit_test(test_guard_tells_who_is_stuck),
        cmocka_unit_test(test_arrivals_are_kept),
        cmocka_unit_test(test_the_offered_load),
        cmocka_unit_test(test_warmup_sees_when_times_rest),
        cmocka_unit_test(test_warmup_figures),
        cmocka_unit_test(test_the_budget_goes_to_the_widest),
    };

    if (qn_clock_init() != QN_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
