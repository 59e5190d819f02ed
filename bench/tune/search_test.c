/* What the search finds, and how it continues after failed processes or an interruption. */
#include <math.h>
#include <stdlib.h>

#include "bench/tune/search/polls.h"
#include "bench/tune/search/race.h"
#include "bench/tune/search/rates.h"
#include "bench/tune/search/sweeps.h"
#include "bench/tune/search/verdict.h"
#include "bench/tune/tune_bed.h"
#include "bench/workload/poll.h"
#include "runtime/err.h"
#include "strategies/strategy.h"
#include "tests/cmocka_all.h"

static void test_the_best_interval_is_found(void **unused)
{
    char *argv[] = {"tune",     "--poll-cost",  "200ns", "--strategies", "cancel-wait,drain",
                    "--policy", "cancel-wait:", NULL};
    struct qn_polls polls;
    struct tune_bed b;

    (void)unused;
    tune_begin(&b, 7, argv);
    assert_int_equal(b.tune.candidates.n_polls, 9); /* 250 ns to 64 us */
    tune_run(&b, &polling_machine);
    assert_int_equal(qn_poll_ns(tune_choice(&b)->workload.poll_quanta), 16000);
    /* the race began with every second interval and added those next to the best */
    assert_int_equal(qn_tune_outcome_of(&b.tune, qn_tune_sibling_at(&b.tune, b.tune.choice, 0)),
                     QN_TUNE_NOT_RACED);
    assert_int_equal(qn_tune_outcome_of(&b.tune, b.tune.choice), QN_TUNE_RECOMMENDED);
    /* … and all are measured for the picture */
    assert_int_equal(qn_polls_make(&b.tune, &polls), QN_OK);
    assert_int_equal(polls.n, 9);
    assert_int_equal(polls.rows[0].n_processes, QN_TUNE_POLL_PROCESSES);
    assert_true(fabs(polls.rows[0].throughput.value - 1) < 1e-12);
    assert_int_equal(polls.finest, 0);
    assert_string_equal(polls.base, "drain");
    qn_polls_fini(&polls);
    tune_end(&b);
}

/* Without failures the one without polls costs nothing; above some rate it costs more. */
static void test_the_choice_turns_round_with_the_rate(void **unused)
{
    char *argv[] = {"tune",     "--poll-cost",  "200ns",  "--strategies", "cancel-wait,drain",
                    "--policy", "cancel-wait:", "--poll", "16us",         NULL};
    struct qn_crossings x;
    struct tune_bed b;
    double fails, wanted;

    (void)unused;
    tune_begin(&b, 9, argv);
    tune_run(&b, &polling_machine);
    assert_int_equal(qn_crossings_find(&b.tune, &x), QN_OK);
    assert_string_equal(b.tune.candidates.list[x.winners[0]].cell->strategy, "drain");
    assert_string_equal(tune_choice(&b)->strategy, "cancel-wait");
    assert_int_equal(x.n, 1);
    assert_true(x.list[0].is_shown);
    /* drain wastes 1 ms a failed call, the other 16 us and 14 us of polls a call */
    fails = 14.0 / (1000 - 16);
    wanted = 1 - pow(1 - fails, 1.0 / 16);
    assert_true(x.list[0].lo <= wanted * 1.5 && x.list[0].hi >= wanted * 0.67);
    assert_true(x.list[0].rate > 0 && x.list[0].rate < 0.01);
    tune_end(&b);
}

static double retained_by_waiting(const struct qn_cell *cell)
{
    return qn_strategy_find(cell->strategy)->flags & QN_WAITS_ALL ? 0 : 65536;
}

/* All that wait tie at 0; the one with the least work for nothing is chosen. */
static void test_a_tie_names_all_and_takes_the_simplest(void **unused)
{
    char *argv[] = {"tune", "--objective", "retained_at_return", NULL};
    const struct made_machine machine = {waste_by_poll, costs_nothing, retained_by_waiting, NULL,
                                         NULL};
    struct tune_bed b;

    (void)unused;
    tune_begin(&b, 3, argv);
    tune_run(&b, &machine);
    assert_int_equal(qn_tune_verdict_of(&b.tune), QN_TUNE_TIE);
    assert_true(qn_strategy_find(tune_choice(&b)->strategy)->flags & QN_WAITS_ALL);
    assert_true(tune_choice(&b)->polls);
    assert_true(qn_poll_ns(tune_choice(&b)->workload.poll_quanta) <=
                1000); /* differences of 0.8 us don't matter */
    for (size_t i = 0; i < b.tune.candidates.n; i++) {
        enum qn_tune_outcome outcome = qn_tune_outcome_of(&b.tune, i);
        bool waits =
            qn_strategy_find(b.tune.candidates.list[i].cell->strategy)->flags & QN_WAITS_ALL;

        if (outcome != QN_TUNE_NOT_RACED)
            assert_int_equal(outcome == QN_TUNE_TIED || outcome == QN_TUNE_RECOMMENDED, waits);
    }
    tune_end(&b);
}

/* Bounds that no candidate keeps: no choice, and the closest is known. */
static void test_nobody_keeps_the_bound(void **unused)
{
    char *argv[] = {"tune", "--slo", "detection_p50<=1us", NULL};
    struct tune_bed b;

    (void)unused;
    tune_begin(&b, 3, argv);
    tune_run(&b, &polling_machine);
    assert_int_equal(qn_tune_verdict_of(&b.tune), QN_TUNE_NONE);
    for (size_t i = 0; i < b.tune.race.n_runners; i++)
        assert_int_equal(b.tune.race.runners[i].state, QN_RACE_BREAKS);
    tune_end(&b);
}

/* Given an interrupted run's measurements first, the search reaches the same choice by the same
 * steps, with nothing measured twice. */
static void test_a_search_goes_on_where_it_was(void **unused)
{
    char *argv[] = {"tune", "--poll-cost", "200ns", "--strategies", "cancel-wait,cancel,drain",
                    NULL};
    struct tune_bed whole, again;

    (void)unused;
    tune_begin(&whole, 5, argv);
    tune_run(&whole, &polling_machine);
    tune_begin(&again, 5, argv);
    for (uint32_t c = 0; c < whole.plan.n_cells; c++)
        for (size_t p = 0; p < qn_tune_data_next(&whole.tune.data, c) / 2; p++)
            tune_give(&again, &polling_machine, c);
    tune_run(&again, &polling_machine);
    assert_string_equal(tune_choice(&again)->strategy, tune_choice(&whole)->strategy);
    assert_int_equal(qn_poll_ns(tune_choice(&again)->workload.poll_quanta),
                     qn_poll_ns(tune_choice(&whole)->workload.poll_quanta));
    assert_int_equal(again.tune.race.round, whole.tune.race.round);
    assert_int_equal(again.n_measured, whole.n_measured);
    tune_end(&again);
    tune_end(&whole);
}

/* A candidate whose process fails is out, and everything else continues. */
static void test_a_failed_process_costs_its_candidate(void **unused)
{
    char *argv[] = {
        "tune", "--strategies", "cancel-wait,drain", "--policy", "cancel-wait:", "--poll", "2us",
        NULL};
    struct tune_bed b;

    (void)unused;
    tune_begin(&b, 7, argv);
    b.controller.process_failed(b.controller.user,
                                b.tune.candidates.list[0].cells[b.tune.candidates.rate]);
    tune_run(&b, &polling_machine);
    assert_int_equal(qn_tune_outcome_of(&b.tune, 0), QN_TUNE_FAILED);
    assert_int_equal(b.tune.choice, 1);
    tune_end(&b);
}

/* One that fails after the race is not recommended: the race continues with those that it had
 * dropped. */
static void test_a_choice_that_fails_later_is_none(void **unused)
{
    char *argv[] = {"tune",     "--poll-cost",  "200ns",  "--strategies", "cancel-wait,drain",
                    "--policy", "cancel-wait:", "--poll", "16us",         NULL};
    struct tune_bed b;
    uint32_t *cells;
    size_t lost;

    (void)unused;
    tune_begin(&b, 9, argv);
    cells = calloc(b.plan.n_cells, sizeof(*cells));
    assert_non_null(cells);
    while (b.tune.stage == QN_TUNE_RACE) {
        size_t n = b.controller.round(b.controller.user, cells);

        for (size_t i = 0; i < n; i++)
            tune_give(&b, &polling_machine, cells[i]);
    }
    lost = b.tune.choice;
    assert_string_equal(tune_choice(&b)->strategy, "cancel-wait");
    b.controller.process_failed(b.controller.user, b.tune.candidates.list[lost].cells[0]);
    tune_run(&b, &polling_machine);
    assert_string_equal(tune_choice(&b)->strategy, "drain");
    assert_int_equal(qn_tune_outcome_of(&b.tune, lost), QN_TUNE_FAILED);
    free(cells);
    tune_end(&b);
}

/* The candidate is measured at every failure rate. */
static bool is_listed(const struct tune_bed *b, size_t candidate)
{
    const struct qn_tune_list *rates = &b->tune.rates;

    return qn_tune_is_among(rates->cells, rates->n, b->tune.candidates.list[candidate].cells[0]);
}

/* A candidate without a cost is never the cheapest of its strategy, wherever it is listed, and
 * hides none that has one. */
static void test_who_has_no_cost_is_not_the_cheapest(void **unused)
{
    char *argv[] = {"tune",         "--strategies", "cancel-wait,drain", "--policy",
                    "cancel-wait:", "--poll",       "1us,2us,4us",       NULL};
    struct tune_bed b;

    (void)unused;
    for (size_t without = 0; without < 3; without++) {
        tune_begin(&b, 7, argv);
        tune_run(&b, &polling_machine);
        b.tune.choice = 3; /* drain */
        for (size_t i = 0; i < 3; i++)
            b.tune.race.runners[i].cost.value = i == without ? NAN : 100.0 + (double)i;
        b.tune.rates.n = 0;
        qn_tune_list_rates(&b.tune);
        assert_false(is_listed(&b, without));
        assert_true(is_listed(&b, without == 0 ? 1 : 0));
        tune_end(&b);
    }
}

/* Nor do the intervals next to it join the race as those next to the cheapest do. */
static void test_who_has_no_cost_brings_nobody_in(void **unused)
{
    char *argv[] = {"tune", "--strategies", "cancel-wait,drain", "--policy", "cancel-wait:", NULL};
    struct tune_bed b;
    size_t n;

    (void)unused;
    tune_begin(&b, 5, argv);
    n = b.tune.race.n_runners;
    assert_int_equal(qn_tune_join_neighbours(&b.tune), QN_OK);
    assert_int_equal(b.tune.race.n_runners, n);
    for (size_t i = 0; i < n; i++)
        if (b.tune.candidates.list[b.tune.raced[i]].cell->polls) {
            b.tune.race.runners[i].cost.value = 100;
            break;
        }
    assert_int_equal(qn_tune_join_neighbours(&b.tune), QN_OK);
    assert_true(b.tune.race.n_runners > n);
    tune_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_best_interval_is_found),
        cmocka_unit_test(test_the_choice_turns_round_with_the_rate),
        cmocka_unit_test(test_a_tie_names_all_and_takes_the_simplest),
        cmocka_unit_test(test_nobody_keeps_the_bound),
        cmocka_unit_test(test_a_search_goes_on_where_it_was),
        cmocka_unit_test(test_a_failed_process_costs_its_candidate),
        cmocka_unit_test(test_a_choice_that_fails_later_is_none),
        cmocka_unit_test(test_who_has_no_cost_is_not_the_cheapest),
        cmocka_unit_test(test_who_has_no_cost_brings_nobody_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
