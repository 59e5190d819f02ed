/* Made-up recordings: figures that were computed by hand, and every way in which a file is bad. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/path.h"
#include "bench/fanouts/folder.h"
#include "bench/fanouts/made_recording.h"
#include "bench/fanouts/trials.h"
#include "bench/folder/tables.h"
#include "tests/cmocka_all.h"
#include "tests/tree.h"

#define SAID_BYTES 4096

static struct made_recording made;
static char said[SAID_BYTES];

static void add(uint32_t buffer, enum quench_record_kind_ kind, uint64_t ns, uint32_t value)
{
    made_add(&made, buffer, kind, ns, 1, value);
}

/*
 * One call on two threads, which begins at 10000:
 *   worker 0   thread 0   100 .. 400   ok, on its end also 450 by a poll that is counted
 *   worker 1   thread 1   150 .. 500   failed: error_at
 *   worker 2   thread 0   420 .. 700   cut short: 200 of its 280 after the error
 *   worker 3   thread 1   560 .. 800   ok: all 240 after the error
 *   worker 4   never
 * seen 600, raising 610, returned 900.
 */
static void make_by_hand(void)
{
    made_begin(&made, 2);
    add(0, QUENCH_RECORD_KIND_CALL, 10000, 5);
    add(0, QUENCH_RECORD_KIND_BEGIN, 10100, 0);
    add(0, QUENCH_RECORD_KIND_POLL, 10250, 0);
    add(0, QUENCH_RECORD_KIND_OK, 10400, 0);
    add(0, QUENCH_RECORD_KIND_BEGIN, 10420, 2);
    add(1, QUENCH_RECORD_KIND_BEGIN, 10150, 1);
    add(1, QUENCH_RECORD_KIND_FAILED, 10500, 1);
    add(1, QUENCH_RECORD_KIND_BEGIN, 10560, 3);
    add(1, QUENCH_RECORD_KIND_SEEN, 10600, 1);
    add(1, QUENCH_RECORD_KIND_RAISING, 10610, 0);
    add(0, QUENCH_RECORD_KIND_CANCELLED, 10700, 2);
    add(1, QUENCH_RECORD_KIND_OK, 10800, 3);
    add(0, QUENCH_RECORD_KIND_RETURNED, 10900, 1);
}

static void import(const char *folder, struct qn_tables *tables)
{
    char out[QN_PATH_BYTES];
    const char *file = made_write(folder, "a.qrec", &made, sizeof(made));

    assert_int_equal(made_import(folder, file, NULL, NULL, said, sizeof(said)), 0);
    snprintf(out, sizeof(out), "%s/out", folder);
    assert_int_equal(qn_tables_read(tables, out, NULL), QN_OK);
}

static void assert_figures(const struct qn_trial *t)
{
    static const struct {
        enum qn_trial_column column;
        int64_t value;
    } wanted[] = {
        {QN_COL_FAILED, 1},
        {QN_COL_FAILING_WORKERS, 1},
        {QN_COL_ERROR_AT, 500},
        {QN_COL_ERROR_SEEN, 600},
        {QN_COL_CANCEL_AT, 610},
        {QN_COL_RETURN_AT, 900},
        {QN_COL_STOP_AT, 800},
        {QN_COL_SETTLE_AT, 900},
        {QN_COL_PLANNED_WORK, QN_NONE},
        {QN_COL_WORK, 300 + 350 + 280 + 240},
        {QN_COL_WASTED, 200 + 240},
        {QN_COL_WASTED_INFLIGHT, 200},
        {QN_COL_WASTED_STARTED, 240},
        {QN_COL_DISCARDED, QN_NONE},
        {QN_COL_OCCUPIED, 200 + 240},
        {QN_COL_PEAK, QN_NONE},
        {QN_COL_LEAKED_BYTES, QN_NONE},
        {QN_COL_RETAINED_INTEGRAL, QN_NONE},
        {QN_COL_LEAKED_WORKERS, 0},
        {QN_COL_ERROR_FIRST, 1},
        {QN_COL_ERROR_RETURNED, 1},
        {QN_COL_ERROR_RETURNED_KIND, QN_ERROR_WORKER},
        {QN_COL_ERRORS_SEEN, 1},
        {QN_COL_ERRORS_LOST, 0},
        {QN_COL_ERROR_FIDELITY, 1},
        {QN_COL_POLLS, 1},
        {QN_COL_POLLING, QN_NONE},
        {QN_COL_CANCELLING, QN_NONE},
        {QN_COL_SEED, QN_NONE},
    };

    for (size_t i = 0; i < QN_ARRAY_LEN(wanted); i++)
        if (t->v[wanted[i].column] != wanted[i].value)
            fail_msg("%s is %lld", qn_trial_columns[wanted[i].column],
                     (long long)t->v[wanted[i].column]);
}

static void test_figures_are_those_computed_by_hand(void **unused)
{
    static const struct qn_timeline_row rows[] = {
        {0, 0, 0, QN_OUTCOME_OK, QN_EXEMPLAR_PICTURED, 100, 400, 400},
        {0, 1, 1, QN_OUTCOME_FAILED, QN_EXEMPLAR_PICTURED, 150, 500, 500},
        {0, 2, 0, QN_OUTCOME_CANCELLED, QN_EXEMPLAR_PICTURED, 420, 700, 700},
        {0, 3, 1, QN_OUTCOME_OK, QN_EXEMPLAR_PICTURED, 560, 800, 800},
        {0, 4, -1, QN_OUTCOME_SKIPPED, QN_EXEMPLAR_PICTURED, QN_NONE, QN_NONE, QN_NONE},
    };
    struct qn_tables t;
    struct qn_trial trial;
    struct tree tree;

    (void)unused;
    tree_init(&tree);
    make_by_hand();
    import(tree.root, &t);
    assert_string_equal(said, "");
    assert_int_equal(t.plan.n_cells, 1);
    assert_string_equal(t.plan.cells[0].strategy, "recorded");
    assert_string_equal(t.plan.cells[0].workload.name, "made-up");
    assert_int_equal(t.plan.cells[0].workload.kind, QN_KIND_OWN);
    assert_int_equal(t.plan.cells[0].workload.workers, 5);
    assert_int_equal(t.plan.cells[0].workload.threads, 2);
    assert_int_equal(qn_trials_count(&t.trials, 0), 1);
    qn_trials_row(&t.trials, 0, 0, &trial);
    assert_figures(&trial);
    assert_int_equal(t.n_timeline, QN_ARRAY_LEN(rows));
    for (size_t i = 0; i < QN_ARRAY_LEN(rows); i++)
        assert_memory_equal(&t.timeline[i].row, &rows[i], sizeof(rows[i]));
    qn_tables_free(&t);
    tree_fini(&tree);
}

static void take_first(const struct qn_tables *t, struct qn_trial *trial)
{
    qn_trials_row(&t->trials, 0, 0, trial);
}

/* A worker without an end: what depends on it isn't known, and it counts as leaked. */
static void test_a_worker_that_never_ends(void **unused)
{
    struct qn_tables t;
    struct qn_trial trial;
    struct tree tree;

    (void)unused;
    tree_init(&tree);
    make_by_hand();
    for (struct quench_record_event *e = made.buffers[1].events; e->when; e++)
        if (e->when % 16 == QUENCH_RECORD_KIND_OK)
            e->when = e->when / 16 * 16 + QUENCH_RECORD_KIND_POLL; /* worker 3 */
    import(tree.root, &t);
    assert_non_null(strstr(said, "1 workers of 1 call had not ended"));
    take_first(&t, &trial);
    assert_int_equal(trial.v[QN_COL_LEAKED_WORKERS], 1);
    assert_int_equal(trial.v[QN_COL_ERROR_AT], 500);
    assert_int_equal(trial.v[QN_COL_RETURN_AT], 900);
    assert_true(trial.v[QN_COL_SETTLE_AT] == QN_NONE && trial.v[QN_COL_STOP_AT] == QN_NONE &&
                trial.v[QN_COL_WORK] == QN_NONE && trial.v[QN_COL_WASTED] == QN_NONE &&
                trial.v[QN_COL_OCCUPIED] == QN_NONE);
    assert_int_equal(t.timeline[3].row.outcome, QN_OUTCOME_BLOCKED);
    assert_true(t.timeline[3].row.begin_ns == 560 && t.timeline[3].row.stop_ns == QN_NONE &&
                t.timeline[3].row.end_ns == QN_NONE);
    qn_tables_free(&t);
    tree_fini(&tree);
}

/* An error that was seen before the worker's end, or after the return, is not one. */
static void test_an_error_seen_too_early_or_too_late(void **unused)
{
    static const struct {
        uint64_t seen;
        const char *words;
    } cases[] = {{10499, "seen before the failed worker's end"}, {10901, "seen after the return"}};
    struct qn_tables t;
    struct qn_trial trial;
    struct tree tree;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        tree_init(&tree);
        make_by_hand();
        for (struct quench_record_event *e = made.buffers[1].events; e->when; e++)
            if (e->when % 16 == QUENCH_RECORD_KIND_SEEN)
                e->when = cases[i].seen << 4 | QUENCH_RECORD_KIND_SEEN;
        import(tree.root, &t);
        assert_non_null(strstr(said, cases[i].words));
        take_first(&t, &trial);
        assert_true(trial.v[QN_COL_ERROR_SEEN] == QN_NONE);
        qn_tables_free(&t);
        tree_fini(&tree);
    }
}

/* What is returned: an error of no known worker, none, one of a worker that was cut short. */
static void test_what_was_returned(void **unused)
{
    static const struct {
        int32_t returned;
        int64_t lost, masked, kind;
    } cases[] = {{QUENCH_RECORD_NO_ERROR, 1, QN_NONE, QN_ERROR_NONE},
                 {QUENCH_RECORD_OTHER_ERROR, QN_NONE, QN_NONE, QN_ERROR_WORKER},
                 {2, 1, 1, QN_ERROR_CANCELLED}};
    struct qn_tables t;
    struct qn_trial trial;
    struct tree tree;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        tree_init(&tree);
        make_by_hand();
        for (struct quench_record_event *e = made.buffers[0].events; e->when; e++)
            if (e->when % 16 == QUENCH_RECORD_KIND_RETURNED)
                e->value = (uint32_t)cases[i].returned;
        import(tree.root, &t);
        take_first(&t, &trial);
        assert_int_equal(trial.v[QN_COL_ERRORS_LOST], cases[i].lost);
        assert_int_equal(trial.v[QN_COL_ERRORS_MASKED], cases[i].masked);
        assert_int_equal(trial.v[QN_COL_ERROR_RETURNED_KIND], cases[i].kind);
        qn_tables_free(&t);
        tree_fini(&tree);
    }
}

/* Threads that are made for every worker are numbered in each call. */
static void test_threads_of_no_pool(void **unused)
{
    struct qn_fanouts list = {0};
    struct qn_fanout_plan plan;

    (void)unused;
    for (uint32_t c = 0; c < 100; c++) {
        const struct qn_fanout call = {.strategy = "x",
                                       .workload = "y",
                                       .n_workers = 2,
                                       .begin_ns = 1000 - c,
                                       .return_ns = 2000};
        struct qn_fanout *added;

        assert_int_equal(qn_fanouts_add(&list, &call, &added), QN_OK);
        for (uint32_t i = 0; i < 2; i++)
            added->workers[i] = (struct qn_fanout_worker){.begin_ns = 2000 - i,
                                                          .stop_ns = 2001,
                                                          .end_ns = 2001,
                                                          .thread = 2 * c + i + 7,
                                                          .outcome = QN_FANOUT_OK};
    }
    assert_int_equal(qn_fanout_plan_make(&list, &plan), QN_OK);
    assert_int_equal(plan.plan.n_cells, 1);
    assert_int_equal(plan.plan.cells[0].workload.threads, 2);
    assert_int_equal(plan.groups[0].calls[0].begin_ns, 901);
    assert_int_equal(plan.groups[0].calls[99].workers[0].thread, 1);
    assert_int_equal(plan.groups[0].calls[99].workers[1].thread, 0);
    qn_fanout_plan_fini(&plan);
    qn_fanouts_fini(&list);
}

/* Bad files. */

static size_t count_lines(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += *text == '\n';
    return n;
}

/* Bytes that are refused: exit 2, one line with the words, no folder. */
static void refuses(const void *bytes, size_t n, const char *words)
{
    struct tree tree;
    char out[QN_PATH_BYTES];
    int code;

    tree_init(&tree);
    code = made_import(tree.root, made_write(tree.root, "a.qrec", bytes, n), NULL, NULL, said,
                       sizeof(said));
    snprintf(out, sizeof(out), "%s/out", tree.root);
    if (code != 2 || count_lines(said) != 1 || !strstr(said, words) || access(out, F_OK) == 0)
        fail_msg("exit %d, '%s' wanted: %s", code, words, said);
    tree_fini(&tree);
}

/* Warns: what is left is imported, n calls; a line with the words. */
static void warns(size_t n_bytes, size_t n_calls, const char *words)
{
    struct tree tree;
    char out[QN_PATH_BYTES];
    struct qn_tables t;
    int code;

    tree_init(&tree);
    code = made_import(tree.root, made_write(tree.root, "a.qrec", &made, n_bytes), NULL, NULL, said,
                       sizeof(said));
    if (code != 0 || !strstr(said, words) || !strstr(said, "warning: "))
        fail_msg("exit %d, '%s' wanted: %s", code, words, said);
    snprintf(out, sizeof(out), "%s/out", tree.root);
    assert_int_equal(qn_tables_read(&t, out, NULL), QN_OK);
    assert_int_equal(qn_trials_count(&t.trials, 0), n_calls);
    qn_tables_free(&t);
    tree_fini(&tree);
}

static void test_files_that_are_refused(void **unused)
{
    (void)unused;
    make_by_hand();
    refuses("", 0, "is empty");
    refuses("name,ms\na,1\n", 12, "is no recording");
    refuses(&made, 20, "is cut");
    refuses(&made, offsetof(struct made_recording, buffers), "cut: 2 of its 2 buffers");
    made.header.byte_order = 0x04030201;
    refuses(&made, sizeof(made), "the other byte order");
    made.header.byte_order = 0;
    refuses(&made, sizeof(made), "its header makes no sense");
    make_by_hand();
    made.header.version = 2;
    refuses(&made, sizeof(made), "version 2; this program reads version 1");
    make_by_hand();
    made.header.buffer_bytes = 0;
    refuses(&made, sizeof(made), "its header makes no sense");
    make_by_hand();
    memset(made.header.program, 'x', sizeof(made.header.program));
    refuses(&made, sizeof(made), "its header makes no sense");
    made_begin(&made, 1);
    refuses(&made, sizeof(made), "has no call: nothing was recorded");
    made_begin(&made, 0);
    refuses(&made, sizeof(made), "has no call");
    made_begin(&made, 1);
    made_add(&made, 0, QUENCH_RECORD_KIND_BEGIN, 5, 77, 0);
    refuses(&made, sizeof(made), "of call 77, which this process didn't begin");
}

/* An event too many or too few in the only call, and beside a sound one. */
static void test_calls_that_make_no_sense(void **unused)
{
    static const struct {
        enum quench_record_kind_ kind;
        uint32_t value;
        const char *words;
    } cases[] = {
        {QUENCH_RECORD_KIND_OK, 4, "worker 4 ended without having begun"},
        {QUENCH_RECORD_KIND_BEGIN, 0, "worker 0 began twice"},
        {QUENCH_RECORD_KIND_FAILED, 1, "worker 1 ended twice"},
        {QUENCH_RECORD_KIND_BEGIN, 5, "it has no worker 5"},
        {QUENCH_RECORD_KIND_RETURNED, 0, "it returned twice"},
        {QUENCH_RECORD_KIND_CALL, 5, "it began twice"},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        make_by_hand();
        add(1, cases[i].kind, 10950, cases[i].value);
        refuses(&made, sizeof(made), cases[i].words);
        made_add_call(&made, 1, 20000, 2);
        warns(sizeof(made), 1, cases[i].words);
    }
    make_by_hand();
    made_add(&made, 0, QUENCH_RECORD_KIND_CALL, 20000, 2, 0);
    warns(sizeof(made), 1, "it has no workers, or more than 1000000");
    make_by_hand();
    made_add(&made, 0, QUENCH_RECORD_KIND_CALL, 20000, 2, 3);
    warns(sizeof(made), 1, "call 2 is left out: it had not returned");
    make_by_hand();
    made_add(&made, 0, QUENCH_RECORD_KIND_BEGIN, 20000, 9, 3);
    warns(sizeof(made), 1, "the first of call 9");
    make_by_hand();
    made.buffers[0].events[8].when |= 15;
    made_add_call(&made, 1, 20000, 2);
    warns(sizeof(made), 1, "1 events of no known kind");
}

/* A file that was cut has the calls of which nothing is missing. */
static void test_a_cut_file(void **unused)
{
    (void)unused;
    made_begin(&made, 3);
    for (uint32_t i = 0; i < 3; i++)
        made_add_call(&made, i, 1000 * (i + 1), i + 1);
    warns(offsetof(struct made_recording, buffers[2]), 2, "is cut: 1 of its 3 buffers");
    warns(offsetof(struct made_recording, buffers[1].events[3]), 1, "is cut: 2 of its 3 buffers");
}

/* Full buffers: calls before the first of which events are missing are whole; later ones only if
 * nothing of them is missing. */
static void test_full_buffers(void **unused)
{
    (void)unused;
    make_by_hand();
    made_add_call(&made, 1, 20000, 2);
    made_add(&made, 1, QUENCH_RECORD_KIND_CALL, 30000, 3, 2);
    made_add(&made, 1, QUENCH_RECORD_KIND_RETURNED, 30001, 3, (uint32_t)QUENCH_RECORD_NO_ERROR);
    made.buffers[0].head.n_missing = 12;
    made.buffers[0].head.missing_since = 2;
    warns(sizeof(made), 1, "12 events are missing: 12 of thread 0 (1000 of the kernel)");
    assert_non_null(strstr(said, "call 3 is left out: events of it are missing"));
    made.header.n_missing = 3;
    warns(sizeof(made), 1,
          "15 events are missing: 12 of thread 0 (1000 of the kernel), 3 of threads");
    made.buffers[0].head.missing_since = 1; /* a worker of the first call never began: or did it? */
    warns(sizeof(made), 1, "2 calls are left out; call 1: events of it are missing");
}

static void test_names(void **unused)
{
    struct tree tree;
    struct qn_tables t;

    (void)unused;
    tree_init(&tree);
    make_by_hand();
    strcpy(made.header.name, "My Pool");
    import(tree.root, &t);
    assert_string_equal(t.plan.cells[0].strategy, "my-pool");
    qn_tables_free(&t);
    tree_fini(&tree);
    tree_init(&tree);
    strcpy(made.header.name, "drain"); /* ours, with other properties */
    import(tree.root, &t);
    assert_string_equal(t.plan.cells[0].strategy, "own-drain");
    qn_tables_free(&t);
    assert_int_equal(made_import(tree.root, "x", "--name", "drain", said, sizeof(said)), 2);
    assert_non_null(strstr(said, "--name: 'drain' is not allowed"));
    assert_int_equal(made_import(tree.root, "x", "--name", "No", said, sizeof(said)), 2);
    assert_int_equal(made_import(tree.root, "x", NULL, NULL, said, sizeof(said)), 2);
    assert_non_null(strstr(said, "x can't be read"));
    tree_fini(&tree);
}

/* A folder: its recordings in order, each a process; what can't be read is left out. */
static void test_a_folder(void **unused)
{
    struct tree tree;
    char out[QN_PATH_BYTES];
    struct qn_tables t;

    (void)unused;
    tree_init(&tree);
    make_by_hand();
    made_write(tree.root, "a-2.qrec", &made, sizeof(made));
    made_write(tree.root, "a-10.qrec", &made, sizeof(made));
    made_write(tree.root, "a-3.qrec", "", 0);
    made_write(tree.root, "notes", "x", 1);
    assert_int_equal(made_import(tree.root, tree.root, "--name", "mine", said, sizeof(said)), 0);
    assert_int_equal(count_lines(said), 1);
    assert_non_null(strstr(said, "a-3.qrec is empty"));
    snprintf(out, sizeof(out), "%s/out", tree.root);
    assert_int_equal(qn_tables_read(&t, out, NULL), QN_OK);
    assert_string_equal(t.plan.cells[0].strategy, "mine");
    assert_int_equal(t.plan.n_processes, 2);
    assert_int_equal(qn_trials_count(&t.trials, 0), 2);
    qn_tables_free(&t);
    assert_int_equal(made_import(tree.root, out, NULL, NULL, said, sizeof(said)), 2);
    assert_non_null(strstr(said, "has no recordings"));
    tree_fini(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures_are_those_computed_by_hand),
        cmocka_unit_test(test_a_worker_that_never_ends),
        cmocka_unit_test(test_an_error_seen_too_early_or_too_late),
        cmocka_unit_test(test_what_was_returned),
        cmocka_unit_test(test_threads_of_no_pool),
        cmocka_unit_test(test_files_that_are_refused),
        cmocka_unit_test(test_calls_that_make_no_sense),
        cmocka_unit_test(test_a_cut_file),
        cmocka_unit_test(test_full_buffers),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_a_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
