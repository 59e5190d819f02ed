/*
 * Pictures as they are drawn: with gnuplot replaced by a script that saves its arguments. A single
 * outlying call, process or interval does not stretch the axis, and a strategy looks the same
 * whatever else a picture shows.
 */
#include <math.h>

#include "bench/report/picture/list.h"
#include "tests/tree.h"

#define PLAN \
    "cell_id,strategy,workload,kind,workers,threads,failure_rate,poll_ns,arrival,policy,process," \
    "order,status,reason\n"
#define SUMMARY \
    "cell_id,metric,unit,condition,n,processes,mean,mean_lo,mean_hi,p50,p50_lo,p50_hi,p90,p99," \
    "p999,max\n"
/* Figures are drawn against the rate where there are two. */
#define SECOND_RATE "c9,drain,made,cpu,4,2,0.2,,isolated,,0,9,done,\n"
#define TIMELINE "cell_id,process,trial,worker,thread,begin_ns,stop_ns,end_ns,outcome,kept_as\n"

static struct tree tree;

static int set_up(void **unused)
{
    char path[256], script[256];

    (void)unused;
    tree_init(&tree);
    snprintf(script, sizeof(script), "#!/bin/sh\nprintf '%%s\\n' \"$@\" >'%s/words'\n", tree.root);
    tree_put(&tree, "/bin/gnuplot", script);
    tree_put(&tree, "/plots/there", "");
    snprintf(path, sizeof(path), "%s/bin/gnuplot", tree.root);
    assert_int_equal(chmod(path, 0755), 0);
    snprintf(path, sizeof(path), "%s/bin:/usr/bin:/bin", tree.root);
    return setenv("PATH", path, 1);
}

static int tear_down(void **unused)
{
    (void)unused;
    tree_fini(&tree);
    return 0;
}

/* The text of a file of the folder, to be freed. */
static char *read_text(const char *name)
{
    char path[256], *text = NULL;
    size_t cap = 0;
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", tree.root, name);
    f = fopen(path, "re");
    assert_non_null(f);
    assert_true(getdelim(&text, &cap, '\0', f) > 0);
    fclose(f);
    return text;
}

/* The value of a variable passed to gnuplot, without quotes. */
static void read_variable(const char *name, char *out, size_t bytes)
{
    char *words = read_text("words"), start[64], *at;

    snprintf(start, sizeof(start), "\n%s = ", name);
    at = strstr(words, start);
    if (at) {
        at += strlen(start);
        at += *at == '"';
        snprintf(out, bytes, "%.*s", (int)strcspn(at, "\"\n"), at);
    } else {
        fail_msg("gnuplot was not told of %s", name);
    }
    free(words);
}

static double number_of(const char *name)
{
    char text[64];

    read_variable(name, text, sizeof(text));
    return strtod(text, NULL);
}

/* Rows of trials.csv have the columns of the contract; all but these are empty. */
static void put_trial(FILE *f, const char *cell, int64_t settle_ns)
{
    struct qn_trial t;

    for (int c = 0; c < QN_COL_COUNT; c++)
        t.v[c] = QN_NONE;
    t.v[QN_COL_PROCESS] = t.v[QN_COL_TRIAL] = 0;
    t.v[QN_COL_FAILED] = 1;
    t.v[QN_COL_PLANNED_WORK] = 2000000;
    t.v[QN_COL_ERROR_AT] = 50000;
    t.v[QN_COL_RETURN_AT] = 100000;
    t.v[QN_COL_SETTLE_AT] = settle_ns;
    fputs(cell, f);
    for (int c = 0; c < QN_COL_COUNT; c++)
        if (c == QN_COL_ERROR_RETURNED_KIND)
            fprintf(f, ",%s", qn_error_kind_names[QN_ERROR_NONE]);
        else if (t.v[c] == QN_NONE)
            fputs(",", f);
        else
            fprintf(f, ",%lld", (long long)t.v[c]);
    fputs("\n", f);
}

static void put_tables(const char *plan, const char *summary, const char *timeline,
                       const char *trials)
{
    tree_put(&tree, "/plan.csv", plan);
    tree_put(&tree, "/summary.csv", summary);
    tree_put(&tree, "/timeline.csv", timeline);
    tree_put(&tree, "/trials.csv", trials);
}

static char *trials_of(const char *const *cells, const int64_t *settle_ns, size_t n)
{
    char *text;
    size_t bytes;
    FILE *f = open_memstream(&text, &bytes);

    assert_non_null(f);
    fputs("cell_id", f);
    for (int c = 0; c < QN_COL_COUNT; c++)
        fprintf(f, ",%s", qn_trial_columns[c]);
    fputs("\n", f);
    for (size_t i = 0; i < n; i++)
        put_trial(f, cells[i], settle_ns[i]);
    fclose(f);
    return text;
}

/* Bars of a panel: where the last of all ends, us. */
static double last_bar_us(void)
{
    char *bars = read_text("plots/made-cpu-4x2-timeline-bars.dat"), *rest = bars, *line;
    double last = 0;

    while ((line = strsep(&rest, "\n"))) {
        double from, to;
        int worker, what;

        /* NOLINTNEXTLINE(cert-err34-c): the program's own small numbers */
        if (sscanf(line, "%d %lf %lf %d", &worker, &from, &to, &what) == 4)
            last = fmax(last, to);
    }
    free(bars);
    return last;
}

/* The panels' bars, of which worker's there are any. */
static unsigned workers_with_bars(void)
{
    char *bars = read_text("plots/made-cpu-4x2-timeline-bars.dat"), *rest = bars, *line;
    unsigned set = 0;

    while ((line = strsep(&rest, "\n"))) {
        int worker;

        /* NOLINTNEXTLINE(cert-err34-c): the program's own small numbers */
        if (sscanf(line, "%d", &worker) == 1 && worker >= 0)
            set |= 1u << worker;
    }
    free(bars);
    return set;
}

/* Workers that a peer never began were drawn as waiting until the end of the axis. */
static void test_a_worker_skipped_at_no_known_time_has_no_bar(void **unused)
{
    static const char *const cells[] = {"c1"};
    static const int64_t settle_ns[] = {150000};
    char *trials = trials_of(cells, settle_ns, 1);
    struct qn_tables t;

    (void)unused;
    put_tables(PLAN "c1,buffered,made,cpu,4,2,0.1,,isolated,,0,0,done,\n", SUMMARY,
               TIMELINE "c1,0,0,0,0,1000,50000,60000,failed,pictured\n"
                        "c1,0,0,1,0,,,,skipped,pictured\n"
                        "c1,0,0,2,0,,,70000,skipped,pictured\n"
                        "c1,0,0,3,,,,,never,pictured\n",
               trials);
    free(trials);
    assert_int_equal(qn_tables_read(&t, tree.root, NULL), QN_OK);
    assert_int_equal(qn_picture_draw(&qn_timeline_picture, &t, &t.scenes[0]), QN_OK);
    assert_int_equal(workers_with_bars(), 1 | 4 | 8);
    qn_tables_free(&t);
}

/* A call preempted for 30 ms left a twentieth of the width for the 1.7 ms of all others. */
static void test_a_late_call_does_not_stretch_the_timeline(void **unused)
{
    static const char *const cells[] = {"c1", "c2", "c3", "c4"};
    static const int64_t settle_ns[] = {150000, 1600000, 30000000, 1700000};
    char *trials = trials_of(cells, settle_ns, 4), beyond[256];
    struct qn_tables t;

    (void)unused;
    put_tables(PLAN "c1,buffered,made,cpu,4,2,0.1,,isolated,,0,0,done,\n"
                    "c2,close,made,cpu,4,2,0.1,,isolated,,0,1,done,\n"
                    "c3,drain,made,cpu,4,2,0.1,,isolated,,0,2,done,\n"
                    "c4,cancel,made,cpu,4,2,0.1,,isolated,,0,3,done,\n",
               SUMMARY,
               TIMELINE "c1,0,0,0,0,1000,50000,60000,failed,pictured\n"
                        "c2,0,0,0,0,1000,50000,60000,failed,pictured\n"
                        "c3,0,0,0,0,1000,29000000,29500000,failed,pictured\n"
                        "c4,0,0,0,0,1000,50000,60000,failed,pictured\n",
               trials);
    free(trials);
    assert_int_equal(qn_tables_read(&t, tree.root, NULL), QN_OK);
    assert_int_equal(qn_picture_draw(&qn_timeline_picture, &t, &t.scenes[0]), QN_OK);
    assert_true(fabs(number_of("xhi") - 1700 * 1.03) < 1e-6);
    assert_true(last_bar_us() <= 1700 * 1.03 + 1e-6);
    read_variable("beyond", beyond, sizeof(beyond));
    assert_non_null(strstr(beyond, "continues until 30000 "));
    qn_tables_free(&t);
}

/* A process whose quantum took a hundred times as long as all others. */
static void test_a_held_up_process_does_not_stretch_the_drift(void **unused)
{
    char plan[4096] = PLAN, blocks[2048] = "cell_id,process,order,quantum_ns\n";
    char *trials = trials_of(NULL, NULL, 0);
    struct qn_tables t;

    (void)unused;
    for (int i = 0; i < 20; i++) {
        size_t at = strlen(plan), block_at = strlen(blocks);

        snprintf(plan + at, sizeof(plan) - at, "c1,drain,made,cpu,4,2,0.1,,isolated,,%d,%d,done,\n",
                 i, i);
        snprintf(blocks + block_at, sizeof(blocks) - block_at, "c1,%d,%d,%d\n", i, i,
                 i == 7 ? 25000 : 250);
    }
    put_tables(plan, SUMMARY, TIMELINE, trials);
    tree_put(&tree, "/blocks.csv", blocks);
    free(trials);
    assert_int_equal(qn_tables_read(&t, tree.root, NULL), QN_OK);
    assert_int_equal(qn_picture_draw(&qn_drift_picture, &t, NULL), QN_OK);
    assert_true(number_of("reach0") == 2 && number_of("beyond0") == 1 && number_of("most0") == 100);
    qn_tables_free(&t);
}

static const struct qn_picture *overhead(void)
{
    for (size_t i = 0; i < qn_n_pictures; i++)
        if (qn_pictures[i].metric && strcmp(qn_pictures[i].metric, "overhead") == 0)
            return &qn_pictures[i];
    fail();
    return NULL;
}

/* Overheads of some percent with one interval up to 5,000 %: up to three times the largest is
 * shown. */
static void test_a_wide_interval_does_not_stretch_the_rates(void **unused)
{
    char *trials = trials_of(NULL, NULL, 0);
    struct qn_tables t;

    (void)unused;
    put_tables(PLAN "c1,drain,made,cpu,4,2,0.1,,isolated,,0,0,done,\n"
                    "c2,cancel,made,cpu,4,2,0.1,,isolated,,0,1,done,\n" SECOND_RATE,
               SUMMARY "c1,overhead,ratio,all,60,6,,,,0.01,0.005,0.015,,,,\n"
                       "c2,overhead,ratio,all,60,6,,,,0.02,0.01,50,,,,\n",
               TIMELINE, trials);
    free(trials);
    assert_int_equal(qn_tables_read(&t, tree.root, NULL), QN_OK);
    assert_int_equal(qn_picture_draw(overhead(), &t, &t.scenes[0]), QN_OK);
    assert_true(fabs(number_of("top") - 3 * 2 * 1.05) < 1e-9);
    qn_tables_free(&t);
}

/* Colour, dash and mark of a line that was drawn. */
static void look_of(size_t line, char out[64])
{
    static const char *const parts[] = {"line_colours", "line_dashes", "line_marks"};

    out[0] = '\0';
    for (size_t i = 0; i < QN_ARRAY_LEN(parts); i++) {
        char words[256], *rest = words, *word = NULL;

        read_variable(parts[i], words, sizeof(words));
        for (size_t j = 0; j <= line; j++)
            word = strsep(&rest, " ");
        assert_true(word && word[0]);
        snprintf(out + strlen(out), 64 - strlen(out), "%s ", word);
    }
}

static void draw_overhead(const char *plan, const char *summary)
{
    char *trials = trials_of(NULL, NULL, 0);
    struct qn_tables t;

    put_tables(plan, summary, TIMELINE, trials);
    free(trials);
    assert_int_equal(qn_tables_read(&t, tree.root, NULL), QN_OK);
    assert_int_equal(qn_picture_draw(overhead(), &t, &t.scenes[0]), QN_OK);
    qn_tables_free(&t);
}

/* drain and null looked alike; and lines were styled by their places in the list of strategies. */
static void test_a_strategy_keeps_its_look_in_every_picture(void **unused)
{
    char drain[64], null[64], again[64], other[64];

    (void)unused;
    draw_overhead(PLAN "c1,drain,made,cpu,4,2,0.1,,isolated,,0,0,done,\n"
                       "c2,null,made,cpu,4,2,0.1,,isolated,,0,1,done,\n" SECOND_RATE,
                  SUMMARY "c1,overhead,ratio,all,60,6,,,,0.01,0.005,0.015,,,,\n"
                          "c2,overhead,ratio,all,60,6,,,,0.02,0.01,0.03,,,,\n");
    look_of(0, drain);
    look_of(1, null);
    assert_string_not_equal(drain, null);
    draw_overhead(PLAN "c1,mine,made,cpu,4,2,0.1,,isolated,,0,0,done,\n"
                       "c2,drain,made,cpu,4,2,0.1,,isolated,,0,1,done,\n"
                       "c3,null,made,cpu,4,2,0.1,,isolated,,0,2,done,\n" SECOND_RATE,
                  SUMMARY "c1,overhead,ratio,all,60,6,,,,0.01,0.005,0.015,,,,\n"
                          "c2,overhead,ratio,all,60,6,,,,0.01,0.005,0.015,,,,\n"
                          "c3,overhead,ratio,all,60,6,,,,0.02,0.01,0.03,,,,\n");
    look_of(0, other);
    assert_string_not_equal(other, drain);
    assert_string_not_equal(other, null);
    look_of(1, again);
    assert_string_equal(again, drain);
    look_of(2, again);
    assert_string_equal(again, null);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_worker_skipped_at_no_known_time_has_no_bar),
        cmocka_unit_test(test_a_late_call_does_not_stretch_the_timeline),
        cmocka_unit_test(test_a_held_up_process_does_not_stretch_the_drift),
        cmocka_unit_test(test_a_wide_interval_does_not_stretch_the_rates),
        cmocka_unit_test(test_a_strategy_keeps_its_look_in_every_picture),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
