/* What a child says of a call: each contradiction is found, and a whole one becomes the call's records. */
#include <stdio.h>
#include <string.h>

#include "bench/peer/answer.h"
#include "bench/peer/inspect.h"
#include "runtime/clock.h"
#include "runtime/err.h"
#include "runtime/exec.h"
#include "tests/cmocka_all.h"

#define N 4u
#define STOPS (QUENCH_STOPS_RUNNING | QUENCH_SKIPS_QUEUED)
#define FLAGS (STOPS | QN_PEER_LEAKS)
#define SENT 1000u
#define DONE 2000u
#define WHY_BYTES 256

static struct quench_child_header header;
static struct quench_child_row rows[N];
static const struct qn_task tasks[N] = {
    {.quanta = 8}, {.quanta = 4, .fails = true}, {.quanta = 9}, {.quanta = 9}};

static struct quench_child_row row(uint64_t begin, uint64_t stop, uint32_t quanta, uint32_t outcome)
{
    return (struct quench_child_row){.begin = begin,
                                     .stop = stop,
                                     .end = stop + 5,
                                     .quanta = quanta,
                                     .at_error = QUENCH_CHILD_UNSEEN,
                                     .outcome = outcome,
                                     .thread = 1};
}

/* Worker 0 is done, 1 fails at 1300, 2 is cut short at 1400, 3 never begins. */
static int reset(void **unused)
{
    (void)unused;
    header = (struct quench_child_header){.workers = N,
                                          .threads = 2,
                                          .poll_quanta = 2,
                                          .t0 = 1100,
                                          .error_seen = 1310,
                                          .cancel_at = 1305,
                                          .return_at = 1450,
                                          .settle_at = 1500,
                                          .returned = 1};
    rows[0] = row(1110, 1200, 8, QUENCH_CHILD_WHOLE);
    rows[1] = row(1120, 1300, 4, QUENCH_CHILD_FAILED);
    rows[2] = row(1210, 1400, 6, QUENCH_CHILD_CUT);
    rows[2].at_error = 5;
    rows[2].polls = 3;
    rows[3] = (struct quench_child_row){.begin = 7}; /* nothing of it is read */
    return 0;
}

static int check(char *why)
{
    return qn_answer_check(&header, tasks, rows, FLAGS, SENT, DONE, why, WHY_BYTES);
}

static void test_a_whole_one_passes(void **unused)
{
    char why[WHY_BYTES] = "";

    (void)unused;
    assert_int_equal(check(why), QN_OK);
    header.leaked = 1;
    header.settle_at = 0;
    rows[0].end = 0;
    assert_int_equal(check(why), QN_OK);
    header.returned = -2; /* an error, but of which worker isn't said */
    assert_int_equal(check(why), QN_OK);
}

static void test_one_without_failure_passes(void **unused)
{
    static const struct qn_task all_well[N] = {{.quanta = 8}, {.quanta = 4}, {.quanta = 6}, {0}};
    char why[WHY_BYTES] = "";

    (void)unused;
    header.error_seen = header.cancel_at = 0;
    header.returned = -1;
    rows[1].outcome = rows[2].outcome = QUENCH_CHILD_WHOLE;
    rows[2].at_error = QUENCH_CHILD_UNSEEN;
    rows[3] = row(1410, 1410, 0, QUENCH_CHILD_WHOLE);
    assert_int_equal(qn_answer_check(&header, all_well, rows, FLAGS, SENT, DONE, why, sizeof(why)),
                     QN_OK);
    rows[3].outcome = QUENCH_CHILD_NEVER;
    assert_int_equal(qn_answer_check(&header, all_well, rows, FLAGS, SENT, DONE, why, sizeof(why)),
                     QN_EIO);
    assert_string_equal(why, "the child's rows are wrong: worker 3 never began, but none failed");
    rows[3] = row(1410, 1410, 0, QUENCH_CHILD_WHOLE);
    header.error_seen = 1400;
    assert_int_equal(qn_answer_check(&header, all_well, rows, FLAGS, SENT, DONE, why, sizeof(why)),
                     QN_EIO);
}

/* One value is another at a time. */
#define WRONG(lvalue, value, text) \
    do { \
        char why[WHY_BYTES] = ""; \
\
        reset(NULL); \
        lvalue = value; \
        assert_int_equal(check(why), QN_EIO); \
        if (!strstr(why, text)) \
            fail_msg("%s = %s: \"%s\"", #lvalue, #value, why); \
    } while (0)

static void test_what_is_out_of_range(void **unused)
{
    (void)unused;
    WRONG(rows[0].outcome, 4, "outcome 4 of worker 0");
    WRONG(rows[0].quanta, 7, "worker 0 did 7 quanta of 8");
    WRONG(rows[2].quanta, 10, "worker 2 did 10 quanta of 9");
    WRONG(rows[0].outcome, QUENCH_CHILD_FAILED, "worker 0 failed and wasn't to");
    WRONG(rows[1].outcome, QUENCH_CHILD_WHOLE, "worker 1 was to fail and didn't");
    WRONG(rows[2].at_error, 7, "worker 2 saw an error after 7 quanta of 6");
    WRONG(rows[2].late, 1, "late is 1 and at_error 5 of worker 2");
    WRONG(rows[2].late, 2, "late is 2");
    WRONG(rows[2].thread, 3, "thread 3 of worker 2");
    WRONG(rows[2].polls, 4, "worker 2 polled 4 times in 6 quanta");
    WRONG(header.kind, QUENCH_CHILD_DEAF, "worker 2 is deaf and was cut short");
    WRONG(header.returned, 4, "the error returned is that of worker 4");
    WRONG(header.returned, -3, "the error returned is that of worker -3");
    WRONG(header.leaked, 5, "5 workers have leaked");
}

static void test_stamps_that_contradict_each_other(void **unused)
{
    (void)unused;
    WRONG(header.t0, 999, "the call began -1 ns after it was asked for");
    WRONG(header.return_at, 1099, "returned at 99");
    WRONG(header.return_at, 2001, "returned at 1001, was over at 1000 (CLOCK_MONOTONIC?)");
    WRONG(rows[0].begin, 1099, "worker 0 begins -1 ns after t0");
    WRONG(rows[0].stop, 1109, "begins 10 ns after t0, stops at 9");
    WRONG(rows[0].end, 1199, "stops at 100, ends at 99");
    WRONG(rows[0].end, 0, "worker 0 has no end, but none has leaked");
    WRONG(rows[0].end, 1501, "a worker ended at 401");
    WRONG(header.settle_at, 2001, "settled 901 ns after t0");
    WRONG(header.settle_at, 1449, "settled before it returned");
    WRONG(header.cancel_at, 5, "workers were told to stop -1095 ns after t0");
    WRONG(header.cancel_at, 2001, "workers were told to stop 901 ns after t0");
    WRONG(header.settle_at, 0, "0 workers have leaked, and the call never settled");
    WRONG(header.leaked, 1, "1 workers have leaked, and the call settled");
}

static void test_errors_that_contradict_each_other(void **unused)
{
    (void)unused;
    WRONG(header.error_seen, 0, "an error happened 200 ns after t0");
    WRONG(header.error_seen, 1299, "was seen at 199");
    WRONG(header.error_seen, 1451, "was seen at 351, and the call returned at 350");
    WRONG(header.cancel_at, 1299, "told to stop before one had failed");
    WRONG(header.returned, -1, "a worker failed, and the error returned is that of worker -1");
    WRONG(header.returned, 0, "that of worker 0, which had not failed");
}

/* The same, of a peer that says less of itself, or more. */
static void test_what_contradicts_the_flags(void **unused)
{
    static const struct {
        unsigned flags;
        uint32_t leaked;
        const char *text;
    } cases[] = {
        {QUENCH_STOPS_RUNNING, 0, "worker 3 never began, but the peer doesn't say skips-queued"},
        {QUENCH_SKIPS_QUEUED, 0, "worker 2 was cut short, but the peer doesn't say stops-running"},
        {STOPS | QUENCH_WAITS_ALL, 0,
         "worker 2 still ran at the return, but the peer says waits-all"},
        {STOPS, 1, "1 workers have leaked, but the peer doesn't say leaks"},
    };

    (void)unused;
    header.return_at = 1399;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char why[WHY_BYTES] = "";

        header.leaked = cases[i].leaked;
        assert_int_equal(
            qn_answer_check(&header, tasks, rows, cases[i].flags, SENT, DONE, why, sizeof(why)),
            QN_EIO);
        if (!strstr(why, cases[i].text))
            fail_msg("%s", why);
    }
}

/* Workers 0 and 1 have failed, one after the other on a thread; the error returned is that of the second. */
static void test_which_error_is_returned(void **unused)
{
    static const struct qn_task two[N] = {
        {.quanta = 8, .fails = true}, {.quanta = 4, .fails = true}, {.quanta = 9}, {.quanta = 9}};
    static const struct {
        unsigned flags;
        uint32_t thread; /* of worker 1 */
        uint64_t begin;
        const char *text; /* NULL: nothing is wrong */
    } cases[] = {
        {FLAGS, 1, 1210, NULL},
        {FLAGS | QUENCH_FIRST_BY_TIME, 1, 1204, NULL}, /* 0 isn't over yet */
        {FLAGS | QUENCH_FIRST_BY_TIME, 2, 1210, NULL},
        {FLAGS | QUENCH_FIRST_BY_TIME, 1, 1210,
         "worker 1, but the peer says first-by-time, and worker 0 had reported one before"},
        {FLAGS | QUENCH_FIRST_BY_INDEX, 2, 1120,
         "worker 1, but the peer says first-by-index, and worker 0 had failed too"},
    };

    (void)unused;
    rows[0].outcome = QUENCH_CHILD_FAILED;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char why[WHY_BYTES] = "";
        int rc;

        rows[1].thread = cases[i].thread;
        rows[1].begin = cases[i].begin;
        rc = qn_answer_check(&header, two, rows, cases[i].flags, SENT, DONE, why, sizeof(why));
        assert_int_equal(rc, cases[i].text ? QN_EIO : QN_OK);
        if (cases[i].text && !strstr(why, cases[i].text))
            fail_msg("%s", why);
    }
}

static void test_they_become_records(void **unused)
{
    struct qn_exec_ops ops = {0};
    struct qn_exec exec = {.ops = &ops};
    struct qn_worker_record records[N];
    struct qn_call call = {.exec = &exec, .n_workers = N, .kind = QN_KIND_CPU, .records = records};
    const uint64_t began = 5000000;
    const struct qn_report *returned;

    (void)unused;
#define AT(ns) (began + qn_exec_from_ns(&exec, (ns)-1100))
    returned = qn_answer_take(&header, rows, began, &call);
    assert_ptr_equal(returned, &call.sink.returned);
    assert_int_equal(returned->worker, 1);
    assert_int_equal(returned->at, AT(1300));
    assert_int_equal(call.sink.n_carried, 1);
    assert_int_equal(call.sink.error_seen, AT(1310));
    assert_int_equal(call.cancel_at, AT(1305));
    assert_int_equal(call.t0, began);
    assert_int_equal(call.return_at, AT(1450));
    assert_int_equal(call.n_leaked, 0);
    assert_int_equal(call.settle_at, AT(1500));
    assert_int_equal(qn_record_failed_at(&records[1]), AT(1300));
    assert_true(qn_record_finished(&records[0]));
    assert_int_equal(records[0].thread, 0);
    assert_int_equal(records[2].begin, AT(1210));
    assert_int_equal(records[2].stop, AT(1400));
    assert_int_equal(records[2].end, AT(1405));
    assert_int_equal(records[2].quanta, 6);
    assert_int_equal(records[2].quanta_at_error, 5);
    assert_int_equal(records[2].polls, 3);
    assert_int_equal(records[2].flags, QN_WORKER_BEGUN | QN_WORKER_SAW_ERROR);
    assert_false(qn_record_finished(&records[2]));
    assert_true(qn_record_skipped(&records[3]));
    assert_int_equal(records[3].begin, 0);
    header.returned = -1;
    assert_null(qn_answer_take(&header, rows, began, &call));
#undef AT
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_whole_one_passes, reset),
        cmocka_unit_test_setup(test_one_without_failure_passes, reset),
        cmocka_unit_test_setup(test_what_is_out_of_range, reset),
        cmocka_unit_test_setup(test_stamps_that_contradict_each_other, reset),
        cmocka_unit_test_setup(test_errors_that_contradict_each_other, reset),
        cmocka_unit_test_setup(test_what_contradicts_the_flags, reset),
        cmocka_unit_test_setup(test_which_error_is_returned, reset),
        cmocka_unit_test_setup(test_they_become_records, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
