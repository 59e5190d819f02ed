/*
 * The search of a tuning against a made-up machine: the trials that its cells would have are
 * computed, so that the right answer is known to the last digit and nothing is timed.
 */
#include <math.h>
#include <stdlib.h>

#include "bench/plan.h"
#include "bench/rng.h"
#include "bench/tune.h"
#include "bench/tune_polls.h"
#include "bench/tune_rates.h"
#include "bench/tune_sweeps.h"
#include "bench/tune_text.h"
#include "bench/tune_verdict.h"
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
        v[QN_COL_RETURN_AT] = 800000;
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

static const struct world by_poll = {waste_by_poll, polls_by_poll, NULL};

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
static void test_a_tie_names_all_and_takes_the_plainest(void **unused)
{
    char *argv[] = {"tune", "--objective", "retained_at_return", NULL};
    const struct world w = {waste_by_poll, nothing, retained_by_waiting};
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
    char *argv[] = {"tune", "--slo", "return_at_p50<=1us", NULL};
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

/* Whoever has no cost is never the cheapest of its strategy, wherever it stands. */
static void test_who_has_no_cost_is_not_the_cheapest(void **unused)
{
    char *argv[] = {"tune",     "--strategies", "cancel-wait,drain", "--policy", "cancel-wait:",
                    "--poll",   "1us,2us,4us",  NULL};
    struct bed b;
    bool has_kin = false;

    (void)unused;
    for (size_t without = 0; without < 3; without++) {
        begin(&b, 7, argv);
        run(&b, &by_poll);
        b.tune.choice = 3; /* drain */
        for (size_t i = 0; i < 3; i++)
            b.tune.race.runners[i].cost.value = i == without ? NAN : 100.0 + (double)i;
        b.tune.rates.n = 0;
        qn_tune_list_rates(&b.tune);
        has_kin = false;
        for (size_t i = 0; i < b.tune.rates.n; i++)
            has_kin |= b.tune.rates.cells[i] == b.tune.candidates.list[without].cells[0];
        assert_false(has_kin);
        fini(&b);
    }
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
        cmocka_unit_test(test_a_tie_names_all_and_takes_the_plainest),
        cmocka_unit_test(test_nobody_keeps_the_bound),
        cmocka_unit_test(test_a_search_goes_on_where_it_was),
        cmocka_unit_test(test_a_failed_process_costs_its_candidate),
        cmocka_unit_test(test_a_choice_that_fails_later_is_none),
        cmocka_unit_test(test_who_has_no_cost_is_not_the_cheapest),
        cmocka_unit_test(test_no_memory_is_no_answer),
        cmocka_unit_test(test_candidates),
        cmocka_unit_test(test_closed_forms_leave_candidates_out),
        cmocka_unit_test(test_the_finest_interval_by_hand),
        cmocka_unit_test(test_a_crossing_by_hand),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
