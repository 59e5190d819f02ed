/* A hung process is distinguished from a slow one by its progress, not by how long it takes. The
 * test controls time. */
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/run/patience.h"
#include "bench/run/signals.h"
#include "runtime/clock.h"
#include "tests/cmocka_all.h"

#define N_THREADS 2u
#define GRACE_NS (30 * QN_NS_PER_S)
#define HOUR_NS (3600 * QN_NS_PER_S)

static struct {
    struct qn_pulse pulse;
    struct qn_progress progress[N_THREADS];
    struct qn_watch watch;
    uint64_t now_ns, step_ns;
} bed;

static int set_up(void **unused)
{
    (void)unused;
    memset(&bed, 0, sizeof(bed));
    bed.now_ns = HOUR_NS;
    qn_watch_begin(&bed.watch, &bed.pulse, bed.progress, N_THREADS, GRACE_NS, bed.now_ns);
    bed.step_ns = qn_watch_look(&bed.watch, bed.now_ns, false);
    assert_true(bed.step_ns > 0 && bed.step_ns < GRACE_NS);
    return 0;
}

/* Checks as often as the watch asks, without progress for the given time. True: the watch took that
 * as a hang. */
static bool is_given_up_within(uint64_t ns)
{
    uint64_t until_ns = bed.now_ns + ns;

    while (bed.now_ns < until_ns) {
        bed.now_ns += bed.step_ns;
        bed.step_ns = qn_watch_look(&bed.watch, bed.now_ns, false);
        if (bed.step_ns == 0)
            return true;
    }
    return false;
}

static void test_what_gets_on_is_never_given_up(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < 1000; i++) {
        assert_false(is_given_up_within(GRACE_NS / 2));
        qn_pulse_beat(&bed.pulse, 0);
    }
}

/* Calls return late because threads finish the work of earlier ones. */
static void test_threads_that_pass_jobs_get_on(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < 1000; i++) {
        assert_false(is_given_up_within(GRACE_NS / 2));
        atomic_fetch_add(&bed.progress[i % N_THREADS].n_passed, 1);
    }
}

static void test_what_stands_still_is_given_up(void **unused)
{
    (void)unused;
    qn_pulse_beat(&bed.pulse, 0);
    assert_false(is_given_up_within(GRACE_NS - bed.step_ns));
    assert_true(is_given_up_within(2 * GRACE_NS));
}

static void test_a_wait_for_an_arrival_is_no_hang(void **unused)
{
    (void)unused;
    qn_pulse_beat(&bed.pulse, qn_pulse_silence(0, (double)HOUR_NS));
    assert_false(is_given_up_within(HOUR_NS));
    assert_true(is_given_up_within(2 * GRACE_NS));
}

static void test_a_long_call_may_be_slow(void **unused)
{
    (void)unused;
    qn_pulse_beat(&bed.pulse, qn_pulse_silence((double)HOUR_NS, 0));
    assert_false(is_given_up_within(10 * HOUR_NS));
    assert_true(is_given_up_within(11 * HOUR_NS));
}

/* What was announced for one call does not apply to the next. */
static void test_a_beat_takes_back_what_was_said_before(void **unused)
{
    (void)unused;
    qn_pulse_beat(&bed.pulse, qn_pulse_silence((double)HOUR_NS, 0));
    assert_false(is_given_up_within(HOUR_NS));
    qn_pulse_beat(&bed.pulse, 0);
    assert_true(is_given_up_within(3 * GRACE_NS));
}

/* Ctrl-Z, or a suspended host: process and parent stop together. */
static void test_time_in_which_the_parent_was_stopped_is_not_counted(void **unused)
{
    (void)unused;
    bed.now_ns += 24 * HOUR_NS;
    bed.step_ns = qn_watch_look(&bed.watch, bed.now_ns, false);
    assert_true(bed.step_ns > 0);
    qn_pulse_beat(&bed.pulse, 0);
    assert_false(is_given_up_within(GRACE_NS / 2));
}

/* However long the process had been silent when both were stopped, and however often: it has the
 * whole patience once they continue. */
static void test_a_stop_gives_the_process_its_time_again(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < 10; i++) {
        assert_false(is_given_up_within(GRACE_NS - 2 * bed.step_ns));
        bed.now_ns += HOUR_NS;
        bed.step_ns = qn_watch_look(&bed.watch, bed.now_ns, false);
        assert_true(bed.step_ns > 0);
    }
    assert_true(is_given_up_within(2 * GRACE_NS)); /* a hang is still detected */
}

/* SIGSTOP to the process only: its parent continues to check, and sees no progress. */
static void test_time_in_which_the_process_was_stopped_is_not_counted(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < 1000; i++) {
        bed.now_ns += bed.step_ns;
        bed.step_ns = qn_watch_look(&bed.watch, bed.now_ns, true);
        assert_true(bed.step_ns > 0);
    }
    assert_false(is_given_up_within(GRACE_NS / 2));
    assert_true(is_given_up_within(2 * GRACE_NS));
}

static bool is_stopped(pid_t pid)
{
    char path[64], state = 0;
    FILE *f;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    f = fopen(path, "re");
    if (f && fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
        state = 0;
    if (f)
        fclose(f);
    return state == 'T';
}

#define SHORT_GRACE_NS (4 * QN_NS_PER_MS)

static struct {
    struct qn_pulse pulse;
    struct qn_progress progress;
    pid_t pid;
} stopped;

/* Once the process is stopped nothing explains its silence; ten times the patience later it is continued, with
 * all the time there is. */
static void *continue_late(void *unused)
{
    uint64_t until_ns;

    (void)unused;
    while (!is_stopped(stopped.pid))
        sched_yield();
    qn_pulse_beat(&stopped.pulse, 0); /* its earlier silence doesn't count */
    until_ns = qn_clock_now_monotonic_ns() + 10 * SHORT_GRACE_NS;
    while (qn_clock_now_monotonic_ns() < until_ns)
        sched_yield();
    atomic_store(&stopped.pulse.silence_ns, UINT64_MAX);
    kill(stopped.pid, SIGCONT);
    return NULL;
}

static void test_a_stopped_process_is_waited_for(void **unused)
{
    struct qn_watch watch;
    pthread_t thread;
    int status, rc;

    (void)unused;
    qn_signals_hold();
    atomic_store(&stopped.pulse.silence_ns, UINT64_MAX);
    stopped.pid = fork();
    if (stopped.pid == 0) {
        raise(SIGSTOP);
        _exit(7);
    }
    assert_true(stopped.pid > 0);
    assert_int_equal(pthread_create(&thread, NULL, continue_late, NULL), 0);
    qn_watch_begin(&watch, &stopped.pulse, &stopped.progress, 1, SHORT_GRACE_NS,
                   qn_clock_now_monotonic_ns());
    rc = qn_watch_wait(&watch, stopped.pid, &status);
    assert_int_equal(pthread_join(thread, NULL), 0);
    if (rc != QN_OK)
        waitpid(stopped.pid, &status, 0);
    assert_int_equal(rc, QN_OK);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

static void test_what_is_said_is_never_cut_short(void **unused)
{
    (void)unused;
    assert_int_equal(qn_pulse_silence(1e3, 5), 20005);
    assert_true(qn_pulse_silence(1e18, 0) == UINT64_MAX);
    assert_true(qn_pulse_silence(1e300, 1e300) == UINT64_MAX);
    assert_true(qn_pulse_silence(INFINITY, 0) == UINT64_MAX);
    assert_true(qn_pulse_silence(NAN, 0) == UINT64_MAX);
    qn_pulse_beat(&bed.pulse, UINT64_MAX);
    assert_false(is_given_up_within(1000 * HOUR_NS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_what_gets_on_is_never_given_up, set_up),
        cmocka_unit_test_setup(test_threads_that_pass_jobs_get_on, set_up),
        cmocka_unit_test_setup(test_what_stands_still_is_given_up, set_up),
        cmocka_unit_test_setup(test_a_wait_for_an_arrival_is_no_hang, set_up),
        cmocka_unit_test_setup(test_a_long_call_may_be_slow, set_up),
        cmocka_unit_test_setup(test_a_beat_takes_back_what_was_said_before, set_up),
        cmocka_unit_test_setup(test_time_in_which_the_parent_was_stopped_is_not_counted, set_up),
        cmocka_unit_test_setup(test_a_stop_gives_the_process_its_time_again, set_up),
        cmocka_unit_test_setup(test_time_in_which_the_process_was_stopped_is_not_counted, set_up),
        cmocka_unit_test(test_a_stopped_process_is_waited_for),
        cmocka_unit_test_setup(test_what_is_said_is_never_cut_short, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
