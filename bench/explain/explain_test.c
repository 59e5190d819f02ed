/* The choice of exemplars, how a call's time is split, and parts that don't add up. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/explain/command.h"
#include "bench/explain/figures.h"
#include "tests/cmocka_all.h"

/* A failed call by its stamps, ns; seen QN_NONE: not seen. */
static struct qn_trial failed_call(int64_t error_at, int64_t seen, int64_t return_at,
                                   int64_t wasted)
{
    struct qn_trial t;

    for (int i = 0; i < QN_COL_COUNT; i++)
        t.v[i] = QN_NONE;
    t.v[QN_COL_PROCESS] = t.v[QN_COL_TRIAL] = 0;
    t.v[QN_COL_FAILED] = 1;
    t.v[QN_COL_ERROR_AT] = error_at;
    t.v[QN_COL_ERROR_SEEN] = seen;
    t.v[QN_COL_RETURN_AT] = return_at;
    t.v[QN_COL_PLANNED_WORK] = 10000;
    t.v[QN_COL_WORK] = 8000;
    t.v[QN_COL_WASTED] = t.v[QN_COL_WASTED_INFLIGHT] = wasted;
    t.v[QN_COL_POLLS] = 40;
    t.v[QN_COL_POLLING] = 600;
    t.v[QN_COL_WASTED_STARTED] = t.v[QN_COL_DISCARDED] = 0;
    return t;
}

static struct qn_trial sound_call(int64_t return_at)
{
    struct qn_trial t = failed_call(QN_NONE, QN_NONE, return_at, 0);

    t.v[QN_COL_FAILED] = 0;
    return t;
}

static void test_the_median_is_of_failed_calls(void **unused)
{
    const struct qn_trial rows[] = {sound_call(1), failed_call(100, 110, 300, 5),
                                    failed_call(100, 110, 200, 5), failed_call(100, 110, 900, 5),
                                    sound_call(2000)};
    double d[5];

    (void)unused;
    assert_int_equal(qn_exemplar_distances(rows, 5, QN_EXEMPLAR_MEDIAN, d), QN_OK);
    assert_true(isnan(d[0]) && isnan(d[4]));
    assert_true(d[1] == 0 && d[2] == 1 && d[3] == 1);
    assert_int_equal(qn_exemplar_nearest(d, 5), 1);
    assert_int_equal(qn_exemplar_worst(rows, 5), 4);
}

static void test_where_none_failed_the_median_is_of_all(void **unused)
{
    const struct qn_trial rows[] = {sound_call(30), sound_call(10), sound_call(20)};
    double d[3];

    (void)unused;
    assert_int_equal(qn_exemplar_distances(rows, 3, QN_EXEMPLAR_MEDIAN, d), QN_OK);
    assert_int_equal(qn_exemplar_nearest(d, 3), 2);
    assert_int_equal(qn_exemplar_distances(rows, 3, QN_EXEMPLAR_TYPICAL, d), QN_OK);
    assert_int_equal(qn_exemplar_nearest(d, 3), SIZE_MAX);
}

/* The median call by return_at is unusual in all else; another is near the middle in everything. */
static void test_the_typical_call_is_ordinary_in_every_way(void **unused)
{
    const struct qn_trial rows[] = {failed_call(100, 105, 400, 10), failed_call(900, 990, 500, 90),
                                    failed_call(200, 210, 490, 20), failed_call(300, 320, 520, 30),
                                    failed_call(400, 430, 600, 40)};
    double d[5];

    (void)unused;
    assert_int_equal(qn_exemplar_distances(rows, 5, QN_EXEMPLAR_MEDIAN, d), QN_OK);
    assert_int_equal(qn_exemplar_nearest(d, 5), 1);
    assert_int_equal(qn_exemplar_distances(rows, 5, QN_EXEMPLAR_TYPICAL, d), QN_OK);
    assert_int_equal(qn_exemplar_nearest(d, 5), 3);
    assert_true(d[3] == 0);             /* the middle by all four */
    assert_true(d[1] == 2 + 2 + 2 + 2); /* at the end by all four */
}

static void test_calls_alike_share_a_rank(void **unused)
{
    const struct qn_trial rows[] = {sound_call(10), sound_call(10), sound_call(10), sound_call(50)};
    double d[4];

    (void)unused;
    assert_int_equal(qn_exemplar_distances(rows, 4, QN_EXEMPLAR_MEDIAN, d), QN_OK);
    for (int i = 0; i < 3; i++)
        assert_true(d[i] == 0.5); /* ranks 0, 1, 2 are all 1; the middle is 1.5 */
    assert_true(d[3] == 1.5);
}

/* If the strategy sees no error, detection says nothing about any call. */
static void test_what_some_call_lacks_is_left_out(void **unused)
{
    const struct qn_trial rows[] = {failed_call(100, QN_NONE, 400, 10),
                                    failed_call(200, 210, 520, 20), failed_call(300, 301, 700, 30)};
    double d[3];

    (void)unused;
    assert_int_equal(qn_exemplar_distances(rows, 3, QN_EXEMPLAR_TYPICAL, d), QN_OK);
    assert_true(d[0] == 3 && d[1] == 0 && d[2] == 3);
    assert_int_equal(qn_exemplar_worst(rows, 0), SIZE_MAX);
    assert_int_equal(qn_exemplar_distances(rows, 0, QN_EXEMPLAR_MEDIAN, d), QN_OK);
}

static void test_the_longest_step(void **unused)
{
    struct qn_trial m = failed_call(100, 110, 130, 0), w = failed_call(150, 400, 410, 0);
    struct qn_trial unseen = failed_call(100, QN_NONE, 900, 0), sound = sound_call(700);
    struct qn_explain_step steps[3];
    size_t longest;

    (void)unused;
    assert_int_equal(qn_explain_steps(&m, &w, steps, &longest), 3);
    assert_int_equal(longest, 1);
    assert_true(steps[0].worst_ns == 150 && steps[0].median_ns == 100);
    assert_true(steps[1].worst_ns == 250 && steps[1].median_ns == 10);
    assert_true(steps[2].worst_ns == 10 && steps[2].median_ns == 20);
    assert_int_equal(qn_explain_steps(&m, &unseen, steps, &longest), 2);
    assert_int_equal(longest, 1);
    assert_true(steps[1].worst_ns == 800 && steps[1].median_ns == 30);
    assert_int_equal(qn_explain_steps(&m, &sound, steps, &longest), 1);
    assert_true(steps[0].worst_ns == 700 && steps[0].median_ns == 130);
}

/* A folder of one cell with these trials, as if read; t->trials goes to qn_trials_fini. */
static void make_tables(struct qn_tables *t, struct qn_cell *cell, const struct qn_trial *rows,
                        size_t n)
{
    static char dir[] = "made";

    memset(t, 0, sizeof(*t));
    *cell = (struct qn_cell){.id = "c0001", .strategy = "close"};
    t->dir = dir;
    t->plan.cells = cell;
    t->plan.n_cells = 1;
    assert_int_equal(qn_trials_init(&t->trials, 1, NULL, 0), QN_OK);
    assert_int_equal(qn_trials_add(&t->trials, 0, rows, n), QN_OK);
    assert_int_equal(qn_trials_settle(&t->trials), QN_OK);
}

/* The explanation of these trials. */
static void explain(struct qn_explanation *e, struct qn_tables *t, struct qn_cell *cell,
                    const struct qn_trial *rows, size_t n)
{
    make_tables(t, cell, rows, n);
    assert_int_equal(qn_explanation_make(t, 0, e), QN_OK);
    qn_trials_fini(&t->trials);
}

static double mean_of(const struct qn_explanation *e, const char *name)
{
    for (size_t i = 0; i < qn_n_explain_figures; i++)
        if (strcmp(qn_explain_figures[i].name, name) == 0)
            return e->figures[i].n_calls ? e->figures[i].mean.value : NAN;
    fail_msg("no figure '%s'", name);
    return NAN;
}

static void test_parts_add_up_or_are_told_not_to(void **unused)
{
    struct qn_trial calls[] = {failed_call(100, 110, 300, 2000), failed_call(300, 350, 500, 1000)};
    struct qn_tables t;
    struct qn_cell cell;
    struct qn_explanation e;

    (void)unused;
    calls[1].v[QN_COL_PROCESS] = 1;
    explain(&e, &t, &cell, calls, 2);
    assert_int_equal(e.n_failed, 2);
    assert_int_equal(e.n_processes, 2);
    assert_int_equal(e.unaccounted_ns, 0);
    assert_true(mean_of(&e, "planned") == 10000 && mean_of(&e, "done before the error") == 6500);
    assert_true(mean_of(&e, "wasted_inflight") == 1500 && mean_of(&e, "never done") == 2000);
    assert_true(mean_of(&e, "until the first failure (error_at)") == 200);
    assert_true(mean_of(&e, "failure to error_seen (detection)") == 30);
    assert_true(mean_of(&e, "error_seen to return") == 170);
    assert_true(mean_of(&e, "whole: return_at") == 400);
    assert_true(mean_of(&e, "polls per call") == 40);
    assert_true(mean_of(&e, "polling, on top of work") == 600);
    assert_true(isnan(mean_of(&e, "return to settle"))); /* nothing settled: none, not 0 */
    calls[0].v[QN_COL_WASTED_STARTED] = 7;
    qn_explanation_fini(&e);
    explain(&e, &t, &cell, calls, 2);
    assert_int_equal(e.unaccounted_ns, 7);
    for (size_t i = 0; i < 2; i++)
        calls[i].v[QN_COL_POLLS] = calls[i].v[QN_COL_POLLING] = QN_NONE;
    qn_explanation_fini(&e);
    explain(&e, &t, &cell, calls, 2);
    assert_true(isnan(mean_of(&e, "polls per call"))); /* a strategy that never polls */
    assert_true(isnan(mean_of(&e, "polling, on top of work")));
    qn_explanation_fini(&e);
}

/* The nearest call whose workers were kept is shown; the worst is the worst, kept or not. */
static void test_shown_calls_are_those_kept(void **unused)
{
    struct qn_trial calls[5];
    struct qn_timeline_entry kept = {.cell = 0, .process = 0, .row = {.trial = 1}};
    struct qn_tables t;
    struct qn_cell cell;
    struct qn_explanation e;

    (void)unused;
    for (int i = 0; i < 5; i++) {
        calls[i] = failed_call(100 + i, 110 + 2 * i, 300 + 10 * i, INT64_C(100) * i);
        calls[i].v[QN_COL_TRIAL] = i;
    }
    make_tables(&t, &cell, calls, 5);
    t.timeline = &kept;
    t.n_timeline = 1;
    assert_int_equal(qn_explanation_make(&t, 0, &e), QN_OK);
    assert_int_equal(e.calls[QN_EXEMPLAR_MEDIAN].trial->v[QN_COL_TRIAL], 1);
    assert_int_equal(e.calls[QN_EXEMPLAR_MEDIAN].nearest->v[QN_COL_TRIAL], 2);
    assert_true(e.calls[QN_EXEMPLAR_MEDIAN].has_workers);
    assert_int_equal(e.calls[QN_EXEMPLAR_TYPICAL].trial->v[QN_COL_TRIAL], 1);
    assert_int_equal(e.calls[QN_EXEMPLAR_WORST].trial->v[QN_COL_TRIAL], 4);
    assert_false(e.calls[QN_EXEMPLAR_WORST].has_workers);
    qn_explanation_fini(&e);
    qn_trials_fini(&t.trials);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_median_is_of_failed_calls),
        cmocka_unit_test(test_where_none_failed_the_median_is_of_all),
        cmocka_unit_test(test_the_typical_call_is_ordinary_in_every_way),
        cmocka_unit_test(test_calls_alike_share_a_rank),
        cmocka_unit_test(test_what_some_call_lacks_is_left_out),
        cmocka_unit_test(test_the_longest_step),
        cmocka_unit_test(test_parts_add_up_or_are_told_not_to),
        cmocka_unit_test(test_shown_calls_are_those_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
