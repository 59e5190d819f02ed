/* The text about a choice, and its settings and code. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/machine/crowding.h"
#include "bench/tune/answer/text.h"
#include "bench/tune/answer/text_rates.h"
#include "bench/tune/tune_bed.h"
#include "tests/cmocka_all.h"

static double floor_returns_late(const struct qn_cell *cell)
{
    return strcmp(cell->strategy, "null") == 0 ? 1000000 : 800000;
}

static size_t count(const char *text, const char *words)
{
    size_t n = 0;

    for (; (text = strstr(text, words)); text++)
        n++;
    return n;
}

/* Overhead is printed once, with an explanation if it is below 0. */
static void test_overhead_is_told_once_and_explained(void **unused)
{
    char *argv[] = {"tune",   "--max-overhead", "5%", "--strategies", "cancel-wait,drain",
                    "--poll", "16us",           NULL};
    const struct made_machine machine = {waste_by_poll, costs_nothing, NULL, floor_returns_late,
                                         NULL};
    struct tune_bed b;
    char *text;

    (void)unused;
    tune_begin(&b, 7, argv);
    text = tune_run_timed(&b, &machine, 0);
    assert_int_equal(count(text, "-20.0 [-20.0, -20.0] %"), 1);
    assert_says(text,
                "overhead_p50<=5%: kept: -20.0 [-20.0, -20.0] %\n    Below 0: it returned sooner");
    assert_int_equal(count(text, "without failures (median call)"), 0);
    free(text);
    tune_end(&b);
}

static void assert_ends_with(const char *text, const char *words)
{
    size_t n = strlen(text), n_words = strlen(words);

    if (n < n_words || strcmp(text + n - n_words, words) != 0)
        fail_msg("'%s' doesn't end with '%s'", text, words);
}

/* Figures of scaled work are those of the unscaled work, as is the interval in the code; clock times are
 * unchanged. */
static void test_work_is_scaled_back_and_time_is_not(void **unused)
{
    char *argv[] = {"tune",
                    "--scale",
                    "0.04",
                    "--service",
                    "exp:2500us",
                    "--strategies",
                    "cancel-wait,drain",
                    "--policy",
                    "cancel-wait:",
                    "--poll",
                    "16us",
                    "--slo",
                    "wasted_mean<=1s",
                    NULL};
    const struct qn_candidates *c;
    struct qn_estimate work, detection, least;
    struct tune_bed b;
    char *text, *settings = NULL;
    size_t bytes;
    FILE *f;

    (void)unused;
    tune_begin(&b, 13, argv);
    text = tune_run_timed(&b, &polling_machine, 0);
    c = &b.tune.candidates;
    work =
        qn_tune_estimate_named(&b.tune.data, c, &c->list[b.tune.choice], c->rate, "polling_mean");
    detection =
        qn_tune_estimate_named(&b.tune.data, c, &c->list[b.tune.choice], c->rate, "detection_p50");
    least = qn_tune_estimate_named(&b.tune.data, c, &c->list[b.tune.choice], c->rate,
                                   "planned_work_mean");
    assert_string_equal(tune_choice(&b)->strategy, "cancel-wait");
    assert_true(fabs(work.value - 14000 / 0.04) < 1e-6); /* 224 us^2 / 16 us */
    assert_true(fabs(least.value - 1600000 / 0.04) < 1e-6);
    assert_true(detection.value == 2000);
    assert_true(fabs(b.tune.race.rules.least - 0.05 * QN_TUNE_LEAST_SHARE * 1600000 / 0.04) < 1e-6);
    assert_says(text, "Measured on scaled work: every service time times 0.04.");
    assert_says(text, "A poll every 16.0 µs corresponds to every 400 µs of the unscaled work.");
    assert_ends_with(text, "every 16us, which is every 400 µs of the unscaled work.\n");
    f = open_memstream(&settings, &bytes);
    assert_non_null(f);
    assert_int_equal(qn_tune_put_code(&(struct qn_tune_answer){.tune = &b.tune}, QN_CODE_C, f),
                     QN_OK);
    fclose(f);
    assert_says(settings, "// Yours: some 400 µs of the work of item i.");
    free(settings);
    free(text);
    tune_end(&b);
}

/* Code includes the grace period, if the strategy has one. */
static void test_settings_have_the_grace_period(void **unused)
{
    char *argv[] = {"tune", "--strategies", "cancel-grace,drain",       "--poll",
                    "16us", "--policy",     "cancel-grace:grace=250us", NULL};
    char *settings = NULL;
    struct tune_bed b;
    size_t bytes;
    FILE *f;

    (void)unused;
    tune_begin(&b, 7, argv);
    tune_run(&b, &polling_machine);
    assert_string_equal(tune_choice(&b)->strategy, "cancel-grace");
    f = open_memstream(&settings, &bytes);
    assert_non_null(f);
    assert_int_equal(qn_tune_put_code(&(struct qn_tune_answer){.tune = &b.tune}, QN_CODE_C, f),
                     QN_OK);
    fclose(f);
    assert_says(settings, "it waits 250000 ns for what runs");
    free(settings);
    tune_end(&b);
}

static void test_threads_beyond_the_cores_are_said(void **unused)
{
    char text[QN_CROWDING_BYTES], *said;
    char *argv[] = {"tune",         "--threads",         "32",     "--workers", "64",
                    "--strategies", "cancel-wait,drain", "--poll", "16us",      NULL};
    struct tune_bed b;

    (void)unused;
    assert_false(qn_crowding_say(2, 2, text));
    assert_false(qn_crowding_say(2, 0, text)); /* unknown */
    assert_string_equal(text, "");
    assert_true(qn_crowding_say(32, 2, text));
    tune_begin(&b, 9, argv);
    b.tune.request.n_cores = 2;
    said = tune_run_timed(&b, &polling_machine, 0);
    assert_says(said, text);
    free(said);
    b.tune.request.n_cores = 32;
    said = tune_run_timed(&b, &polling_machine, 0);
    assert_false(strstr(said, "Crowded"));
    free(said);
    tune_end(&b);
}

/* The last line is what to do. */
static void test_the_last_line_is_the_answer(void **unused)
{
    char *polling[] = {"tune", "--strategies", "cancel-wait", "--poll", "16us", NULL};
    char *other[] = {"tune", "--strategies", "drain", NULL};
    struct tune_bed b;
    char *text;

    (void)unused;
    tune_begin(&b, 5, polling);
    text = tune_run_timed(&b, &polling_machine, 0);
    assert_says(text, "\nIn short: cancel-wait poll=16us");
    assert_ends_with(text, ": look whether to stop every 16us.\n");
    free(text);
    tune_end(&b);
    tune_begin(&b, 3, other);
    text = tune_run_timed(&b, &polling_machine, 0);
    assert_ends_with(text, "\nIn short: drain: workers don't look whether to stop, so the poll "
                           "interval doesn't matter.\n");
    free(text);
    tune_end(&b);
}

/* The poll interval is also told as a number of units. */
static void test_the_chunk_of_own_work_is_told_in_units(void **unused)
{
    char *argv[] = {"tune",   "--work", "scan", "--strategies", "cancel-wait,drain",
                    "--poll", "16us",   NULL};
    struct tune_bed b;
    char *text, *settings = NULL;
    size_t bytes;
    FILE *f;

    (void)unused;
    tune_begin(&b, 7, argv);
    b.options.workloads[0].base.own.unit_ns = 5300;
    text = tune_run_timed(&b, &polling_machine, 0);
    assert_ends_with(text, ": look whether to stop every 16us = 3 buffers of 4 KiB.\n");
    f = open_memstream(&settings, &bytes);
    assert_non_null(f);
    assert_int_equal(qn_tune_put_code(&(struct qn_tune_answer){.tune = &b.tune}, QN_CODE_C, f),
                     QN_OK);
    assert_int_equal(qn_tune_put_ini(&(struct qn_tune_answer){.tune = &b.tune}, f), QN_OK);
    fclose(f);
    assert_says(settings, "// Yours: some 3 buffers of 4 KiB of the work of item i.");
    assert_says(settings, "; poll = 16us = 3 buffers of 4 KiB");
    assert_says(settings, "/own/scan.so:scan");
    free(settings);
    free(text);
    tune_end(&b);
}

/* One process in common gives no interval, and a cost that is missing no rate. */
static void test_a_crossing_without_interval(void **unused)
{
    char *argv[] = {"tune", "--strategies", "cancel-wait,drain", "--poll", "16us", NULL};
    struct qn_crossings x = {.n = 2,
                             .list = {{0, 1, 0.03, NAN, NAN, false}, {0, 1, NAN, NAN, NAN, false}}};
    struct tune_bed b;
    char *text = NULL;
    size_t bytes;
    FILE *f;

    (void)unused;
    tune_begin(&b, 5, argv);
    free(tune_run_timed(&b, &polling_machine, 0));
    for (size_t i = 0; i < QN_MAX_RATES; i++)
        x.winners[i] = i == b.tune.candidates.rate ? b.tune.choice : SIZE_MAX;
    f = open_memstream(&text, &bytes);
    assert_non_null(f);
    qn_tune_say_rates(&b.tune, &x, f);
    fclose(f);
    assert_says(text,
                "at a failure rate of 0.03, in too few processes for an interval; on one side");
    assert_says(text,
                "between two of these rates, in too few processes for an interval; on one side");
    assert_null(strstr(text, "nan"));
    free(text);
    tune_end(&b);
}

/* Without --poll, intervals are 1, 2, 4 … units, whatever one takes. */
static void test_chunks_of_own_work_are_powers_of_two(void **unused)
{
    char *argv[] = {"tune",      "--work",      "scan", "--strategies", "cancel-wait,drain",
                    "--service", "const:100ms", NULL};
    const struct qn_workload_set *set;
    struct tune_bed b;
    double steps;

    (void)unused;
    tune_begin(&b, 7, argv);
    set = &b.options.workloads[0];
    /* of 100 ms, down to a 2048th or, where that takes longer, to one unit */
    assert_true(set->n_polls >= (size_t)fmin(11, floor(log2(100e6 / set->base.own.unit_ns))));
    steps = log2((double)set->polls_quanta[0] * 250 / set->base.own.unit_ns);
    assert_true(fabs(steps - round(steps)) < 0.1); /* rounded to quanta */
    for (size_t i = 1; i < set->n_polls; i++) {
        int64_t more = (int64_t)set->polls_quanta[i] - (int64_t)(2 * set->polls_quanta[i - 1]);

        assert_true(more >= -1 && more <= 1);
    }
    tune_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overhead_is_told_once_and_explained),
        cmocka_unit_test(test_work_is_scaled_back_and_time_is_not),
        cmocka_unit_test(test_settings_have_the_grace_period),
        cmocka_unit_test(test_threads_beyond_the_cores_are_said),
        cmocka_unit_test(test_the_last_line_is_the_answer),
        cmocka_unit_test(test_the_chunk_of_own_work_is_told_in_units),
        cmocka_unit_test(test_a_crossing_without_interval),
        cmocka_unit_test(test_chunks_of_own_work_are_powers_of_two),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
