/* What happened to a block, and its marks. */
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/cell/watch.h"
#include "bench/schema/marks.h"
#include "bench/schema/trial.h"
#include "runtime/base.h"
#include "runtime/kernel.h"
#include "tests/tree.h"

static const struct qn_block quiet = {
    .quantum_ns = QN_QUANTUM_NS, .took_ns = 2 * QN_NS_PER_S, .steal_share = 0, .is_steady = 1};
static const struct qn_block_limits limits = {.drift = 0.05, .steal = 0.05, .preemptions_s = 10};

static void expect(const struct qn_block *block, const char *mark)
{
    char out[QN_MARK_BYTES];

    qn_block_marks(block, &limits, out, sizeof(out));
    assert_string_equal(out, mark);
}

static void test_each_limit(void **unused)
{
    struct qn_block b = quiet;

    (void)unused;
    expect(&b, "");
    b.quantum_ns = 262.5; /* at either limit */
    expect(&b, "");
    b.quantum_ns = 237.5;
    expect(&b, "");
    b.quantum_ns = 262.51;
    expect(&b, "drift");
    b.quantum_ns = 237.49;
    expect(&b, "drift");
    b = quiet;
    b.steal_share = 0.05;
    expect(&b, "");
    b.steal_share = 0.0501;
    expect(&b, "steal");
    b.steal_share = NAN;
    expect(&b, "");
    b = quiet;
    b.preemptions = 20; /* 10 a second */
    expect(&b, "");
    b.preemptions = 21;
    expect(&b, "preemptions");
    b.is_sharing = 1;
    expect(&b, "");
    b = quiet;
    b.took_ns = 0;
    expect(&b, "");
    b.is_steady = 0;
    expect(&b, "unsteady");
    b = quiet;
    b.n_continued = 1;
    expect(&b, "stopped");
    b.n_continued = 0;
    b.suspended_ns = 1;
    expect(&b, "stopped");
}

static void test_all_reasons(void **unused)
{
    const struct qn_block b = {.quantum_ns = 500,
                               .took_ns = QN_NS_PER_MS,
                               .preemptions = 9,
                               .steal_share = 0.5,
                               .n_continued = 2};
    char out[QN_MARK_BYTES];

    (void)unused;
    expect(&b, "drift;steal;preemptions;unsteady;stopped");
    qn_block_marks(&b, &limits, out, 8); /* cut, never beyond */
    assert_string_equal(out, "drift;s");
}

static void put_threads(struct tree *t, const char *first, const char *second)
{
    tree_put(t, "/proc/self/task/10/sched", first);
    tree_put(t, "/proc/self/task/11/sched", second);
}

static void test_figures_of_a_block(void **unused)
{
    struct qn_block b = {0};
    struct qn_blockwatch w;
    struct tree t;

    (void)unused;
    tree_init(&t);
    put_threads(&t, "x (10, #threads: 2)\nse.nr_migrations      :     3\n",
                "se.nr_migrations :     4\n");
    tree_put(&t, "/proc/stat", "cpu  100 0 50 1000 0 0 0 10 0 0\ncpu0 1 1\n");
    qn_blockwatch_init(&w, t.root);
    qn_blockwatch_begin(&w);
    put_threads(&t, "se.nr_migrations      :     5\n", "se.nr_migrations :     4\n");
    tree_put(&t, "/proc/stat", "cpu  110 0 55 1020 0 0 0 15 0 0\n");
    qn_blockwatch_end(&w, &b);
    assert_int_equal(b.migrations, 2);
    assert_true(fabs(b.steal_share - 5.0 / 40) < 1e-12);
    assert_true(b.took_ns > 0);
    tree_put(&t, "/proc/stat", "cpu  111 0 55 1020 0 0 0 33 0 0\n"); /* 19 ticks on: too few */
    qn_blockwatch_begin(&w);
    tree_put(&t, "/proc/stat", "cpu  120 0 60 1025 0 0 0 33 0 0\n");
    qn_blockwatch_end(&w, &b);
    assert_true(isnan(b.steal_share));
    assert_int_equal(b.migrations, 0);
    qn_blockwatch_fini(&w);
    tree_fini(&t);
}

static void *touch(void *arg)
{
    return arg;
}

/* Without the files, migrations come from perf if it is permitted, else they are unknown, not 0. */
static void test_missing_files(void **unused)
{
    struct qn_block b = {0};
    struct qn_blockwatch w;
    pthread_t thread;
    struct tree t;
    bool has_event;

    (void)unused;
    tree_init(&t);
    qn_blockwatch_init(&w, t.root);
    has_event = w.perf_fd >= 0;
    qn_blockwatch_begin(&w);
    assert_int_equal(pthread_create(&thread, NULL, touch, NULL), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    qn_blockwatch_end(&w, &b);
    qn_blockwatch_fini(&w);
    tree_fini(&t);
    assert_true(isnan(b.steal_share));
    assert_true(has_event ? b.migrations >= 0 : b.migrations == QN_NONE);
}

/* A thread that is moved by hand counts as moved. */
static void test_this_machine(void **unused)
{
    struct qn_block b = {0};
    cpu_set_t allowed, one;
    struct qn_blockwatch w;

    (void)unused;
    assert_int_equal(pthread_getaffinity_np(pthread_self(), sizeof(allowed), &allowed), 0);
    if (CPU_COUNT(&allowed) < 2)
        skip();
    qn_blockwatch_init(&w, "");
    qn_blockwatch_begin(&w);
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &allowed)) {
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            assert_int_equal(pthread_setaffinity_np(pthread_self(), sizeof(one), &one), 0);
        }
    qn_blockwatch_end(&w, &b);
    qn_blockwatch_fini(&w);
    assert_int_equal(pthread_setaffinity_np(pthread_self(), sizeof(allowed), &allowed), 0);
    assert_true(b.migrations == QN_NONE || b.migrations >= 1);
}

/* A process that is stopped and continued n times while it is watched; its exit code is the count.
 */
static int watch_stops(int n)
{
    int status = 0;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        struct qn_blockwatch w;
        struct qn_block b = {0};

        qn_blockwatch_init(&w, "");
        raise(SIGSTOP); /* before the block: doesn't count */
        qn_blockwatch_begin(&w);
        for (int i = 0; i < n; i++)
            raise(SIGSTOP);
        qn_blockwatch_end(&w, &b);
        _exit(b.suspended_ns == 0 ? (int)b.n_continued : 100);
    }
    while (waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status))
        kill(pid, SIGCONT);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_a_stopped_process_notices(void **unused)
{
    (void)unused;
    assert_int_equal(watch_stops(0), 0);
    assert_int_equal(watch_stops(1), 1);
    assert_int_equal(watch_stops(3), 3);
}

/* Only what nothing else in two readings explains is a suspension. */
static void test_suspension_is_what_is_sure(void **unused)
{
    const struct qn_suspension before = {100, 150}, same = {120, 130}, later = {3000150, 3000200};

    (void)unused;
    assert_true(qn_suspended_between(&before, &before) == 0);
    assert_true(qn_suspended_between(&before, &same) == 0);
    assert_true(qn_suspended_between(&same, &before) == 0);
    assert_true(qn_suspended_between(&before, &later) == 3000000);
}

/* A test can't suspend the machine; pretending that it booted earlier looks the same. */
static void test_a_suspension_is_the_blocks(void **unused)
{
    const int64_t hour_ns = 3600 * (int64_t)QN_NS_PER_S;
    struct qn_blockwatch w;
    struct qn_block b = {0};

    (void)unused;
    qn_blockwatch_init(&w, "");
    qn_blockwatch_begin(&w);
    w.suspension.least_ns -= hour_ns;
    w.suspension.most_ns -= hour_ns;
    qn_blockwatch_end(&w, &b);
    qn_blockwatch_fini(&w);
    assert_true(b.suspended_ns > 0 && b.suspended_ns <= (uint64_t)hour_ns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_limit),
        cmocka_unit_test(test_all_reasons),
        cmocka_unit_test(test_figures_of_a_block),
        cmocka_unit_test(test_missing_files),
        cmocka_unit_test(test_this_machine),
        cmocka_unit_test(test_a_stopped_process_notices),
        cmocka_unit_test(test_suspension_is_what_is_sure),
        cmocka_unit_test(test_a_suspension_is_the_blocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
