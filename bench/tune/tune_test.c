/*
 * The search of a tuning against a made-up machine: the trials that its cells would have are
 * computed, so that the right answer is known to the last digit and nothing is timed.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/base/rng.h"
#include "bench/machine/crowding.h"
#include "bench/options/plan.h"
#include "bench/schema/plan.h"
#include "bench/tune/answer/text.h"
#include "bench/tune/command.h"
#include "bench/tune/possible.h"
#include "bench/tune/search/polls.h"
#include "bench/tune/search/race.h"
#include "bench/tune/search/rates.h"
#include "bench/tune/search/sweeps.h"
#include "bench/tune/search/verdict.h"
#include "runtime/err.h"
#include "strategies/strategy.h"
#include "tests/allocation.h"
#include "tests/cmocka_all.h"

#define N_CALLS 30u
#define MOST_ROUNDS 2000

/* A tuning with its plan. */
struct bed {
    struct qn_tuning_request request;
    struct qn_run_options options;
    struct qn_plan plan;
    struct qn_tune tune;
    struct qn_steering steering;
    size_t n_measured;
};

static void begin(struct bed *b, int argc, char **argv)
{
    memset(b, 0, sizeof(*b));
    assert_int_equal(qn_tune_options_parse(argc, argv, &b->request, &b->options), QN_OK);
    assert_int_equal(qn_plan_build(&b->options, &b->plan), QN_OK);
    assert_int_equal(b->plan.n_replicas, 0);
    b->tune.request = b->request;
    b->tune.options = &b->options;
    b->steering = qn_tune_steer(&b->tune);
    assert_int_equal(b->steering.begin(b->steering.user, &b->plan, 0), QN_OK);
}

static void fini(struct bed *b)
{
    qn_tune_fini(&b->tune);
    qn_plan_fini(&b->plan);
    qn_run_options_fini(&b->options);
}

/* What a failed call of the cell wastes on average, and what its polls cost a call. */
struct world {
    double (*waste)(const struct qn_cell *cell);
    double (*polling)(const struct qn_cell *cell);
    double (*retained)(const struct qn_cell *cell);
    double (*returns)(const struct qn_cell *cell); /* NULL: after 0.8 ms, all of them */
};

/* Calls of one process. Which of them fail, and the luck of each, is the same for all. */
static void make_rows(const struct world *w, const struct qn_cell *cell, uint32_t process,
                      struct qn_trial *rows)
{
    for (uint32_t i = 0; i < N_CALLS; i++) {
        uint64_t state = qn_rng_mix(qn_rng_mix(7, process), i);
        double rate = isnan(cell->workload.failure_rate) ? 0.2 : cell->workload.failure_rate;
        bool fails = qn_rng_uniform(qn_rng_mix(state, 1)) < 1 - pow(1 - rate, 16);
        int64_t *v = rows[i].v;

        for (int c = 0; c < QN_COL_COUNT; c++)
            v[c] = QN_NONE;
        v[QN_COL_PROCESS] = process;
        v[QN_COL_TRIAL] = i;
        v[QN_COL_FAILED] = fails;
        v[QN_COL_PLANNED_WORK] = 1600000;
        v[QN_COL_RETURN_AT] = w->returns ? llround(w->returns(cell)) : 800000;
        v[QN_COL_WASTED] =
            fails ? llround(w->waste(cell) * 2 * qn_rng_uniform(qn_rng_mix(state, 2))) : 0;
        if (cell->polls)
            v[QN_COL_POLLING] = llround(w->polling(cell));
        v[QN_COL_RETAINED_AT_RETURN] = w->retained ? llround(w->retained(cell)) : 0;
        if (!fails)
            continue;
        v[QN_COL_ERROR_AT] = 300000;
        v[QN_COL_ERROR_SEEN] = 302000;
        v[QN_COL_STOP_AT] = 310000;
        v[QN_COL_SETTLE_AT] = 320000;
    }
}

static void give(struct bed *b, const struct world *w, uint32_t cell)
{
    uint32_t process = (uint32_t)qn_tune_data_next(&b->tune.data, cell);
    struct qn_trial rows[N_CALLS];

    make_rows(w, &b->plan.cells[cell], process, rows);
    assert_int_equal(b->steering.take(b->steering.user, cell, rows, N_CALLS), QN_OK);
    b->n_measured++;
}

/* Measures what is asked for until nothing is. */
static void run(struct bed *b, const struct world *w)
{
    uint32_t *cells = calloc(b->plan.n_cells, sizeof(*cells));
    size_t n;

    assert_non_null(cells);
    for (int round = 0; (n = b->steering.round(b->steering.user, cells)) > 0; round++) {
        assert_true(round < MOST_ROUNDS);
        for (size_t i = 0; i < n; i++)
            give(b, w, cells[i]);
    }
    b->steering.end(b->steering.user);
    assert_int_equal(b->tune.rc, QN_OK);
    free(cells);
}

static const struct qn_cell *choice_of(const struct bed *b)
{
    assert_true(b->tune.choice != SIZE_MAX);
    return b->tune.candidates.list[b->tune.choice].cell;
}

/* A machine by the closed forms: 20 us is the best interval, 10 and 40 us cost a quarter more. */
static double waste_by_poll(const struct qn_cell *cell)
{
    return cell->polls ? (double)cell->workload.poll_ns : 1000000;
}

static double polls_by_poll(const struct qn_cell *cell)
{
    /* 0.56 of calls fail at rate 0.05: waste of 0.56 tau against 224 us^2 / tau */
    return 224e6 / (double)cell->workload.poll_ns;
}

static const struct world by_poll = {waste_by_poll, polls_by_poll, NULL, NULL};

static void test_the_best_interval_is_found(void **unused)
{
    char *argv[] = {"tune",     "--poll-cost",  "200ns", "--strategies", "cancel-wait,drain",
                    "--policy", "cancel-wait:", NULL};
    struct qn_polls polls;
    struct bed b;

    (void)unused;
    begin(&b, 7, argv);
    assert_int_equal(b.tune.candidates.n_polls, 9); /* 250 ns to 64 us */
    run(&b, &by_poll);
    assert_int_equal(choice_of(&b)->workload.poll_ns, 16000);
    /* the race began with every second interval and went on beside the best */
    assert_int_equal(qn_tune_outcome_of(&b.tune, qn_tune_kin_at(&b.tune, b.tune.choice, 0)),
                     QN_TUNE_NOT_RACED);
    assert_int_equal(qn_tune_outcome_of(&b.tune, b.tune.choice), QN_TUNE_RECOMMENDED);
    /* … and every one of them is measured for the picture */
    assert_int_equal(qn_polls_make(&b.tune, &polls), QN_OK);
    assert_int_equal(polls.n, 9);
    assert_int_equal(polls.rows[0].n_processes, QN_TUNE_POLL_PROCESSES);
    assert_true(fabs(polls.rows[0].throughput.value - 1) < 1e-12);
    assert_int_equal(polls.finest, 0);
    assert_string_equal(polls.base, "drain");
    qn_polls_fini(&polls);
    fini(&b);
}

/* Where nothing fails the one without polls costs nothing; from some rate on it is dearer. */
static void test_the_choice_turns_round_with_the_rate(void **unused)
{
    char *argv[] = {"tune",     "--poll-cost",  "200ns",  "--strategies", "cancel-wait,drain",
                    "--policy", "cancel-wait:", "--poll", "16us",         NULL};
    struct qn_crossings x;
    struct bed b;
    double fails, wanted;

    (void)unused;
    begin(&b, 9, argv);
    run(&b, &by_poll);
    assert_int_equal(qn_crossings_find(&b.tune, &x), QN_OK);
    assert_string_equal(b.tune.candidates.list[x.winners[0]].cell->strategy, "drain");
    assert_string_equal(choice_of(&b)->strategy, "cancel-wait");
    assert_int_equal(x.n, 1);
    assert_true(x.list[0].is_shown);
    /* drain wastes 1 ms a failed call, the other 16 us and 14 us of polls a call */
    fails = 14.0 / (1000 - 16);
    wanted = 1 - pow(1 - fails, 1.0 / 16);
    assert_true(x.list[0].lo <= wanted * 1.5 && x.list[0].hi >= wanted * 0.67);
    assert_true(x.list[0].rate > 0 && x.list[0].rate < 0.01);
    fini(&b);
}

static double retained_by_waiting(const struct qn_cell *cell)
{
    return qn_strategy_find(cell->strategy)->flags & QN_WAITS_ALL ? 0 : 65536;
}

static double nothing(const struct qn_cell *cell)
{
    (void)cell;
    return 0;
}

/* All that wait tie at 0; of them the one with least work for nothing. */
static void test_a_tie_names_all_and_takes_the_simplest(void **unused)
{
    char *argv[] = {"tune", "--objective", "retained_at_return", NULL};
    const struct world w = {waste_by_poll, nothing, retained_by_waiting, NULL};
    struct bed b;

    (void)unused;
    begin(&b, 3, argv);
    run(&b, &w);
    assert_int_equal(qn_tune_verdict_of(&b.tune), QN_TUNE_TIE);
    assert_true(qn_strategy_find(choice_of(&b)->strategy)->flags & QN_WAITS_ALL);
    assert_true(choice_of(&b)->polls);
    assert_true(choice_of(&b)->workload.poll_ns <=
                1000); /* differences of 0.8 us are of no interest */
    for (size_t i = 0; i < b.tune.candidates.n; i++) {
        enum qn_tune_outcome outcome = qn_tune_outcome_of(&b.tune, i);
        bool waits =
            qn_strategy_find(b.tune.candidates.list[i].cell->strategy)->flags & QN_WAITS_ALL;

        if (outcome != QN_TUNE_NOT_RACED)
            assert_int_equal(outcome == QN_TUNE_TIED || outcome == QN_TUNE_RECOMMENDED, waits);
    }
    fini(&b);
}

/* Bounds that nobody keeps: no choice, and the closest is known. */
static void test_nobody_keeps_the_bound(void **unused)
{
    char *argv[] = {"tune", "--slo", "detection_p50<=1us", NULL};
    struct bed b;

    (void)unused;
    begin(&b, 3, argv);
    run(&b, &by_poll);
    assert_int_equal(qn_tune_verdict_of(&b.tune), QN_TUNE_NONE);
    for (size_t i = 0; i < b.tune.race.n_runners; i++)
        assert_int_equal(b.tune.race.runners[i].state, QN_RACE_BREAKS);
    fini(&b);
}

/* What a run that was cut short has measured, handed over first, leads to the same choice by the
 * same steps, with nothing measured twice. */
static void test_a_search_goes_on_where_it_was(void **unused)
{
    char *argv[] = {"tune", "--poll-cost", "200ns", "--strategies", "cancel-wait,cancel,drain",
                    NULL};
    struct bed whole, again;

    (void)unused;
    begin(&whole, 5, argv);
    run(&whole, &by_poll);
    begin(&again, 5, argv);
    for (uint32_t c = 0; c < whole.plan.n_cells; c++)
        for (size_t p = 0; p < qn_tune_data_next(&whole.tune.data, c) / 2; p++)
            give(&again, &by_poll, c);
    run(&again, &by_poll);
    assert_string_equal(choice_of(&again)->strategy, choice_of(&whole)->strategy);
    assert_int_equal(choice_of(&again)->workload.poll_ns, choice_of(&whole)->workload.poll_ns);
    assert_int_equal(again.tune.race.round, whole.tune.race.round);
    assert_int_equal(again.n_measured, whole.n_measured);
    fini(&again);
    fini(&whole);
}

/* A candidate whose process fails is out, and everything else goes on. */
static void test_a_failed_process_costs_its_candidate(void **unused)
{
    char *argv[] = {
        "tune", "--strategies", "cancel-wait,drain", "--policy", "cancel-wait:", "--poll", "2us",
        NULL};
    struct bed b;

    (void)unused;
    begin(&b, 7, argv);
    b.steering.lose(b.steering.user, b.tune.candidates.list[0].cells[b.tune.candidates.rate]);
    run(&b, &by_poll);
    assert_int_equal(qn_tune_outcome_of(&b.tune, 0), QN_TUNE_FAILED);
    assert_int_equal(b.tune.choice, 1);
    fini(&b);
}

/* One that fails after the race is not recommended: the race goes on with those that it had dropped. */
static void test_a_choice_that_fails_later_is_none(void **unused)
{
    char *argv[] = {"tune",     "--poll-cost",  "200ns",  "--strategies", "cancel-wait,drain",
                    "--policy", "cancel-wait:", "--poll", "16us",         NULL};
    struct bed b;
    uint32_t *cells;
    size_t lost;

    (void)unused;
    begin(&b, 9, argv);
    cells = calloc(b.plan.n_cells, sizeof(*cells));
    assert_non_null(cells);
    while (b.tune.stage == QN_TUNE_RACE) {
        size_t n = b.steering.round(b.steering.user, cells);

        for (size_t i = 0; i < n; i++)
            give(&b, &by_poll, cells[i]);
    }
    lost = b.tune.choice;
    assert_string_equal(choice_of(&b)->strategy, "cancel-wait");
    b.steering.lose(b.steering.user, b.tune.candidates.list[lost].cells[0]);
    run(&b, &by_poll);
    assert_string_equal(choice_of(&b)->strategy, "drain");
    assert_int_equal(qn_tune_outcome_of(&b.tune, lost), QN_TUNE_FAILED);
    free(cells);
    fini(&b);
}

/* The candidate is followed over the failure rates. */
static bool is_listed(const struct bed *b, size_t candidate)
{
    const struct qn_tune_list *rates = &b->tune.rates;

    return qn_tune_is_among(rates->cells, rates->n, b->tune.candidates.list[candidate].cells[0]);
}

/* Whoever has no cost is never the cheapest of its strategy, wherever it stands, and hides nobody who
 * has one. */
static void test_who_has_no_cost_is_not_the_cheapest(void **unused)
{
    char *argv[] = {"tune",     "--strategies", "cancel-wait,drain", "--policy", "cancel-wait:",
                    "--poll",   "1us,2us,4us",  NULL};
    struct bed b;

    (void)unused;
    for (size_t without = 0; without < 3; without++) {
        begin(&b, 7, argv);
        run(&b, &by_poll);
        b.tune.choice = 3; /* drain */
        for (size_t i = 0; i < 3; i++)
            b.tune.race.runners[i].cost.value = i == without ? NAN : 100.0 + (double)i;
        b.tune.rates.n = 0;
        qn_tune_list_rates(&b.tune);
        assert_false(is_listed(&b, without));
        assert_true(is_listed(&b, without == 0 ? 1 : 0));
        fini(&b);
    }
}

/* Nor do the intervals beside it join the race as those beside the cheapest do. */
static void test_who_has_no_cost_brings_nobody_in(void **unused)
{
    char *argv[] = {"tune", "--strategies", "cancel-wait,drain", "--policy", "cancel-wait:", NULL};
    struct bed b;
    size_t n;

    (void)unused;
    begin(&b, 5, argv);
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
    fini(&b);
}

/* A whole search and what comes of it; QN_ENOMEM where an allocation failed that is told of. */
static int search_and_conclude(struct bed *b, size_t fails_at)
{
    char *argv[] = {"tune",     "--poll-cost",  "200ns", "--strategies", "cancel-wait,drain",
                    "--policy", "cancel-wait:", NULL};
    struct qn_crossings crossings = {0};
    struct qn_polls polls = {0};
    FILE *words = tmpfile();
    uint32_t *cells;
    size_t n;
    int rc = QN_OK;

    begin(b, 7, argv);
    cells = calloc(b->plan.n_cells, sizeof(*cells));
    assert_true(cells && words);
    qn_fail_allocation(fails_at);
    while (rc == QN_OK && (n = b->steering.round(b->steering.user, cells)) > 0)
        for (size_t i = 0; i < n && rc == QN_OK; i++) {
            uint32_t process = (uint32_t)qn_tune_data_next(&b->tune.data, cells[i]);
            struct qn_trial rows[N_CALLS];

            make_rows(&by_poll, &b->plan.cells[cells[i]], process, rows);
            rc = b->steering.take(b->steering.user, cells[i], rows, N_CALLS);
        }
    if (rc == QN_OK)
        b->steering.end(b->steering.user);
    rc = rc == QN_OK ? b->tune.rc : rc;
    if (rc == QN_OK)
        rc = qn_polls_make(&b->tune, &polls);
    if (rc == QN_OK)
        rc = qn_crossings_find(&b->tune, &crossings);
    if (rc == QN_OK)
        rc = qn_tune_say(&b->tune, &polls, &crossings, words);
    n = qn_count_allocations();
    qn_fail_allocation(0);
    b->n_measured = n;
    qn_polls_fini(&polls);
    fclose(words);
    free(cells);
    return rc;
}

/* Memory that runs out anywhere in a search or in what it says ends as that, never as an answer. */
static void test_no_memory_is_no_answer(void **unused)
{
    struct bed b;
    size_t n_allocations;

    (void)unused;
    assert_int_equal(search_and_conclude(&b, 0), QN_OK);
    n_allocations = b.n_measured;
    fini(&b);
    assert_true(n_allocations > 100);
    for (size_t at = n_allocations; at > 0; at -= at > n_allocations - 30 ? 1 : at > 90 ? 90 : 1) {
        assert_int_equal(search_and_conclude(&b, at), QN_ENOMEM);
        fini(&b);
    }
}

/* Nor does a race end with another choice for want of it. */
static void test_no_memory_is_no_other_choice(void **unused)
{
    char *argv[] = {"tune", "--strategies", "cancel-wait,drain", "--policy", "cancel-wait:",
                    "--race-only", NULL};
    struct bed b;
    size_t choice, at;
    int rc;

    (void)unused;
    begin(&b, 6, argv);
    run(&b, &by_poll);
    choice = b.tune.choice;
    for (at = 1;; at++) {
        qn_fail_allocation(at);
        rc = qn_tune_end_race(&b.tune);
        qn_fail_allocation(0);
        assert_int_equal(b.tune.choice, choice);
        if (rc == QN_OK)
            break;
        assert_int_equal(rc, QN_ENOMEM);
    }
    assert_true(at > 1);
    fini(&b);
}

/* The same until the time has ended, of which each process takes so much; what is said then. */
static char *run_timed(struct bed *b, const struct world *w, uint64_t process_ns)
{
    uint32_t *cells = calloc(b->plan.n_cells, sizeof(*cells));
    struct qn_crossings crossings = {0};
    struct qn_polls polls = {0};
    uint64_t now_ns = 0;
    char *text = NULL;
    size_t n, bytes;
    FILE *f = open_memstream(&text, &bytes);
    bool is_over = false;

    assert_true(cells && f);
    while (!is_over && (n = b->steering.round(b->steering.user, cells)) > 0)
        for (size_t i = 0; i < n && !is_over; i++) {
            give(b, w, cells[i]);
            now_ns += process_ns;
            is_over = b->steering.is_over(b->steering.user, now_ns);
        }
    b->steering.end(b->steering.user);
    assert_int_equal(b->tune.rc, QN_OK);
    assert_int_equal(qn_polls_make(&b->tune, &polls), QN_OK);
    assert_int_equal(qn_crossings_find(&b->tune, &crossings), QN_OK);
    assert_int_equal(qn_tune_say(&b->tune, &polls, &crossings, f), QN_OK);
    qn_polls_fini(&polls);
    fclose(f);
    free(cells);
    return text;
}

/* Where a process of every candidate failed, or of the floor that they are held against, the search ends,
 * and it is neither for want of time nor for a bound. */
static void test_where_all_fail_it_ends_and_says_so(void **unused)
{
    char *argv[] = {"tune",   "--strategies",   "cancel-wait,drain", "--policy", "cancel-wait:",
                    "--poll", "2us", "--max-overhead", "10",                NULL};
    struct bed b;
    char *text;

    (void)unused;
    begin(&b, 7, argv);
    for (size_t i = 0; i < b.tune.candidates.n; i++)
        b.steering.lose(b.steering.user, b.tune.candidates.list[i].cells[b.tune.candidates.rate]);
    text = run_timed(&b, &by_poll, QN_NS_PER_MS);
    assert_int_equal(b.tune.choice, SIZE_MAX);
    assert_int_equal(qn_tune_verdict_of(&b.tune), QN_TUNE_ALL_FAILED);
    assert_non_null(strstr(text, "Nothing to recommend: a process of every candidate failed"));
    free(text);
    fini(&b);

    begin(&b, 9, argv);
    b.steering.lose(b.steering.user, b.tune.candidates.floor.cells[b.tune.candidates.calm]);
    text = run_timed(&b, &by_poll, QN_NS_PER_MS);
    assert_int_equal(qn_tune_verdict_of(&b.tune), QN_TUNE_ALL_FAILED);
    assert_non_null(strstr(text, "Nothing to recommend: a process of null failed"));
    free(text);
    fini(&b);
}

static size_t count(const char *text, const char *words)
{
    size_t n = 0;

    for (; (text = strstr(text, words)); text++)
        n++;
    return n;
}

static void assert_says(const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("'%s' is not in: %s", words, text);
}

/* One call in 600 fails at this rate: nothing is judged, and what it would take is said. */
static void test_too_few_failures_recommend_nothing(void **unused)
{
    char *argv[] = {"tune", "--failure-rates", "0.0001", "--strategies", "cancel-wait,drain",
                    "--race-only", NULL};
    struct bed b;
    char *text;

    (void)unused;
    begin(&b, 6, argv);
    text = run_timed(&b, &by_poll, 300 * QN_NS_PER_MS);
    assert_int_equal(qn_tune_verdict_of(&b.tune), QN_TUNE_TOO_FEW);
    assert_false(qn_tune_is_answer(qn_tune_verdict_of(&b.tune)));
    assert_says(text, "Nothing to recommend: of a candidate's ");
    assert_says(text, "Needed: 20 failed calls of each, so some ");
    assert_says(text, " That takes about ");
    assert_says(text, " of 300 ms each so far.");
    assert_false(strstr(text, "Recommended:") || strstr(text, "Provisionally:"));
    for (size_t i = 0; i < b.tune.candidates.n; i++)
        assert_true(qn_tune_outcome_of(&b.tune, i) != QN_TUNE_RECOMMENDED &&
                    qn_tune_outcome_of(&b.tune, i) != QN_TUNE_PROVISIONAL);
    free(text);
    fini(&b);
}

/* Where calls without failure are all that is asked about, none has to fail. */
static void test_overhead_needs_no_failures(void **unused)
{
    char *argv[] = {"tune",          "--failure-rates", "0.0001",      "--objective", "overhead",
                    "--strategies", "cancel-wait,drain", "--race-only", NULL};
    struct bed b;

    (void)unused;
    begin(&b, 8, argv);
    run(&b, &by_poll);
    assert_true(qn_tune_is_answer(qn_tune_verdict_of(&b.tune)));
    fini(&b);
}

/* Four processes, and the time is over: that is what is said, and not that no policy keeps the bound,
 * which none of those measured has broken. */
static void test_no_time_is_no_verdict(void **unused)
{
    char *argv[] = {"tune", "--slo", "detection_p50<=1us", "--time-budget", "60s", NULL};
    struct bed b;
    char *text, wanted[64];

    (void)unused;
    begin(&b, 5, argv);
    text = run_timed(&b, &by_poll, 15 * QN_NS_PER_S);
    assert_int_equal(b.n_measured, 4);
    assert_says(text, "after 1 process");
    assert_null(strstr(text, "after 1 processes"));
    assert_int_equal(qn_tune_verdict_of(&b.tune), QN_TUNE_NO_TIME);
    assert_says(text, "the time ran out before anything could be judged");
    snprintf(wanted, sizeof(wanted), "4 of %zu candidates were measured at all; a first",
             b.tune.race.n_runners);
    assert_says(text, wanted);
    snprintf(wanted, sizeof(wanted), "%zu processes, of 15.0 s each so far",
             5 * b.tune.race.n_runners);
    assert_says(text, wanted);
    assert_false(strstr(text, "No policy keeps"));
    free(text);
    fini(&b);
}

static double waste_at_random(const struct qn_cell *cell)
{
    (void)cell;
    return 1000000;
}

/* What is not decided is not recommended but provisional, and more time is asked for only where it
 * has been used up. */
static void test_undecided_is_provisional(void **unused)
{
    char *argv[] = {"tune",   "--slo",       "wasted_mean<=700us", "--strategies", "close,drain",
                    "--band", "0",           "--policy",           "close:",       "--race-only",
                    NULL};
    const struct world w = {waste_at_random, nothing, NULL, NULL};
    struct bed b;
    char *text;

    (void)unused;
    begin(&b, 10, argv);
    text = run_timed(&b, &w, 4 * QN_NS_PER_S);
    assert_true(qn_tune_verdict_of(&b.tune) == QN_TUNE_CUT_SHORT ||
                qn_tune_verdict_of(&b.tune) == QN_TUNE_LIKELY);
    assert_says(text, "Provisionally: ");
    assert_false(strstr(text, "Recommended: "));
    assert_says(text, "a longer --time-budget would tell");
    assert_int_equal(qn_tune_outcome_of(&b.tune, b.tune.choice), QN_TUNE_PROVISIONAL);
    b.tune.now_ns /= 2; /* as if half of it were left */
    free(text);
    text = run_timed(&b, &w, 0);
    assert_false(strstr(text, "a longer --time-budget"));
    free(text);
    fini(&b);
}

/* By their figures none keeps the bound, but of none that is shown: that is what is said. */
static void test_what_is_not_shown_is_not_said(void **unused)
{
    char *argv[] = {"tune",     "--slo",   "wasted_mean<=620us", "--strategies", "close,drain",
                    "--policy", "close:",  "--race-only",        NULL};
    const struct world w = {waste_at_random, nothing, NULL, NULL};
    struct bed b;
    char *text;

    (void)unused;
    begin(&b, 8, argv);
    text = run_timed(&b, &w, 4 * QN_NS_PER_S);
    assert_int_equal(qn_tune_verdict_of(&b.tune), QN_TUNE_NONE);
    assert_says(text, "Nothing to recommend: by their figures no policy keeps every bound, but of 2 "
                      "it is not shown that they break one.");
    assert_false(strstr(text, "No policy keeps"));
    free(text);
    fini(&b);
}

/* A race that half the time did not decide gets what the sweeps leave. */
static void test_an_undecided_race_gets_the_rest_of_the_time(void **unused)
{
    char *argv[] = {"tune",     "--strategies", "close,drain", "--slo", "wasted_mean<=620us",
                    "--policy", "close:",       NULL};
    const struct world w = {waste_at_random, nothing, NULL, NULL};
    struct bed b;
    char *text;

    (void)unused;
    begin(&b, 7, argv);
    text = run_timed(&b, &w, 500 * QN_NS_PER_MS);
    assert_true(b.tune.has_all_time);
    assert_true(b.tune.race.is_over || qn_tune_spent(&b.tune) >= 0.95);
    free(text);
    fini(&b);
}

static double floor_returns_late(const struct qn_cell *cell)
{
    return strcmp(cell->strategy, "null") == 0 ? 1000000 : 800000;
}

/* One figure of overhead, and what it means that it is below 0. */
static void test_overhead_is_told_once_and_explained(void **unused)
{
    char *argv[] = {"tune", "--max-overhead", "5%", "--strategies", "cancel-wait,drain",
                    "--poll", "16us", NULL};
    const struct world w = {waste_by_poll, nothing, NULL, floor_returns_late};
    struct bed b;
    char *text;

    (void)unused;
    begin(&b, 7, argv);
    text = run_timed(&b, &w, 0);
    assert_int_equal(count(text, "-20.0 [-20.0, -20.0] %"), 1);
    assert_says(text, "overhead_p50<=5%: kept: -20.0 [-20.0, -20.0] %\n    Below 0: it returned sooner");
    assert_int_equal(count(text, "over the floor (median call)"), 0);
    free(text);
    fini(&b);
}

/* Work that is scaled is told of as it was; a value for C is too; the clock's figures are left alone. */
static void test_work_is_scaled_back_and_time_is_not(void **unused)
{
    char *argv[] = {"tune",     "--scale",      "0.04", "--service", "exp:2500us", "--strategies",
                    "cancel-wait,drain", "--policy", "cancel-wait:", "--poll",    "16us", "--slo",
                    "wasted_mean<=1s", NULL};
    const struct qn_candidates *c;
    struct qn_estimate work, detection, least;
    struct bed b;
    char *text, *settings = NULL;
    size_t bytes;
    FILE *f;

    (void)unused;
    begin(&b, 13, argv);
    text = run_timed(&b, &by_poll, 0);
    c = &b.tune.candidates;
    work = qn_tune_estimate_named(&b.tune.data, c, &c->list[b.tune.choice], c->rate, "polling_mean");
    detection =
        qn_tune_estimate_named(&b.tune.data, c, &c->list[b.tune.choice], c->rate, "detection_p50");
    least = qn_tune_estimate_named(&b.tune.data, c, &c->list[b.tune.choice], c->rate,
                                   "planned_work_mean");
    assert_string_equal(choice_of(&b)->strategy, "cancel-wait");
    assert_true(fabs(work.value - 14000 / 0.04) < 1e-6); /* 224 us^2 / 16 us */
    assert_true(fabs(least.value - 1600000 / 0.04) < 1e-6);
    assert_true(detection.value == 2000);
    assert_true(fabs(b.tune.race.rules.least - 0.05 * QN_TUNE_LEAST_SHARE * 1600000 / 0.04) < 1e-6);
    assert_says(text, "Measured on scaled work: every service time times 0.04.");
    assert_says(text, "A poll every 16.0 µs is, of the work as it was, every 400 µs.");
    f = open_memstream(&settings, &bytes);
    assert_non_null(f);
    qn_tune_put_c(&b.tune, f);
    fclose(f);
    assert_says(settings, "FAN_OUT_POLL_INTERVAL_NS     400000 ");
    free(settings);
    free(text);
    fini(&b);
}

/* Settings for C have the grace period of what has one. */
static void test_settings_have_the_grace_period(void **unused)
{
    char *argv[] = {"tune", "--strategies", "cancel-grace,drain", "--poll", "16us", "--policy",
                    "cancel-grace:grace=250us", NULL};
    char *settings = NULL;
    struct bed b;
    size_t bytes;
    FILE *f;

    (void)unused;
    begin(&b, 7, argv);
    run(&b, &by_poll);
    assert_string_equal(choice_of(&b)->strategy, "cancel-grace");
    f = open_memstream(&settings, &bytes);
    assert_non_null(f);
    qn_tune_put_c(&b.tune, f);
    fclose(f);
    assert_says(settings, "FAN_OUT_GRACE_NS             250000 ");
    free(settings);
    fini(&b);
}

/* Parses, with what is complained of left unread. */
static int parse_quietly(int argc, char **argv)
{
    struct qn_tuning_request request;
    struct qn_run_options options;
    FILE *words = tmpfile();
    int old = dup(STDERR_FILENO), rc;

    assert_non_null(words);
    fflush(stderr);
    dup2(fileno(words), STDERR_FILENO);
    rc = qn_tune_options_parse(argc, argv, &request, &options);
    fflush(stderr);
    dup2(old, STDERR_FILENO);
    close(old);
    fclose(words);
    if (rc == QN_OK)
        qn_run_options_fini(&options);
    return rc;
}

static void test_bounds_on_the_clock_are_refused_of_scaled_work(void **unused)
{
    static const char *const refused[] = {"return_latency_p90<=40us", "detection_p50<=1ms",
                                          "return_at_p99<=1s", "overhead_p50<=5%",
                                          "occupied_mean<=1ms", "retained<=1MiB.s",
                                          "goodput>=10"};
    static const char *const taken[] = {"wasted_mean<=1ms", "polling_mean<=1ms",
                                        "retained_at_return_max<=1MiB", "errors_lost_max<=1",
                                        "error_fidelity>=0.5", "cancelling_p50<=1ms"};
    char *argv[] = {"tune", "--arrival", "back-to-back", "--service", "exp:2500us", "--slo", NULL,
                    "--scale", "0.04", NULL};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(refused); i++) {
        argv[6] = (char *)(uintptr_t)refused[i];
        argv[8] = "0.04";
        assert_int_equal(parse_quietly(9, argv), QN_EINVAL);
        argv[8] = "1";
        assert_int_equal(parse_quietly(9, argv), QN_OK);
    }
    argv[8] = "0.04";
    for (size_t i = 0; i < QN_ARRAY_LEN(taken); i++) {
        argv[6] = (char *)(uintptr_t)taken[i];
        assert_int_equal(parse_quietly(9, argv), QN_OK);
    }
}

/* 13 x 40 ms are 520 ms: 260 ms on two cores, 40 ms on 13. */
static void test_what_work_alone_exceeds_is_impossible(void **unused)
{
    static const struct {
        const char *bound;
        unsigned n_cores;
        int rc;
    } cases[] = {
        {"return_at_p99<=200ms", 2, QN_EINVAL}, {"return_at_p99<=300ms", 2, QN_OK},
        {"return_at_p99<=200ms", 13, QN_OK},    {"return_at_p99<=30ms", 13, QN_EINVAL},
        {"return_at_max<=200ms", 2, QN_EINVAL}, {"settle_at_p50<=200ms", 2, QN_EINVAL},
        {"stop_at_mean<=200ms", 2, QN_EINVAL},  {"return_at_p99>=200ms", 2, QN_OK},
        {"return_latency_p99<=1ms", 2, QN_OK},  {"return_at_p99@failed<=200ms", 2, QN_OK},
    };
    char *argv[] = {"tune",      "--workers", "13",    "--threads", "13", "--service",
                    "const:40ms", "--rate",    "0.001", NULL};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        struct qn_tuning_request request;
        struct qn_run_options options;
        FILE *words = tmpfile();
        int old = dup(STDERR_FILENO), rc;

        assert_int_equal(qn_tune_options_parse(9, argv, &request, &options), QN_OK);
        assert_int_equal(qn_bound_parse("--slo", cases[i].bound, &request.bounds[0]), QN_OK);
        request.n_bounds = 1;
        fflush(stderr);
        dup2(fileno(words), STDERR_FILENO);
        rc = qn_possible_check(&request, &options, cases[i].n_cores);
        fflush(stderr);
        dup2(old, STDERR_FILENO);
        close(old);
        fclose(words);
        if (rc != cases[i].rc)
            fail_msg("%s on %u cores: %d", cases[i].bound, cases[i].n_cores, rc);
        qn_run_options_fini(&options);
    }
}

static void test_threads_beyond_the_cores_are_said(void **unused)
{
    char text[QN_CROWDING_BYTES], *said;
    char *argv[] = {"tune",   "--threads",         "32",     "--workers", "64",
                    "--strategies", "cancel-wait,drain", "--poll", "16us", NULL};
    struct bed b;

    (void)unused;
    assert_false(qn_crowding_say(2, 2, text));
    assert_false(qn_crowding_say(2, 0, text)); /* not known */
    assert_string_equal(text, "");
    assert_true(qn_crowding_say(32, 2, text));
    begin(&b, 9, argv);
    b.tune.request.n_cores = 2;
    said = run_timed(&b, &by_poll, 0);
    assert_says(said, text);
    free(said);
    b.tune.request.n_cores = 32;
    said = run_timed(&b, &by_poll, 0);
    assert_false(strstr(said, "Crowded"));
    free(said);
    fini(&b);
}

/* Who is a candidate. */
static void test_candidates(void **unused)
{
    char *argv[] = {"tune", NULL};
    struct bed b;

    (void)unused;
    begin(&b, 1, argv);
    assert_true(b.tune.candidates.has_floor);
    assert_true(b.tune.candidates.n > 40);
    for (size_t i = 0; i < b.tune.candidates.n; i++) {
        const struct qn_strategy *s = qn_strategy_find(b.tune.candidates.list[i].cell->strategy);

        assert_false(s->flags & (QN_LEAKS | QN_RETURNS_NO_ERROR | QN_MISUSES));
    }
    assert_true(b.tune.candidates.rates[b.tune.candidates.rate] == 0.05);
    assert_true(b.tune.candidates.rates[b.tune.candidates.calm] == 0);
    fini(&b);
}

/* Polls alone cost 200 ns in 1 us: no need to measure that it is beyond 1 %. */
static void test_closed_forms_leave_candidates_out(void **unused)
{
    char *argv[] = {"tune", "--poll-cost", "200ns", "--max-overhead", "1%", NULL};
    struct bed b;

    (void)unused;
    begin(&b, 5, argv);
    for (size_t i = 0; i < b.tune.candidates.n; i++) {
        const struct qn_candidate *x = &b.tune.candidates.list[i];
        double share = 200.0 / (double)x->cell->workload.poll_ns;

        assert_int_equal(x->left_out[0] != '\0', x->cell->polls && share > 0.011);
    }
    fini(&b);
}

/* Items of 1,100 s between two polls wasted 1,100 s by the form, of work of 1 ms. */
static void test_no_form_of_items_that_are_long_against_the_work(void **unused)
{
    struct qn_cell cell = {
        .strategy = "cancel",
        .polls = true,
        .workload = {.kind = QN_KIND_CPU,
                     .workers = 8,
                     .threads = 2,
                     .failure_rate = 0.1,
                     .poll_ns = 20000,
                     .service = {.type = QN_SERVICE_EXP, .a = 1e6, .scale = 1, .cap_ns = 1e9},
                     .has_item = true,
                     .item = {.type = QN_SERVICE_CONST, .a = 1000, .scale = 1, .cap_ns = 1e13}},
        .policy_values = {.stride = QN_STRIDE_ITEMS, .canceller = QN_CANCELLER_WORKER}};
    struct qn_poll_row row;

    (void)unused;
    qn_polls_forms(&cell, &row);
    assert_true(row.form_wasted > 0 && row.form_wasted < 1e6);
    assert_true(row.form_stop > 0 && row.form_stop < 1e6);
    cell.workload.item.a = 1100e9;
    qn_polls_forms(&cell, &row);
    assert_true(isnan(row.form_wasted) && isnan(row.form_stop));
    assert_true(row.form_throughput > 0 && row.form_throughput <= 1);
}

/* Noise among intervals that all keep it hides none of them; one that does not is no accident. */
static void test_the_finest_interval_by_hand(void **unused)
{
    const double noisy[] = {0.38, 0.70, 0.90, 0.968, 0.962, 0.94, 0.98, 0.938};
    const double none[] = {0.5, 0.6, 0.9}, all[] = {0.99, 0.97, 1.01};
    const double gaps[] = {NAN, 0.9, NAN, 0.96};

    (void)unused;
    assert_int_equal(qn_polls_finest(noisy, 8), 3); /* the last five level at 0.9576 */
    assert_int_equal(qn_polls_finest(none, 3), 3);
    assert_int_equal(qn_polls_finest(all, 3), 0);
    assert_int_equal(qn_polls_finest(gaps, 4), 3);
    assert_int_equal(qn_polls_finest(gaps, 0), 0);
}

static void test_a_crossing_by_hand(void **unused)
{
    const double rates[] = {0, 0.01, 0.1, 0.4};
    const double falls[] = {4, 2, -2, -3}, at_once[] = {3, -1, -2, -3}, always[] = {-1, -1, -1, -1},
                 never[] = {1, 1, 1, 1}, twice[] = {1, -1, 1, -1};

    (void)unused;
    /* half way between 0.01 and 0.1, by logarithms */
    assert_true(fabs(qn_crossing_of(rates, falls, 3) - sqrt(0.001)) < 1e-12);
    /* three quarters of the way from 0 */
    assert_true(fabs(qn_crossing_of(rates, at_once, 3) - 0.0075) < 1e-12);
    assert_true(qn_crossing_of(rates, always, 3) == 0);
    assert_true(qn_crossing_of(rates, never, 3) == 0.4);
    assert_true(fabs(qn_crossing_of(rates, twice, 3) - 0.2) < 1e-12);
    assert_true(fabs(qn_crossing_of(rates, twice, 1) - 0.005) < 1e-12);
    /* a rate at which one has no figure is passed over, and does not count as a fall */
    assert_true(fabs(qn_crossing_of(rates, (const double[]){4, NAN, -4, -3}, 3) - 0.05) < 1e-12);
    assert_true(qn_crossing_of(rates, (const double[]){NAN, 1, 2, NAN}, 3) == 0.1);
    assert_true(isnan(qn_crossing_of(rates, (const double[]){NAN, NAN, NAN, NAN}, 3)));
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
        cmocka_unit_test(test_where_all_fail_it_ends_and_says_so),
        cmocka_unit_test(test_a_choice_that_fails_later_is_none),
        cmocka_unit_test(test_who_has_no_cost_is_not_the_cheapest),
        cmocka_unit_test(test_who_has_no_cost_brings_nobody_in),
        cmocka_unit_test(test_no_memory_is_no_answer),
        cmocka_unit_test(test_no_memory_is_no_other_choice),
        cmocka_unit_test(test_too_few_failures_recommend_nothing),
        cmocka_unit_test(test_overhead_needs_no_failures),
        cmocka_unit_test(test_no_time_is_no_verdict),
        cmocka_unit_test(test_undecided_is_provisional),
        cmocka_unit_test(test_what_is_not_shown_is_not_said),
        cmocka_unit_test(test_an_undecided_race_gets_the_rest_of_the_time),
        cmocka_unit_test(test_overhead_is_told_once_and_explained),
        cmocka_unit_test(test_work_is_scaled_back_and_time_is_not),
        cmocka_unit_test(test_settings_have_the_grace_period),
        cmocka_unit_test(test_bounds_on_the_clock_are_refused_of_scaled_work),
        cmocka_unit_test(test_what_work_alone_exceeds_is_impossible),
        cmocka_unit_test(test_threads_beyond_the_cores_are_said),
        cmocka_unit_test(test_candidates),
        cmocka_unit_test(test_closed_forms_leave_candidates_out),
        cmocka_unit_test(test_no_form_of_items_that_are_long_against_the_work),
        cmocka_unit_test(test_the_finest_interval_by_hand),
        cmocka_unit_test(test_a_crossing_by_hand),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
