/* The page of a results folder made by hand: what its sentences say of figures known beforehand. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/page.h"
#include "bench/tables.h"
#include "tests/cmocka_all.h"

#define PLAN                                                                                       \
    "cell_id,strategy,workload,kind,workers,threads,failure_rate,poll_ns,arrival,policy,process,"  \
    "order,status,reason\n"
#define SUMMARY                                                                                    \
    "cell_id,metric,unit,condition,n,processes,mean,mean_lo,mean_hi,p50,p50_lo,p50_hi,p90,p99,"    \
    "p999,max\n"
#define TIMELINE "cell_id,process,trial,worker,thread,begin_ns,stop_ns,end_ns,outcome\n"
#define CELLS                                                                                      \
    "c1,buffered,made,cpu,4,2,0.1,,isolated,,0,0,done,\n"                                          \
    "c2,drain,made,cpu,4,2,0.1,,isolated,,0,1,done,\n"                                             \
    "c3,buffered,made,cpu,4,2,0.1,,back-to-back,,0,2,done,\n"                                      \
    "c4,drain,made,cpu,4,2,0.1,,back-to-back,,0,3,done,\n"

static char dir[] = "/tmp/quench-page-XXXXXX";
static char *page;

static void write_file(const char *name, const char *head, const char *rows)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    f = fopen(path, "we");
    assert_non_null(f);
    fputs(head, f);
    fputs(rows, f);
    assert_int_equal(fclose(f), 0);
}

static void remove_file(const char *name)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    unlink(path);
}

static int make_folder(void **unused)
{
    (void)unused;
    return mkdtemp(dir) ? 0 : -1;
}

static int remove_folder(void **unused)
{
    static const char *const names[] = {"plan.csv",     "summary.csv", "trials.csv",
                                        "timeline.csv", "blocks.csv",  "index.html"};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(names); i++)
        remove_file(names[i]);
    free(page);
    return rmdir(dir);
}

static void write_tables(const char *cells, const char *summary)
{
    char head[4096] = "cell_id";

    for (int i = 0; i < QN_COL_COUNT; i++) {
        strcat(head, ",");
        strcat(head, qn_trial_columns[i].column);
    }
    strcat(head, "\n");
    write_file("plan.csv", PLAN, cells);
    write_file("summary.csv", SUMMARY, summary);
    write_file("trials.csv", head, "");
    write_file("timeline.csv", TIMELINE, "");
    remove_file("blocks.csv");
}

static void make_page(void)
{
    char path[256];
    struct qn_tables t;
    size_t cap = 0;
    FILE *f;

    assert_int_equal(qn_tables_read(&t, dir), QN_OK);
    assert_int_equal(qn_page_write(&t), QN_OK);
    qn_tables_free(&t);
    snprintf(path, sizeof(path), "%s/index.html", dir);
    f = fopen(path, "re");
    assert_non_null(f);
    free(page);
    page = NULL;
    assert_true(getdelim(&page, &cap, '\0', f) > 0);
    fclose(f);
}

static void assert_says(const char *text)
{
    if (!strstr(page, text))
        print_message("not on the page: %s\n", text);
    assert_non_null(strstr(page, text));
}

static void test_a_turn_is_told_with_its_figures(void **unused)
{
    (void)unused;
    write_tables(CELLS, "c1,return_at,ns,all,60,6,1,,,100000,90000,110000,,,,1\n"
                        "c2,return_at,ns,all,60,6,1,,,200000,190000,210000,,,,1\n"
                        "c3,return_at,ns,all,60,6,1,,,400000,380000,420000,,,,1\n"
                        "c4,return_at,ns,all,60,6,1,,,300000,290000,310000,,,,1\n"
                        "c1,error_seen,ns,failed,60,6,1,,,100000,90000,110000,,,,1\n"
                        "c2,error_seen,ns,failed,60,6,1,,,200000,190000,210000,,,,1\n"
                        "c3,error_seen,ns,failed,60,6,1,,,400000,300000,420000,,,,1\n"
                        "c4,error_seen,ns,failed,60,6,1,,,300000,290000,310000,,,,1\n"
                        "c3,goodput,calls_per_s,all,60,6,,,,1000,990,1010,,,,1\n"
                        "c4,goodput,calls_per_s,all,60,6,,,,2000,1990,2010,,,,1\n");
    make_page();
    assert_says(
        "Isolated, the median return_at of buffered is lower than that of drain (100 [90.0, "
        "110] µs against 200 [190, 210] µs); back-to-back its return_at is higher (400 [380, "
        "420] µs against 300 [290, 310] µs).");
    assert_says("error_seen isolated, error_seen back-to-back, of 2 strategies: no turn shown.");
    assert_says("back-to-back its goodput is lower (1000 [990, 1010] calls/s against 2000 [1990, "
                "2010] calls/s).");
}

/* A pool that dies leaves the calls that went well. */
static void test_a_leaking_strategy_is_no_winner(void **unused)
{
    (void)unused;
    write_tables("c1,close,made,cpu,4,2,0.1,,isolated,,0,0,done,\n"
                 "c2,leak,made,cpu,4,2,0.1,,isolated,,0,1,done,\n"
                 "c3,close,made,cpu,4,2,0.1,,back-to-back,,0,2,done,\n"
                 "c4,leak,made,cpu,4,2,0.1,,back-to-back,,0,3,done,\n",
                 "c1,return_at,ns,all,60,6,1,,,100000,90000,110000,,,,1\n"
                 "c2,return_at,ns,all,60,6,1,,,200000,190000,210000,,,,1\n"
                 "c3,return_at,ns,all,60,6,1,,,400000,380000,420000,,,,1\n"
                 "c4,return_at,ns,all,60,6,1,,,300000,290000,310000,,,,1\n");
    make_page();
    assert_says(
        "against 300 [290, 310] µs). Back-to-back, the figures of leak are of the calls before "
        "its pool was dead");
    assert_null(strstr(page, "the figures of close"));
}

static void test_no_turn_without_a_second_arrival(void **unused)
{
    (void)unused;
    write_tables("c1,buffered,made,cpu,4,2,0.1,,isolated,,0,0,done,\n",
                 "c1,return_at,ns,all,60,6,1,,,100000,90000,110000,,,,1\n");
    make_page();
    assert_null(strstr(page, "turn shown"));
    assert_null(strstr(page, "Isolated against"));
}

/* Groups are told apart by arrival, and by the rate of it. */
static void test_arrivals_are_groups(void **unused)
{
    struct qn_tables t;

    (void)unused;
    write_tables(CELLS "c5,drain,made,cpu,4,2,0.1,,poisson:50,,0,4,done,\n"
                       "c6,drain,made,cpu,4,2,0.1,,poisson:75,,0,5,done,\n",
                 "");
    assert_int_equal(qn_tables_read(&t, dir), QN_OK);
    assert_int_equal(t.n_groups, 4);
    assert_string_equal(t.groups[0].slug, "made-cpu-4x2");
    assert_string_equal(t.groups[3].slug, "made-cpu-4x2-poisson-75");
    assert_string_equal(t.groups[3].title, "made: 4 workers (cpu) on 2 threads, poisson:75");
    assert_ptr_equal(qn_tables_twin(&t, &t.groups[0], QN_ARRIVAL_BACK_TO_BACK), &t.groups[1]);
    qn_tables_free(&t);
    write_tables("c1,drain,made,cpu,4,2,0.1,,sometimes,,0,0,done,\n", "");
    assert_int_equal(qn_tables_read(&t, dir), QN_EINVAL);
}

static void test_open_loop(void **unused)
{
    (void)unused;
    write_tables("c1,drain,made,cpu,4,2,0.1,,poisson:50,,0,0,done,\n",
                 "c1,return_at,ns,all,60,6,1,,,100000,90000,110000,,,,1\n"
                 "c1,response_time,ns,all,60,6,1,,,500000,400000,600000,,,,1\n");
    make_page();
    assert_says("<td class=\"n\">100 [90.0, 110]</td><td class=\"n\">500 [400, 600]</td>");
}

static void test_theory_beside_measurement(void **unused)
{
    (void)unused;
    write_tables(CELLS, "c1,wasted,ns,failed,60,6,110000,105000,115000,1,1,1,,,,1\n"
                        "c1,theory_wasted,ns,failed,60,0,100000,,,,,,,,,\n"
                        "c2,wasted,ns,failed,60,6,110000,80000,130000,1,1,1,,,,1\n"
                        "c2,theory_wasted,ns,failed,60,0,100000,,,,,,,,,\n");
    make_page();
    assert_says("Of 2 means that have a closed form and an interval, 1 part from it");
    assert_says(
        "<tr><td>buffered</td><td>0.1</td><td>wasted</td><td class=\"n\">110 [105, 115]</td>"
        "<td class=\"n\">100</td><td class=\"n\">10.0 [5.00, 15.0]</td><td>10.0 % more</td>");
    assert_says("<td class=\"n\">10.0 [-20.0, 30.0]</td><td>no difference shown</td>");
}

/* Columns that a table of blocks lacks are no fault of it; marked ones are told, not dropped. */
static void test_blocks(void **unused)
{
    (void)unused;
    write_tables(CELLS, "");
    write_file("blocks.csv", "cell_id,process,order,quantum_ns\n", "c1,0,0,251\nc2,0,1,250\n");
    make_page();
    assert_says("Drift over the run");
    assert_null(strstr(page, "beyond a stated limit"));
    write_file("blocks.csv", "cell_id,process,order,quantum_ns,began_s,mark\n",
               "c1,0,0,251,0.1,\nc2,0,1,250,0.2,steal; <fault>\n");
    make_page();
    assert_says("1 of 2 processes lie beyond a stated limit");
    assert_says("steal; &lt;fault&gt;");
}

#define SCHEMES                                                                                    \
    "c1,buffered,default,cpu,4,2,0.1,,isolated,,0,0,done,\n"                                       \
    "c2,close,default,cpu,4,2,0.1,,isolated,,0,1,done,\n"                                          \
    "c3,cancel,default,cpu,4,2,0.1,2000,isolated,,0,2,done,\n"

/* What an answer says is chosen by the intervals: the same claim, three ways. */
static void test_answers_follow_the_intervals(void **unused)
{
    (void)unused;
    write_tables(SCHEMES, "c1,wasted,ns,failed,60,6,100000,95000,105000,1,1,1,,,,1\n"
                          "c2,wasted,ns,failed,60,6,101000,96000,106000,1,1,1,,,,1\n"
                          "c3,wasted,ns,failed,60,6,2000,1000,3000,1,1,1,,,,1\n");
    make_page();
    assert_says("The article's questions, by this run");
    assert_says("wasted of close: 101 [96.0, 106] µs; of buffered: 100 [95.0, 105] µs (mean, "
                "failed, on default). <strong>Closing a channel stops no computation");
    assert_says("<strong>A token that the work polls is what stops it.");
    write_tables(SCHEMES, "c1,wasted,ns,failed,60,6,100000,95000,105000,1,1,1,,,,1\n"
                          "c2,wasted,ns,failed,60,6,2000,1000,3000,1,1,1,,,,1\n"
                          "c3,wasted,ns,failed,60,6,50000,45000,55000,1,1,1,,,,1\n");
    make_page();
    assert_says("<strong>Closing a channel saved work.");
    assert_says("<strong>Here the token wasted more.");
    assert_null(strstr(page, "stops no computation"));
    /* Without an interval nothing is higher. */
    write_tables(SCHEMES, "c2,wasted,ns,failed,60,2,9000,,,1,,,,,,1\n"
                          "c3,wasted,ns,failed,60,2,2000,,,1,,,,,,1\n");
    make_page();
    assert_says("<strong>No difference shown between closing and a token.");
}

static void test_no_answer_without_its_figures(void **unused)
{
    (void)unused;
    write_tables(CELLS, "c1,wasted,ns,failed,60,6,100000,95000,105000,1,1,1,,,,1\n");
    make_page();
    assert_null(strstr(page, "by this run"));
}

/* A claim against a bound, and a row of the table of policies. */
static void test_policies(void **unused)
{
    (void)unused;
    write_tables("c1,cancel-wait,masking,wait,8,8,1,2000,isolated,,0,0,done,\n"
                 "c2,cancel-wait,masking,wait,8,8,1,2000,isolated,cancelled_reports=error;"
                 "record_order=cancel-then-record,0,1,done,\n",
                 "c1,errors_masked,share,failed,60,6,0,0,0,0,0,0,,,,0\n"
                 "c2,errors_masked,share,failed,60,6,0.5,0.4,0.6,1,0,1,,,,1\n");
    make_page();
    assert_says("errors_masked of cancel-wait (cancelled_reports=error;record_order="
                "cancel-then-record): 0.500 [0.400, 0.600] (mean, failed, on masking). "
                "<strong>In this share of near-ties the caller is told");
    assert_says("Side by side: what comes back, and what it costs");
    assert_says("<th class=\"n\">masked, share</th></tr>");
    assert_says("</td><td class=\"n\">0.500 [0.400, 0.600]</td></tr>");
    assert_says("</td><td class=\"n\">0 [0, 0]</td></tr>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_turn_is_told_with_its_figures),
        cmocka_unit_test(test_a_leaking_strategy_is_no_winner),
        cmocka_unit_test(test_no_turn_without_a_second_arrival),
        cmocka_unit_test(test_arrivals_are_groups),
        cmocka_unit_test(test_open_loop),
        cmocka_unit_test(test_theory_beside_measurement),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_answers_follow_the_intervals),
        cmocka_unit_test(test_no_answer_without_its_figures),
        cmocka_unit_test(test_policies),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
