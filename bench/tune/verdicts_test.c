/* When something is recommended, when provisionally, and what is said if nothing is. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/tune/search/verdict.h"
#include "bench/tune/tune_bed.h"
#include "tests/cmocka_all.h"

/* If a process of every candidate failed, or of the floor, the search ends, and the reason given is
 * neither time nor a bound. */
static void test_where_all_fail_it_ends_and_says_so(void **unused)
{
    char *argv[] = {"tune",   "--strategies", "cancel-wait,drain", "--policy", "cancel-wait:",
                    "--poll", "2us",          "--max-overhead",    "10",       NULL};
    struct tune_bed b;
    char *text;

    (void)unused;
    tune_begin(&b, 7, argv);
    for (size_t i = 0; i < b.tune.candidates.n; i++)
        b.controller.process_failed(b.controller.user,
                                    b.tune.candidates.list[i].cells[b.tune.candidates.rate]);
    text = tune_run_timed(&b, &polling_machine, QN_NS_PER_MS);
    assert_int_equal(b.tune.choice, SIZE_MAX);
    assert_int_equal(qn_tune_verdict_of(&b.tune), QN_TUNE_ALL_FAILED);
    assert_non_null(strstr(text, "Nothing to recommend: a process of every candidate failed"));
    free(text);
    tune_end(&b);

    tune_begin(&b, 9, argv);
    b.controller.process_failed(
        b.controller.user, b.tune.candidates.floors[0].cells[b.tune.candidates.without_failure]);
    text = tune_run_timed(&b, &polling_machine, QN_NS_PER_MS);
    assert_int_equal(qn_tune_verdict_of(&b.tune), QN_TUNE_ALL_FAILED);
    assert_non_null(strstr(text, "Nothing to recommend: a process of null failed"));
    free(text);
    tune_end(&b);
}

/* One call in 600 fails at this rate: nothing is judged, and the text says what is needed. */
static void test_too_few_failures_recommend_nothing(void **unused)
{
    char *argv[] = {
        "tune", "--failure-rates", "0.0001", "--strategies", "cancel-wait,drain", "--race-only",
        NULL};
    struct tune_bed b;
    char *text;

    (void)unused;
    tune_begin(&b, 6, argv);
    text = tune_run_timed(&b, &polling_machine, 300 * QN_NS_PER_MS);
    assert_int_equal(qn_tune_verdict_of(&b.tune), QN_TUNE_TOO_FEW);
    assert_false(qn_tune_is_answer(qn_tune_verdict_of(&b.tune)));
    assert_says(text, "Nothing to recommend: of a candidate's ");
    assert_says(text, "Needed: 20 failed calls of each, so some ");
    assert_says(text, " That takes about ");
    assert_says(text, " at 300 ms each so far.");
    assert_false(strstr(text, "Recommended:") || strstr(text, "Provisionally:"));
    for (size_t i = 0; i < b.tune.candidates.n; i++)
        assert_true(qn_tune_outcome_of(&b.tune, i) != QN_TUNE_RECOMMENDED &&
                    qn_tune_outcome_of(&b.tune, i) != QN_TUNE_PROVISIONAL);
    free(text);
    tune_end(&b);
}

/* If only calls without failure matter, none has to fail. */
static void test_overhead_needs_no_failures(void **unused)
{
    char *argv[] = {"tune",         "--failure-rates",   "0.0001",      "--objective", "overhead",
                    "--strategies", "cancel-wait,drain", "--race-only", NULL};
    struct tune_bed b;

    (void)unused;
    tune_begin(&b, 8, argv);
    tune_run(&b, &polling_machine);
    assert_true(qn_tune_is_answer(qn_tune_verdict_of(&b.tune)));
    tune_end(&b);
}

/* Four processes, and the time is used up: the text says so, and not that no policy keeps the
 * bound, which none of those measured has broken. */
static void test_no_time_is_no_verdict(void **unused)
{
    char *argv[] = {"tune", "--slo", "detection_p50<=1us", "--time-budget", "60s", NULL};
    struct tune_bed b;
    char *text, wanted[64];

    (void)unused;
    tune_begin(&b, 5, argv);
    text = tune_run_timed(&b, &polling_machine, 15 * QN_NS_PER_S);
    assert_int_equal(b.n_measured, 4);
    assert_says(text, "after 1 process");
    assert_null(strstr(text, "after 1 processes"));
    assert_int_equal(qn_tune_verdict_of(&b.tune), QN_TUNE_NO_TIME);
    assert_says(text, "the time ran out before anything could be judged");
    snprintf(wanted, sizeof(wanted), "4 of %zu candidates were measured; the first",
             b.tune.race.n_runners);
    assert_says(text, wanted);
    snprintf(wanted, sizeof(wanted), "%zu processes, at 15.0 s each so far",
             5 * b.tune.race.n_runners);
    assert_says(text, wanted);
    assert_false(strstr(text, "No policy keeps"));
    free(text);
    tune_end(&b);
}

static double waste_at_random(const struct qn_cell *cell)
{
    (void)cell;
    return 1000000;
}

/* An undecided answer is provisional, not recommended, and the text asks for more time only if it
 * was used up. */
static void test_undecided_is_provisional(void **unused)
{
    char *argv[] = {"tune",   "--slo", "wasted_mean<=700us", "--strategies", "close,drain",
                    "--band", "0",     "--policy",           "close:",       "--race-only",
                    NULL};
    const struct made_machine machine = {waste_at_random, costs_nothing, NULL, NULL, NULL};
    struct tune_bed b;
    char *text;

    (void)unused;
    tune_begin(&b, 10, argv);
    text = tune_run_timed(&b, &machine, 4 * QN_NS_PER_S);
    assert_true(qn_tune_verdict_of(&b.tune) == QN_TUNE_CUT_SHORT ||
                qn_tune_verdict_of(&b.tune) == QN_TUNE_LIKELY);
    assert_says(text, "Provisionally: ");
    assert_false(strstr(text, "Recommended: "));
    assert_says(text, "a longer --time-budget would decide");
    assert_int_equal(qn_tune_outcome_of(&b.tune, b.tune.choice), QN_TUNE_PROVISIONAL);
    b.tune.now_ns /= 2; /* as if half of it were left */
    free(text);
    text = tune_run_timed(&b, &machine, 0);
    assert_false(strstr(text, "a longer --time-budget"));
    free(text);
    tune_end(&b);
}

/* By their figures none keeps the bound, but that is shown for none: the text says so. */
static void test_what_is_not_shown_is_not_said(void **unused)
{
    char *argv[] = {"tune",         "--slo",       "wasted_mean<=620us",
                    "--strategies", "close,drain", "--policy",
                    "close:",       "--race-only", NULL};
    const struct made_machine machine = {waste_at_random, costs_nothing, NULL, NULL, NULL};
    struct tune_bed b;
    char *text;

    (void)unused;
    tune_begin(&b, 8, argv);
    text = tune_run_timed(&b, &machine, 4 * QN_NS_PER_S);
    assert_int_equal(qn_tune_verdict_of(&b.tune), QN_TUNE_NONE);
    assert_says(
        text, "Nothing to recommend: no policy's figures keep every bound, but 2 are not shown to "
              "break one.");
    assert_false(strstr(text, "No policy keeps"));
    free(text);
    tune_end(&b);
}

/* A race undecided after half the time gets what the sweeps leave. */
static void test_an_undecided_race_gets_the_rest_of_the_time(void **unused)
{
    char *argv[] = {"tune",     "--strategies", "close,drain", "--slo", "wasted_mean<=620us",
                    "--policy", "close:",       NULL};
    const struct made_machine machine = {waste_at_random, costs_nothing, NULL, NULL, NULL};
    struct tune_bed b;
    char *text;

    (void)unused;
    tune_begin(&b, 7, argv);
    text = tune_run_timed(&b, &machine, 500 * QN_NS_PER_MS);
    assert_true(b.tune.has_all_time);
    assert_true(b.tune.race.is_over || qn_tune_spent(&b.tune) >= 0.95);
    free(text);
    tune_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_where_all_fail_it_ends_and_says_so),
        cmocka_unit_test(test_too_few_failures_recommend_nothing),
        cmocka_unit_test(test_overhead_needs_no_failures),
        cmocka_unit_test(test_no_time_is_no_verdict),
        cmocka_unit_test(test_undecided_is_provisional),
        cmocka_unit_test(test_what_is_not_shown_is_not_said),
        cmocka_unit_test(test_an_undecided_race_gets_the_rest_of_the_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
