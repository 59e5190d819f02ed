/* The page of a results folder made by hand: its sentences about known figures. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/folder/tables.h"
#include "bench/report/page_bed.h"
#include "bench/report/picture/call.h"
#include "bench/report/picture/list.h"
#include "bench/report/sentences.h"

#define CELLS \
    "c1,buffered,made,cpu,4,2,0.1,,isolated,,0,0,done,\n" \
    "c2,drain,made,cpu,4,2,0.1,,isolated,,0,1,done,\n" \
    "c3,buffered,made,cpu,4,2,0.1,,back-to-back,,0,2,done,\n" \
    "c4,drain,made,cpu,4,2,0.1,,back-to-back,,0,3,done,\n"

static void test_a_reversal_is_told_with_its_figures(void **unused)
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
        "Isolated, the median return_at of buffered is lower than that of drain (100 [90, "
        "110] µs against 200 [190, 210] µs); back-to-back its return_at is higher (400 [380, "
        "420] µs against 300 [290, 310] µs).");
    assert_says(
        "error_seen isolated against error_seen back-to-back, 2 strategies: no reversal shown.");
    assert_says("back-to-back its goodput is lower (1000 [990, 1010] calls/s against 2000 [1990, "
                "2010] calls/s).");
}

/* If a pool dies, the calls that went well remain. */
static void test_a_leaking_strategy_is_no_winner(void **unused)
{
    (void)unused;
    write_tables("c1,close,made,cpu,4,2,0.1,,isolated,,0,0,done,\n"
                 "c2,leak,made,cpu,4,2,0.1,,isolated,,0,1,done,\n"
                 "c3,close,made,cpu,4,2,0.1,,back-to-back,,0,2,done,\n"
                 "c4,leak,made,cpu,4,2,0.1,,back-to-back,,0,3,done,\n"
                 "c5,leak,made,cpu,4,2,0.1,,isolated,after_error=yield,0,4,done,\n",
                 "c1,return_at,ns,all,60,6,1,,,100000,90000,110000,,,,1\n"
                 "c2,return_at,ns,all,60,6,1,,,200000,190000,210000,,,,1\n"
                 "c3,return_at,ns,all,60,6,1,,,400000,380000,420000,,,,1\n"
                 "c4,return_at,ns,all,60,6,1,,,300000,290000,310000,,,,1\n");
    make_page();
    assert_says(
        "against 300 [290, 310] µs). Back-to-back, the figures of leak cover only the calls "
        "before its pool was dead");
    assert_null(strstr(page, "the figures of close"));
    assert_null(strstr(page, "<code>leak</code>, <code>leak</code>")); /* of two policies */
}

static void test_no_turn_without_a_second_arrival(void **unused)
{
    (void)unused;
    write_tables("c1,buffered,made,cpu,4,2,0.1,,isolated,,0,0,done,\n",
                 "c1,return_at,ns,all,60,6,1,,,100000,90000,110000,,,,1\n");
    make_page();
    assert_null(strstr(page, "reversal shown"));
    assert_null(strstr(page, "Isolated against"));
}

/* Scenes differ by arrival and by its rate. */
static void test_arrivals_are_scenes(void **unused)
{
    struct qn_tables t;

    (void)unused;
    write_tables(CELLS "c5,drain,made,cpu,4,2,0.1,,poisson:50,,0,4,done,\n"
                       "c6,drain,made,cpu,4,2,0.1,,poisson:75,,0,5,done,\n",
                 "");
    assert_int_equal(qn_tables_read(&t, dir, NULL), QN_OK);
    assert_int_equal(t.n_scenes, 4);
    assert_string_equal(t.scenes[0].slug, "made-cpu-4x2");
    assert_string_equal(t.scenes[3].slug, "made-cpu-4x2-poisson-75");
    assert_string_equal(t.scenes[3].title, "made: 4 workers (cpu) on 2 threads, poisson:75");
    assert_ptr_equal(qn_tables_twin(&t, &t.scenes[0], QN_ARRIVAL_BACK_TO_BACK), &t.scenes[1]);
    qn_tables_free(&t);
    write_tables("c1,drain,made,cpu,4,2,0.1,,sometimes,,0,0,done,\n", "");
    assert_int_equal(qn_tables_read(&t, dir, NULL), QN_EINVAL);
}

static void test_open_loop(void **unused)
{
    (void)unused;
    write_tables("c1,drain,made,cpu,4,2,0.1,,poisson:50,,0,0,done,\n",
                 "c1,return_at,ns,all,60,6,1,,,100000,90000,110000,,,,1\n"
                 "c1,response_time,ns,all,60,6,1,,,500000,400000,600000,,,,1\n");
    make_page();
    assert_says("<td class=\"n\">100 [90, 110]</td><td class=\"n\">500 [400, 600]</td>");
}

static void test_theory_beside_measurement(void **unused)
{
    (void)unused;
    write_tables(CELLS, "c1,wasted,ns,failed,60,6,110000,105000,115000,1,1,1,,,,1\n"
                        "c1,theory_wasted,ns,failed,60,0,100000,,,,,,,,,\n"
                        "c2,wasted,ns,failed,60,6,110000,80000,130000,1,1,1,,,,1\n"
                        "c2,theory_wasted,ns,failed,60,0,100000,,,,,,,,,\n");
    make_page();
    assert_says("Of 2 means that have a closed form and an interval, 1 differs from it by more");
    assert_says(
        "<tr><td>buffered</td><td>0.1</td><td>wasted</td><td class=\"n\">110 [105, 115]</td>"
        "<td class=\"n\">100</td><td class=\"n\">10 [5, 15]</td><td>10 % more</td>");
    assert_says("<td class=\"n\">10 [-20, 30]</td><td>no difference shown</td>");
}

/* A table of blocks may lack columns; marked blocks are listed, not dropped. */
static void test_blocks(void **unused)
{
    (void)unused;
    write_tables(CELLS, "");
    write_file("blocks.csv", "cell_id,process,order,quantum_ns\n", "c1,0,0,251\nc2,0,1,250\n");
    make_page();
    assert_says("Drift over the run");
    assert_null(strstr(page, "a stated limit"));
    write_file("blocks.csv", "cell_id,process,order,quantum_ns,began_s,mark\n",
               "c1,0,0,251,0.1,\nc2,0,1,250,0.2,steal; <fault>\n");
    make_page();
    assert_says("1 of 2 processes exceeds a stated limit");
    assert_says("steal; &lt;fault&gt;");
}

#define SCHEMES \
    "c1,buffered,default,cpu,4,2,0.1,,isolated,,0,0,done,\n" \
    "c2,close,default,cpu,4,2,0.1,,isolated,,0,1,done,\n" \
    "c3,cancel,default,cpu,4,2,0.1,2000,isolated,,0,2,done,\n"

/* The intervals choose what an answer says: the same claim, three ways. */
static void test_answers_follow_the_intervals(void **unused)
{
    (void)unused;
    write_tables(SCHEMES, "c1,wasted,ns,failed,60,6,100000,95000,105000,1,1,1,,,,1\n"
                          "c2,wasted,ns,failed,60,6,101000,96000,106000,1,1,1,,,,1\n"
                          "c3,wasted,ns,failed,60,6,2000,1000,3000,1,1,1,,,,1\n");
    make_page();
    assert_says("The article's questions, by this run");
    assert_says("wasted of close: 101 [96, 106] µs; of buffered: 100 [95, 105] µs (mean, "
                "failed, on default). <strong>Closing a channel stops no computation");
    assert_says("<strong>Only a token that the work polls stops it.");
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
    assert_says("<strong>No difference shown between closing and raising a token.");
}

static void test_no_answer_without_its_figures(void **unused)
{
    (void)unused;
    write_tables(CELLS, "c1,wasted,ns,failed,60,6,100000,95000,105000,1,1,1,,,,1\n");
    make_page();
    assert_null(strstr(page, "by this run"));
}

/* A claim about a bound, and a row of the table of policies. */
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
                "cancel-then-record): 0.50 [0.40, 0.60] (mean, failed, on masking). "
                "<strong>In this share of near-ties the caller gets");
    assert_says("Side by side: what each returns, and what it costs");
    assert_says("\">masked, share</abbr></th></tr>");
    assert_says("</td><td class=\"n\">0.50 [0.40, 0.60]</td></tr>");
    assert_says("</td><td class=\"n\">0 [0, 0]</td></tr>");
}

/* The picture of that name. */
static const struct qn_picture *picture(const char *name)
{
    for (size_t i = 0; i < qn_n_pictures; i++)
        if (strcmp(qn_pictures[i].name, name) == 0)
            return &qn_pictures[i];
    fail_msg("no picture %s", name);
    return NULL;
}

/* The sentences about leaked workers, or about the trade-off, in the folder's first scene. */
static void say(bool of_leaks, char *out, size_t bytes)
{
    struct qn_tables t;
    FILE *f = fmemopen(out, bytes, "we");

    assert_non_null(f);
    assert_int_equal(qn_tables_read(&t, dir, NULL), QN_OK);
    if (of_leaks)
        qn_say_extremes(&t, &t.scenes[0], picture("leaked-workers"), f);
    else
        qn_say_trade_off(&t, &t.scenes[0], picture("front-error-seen"), f);
    qn_tables_free(&t);
    assert_int_equal(fclose(f), 0);
}

/* The page said "leak is lowest … and leak highest" of a single strategy, and of several equal
 * ones. */
static void test_lowest_and_highest_are_two(void **unused)
{
    char text[1024];

    (void)unused;
    write_tables("c1,leak,made,cpu,4,2,0.1,,isolated,,0,0,done,\n",
                 "c1,leaked_workers,workers,failed,60,6,2,1.5,2.5,2,1,3,,,,4\n");
    say(true, text, sizeof(text));
    assert_string_equal(
        text,
        "At a failure rate of 0.1, only leak has a figure, a mean of 2.0 [1.5, 2.5] workers.");
    write_tables(CELLS, "c1,leaked_workers,workers,failed,60,6,0,0,0,0,0,0,,,,0\n"
                        "c2,leaked_workers,workers,failed,60,6,0,0,0,0,0,0,,,,0\n");
    say(true, text, sizeof(text));
    assert_string_equal(
        text,
        "At a failure rate of 0.1, all 2 strategies have the same, a mean of 0 [0, 0] workers.");
    write_tables(CELLS "c5,leak,made,cpu,4,2,0.1,,isolated,,0,4,done,\n",
                 "c1,leaked_workers,workers,failed,60,6,0,0,0,0,0,0,,,,0\n"
                 "c2,leaked_workers,workers,failed,60,6,0,0,0,0,0,0,,,,0\n"
                 "c5,leaked_workers,workers,failed,60,6,2,1.5,2.5,2,1,3,,,,4\n");
    say(true, text, sizeof(text));
    assert_non_null(strstr(text, "of 3 strategies, "));
    assert_non_null(
        strstr(text, " and 1 other are lowest with a mean of 0 [0, 0] workers and leak highest"));
}

/* The page said "Of the other 1 no difference is shown." */
static void test_one_other_is_singular(void **unused)
{
    char text[2048];

    (void)unused;
    write_tables(CELLS, "c1,error_seen,ns,failed,60,6,1,,,100000,90000,110000,,,,1\n"
                        "c2,error_seen,ns,failed,60,6,1,,,101000,91000,111000,,,,1\n"
                        "c1,wasted,ns,failed,60,6,100000,90000,110000,1,1,1,,,,1\n"
                        "c2,wasted,ns,failed,60,6,101000,91000,111000,1,1,1,,,,1\n");
    say(false, text, sizeof(text));
    assert_non_null(strstr(text, " For 1 other no difference on both axes is shown."));
}

/* The box compared five strategies by name and left out the run's others. */
static void test_ratios_are_of_every_strategy_of_the_run(void **unused)
{
    static const char *const names[] = {"limited", "cancel-grace", "mine", "leak", "null"};
    char path[256], last[64];
    const char *at;
    FILE *f;

    (void)unused;
    write_tables("c1,drain,made,cpu,4,2,0.1,,isolated,,0,0,done,\n"
                 "c2,null,made,cpu,4,2,0.1,,isolated,,0,1,done,\n"
                 "c3,leak,made,cpu,4,2,0.1,,isolated,,0,2,done,\n"
                 "c4,mine,made,cpu,4,2,0.1,,isolated,,0,3,done,\n"
                 "c5,cancel-grace,made,cpu,4,2,0.1,,isolated,,0,4,done,\n"
                 "c6,limited,made,cpu,4,2,0.1,,isolated,,0,5,done,\n",
                 "");
    snprintf(path, sizeof(path), "%s/trials.csv", dir);
    f = fopen(path, "ae");
    assert_non_null(f);
    for (int p = 0; p < 6; p++)
        for (int c = 1; c <= 6; c++) {
            static const int wasted[] = {100, 99, 10, 80, 60, 20}; /* of c1 … c6 */

            snprintf(last, sizeof(last), "c%d", c);
            add_trial(f, last, p, 0, INT64_C(1) * wasted[c - 1] * (1000 + p));
        }
    assert_int_equal(fclose(f), 0);
    make_page();
    assert_says("Mean wasted work as a ratio to drain");
    assert_says("failure rate 0.1:<br>6 failed calls</th>");
    at = strstr(page, "<th>strategy</th><th class=\"n\">failure rate");
    assert_non_null(at);
    for (size_t i = 0; i < QN_ARRAY_LEN(names);
         i++) { /* least waste first; then those that are not candidates */
        snprintf(last, sizeof(last), "<tr><td>%s", names[i]);
        at = strstr(at, last);
        if (!at)
            print_message("not in its place: %s\n", names[i]);
        assert_non_null(at);
    }
}

/* A table that did not fit gave no sign of it. */
static void test_figures_of_the_run_are_rounded_and_counts_are_not(void **unused)
{
    (void)unused;
    write_tables(CELLS, "");
    write_file(
        "manifest.json",
        "{\"clock\":{\"read_ns\":23.456789,\"offset_ns\":-0.0004567},\"quantum\":{\"measured_ns\":251.23456},",
        "\"run\":{\"seed\":12345678901234,\"trials\":200}}");
    make_page();
    remove_file("manifest.json");
    assert_says("<td>23.5</td>");
    assert_says("<td>251</td>");
    assert_says("<td>-0.00046</td>");
    assert_says("<td>12345678901234</td>");
    assert_says("<td>200</td>");
}

/* The page listed what was pending, but not that the run can be resumed. */
static void test_what_is_pending_can_be_gone_on_with(void **unused)
{
    (void)unused;
    write_tables(CELLS "c1,buffered,made,cpu,4,2,0.1,,isolated,,1,4,pending,\n", "");
    write_file("manifest.json", "{\"run\":{\"words\":[\"run\",\"--seed\",\"7\"]}}", "");
    make_page();
    assert_says("<p>1 process is pending. To resume the run: <code>");
    assert_says(" run --resume --out /tmp/quench-page-");
    write_tables(CELLS, "");
    make_page();
    remove_file("manifest.json");
    assert_null(strstr(page, "--resume"));
}

static void test_tables_show_that_they_scroll(void **unused)
{
    (void)unused;
    write_tables(CELLS, "");
    make_page();
    assert_says(".scroll{overflow-x:auto;background:");
    assert_says("var(--shade)");
    assert_says("content:'scrolls sideways \\2192'");
    assert_says(".scroll td:first-child,.scroll th:first-child{position:sticky");
    for (const char *at = page; (at = strstr(at, "<table>")); at++)
        assert_non_null(strstr(at - 80, "class=\"scroll\""));
}

/* One call that was preempted for 30 ms squeezed the 1.7 ms of all others into a twentieth of the
 * width. */
static void test_one_late_call_squeezes_no_axis(void **unused)
{
    double one_late[] = {150, 30000, 1700, 1600}, all_late[] = {5000, 5100, 4900},
           is_long[] = {150, 160, 170, 1700}, alone[] = {7};

    (void)unused;
    assert_true(qn_call_axis_end(one_late, 4, 1000) == 1700);
    assert_true(qn_call_axis_end(all_late, 3, 1000) == 5100);
    assert_true(qn_call_axis_end(is_long, 4, 1000) == 1700); /* the planned work explains it */
    assert_true(qn_call_axis_end(alone, 1, 1) == 7);
    assert_true(qn_call_axis_end(NULL, 0, 1) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_reversal_is_told_with_its_figures),
        cmocka_unit_test(test_a_leaking_strategy_is_no_winner),
        cmocka_unit_test(test_no_turn_without_a_second_arrival),
        cmocka_unit_test(test_arrivals_are_scenes),
        cmocka_unit_test(test_open_loop),
        cmocka_unit_test(test_theory_beside_measurement),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_answers_follow_the_intervals),
        cmocka_unit_test(test_no_answer_without_its_figures),
        cmocka_unit_test(test_policies),
        cmocka_unit_test(test_lowest_and_highest_are_two),
        cmocka_unit_test(test_one_other_is_singular),
        cmocka_unit_test(test_ratios_are_of_every_strategy_of_the_run),
        cmocka_unit_test(test_figures_of_the_run_are_rounded_and_counts_are_not),
        cmocka_unit_test(test_what_is_pending_can_be_gone_on_with),
        cmocka_unit_test(test_tables_show_that_they_scroll),
        cmocka_unit_test(test_one_late_call_squeezes_no_axis),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
