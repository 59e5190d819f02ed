/* Made-up recordings: figures that were computed by hand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/path.h"
#include "bench/fanouts/folder.h"
#include "bench/fanouts/made_recording.h"
#include "bench/fanouts/trials.h"
#include "bench/folder/tables.h"
#include "bench/report/ratios.h"
#include "tests/cmocka_all.h"
#include "tests/near.h"
#include "tests/tree.h"

#define SAID_BYTES 4096

static struct made_recording made;
static char said[SAID_BYTES];

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
        {QN_COL_STOP_AT, 950},
        {QN_COL_SETTLE_AT, 950},
        {QN_COL_PLANNED_WORK, QN_NONE},
        {QN_COL_WORK, 300 + 350 + 280 + 390},
        {QN_COL_WASTED, 200 + 390},
        {QN_COL_WASTED_INFLIGHT, 200},
        {QN_COL_WASTED_STARTED, 390},
        {QN_COL_DISCARDED, QN_NONE},
        {QN_COL_OCCUPIED, 200 + 390},
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
        {0, 3, 1, QN_OUTCOME_OK, QN_EXEMPLAR_PICTURED, 560, 950, 950},
        {0, 4, -1, QN_OUTCOME_SKIPPED, QN_EXEMPLAR_PICTURED, QN_NONE, QN_NONE, QN_NONE},
    };
    struct qn_tables t;
    struct qn_trial trial;
    struct tree tree;

    (void)unused;
    tree_init(&tree);
    made_by_hand(&made);
    import(tree.root, &t);
    assert_string_equal(said, "quench: 1 call in 1 file, 1 of them failed\n");
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

/* Sets the stamp of every event of a kind in the first buffer, and its value. */
static void put(enum quench_record_kind_ kind, uint64_t ns, uint32_t value)
{
    for (struct quench_record_event *e = made.buffers[0].events; e->when; e++)
        if (e->when % 16 == kind)
            *e = (struct quench_record_event){ns << 4 | kind, e->call, value};
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
    made_by_hand(&made);
    for (struct quench_record_event *e = made.buffers[1].events; e->when; e++)
        if (e->when % 16 == QUENCH_RECORD_KIND_OK)
            e->when = e->when / 16 * 16 + QUENCH_RECORD_KIND_POLL; /* worker 3 */
    import(tree.root, &t);
    assert_non_null(strstr(said, "1 worker of 1 call had not ended"));
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

/* An error that was seen before its worker's end, after the return, or of one that didn't fail, is not one. */
static void test_an_error_seen_too_early_or_too_late(void **unused)
{
    static const struct {
        uint64_t seen;
        uint32_t worker;
        const char *words;
    } cases[] = {{10499, 1, "seen before the failed worker's end"},
                 {10901, 1, "seen after the return"},
                 {10800, 2, "seen of a worker that had not failed"}};
    struct qn_tables t;
    struct qn_trial trial;
    struct tree tree;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        tree_init(&tree);
        made_by_hand(&made);
        for (int b = 0; b < 2; b++)
            for (struct quench_record_event *e = made.buffers[b].events; e->when; e++)
                if (e->when % 16 == QUENCH_RECORD_KIND_SEEN)
                    *e = (struct quench_record_event){cases[i].seen << 4 | QUENCH_RECORD_KIND_SEEN,
                                                      1, cases[i].worker};
        import(tree.root, &t);
        assert_non_null(strstr(said, cases[i].words));
        take_first(&t, &trial);
        assert_true(trial.v[QN_COL_ERROR_SEEN] == QN_NONE);
        qn_tables_free(&t);
        tree_fini(&tree);
    }
}

/* So is a stop that is told before the call. */
static void test_a_stop_before_the_call(void **unused)
{
    struct qn_tables t;
    struct qn_trial trial;
    struct tree tree;

    (void)unused;
    tree_init(&tree);
    made_by_hand(&made);
    put(QUENCH_RECORD_KIND_RAISING, 9999, 0);
    import(tree.root, &t);
    assert_non_null(strstr(said, "in 1 call the workers were told to stop before the call began"));
    take_first(&t, &trial);
    assert_true(trial.v[QN_COL_CANCEL_AT] == QN_NONE);
    assert_int_equal(trial.v[QN_COL_WASTED], 200 + 390);
    qn_tables_free(&t);
    tree_fini(&tree);
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
        made_by_hand(&made);
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
        struct qn_fanout call = {.strategy = "x",
                                 .workload = "y",
                                 .n_workers = 2,
                                 .n_begun = 2,
                                 .begin_ns = 1000 - c,
                                 .return_ns = 2000,
                                 .workers = calloc(2, sizeof(*call.workers))};

        assert_non_null(call.workers);
        for (uint32_t i = 0; i < 2; i++)
            call.workers[i] = (struct qn_fanout_worker){.index = i,
                                                        .begin_ns = 2000 - i,
                                                        .stop_ns = 2001,
                                                        .end_ns = 2001,
                                                        .thread = 2 * c + i + 7,
                                                        .outcome = QN_FANOUT_OK};
        assert_int_equal(qn_fanouts_add(&list, &call), QN_OK);
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

/* Two names' calls have nothing in common: each has its own failed ones, of which the ratio is. */
static void test_ratios_are_of_each_ones_failed_calls(void **unused)
{
    static const uint64_t waste[2][3] = {{10, 0, 20}, {0, 60, 0}}; /* of failed calls; 0: none */
    char out[QN_PATH_BYTES];
    struct tree tree;
    struct qn_tables t;
    struct qn_ratio r;

    (void)unused;
    tree_init(&tree);
    for (unsigned p = 0; p < 4; p++) { /* two processes of each name */
        char name[16];

        made_begin(&made, 1);
        snprintf(made.header.name, sizeof(made.header.name), "name%u", p % 2);
        for (uint32_t c = 0; c < 3; c++) {
            uint64_t at = 1000 * (c + 1), ns = waste[p % 2][c];

            made_add(&made, 0, QUENCH_RECORD_KIND_CALL, at, c + 1, 2);
            for (uint32_t w = 0; w < 2; w++)
                made_add(&made, 0, QUENCH_RECORD_KIND_BEGIN, at + 1, c + 1, w);
            made_add(&made, 0, ns ? QUENCH_RECORD_KIND_FAILED : QUENCH_RECORD_KIND_OK, at + 10,
                     c + 1, 0);
            made_add(&made, 0, QUENCH_RECORD_KIND_OK, at + 10 + ns, c + 1, 1);
            made_add(&made, 0, QUENCH_RECORD_KIND_RETURNED, at + 100, c + 1,
                     (uint32_t)QUENCH_RECORD_OTHER_ERROR);
        }
        snprintf(name, sizeof(name), "%u.qrec", p);
        made_write(tree.root, name, &made, sizeof(made));
    }
    assert_int_equal(made_import(tree.root, tree.root, NULL, NULL, said, sizeof(said)), 0);
    snprintf(out, sizeof(out), "%s/out", tree.root);
    assert_int_equal(qn_tables_read(&t, out, NULL), QN_OK);
    assert_true(t.is_imported);
    r = qn_ratio_of(&t, 1, 0, QN_METRIC_WASTED);
    assert_int_equal(r.n_processes, 2);
    assert_near(r.ratio.value, 4);
    assert_near(r.base, 15);
    qn_tables_free(&t);
    tree_fini(&tree);
}

static bool has_topology(const char *host)
{
    struct tree tree;
    struct qn_tables t;
    char path[QN_PATH_BYTES];
    bool is_there;

    tree_init(&tree);
    made_by_hand(&made);
    snprintf(made.header.host, sizeof(made.header.host), "%s", host);
    import(tree.root, &t);
    qn_tables_free(&t);
    snprintf(path, sizeof(path), "%s/out/topology.xml", tree.root);
    is_there = access(path, F_OK) == 0;
    tree_fini(&tree);
    return is_there;
}

/* This machine's topology is that of what was recorded here, and of nothing else. */
static void test_topology(void **unused)
{
    char here[sizeof(made.header.host)] = "", other[sizeof(here) + 2];

    (void)unused;
    assert_int_equal(gethostname(here, sizeof(here) - 1), 0);
    snprintf(other, sizeof(other), "%.60s2", here);
    assert_true(has_topology(here));
    assert_false(has_topology(other));
    assert_false(has_topology(""));
}

/* Calls of many workers take the memory of those that began. */
static void test_workers_that_never_begin(void **unused)
{
    struct qn_fanouts list = {0};
    struct tree tree;

    (void)unused;
    tree_init(&tree);
    made_begin(&made, 1);
    made_add(&made, 0, QUENCH_RECORD_KIND_CALL, 10, 1, 1000000);
    for (uint32_t i = 0; i < 2; i++) {
        made_add(&made, 0, QUENCH_RECORD_KIND_BEGIN, 20 + i, 1, 999999 - 9 * i);
        made_add(&made, 0, QUENCH_RECORD_KIND_FAILED, 30 + i, 1, 999999 - 9 * i);
    }
    made_add(&made, 0, QUENCH_RECORD_KIND_RETURNED, 40, 1, 999999);
    made_read(made_write(tree.root, "a.qrec", &made, sizeof(made)), &list);
    assert_int_equal(list.calls[0].n_workers, 1000000);
    assert_int_equal(list.calls[0].n_begun, 2);
    assert_true(list.calls[0].workers[0].index == 999990 && list.calls[0].workers[0].stop_ns == 31);
    assert_true(list.calls[0].workers[1].index == 999999 && list.calls[0].workers[1].stop_ns == 30);
    qn_fanouts_fini(&list);
    tree_fini(&tree);
}

/* Of a name that doesn't record polls nobody knows how many there were. */
static void test_polls_are_of_names_that_record_them(void **unused)
{
    char out[QN_PATH_BYTES];
    struct qn_trial trial;
    struct tree tree;
    struct qn_tables t;

    (void)unused;
    tree_init(&tree);
    for (uint32_t i = 0; i < 2; i++) {
        made_begin(&made, 1);
        strcpy(made.header.name, i ? "polling" : "plain");
        made_add_call(&made, 0, 1000, 1);
        if (i)
            made_add(&made, 0, QUENCH_RECORD_KIND_POLL, 1002, 1, 0);
        made_write(tree.root, i ? "b.qrec" : "a.qrec", &made, sizeof(made));
    }
    assert_int_equal(made_import(tree.root, tree.root, NULL, NULL, said, sizeof(said)), 0);
    snprintf(out, sizeof(out), "%s/out", tree.root);
    assert_int_equal(qn_tables_read(&t, out, NULL), QN_OK);
    qn_trials_row(&t.trials, 0, 0, &trial);
    assert_true(trial.v[QN_COL_POLLS] == QN_NONE);
    qn_trials_row(&t.trials, 1, 0, &trial);
    assert_int_equal(trial.v[QN_COL_POLLS], 1);
    qn_tables_free(&t);
    tree_fini(&tree);
}

/* A host's name of no UTF-8, which is no text, makes a manifest all the same. */
static void test_a_host_that_is_no_text(void **unused)
{
    struct qn_fanouts list = {0};
    struct tree tree;

    (void)unused;
    tree_init(&tree);
    made_by_hand(&made);
    strcpy(made.header.host, "caf\xe9");
    made_read(made_write(tree.root, "a.qrec", &made, sizeof(made)), &list);
    assert_string_equal(list.host, "caf?");
    qn_fanouts_fini(&list);
    tree_fini(&tree);
}

static void test_names(void **unused)
{
    struct tree tree;
    struct qn_tables t;

    (void)unused;
    tree_init(&tree);
    made_by_hand(&made);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures_are_those_computed_by_hand),
        cmocka_unit_test(test_a_worker_that_never_ends),
        cmocka_unit_test(test_an_error_seen_too_early_or_too_late),
        cmocka_unit_test(test_a_stop_before_the_call),
        cmocka_unit_test(test_what_was_returned),
        cmocka_unit_test(test_threads_of_no_pool),
        cmocka_unit_test(test_ratios_are_of_each_ones_failed_calls),
        cmocka_unit_test(test_topology),
        cmocka_unit_test(test_workers_that_never_begin),
        cmocka_unit_test(test_polls_are_of_names_that_record_them),
        cmocka_unit_test(test_a_host_that_is_no_text),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
