/* The pool and every strategy on real threads: ledger and allocator agree, nothing is left. */
#include <assert.h>
#include <dirent.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "bench/cell/caller.h"
#include "runtime/chan.h"
#include "runtime/memory.h"
#include "runtime/pool/pool.h"
#include "tests/cmocka_all.h"

#define N_THREADS 2u
#define N_WORKERS 8u
#define N_CALLS 10000u

static unsigned count_entries(const char *dir)
{
    DIR *d = opendir(dir);
    unsigned n = 0;

    assert_non_null(d);
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

static struct qn_pool *make_pool_of(unsigned n_threads, enum qn_wait_mode wait)
{
    struct qn_pool_config config = {.n_threads = n_threads,
                                    .wait = wait,
                                    .oversubscribed = wait != QN_WAIT_SPIN,
                                    .iterations_per_quantum = 10};
    struct qn_pool *pool;

    assert_int_equal(qn_pool_create(&config, &pool), QN_OK);
    return pool;
}

static struct qn_pool *make_pool(enum qn_wait_mode wait)
{
    return make_pool_of(N_THREADS, wait);
}

static void count_task(void *arg, uint32_t index)
{
    _Atomic uint32_t *counts = arg;

    atomic_fetch_add(&counts[index], 1);
}

static int bind_nobody(void *user, int index)
{
    (void)user;
    (void)index;
    return QN_ENOTSUP;
}

/* The caller's timer slack is the same after a pool, or a failed attempt to create one, as before.
 */
static void test_timer_slack_is_given_back(void **unused)
{
    struct qn_pool_config config = {
        .n_threads = N_THREADS, .iterations_per_quantum = 10, .bind = bind_nobody};
    struct qn_pool *pool;

    (void)unused;
    assert_int_equal(prctl(PR_SET_TIMERSLACK, 12345, 0, 0, 0), 0);
    pool = make_pool_of(N_THREADS, QN_WAIT_PARK);
    assert_int_equal(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0), 1);
    qn_pool_destroy(pool);
    assert_int_equal(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0), 12345);
    assert_int_equal(qn_pool_create(&config, &pool), QN_ENOTSUP);
    assert_int_equal(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0), 12345);
}

static void test_every_task_runs_once(void **unused)
{
    static _Atomic uint32_t counts[1000];
    const uint32_t n = QN_ARRAY_LEN(counts);
    struct qn_pool *pool = make_pool(QN_WAIT_ADAPTIVE);
    struct qn_exec *exec = qn_pool_exec(pool);
    struct qn_census census;

    (void)unused;
    for (uint32_t round = 1; round <= 1000; round++) {
        int rc = exec->ops->spawn(exec, count_task, NULL, counts, round % n + 1);

        if (rc == QN_EAGAIN) { /* no room: try again when all is done */
            exec->ops->quiesce(exec, &census);
            rc = exec->ops->spawn(exec, count_task, NULL, counts, round % n + 1);
        }
        assert_int_equal(rc, QN_OK);
    }
    exec->ops->quiesce(exec, &census);
    assert_int_equal(census.n_blocked, 0);
    assert_int_equal(census.n_unclaimed, 0);
    assert_int_equal(counts[0], 1000);
    assert_int_equal(counts[n - 1], 1);
    qn_pool_destroy(pool);
    memset((void *)counts, 0, sizeof(counts));
}

/* Every seventh task blocks forever, on a channel that nothing is sent to. */
struct stuck {
    struct qn_chan *chan;
    _Atomic uint32_t n_begun, n_ended;
};

static void maybe_block(void *arg, uint32_t index)
{
    struct stuck *s = arg;
    char message;

    atomic_fetch_add(&s->n_begun, 1);
    if (index % 7 == 3)
        assert_int_equal(qn_chan_recv(s->chan, &message, QN_NEVER), QN_OK);
}

static void count_ended(void *arg, uint32_t n)
{
    atomic_fetch_add(&((struct stuck *)arg)->n_ended, n);
}

/* A job that ended is reported once; one that was unwound or never began is not. */
static void check_ended(unsigned n_threads)
{
    struct qn_pool *pool = make_pool_of(n_threads, QN_WAIT_ADAPTIVE);
    struct qn_exec *exec = qn_pool_exec(pool);

    for (uint32_t n = 1; n <= 40; n++) {
        struct qn_chan chan;
        struct stuck s = {.chan = &chan};
        struct qn_census census, after;

        qn_chan_init(&chan, exec, 0, 1);
        assert_int_equal(exec->ops->spawn(exec, maybe_block, count_ended, &s, n), QN_OK);
        exec->ops->quiesce(exec, &census);
        assert_int_equal(census.n_blocked + census.n_unclaimed, n - (s.n_begun - census.n_blocked));
        assert_int_equal(exec->ops->drop_unclaimed(exec), census.n_unclaimed);
        exec->ops->unwind_blocked(exec);
        exec->ops->quiesce(exec, &after);
        assert_int_equal(after.n_blocked + after.n_unclaimed, 0);
        assert_int_equal(s.n_ended, s.n_begun - census.n_blocked);
    }
    qn_pool_destroy(pool);
}

static void test_ended_tasks_are_told_of_once(void **unused)
{
    (void)unused;
    check_ended(1);
    check_ended(2);
    check_ended(N_THREADS);
}

struct bench {
    struct qn_pool *pool;
    struct qn_memory *memory;
    struct qn_workload workload;
    struct qn_thread *threads[N_THREADS + 1];
};

static void set_up(struct bench *b)
{
    b->pool = make_pool(QN_WAIT_ADAPTIVE);
    b->workload = (struct qn_workload){
        .name = "test",
        .kind = QN_KIND_CPU,
        .workers = N_WORKERS,
        .threads = N_THREADS,
        .service = {.type = QN_SERVICE_UNIFORM, .a = 250, .b = 2500, .scale = 1, .cap_ns = 1e9},
        .failure_rate = 0.5,
        .memory_bytes = 5000,
        .result_bytes = 300,
        .resources = {{250, 250, 700, 0.2}, {250, 0, 0, 0.2}, {0, 500, 9000, 0.2}},
        .cleanup_weights = {1, 1, 1, 1, 1},
        .poll_quanta = 1};
    assert_int_equal(qn_memory_create(&b->memory), QN_OK);
    for (unsigned i = 0; i <= N_THREADS; i++)
        b->threads[i] = qn_pool_thread(b->pool, i);
}

static void tear_down(struct bench *b)
{
    qn_pool_destroy(b->pool);
    qn_memory_destroy(b->memory);
}

/* Whether the strategy suits the workload, and this build can run it. */
static bool suits(const struct bench *b, const struct qn_strategy *s)
{
    return !qn_workload_refusal(&b->workload, s) &&
           !((s->flags & QN_DEDICATED_THREAD) && qn_pool_blocking.why_no_dedicated_thread());
}

/* Runs n calls, each failing or not by its schedule, if the strategy suits; returns how many failed. */
static unsigned run_calls(struct bench *b, const struct qn_strategy *s, uint32_t n)
{
    struct qn_caller_config config = {.strategy = s,
                                      .workload = &b->workload,
                                      .exec = qn_pool_exec(b->pool),
                                      .threads = b->threads,
                                      .n_threads = N_THREADS + 1,
                                      .memory = b->memory,
                                      .record = true};
    struct qn_caller caller;
    unsigned n_failed = 0;

    b->workload.n_resources = s->flags & QN_SEQUENCE ? 3 : 0;
    if (!suits(b, s))
        return 0;
    qn_policy_default(s, &config.policy);
    assert_int_equal(qn_caller_init(&caller, &config), QN_OK);
    for (uint32_t i = 0; i < n; i++) {
        struct qn_call_key key = {1, 0, i, n};
        struct qn_row_key row_key = {1, 0, i, 1};
        struct qn_trial row;
        int rc;

        qn_caller_draw(&caller, &key);
        qn_caller_call(&caller);
        rc = qn_caller_settle(&caller);
        if (rc != QN_OK)
            print_message("%s, call %u: %s\n", s->name, i, qn_err_text(rc));
        assert_int_equal(rc, QN_OK);
        assert_int_equal(qn_caller_row(&caller, &row_key, &row), QN_OK);
        n_failed += row.v[QN_COL_FAILED] == 1;
    }
    if (qn_memory_is_exact())
        assert_true(caller.n_agreements >= n);
    qn_caller_fini(&caller);
    return n_failed;
}

static void test_failing_calls_leave_nothing(void **unused)
{
    struct bench b;
    unsigned n_threads, n_files, n_failed = 0, n_suit = 0;

    (void)unused;
    set_up(&b);
    run_calls(&b, qn_strategies[0], 10);
    n_threads = count_entries("/proc/self/task");
    n_files = count_entries("/proc/self/fd");
    for (size_t i = 0; i < qn_n_strategies; i++)
        n_suit += suits(&b, qn_strategies[i]);
    assert(n_suit > 0);
    for (size_t i = 0; i < qn_n_strategies; i++)
        n_failed += run_calls(&b, qn_strategies[i], N_CALLS / n_suit + 20);
    assert_true(n_failed >= N_CALLS);
    assert_int_equal(count_entries("/proc/self/task"), n_threads);
    assert_int_equal(count_entries("/proc/self/fd"), n_files);
    tear_down(&b);
}

static void test_ledger_agrees_with_the_allocator(void **unused)
{
    struct bench b;

    (void)unused;
    if (!qn_memory_is_exact())
        skip();
    set_up(&b);
    for (size_t i = 0; i < qn_n_strategies; i++)
        run_calls(&b, qn_strategies[i], 50); /* settling compares ledger and allocator after every
                                              * call */
    tear_down(&b);
}

static void test_waiting_work(void **unused)
{
    struct bench b;

    (void)unused;
    set_up(&b);
    b.workload.kind = QN_KIND_WAIT;
    b.workload.service.a = 20000;
    b.workload.service.b = 200000;
    for (size_t i = 0; i < qn_n_strategies; i++)
        run_calls(&b, qn_strategies[i], 20);
    tear_down(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_timer_slack_is_given_back),
        cmocka_unit_test(test_every_task_runs_once),
        cmocka_unit_test(test_ended_tasks_are_told_of_once),
        cmocka_unit_test(test_failing_calls_leave_nothing),
        cmocka_unit_test(test_ledger_agrees_with_the_allocator),
        cmocka_unit_test(test_waiting_work),
    };

    if (qn_clock_init() != QN_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
