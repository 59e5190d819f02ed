/*
 * Children that misbehave, each in one way (bad_child.c): what is said of it, that nothing is left of
 * it, and that a good one goes on.
 */
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/peer/answer.h"
#include "bench/peer/inspect.h"
#include "bench/peer/program.h"
#include "runtime/clock.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

#define N 3u

/* For children that do answer; those that don't are waited for no longer than SHORT. */
#define LONG (60 * QN_NS_PER_S)
#define SHORT (50 * QN_NS_PER_MS)

static const struct qn_task tasks[N] = {{.quanta = 4}, {.quanta = 5, .fails = true}, {.quanta = 6}};

static const struct qn_program_work work = {N, QUENCH_CHILD_CPU, 8};

static struct qn_program_order order_of(const char *mode, uint64_t patience_ns)
{
    return (struct qn_program_order){
        .path = QN_BAD_CHILD, .name = mode, .workers = N, .threads = 1, .patience_ns = patience_ns};
}

/* No child is left, not even as a zombie. */
static void assert_alone(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* The call is refused, and why contains the text. */
static void expect_bad_call(const char *mode, uint64_t patience_ns, const char *text)
{
    struct qn_program_order order = order_of(mode, LONG);
    uint64_t sent_at, done_at;
    struct qn_program *p;
    char why[QN_PROGRAM_WHY_BYTES] = "";

    order.patience_ns = patience_ns;
    assert_int_equal(qn_program_start(&order, &p, why), QN_OK);
    assert_int_equal(qn_program_call(p, tasks, &work, 0, &sent_at, &done_at, why), QN_EIO);
    if (!strstr(why, text))
        fail_msg("%s: \"%s\" lacks \"%s\"", mode, why, text);
    assert_int_equal(qn_program_end(p, why), QN_OK);
    assert_alone();
}

static void expect_bad_start(const struct qn_program_order *order, const char *text)
{
    struct qn_program *p;
    char why[QN_PROGRAM_WHY_BYTES] = "";

    assert_int_equal(qn_program_start(order, &p, why), QN_EIO);
    if (!strstr(why, text))
        fail_msg("%s: \"%s\" lacks \"%s\"", order->name, why, text);
    assert_alone();
}

static void test_a_good_one_runs_calls(void **unused)
{
    struct qn_program_order order = order_of("good", LONG);
    uint64_t sent_at, done_at;
    struct qn_program *p;
    char why[QN_PROGRAM_WHY_BYTES] = "";
    double quantum_ns;

    (void)unused;
    assert_int_equal(qn_program_start(&order, &p, why), QN_OK);
    for (int i = 0; i < 3; i++) {
        const struct quench_child_row *rows = qn_program_rows(p);

        assert_int_equal(qn_program_call(p, tasks, &work, 0, &sent_at, &done_at, why), QN_OK);
        assert_int_equal(qn_answer_check(qn_program_header(p), tasks, rows, QUENCH_SKIPS_QUEUED,
                                         sent_at, done_at, why, sizeof(why)),
                         QN_OK);
        assert_int_equal(qn_program_header(p)->returned, 1);
        assert_int_equal(rows[0].outcome, QUENCH_CHILD_WHOLE);
        assert_int_equal(rows[1].outcome, QUENCH_CHILD_FAILED);
        assert_int_equal(rows[2].outcome, QUENCH_CHILD_NEVER); /* of a call before, too */
    }
    assert_int_equal(qn_program_measure(p, &quantum_ns, why), QN_OK);
    assert_true(quantum_ns == 251);
    assert_int_equal(qn_program_end(p, why), QN_OK);
    assert_alone();
}

static void test_what_cannot_be_started_is_said(void **unused)
{
    struct qn_program_order order = order_of("good", LONG);

    (void)unused;
    order.path = "/nonexistent/peers";
    expect_bad_start(&order, "/nonexistent/peers can't be started: No such file or directory");
    order.path = "/";
    expect_bad_start(&order, "/ can't be started: Permission denied");
    order.path = "/bin/true";
    expect_bad_start(&order, "the child exited with 0 before it was ready");
}

static void test_what_it_does_before_it_is_ready(void **unused)
{
    struct qn_program_order order = order_of("early-exit", LONG);

    (void)unused;
    expect_bad_start(&order, "the child exited with 3 before it was ready: no such library");
    order.name = "old";
    expect_bad_start(&order, "the child speaks version 2 of the protocol; 1 is needed");
    order.name = "wrong-message";
    expect_bad_start(&order, "the child answered 8 bytes, message 6 of 0, before it was ready");
    order.name = "short";
    expect_bad_start(&order, "the child answered 3 bytes");
    order = order_of("early-hang", SHORT);
    expect_bad_start(&order, "the child hung before it was ready: silent for 0.1 s");
}

static void test_what_it_does_in_a_call(void **unused)
{
    (void)unused;
    expect_bad_call("dies", LONG, "the child died of signal 9 (Killed) in its call 1");
    expect_bad_call("exits", LONG,
                    "the child exited with 7 in its call 1: the heap is upside down");
    expect_bad_call("other-call", LONG,
                    "the child answered 8 bytes, message 3 of 2, in its call 1; expected 3 of 1");
    expect_bad_call("hangs-up", LONG, "the child hung up in its call 1");
    expect_bad_call("none", LONG, "the child changed what is not its own");
    expect_bad_call("crowd", LONG, "the child changed what is not its own");
    expect_bad_call("offsets", LONG, "the child changed what is not its own");
}

static void test_a_hang_in_a_call_ends(void **unused)
{
    struct qn_program_order order = order_of("hangs", QN_NS_PER_S);
    uint64_t sent_at, done_at;
    struct qn_program *p;
    char why[QN_PROGRAM_WHY_BYTES] = "";

    (void)unused;
    if (qn_program_start(&order, &p, why) != QN_OK)
        skip(); /* so slow that it took a second to start */
    assert_int_equal(qn_program_call(p, tasks, &work, SHORT, &sent_at, &done_at, why), QN_EIO);
    assert_non_null(strstr(why, "the child hung in its call 1: silent for "));
    assert_int_equal(qn_program_end(p, why), QN_OK);
    assert_alone();
}

/* More on stderr than a pipe holds doesn't block it; contradictions don't pass. */
static void test_a_call_that_answers_is_taken_or_refused(void **unused)
{
    static const struct {
        const char *mode;
        int rc;
    } cases[] = {{"chatty", QN_OK}, {"shrinks", QN_OK}, {"stamps", QN_EIO}};

    (void)unused;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct qn_program_order order = order_of(cases[i].mode, LONG);
        uint64_t sent_at, done_at;
        struct qn_program *p;
        char why[QN_PROGRAM_WHY_BYTES] = "";

        assert_int_equal(qn_program_start(&order, &p, why), QN_OK);
        assert_int_equal(qn_program_call(p, tasks, &work, 0, &sent_at, &done_at, why), QN_OK);
        assert_int_equal(qn_answer_check(qn_program_header(p), tasks, qn_program_rows(p),
                                         QUENCH_SKIPS_QUEUED, sent_at, done_at, why, sizeof(why)),
                         cases[i].rc);
        assert_int_equal(qn_program_end(p, why), QN_OK);
        assert_alone();
    }
}

static void test_a_quantum_that_cannot_be(void **unused)
{
    static const char *const modes[] = {"measures-nothing", "slow"};

    (void)unused;
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        struct qn_program_order order = order_of(modes[i], LONG);
        uint64_t sent_at, done_at;
        struct qn_program *p;
        char why[QN_PROGRAM_WHY_BYTES] = "";
        double quantum_ns;

        assert_int_equal(qn_program_start(&order, &p, why), QN_OK);
        assert_int_equal(qn_program_call(p, tasks, &work, 0, &sent_at, &done_at, why), QN_OK);
        assert_int_equal(qn_program_measure(p, &quantum_ns, why), QN_EIO);
        assert_non_null(strstr(why, "the child's quantum takes"));
        assert_int_equal(qn_program_end(p, why), QN_OK);
        assert_alone();
    }
}

/* It is over only when it has ended well. */
static void test_how_it_ends_after_bye(void **unused)
{
    static const struct {
        const char *mode, *why;
    } cases[] = {
        {"dies-at-last", "the child died of signal 6 (Aborted) after BYE"},
        {"exits-at-last", "the child exited with 9 after BYE: double free"},
        {"stays", "the child didn't end after BYE"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct qn_program_order order = order_of(cases[i].mode, LONG);
        struct qn_program *p;
        char why[QN_PROGRAM_WHY_BYTES] = "";

        assert_int_equal(qn_program_start(&order, &p, why), QN_OK);
        assert_int_equal(qn_program_end(p, why), QN_EIO);
        assert_string_equal(why, cases[i].why);
        assert_alone();
    }
}

/* In a process of its own: starts a child that would never end, and does not end itself. */
static _Noreturn void stay_with_a_child(int report)
{
    struct qn_program_order order = order_of("hangs", LONG);
    uint64_t sent_at, done_at;
    struct qn_program *p;
    char why[QN_PROGRAM_WHY_BYTES] = "";
    char byte = 0;

    if (qn_program_start(&order, &p, why) != QN_OK || write(report, &byte, 1) != 1)
        _exit(1);
    (void)!qn_program_call(p, tasks, &work, LONG, &sent_at, &done_at, why);
    _exit(1);
}

/* This process adopts what a killed one leaves behind; so it sees the child end, or waits in vain. */
static void test_it_dies_with_its_parent(void **unused)
{
    int report[2], status, n_ended = 0;
    char byte;
    pid_t pid;

    (void)unused;
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    assert_int_equal(pipe(report), 0);
    pid = fork();
    if (pid == 0)
        stay_with_a_child(report[1]);
    close(report[1]);
    assert_int_equal(read(report[0], &byte, 1), 1);
    assert_int_equal(kill(pid, SIGKILL), 0);
    while (wait(&status) > 0)
        n_ended += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    assert_int_equal(n_ended, 2);
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
    close(report[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_good_one_runs_calls),
        cmocka_unit_test(test_what_cannot_be_started_is_said),
        cmocka_unit_test(test_what_it_does_before_it_is_ready),
        cmocka_unit_test(test_what_it_does_in_a_call),
        cmocka_unit_test(test_a_hang_in_a_call_ends),
        cmocka_unit_test(test_a_call_that_answers_is_taken_or_refused),
        cmocka_unit_test(test_a_quantum_that_cannot_be),
        cmocka_unit_test(test_how_it_ends_after_bye),
        cmocka_unit_test(test_it_dies_with_its_parent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
