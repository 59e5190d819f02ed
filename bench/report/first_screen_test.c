/* The first screen of a page: advice, what was measured of it, and which strategies it shows. */
#include <string.h>

#include "bench/folder/tables.h"
#include "bench/report/choice.h"
#include "bench/report/page_bed.h"

#define THREE \
    "c1,buffered,made,cpu,16,2,0.05,,isolated,,0,0,done,\n" \
    "c2,cancel-wait,made,cpu,16,2,0.05,2000,isolated,,0,1,done,\n" \
    "c3,drain,made,cpu,16,2,0.05,,isolated,,0,2,done,\n" \
    "c4,leak,made,cpu,16,2,0.05,,isolated,,0,3,done,\n"
#define SERVICE \
    "{\"workloads\":[{\"name\":\"made\",\"failure_at\":\"end\",\"resources\":[],\"poll_cost_ns\":0," \
    "\"service\":{\"type\":\"exp\",\"parameters\":[100000,0,0],\"scale\":1,\"cap_ns\":100000000}}]}"

/* Trials of c1 … c3 in six processes that waste these. */
static void add_trials(const int wasted[3])
{
    char path[256], cell[8];
    FILE *f;

    snprintf(path, sizeof(path), "%s/trials.csv", dir);
    f = fopen(path, "ae");
    assert_non_null(f);
    for (int p = 0; p < 6; p++)
        for (int c = 0; c < 3; c++) {
            snprintf(cell, sizeof(cell), "c%d", c + 1);
            add_trial(f, cell, p, 0, INT64_C(10) * wasted[c] * (100 + (p + c) % 3));
        }
    assert_int_equal(fclose(f), 0);
}

static void test_the_first_screen_says_what_to_do(void **unused)
{
    static const int differ[] = {850, 2, 850}, same[] = {850, 850, 850};

    (void)unused;
    write_tables(THREE, "c1,wasted,ns,failed,60,6,850000,800000,900000,1,1,1,,,,1\n"
                        "c2,wasted,ns,failed,60,6,2000,1900,2100,1,1,1,,,,1\n"
                        "c1,return_latency,ns,failed,60,6,1,,,20000,19000,21000,,,,1\n"
                        "c2,return_latency,ns,failed,60,6,1,,,70000,60000,80000,,,,1\n"
                        "c1,overhead,ratio,all,60,6,1,,,0.05,0.01,0.1,,,,1\n"
                        "c2,overhead,ratio,all,60,6,1,,,0.06,0.02,0.09,,,,1\n"
                        "c4,wasted,ns,failed,60,6,1000,900,1100,1,1,1,,,,1\n");
    add_trials(differ);
    write_file("manifest.json", SERVICE, "");
    make_page();
    assert_says(
        "<p><strong>Use cancel-wait (canceller=worker)</strong>: the failing worker raises a flag");
    assert_says("<p>How sure: computed, not measured:");
    assert_says(
        "<strong>cancel-wait</strong> (the caller raises, looks every 2us) wastes 2.00 [1.90, 2.10] µs a failed "
        "call, <strong>buffered</strong> 850 [800, 900] µs: 0.2");
    assert_says(
        "% of that. After the failure its caller is back in 70 [60, 80] µs against 20.0 [19.0, 21.0] µs (later). "
        "When nothing fails it costs 6.0 [2.0, 9.0] % against 5.0 [1.0, 10.0] % (no difference shown).");
    write_tables(THREE, "c1,wasted,ns,failed,60,6,850000,800000,900000,1,1,1,,,,1\n"
                        "c2,wasted,ns,failed,60,6,850000,800000,900000,1,1,1,,,,1\n");
    add_trials(same);
    make_page();
    assert_says("850 [800, 900] µs (no difference shown)");
    remove_file("manifest.json");
    make_page();
    assert_says("No advice by computing alone, as the folder doesn't say how long its work takes.");
    assert_says(", which wastes least, wastes");
}

/* The picture shows what is advised, the usual, and of those that waste as much the one that returns last; none that
 * leaks. */
static void test_best_usual_and_worst(void **unused)
{
    struct qn_choice c;
    struct qn_tables t;

    (void)unused;
    write_tables(THREE "c5,close,made,cpu,16,2,0.05,,isolated,,0,4,done,\n",
                 "c1,wasted,ns,failed,60,6,850000,,,1,,,,,,1\n"
                 "c2,wasted,ns,failed,60,6,2000,,,1,,,,,,1\n"
                 "c3,wasted,ns,failed,60,6,850000,,,1,,,,,,1\n"
                 "c4,wasted,ns,failed,60,6,10,,,1,,,,,,1\n"
                 "c5,wasted,ns,failed,60,6,860000,,,1,,,,,,1\n"
                 "c3,return_latency,ns,failed,60,6,1,,,900000,,,,,,1\n"
                 "c4,return_latency,ns,failed,60,6,1,,,990000,,,,,,1\n"
                 "c5,return_latency,ns,failed,60,6,1,,,100000,,,,,,1\n");
    write_file("manifest.json", SERVICE, "");
    assert_int_equal(qn_tables_read(&t, dir, NULL), QN_OK);
    assert_int_equal(qn_choice_of(&t, &t.scenes[0], &c), QN_OK);
    assert_null(c.why_not);
    assert_string_equal(c.advice.strategy, "cancel-wait");
    assert_int_equal(c.best, 1);
    assert_int_equal(c.usual, 0);
    assert_int_equal(c.worst, 2);
    assert_false(c.is_instead);
    qn_tables_free(&t);
    remove_file("manifest.json");
}

/* The table tells strategies apart: what all have alike is a sentence, and those that leak have a table of their own. */
static void test_what_is_the_same_is_a_sentence(void **unused)
{
    const char *table, *lesson, *leak;

    (void)unused;
    write_tables(THREE, "c1,wasted,ns,failed,60,6,850000,800000,900000,400000,300000,500000,,,,1\n"
                        "c2,wasted,ns,failed,60,6,2000,1900,2100,1000,900,1100,,,,1\n"
                        "c3,wasted,ns,failed,60,6,850000,800000,900000,400000,300000,500000,,,,1\n"
                        "c4,wasted,ns,failed,60,6,7000,6000,8000,7000,6000,8000,,,,1\n"
                        "c1,errors_lost,errors,failed,60,6,0,0,0,0,0,0,,,,0\n"
                        "c2,errors_lost,errors,failed,60,6,0,0,0,0,0,0,,,,0\n"
                        "c3,errors_lost,errors,failed,60,6,0,0,0,0,0,0,,,,0\n"
                        "c4,errors_lost,errors,failed,60,6,3,2,4,3,2,4,,,,4\n"
                        "c1,overhead,ratio,all,60,6,1,,,0.05,0.01,0.1,,,,1\n");
    make_page();
    assert_says("<p>The same for all 3: errors lost per call: 0 [0, 0].</p>");
    assert_says(
        "<tr><td>buffered</td><td class=\"n\">850 [800, 900]</td><td class=\"n\">400 [300, 500]</td><td "
        "class=\"n\">5.0 [1.0, 10.0]</td></tr>");
    table = strstr(page, "made-cpu-16x2-policies");
    lesson = strstr(page, "made-cpu-16x2-leaks");
    assert_non_null(table);
    assert_non_null(lesson);
    leak = strstr(table, "<tr><td>leak</td>");
    assert_non_null(leak);
    assert_true(leak > lesson);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_screen_says_what_to_do),
        cmocka_unit_test(test_best_usual_and_worst),
        cmocka_unit_test(test_what_is_the_same_is_a_sentence),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
