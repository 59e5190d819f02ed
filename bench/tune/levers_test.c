/* Levers: where they are tried, which candidates they join, and what is said of one that wins. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/tune/answer/text.h"
#include "bench/tune/search/floors.h"
#include "bench/tune/search/lever_race.h"
#include "bench/tune/search/levers.h"
#include "bench/tune/search/race.h"
#include "bench/tune/search/verdict.h"
#include "bench/tune/tune_bed.h"
#include "strategies/strategy.h"
#include "tests/cmocka_all.h"

/* Chooses the candidates of a tuning; returns how many are variants by a lever. */
static size_t count_levers(int argc, char **argv)
{
    struct tune_bed b;
    size_t n = 0;

    tune_begin(&b, argc, argv);
    for (size_t i = 0; i < b.tune.candidates.n; i++)
        n += b.tune.candidates.list[i].lever != 0;
    tune_end(&b);
    return n;
}

/* A caller with a core of its own needs none, nor does a question that failed calls don't bear on. Work
 * that waits may help as well: its threads take the core when they wake. A user's policies are the only
 * ones. */
static void test_levers_are_tried_only_where_they_can_matter(void **unused)
{
    char *shared[] = {"tune", "--caller", "shared", NULL};
    char *given[] = {"tune", "--caller", "shared", "--failure-at", "first=1", NULL};
    char *own[] = {"tune", "--caller", "own", "--threads", "1", NULL};
    char *overhead[] = {"tune", "--caller", "shared", "--objective", "overhead", NULL};
    char *waits[] = {"tune", "--caller", "shared", "--kind", "wait", NULL};
    char *asked[] = {"tune", "--caller", "shared", "--policy", "after_error=yield", NULL};

    (void)unused;
    assert_true(count_levers(3, shared) > 0);
    assert_true(count_levers(5, given) > 0);
    assert_int_equal(count_levers(5, own), 0);
    assert_int_equal(count_levers(5, overhead), 0);
    assert_true(count_levers(5, waits) > 0);
    assert_int_equal(count_levers(5, asked), 0);
}

/* Each has a twin without it, and none has both. The race begins with the twins. */
static void test_each_is_tried_alone(void **unused)
{
    char *argv[] = {"tune", "--caller", "shared", NULL};
    struct tune_bed b;

    (void)unused;
    tune_begin(&b, 3, argv);
    for (size_t i = 0; i < b.tune.candidates.n; i++) {
        const struct qn_candidate *x = &b.tune.candidates.list[i];
        const struct qn_candidate *plain = &b.tune.candidates.list[x->plain];

        assert_true(qn_levers_of(&x->cell->policy_values) == x->lever);
        assert_true(x->lever != (QN_LEVER_YIELD | QN_LEVER_NICE));
        assert_int_equal(x->plain == i, x->lever == 0);
        assert_int_equal(plain->lever, 0);
        assert_ptr_equal(plain->cell->strategy, x->cell->strategy);
        assert_int_equal(plain->poll, x->poll);
        if (x->lever)
            assert_true(qn_tune_runner(&b.tune, i) == SIZE_MAX);
    }
    tune_end(&b);
}

/* A user's policies race from the start. */
static void test_what_the_user_asks_for_is_raced_at_once(void **unused)
{
    char *argv[] = {"tune",
                    "--caller",
                    "shared",
                    "--strategies",
                    "cancel",
                    "--policy",
                    "canceller=worker",
                    "--policy",
                    "after_error=yield",
                    "--poll",
                    "1us",
                    NULL};
    struct tune_bed b;

    (void)unused;
    tune_begin(&b, 11, argv);
    assert_int_equal(b.tune.candidates.n, 2);
    assert_int_equal(b.tune.race.n_runners, 2);
    tune_end(&b);
}

static bool is_nice(const struct qn_cell *cell)
{
    return cell->policy_values.worker_nice > 0;
}

static bool is_lever(const struct qn_cell *cell)
{
    return cell->policy_values.after_error == QN_AFTER_YIELD || is_nice(cell);
}

static double returns_late_if_nice(const struct qn_cell *cell)
{
    return is_nice(cell) ? 1600000 : 800000;
}

/* Overhead is relative to null under the same scheduling. */
static void test_each_scheduling_has_its_floor(void **unused)
{
    char *argv[] = {"tune",
                    "--strategies",
                    "cancel,drain",
                    "--policy",
                    "worker_nice=10",
                    "--policy",
                    "worker_nice=10,partial_results=keep",
                    "--policy",
                    "after_error=yield",
                    "--poll",
                    "1us",
                    "--max-overhead",
                    "10",
                    NULL};
    const struct made_machine machine = {waste_by_poll, costs_nothing, NULL, returns_late_if_nice,
                                         NULL};
    const struct qn_candidates *c;
    struct tune_bed b;

    (void)unused;
    tune_begin(&b, 13, argv);
    c = &b.tune.candidates;
    assert_int_equal(c->n, 6);
    assert_int_equal(c->n_floors, 2);
    tune_run(&b, &machine);
    for (size_t i = 0; i < c->n; i++) {
        assert_int_equal(is_nice(qn_floor_of(c, &c->list[i])->cell), is_nice(c->list[i].cell));
        assert_true(
            qn_tune_estimate_named(&b.tune.data, c, &c->list[i], c->rate, "overhead_p50").value ==
            0);
    }
    tune_end(&b);
}

/* A lost floor costs those that are compared with it, and no other. */
static void test_a_lost_floor_costs_its_candidates(void **unused)
{
    char *argv[] = {"tune",
                    "--strategies",
                    "cancel",
                    "--policy",
                    "worker_nice=10",
                    "--policy",
                    "after_error=yield",
                    "--poll",
                    "1us",
                    "--max-overhead",
                    "10",
                    NULL};
    struct tune_bed b;
    const struct qn_candidates *c;

    (void)unused;
    tune_begin(&b, 11, argv);
    c = &b.tune.candidates;
    for (size_t i = 0; i < c->n_floors; i++)
        if (is_nice(c->floors[i].cell))
            b.controller.process_failed(b.controller.user, c->floors[i].cells[c->without_failure]);
    tune_run(&b, &polling_machine);
    for (size_t i = 0; i < c->n; i++)
        assert_int_equal(qn_tune_outcome_of(&b.tune, i) == QN_TUNE_FAILED,
                         is_nice(c->list[i].cell));
    assert_true(tune_choice(&b)->policy_values.after_error == QN_AFTER_YIELD);
    tune_end(&b);
}

static double waste_unless_lever(const struct qn_cell *cell)
{
    return is_lever(cell) ? 1000 : 100000;
}

/* The answer is a lever, which the files and the text have, with what it takes in one's own code. */
static void test_a_lever_that_pays_is_recommended(void **unused)
{
    char *argv[] = {"tune",         "--caller", "shared", "--strategies",
                    "cancel,drain", "--poll",   "1us",    NULL};
    const struct made_machine machine = {waste_unless_lever, costs_nothing, NULL, NULL, NULL};
    char *text, *settings[2] = {NULL};
    struct tune_bed b;
    size_t bytes;
    FILE *f;

    (void)unused;
    tune_begin(&b, 7, argv);
    text = tune_run_timed(&b, &machine, 0);
    assert_true(tune_choice(&b)->policy_values.after_error == QN_AFTER_YIELD);
    assert_says(text, "Recommended: ");
    assert_says(text, " after_error=yield");
    assert_says(text, "calls sched_yield() once, right after it has handed over its error");
    assert_says(text, "Without it: costs ");
    assert_null(strstr(text, "Levers ("));
    for (size_t i = 0; i < 2; i++) {
        f = open_memstream(&settings[i], &bytes);
        assert_non_null(f);
        if (i)
            assert_int_equal(
                qn_tune_put_code(&(struct qn_tune_answer){.tune = &b.tune}, QN_CODE_C, f), QN_OK);
        else
            assert_int_equal(qn_tune_put_ini(&(struct qn_tune_answer){.tune = &b.tune}, f), QN_OK);
        fclose(f);
    }
    assert_says(settings[0], "after_error=yield");
    assert_says(settings[1], "        sched_yield();");
    assert_says(settings[1], "// Its policies: after_error=yield\n");
    assert_null(strstr(settings[1], "at nice"));
    for (size_t i = 0; i < 2; i++)
        free(settings[i]);
    free(text);
    tune_end(&b);
}

static double waste_a_lot_but_polling(const struct qn_cell *cell)
{
    return is_lever(cell) ? 0 : cell->polls ? 10000 : 1000000;
}

/* Those that are told apart from the leader before are not tried, and say why. */
static void test_losers_get_no_lever(void **unused)
{
    char *argv[] = {"tune",   "--caller", "shared", "--strategies", "cancel-wait,drain",
                    "--poll", "1us",      NULL};
    const struct made_machine machine = {waste_a_lot_but_polling, costs_nothing, NULL, NULL, NULL};
    struct tune_bed b;
    char reason[256];

    (void)unused;
    tune_begin(&b, 7, argv);
    tune_run(&b, &machine);
    for (size_t i = 0; i < b.tune.candidates.n; i++) {
        const struct qn_candidate *x = &b.tune.candidates.list[i];

        if (strcmp(x->cell->strategy, "drain") != 0 || !x->lever)
            continue;
        assert_int_equal(qn_tune_outcome_of(&b.tune, i), QN_TUNE_NOT_RACED);
        qn_tune_reason(&b.tune, i, reason, sizeof(reason));
        assert_says(reason, "levers are tried only with");
    }
    assert_string_equal(tune_choice(&b)->strategy, "cancel-wait");
    assert_true(is_lever(tune_choice(&b)));
    tune_end(&b);
}

static double waste_the_same(const struct qn_cell *cell)
{
    (void)cell;
    return 100000;
}

/* True if a lever of a runner's candidate has joined the race. */
static bool is_joined(const struct tune_bed *b, size_t runner)
{
    for (size_t i = 0; i < b->tune.race.n_runners; i++) {
        const struct qn_candidate *x = &b->tune.candidates.list[b->tune.raced[i]];

        if (x->lever && x->plain == b->tune.raced[runner])
            return true;
    }
    return false;
}

/* One that is still in, but by its interval costs more than the leader and the band, gets no lever. */
static void test_one_far_behind_gets_no_lever(void **unused)
{
    char *argv[] = {"tune",           "--caller", "shared", "--strategies",
                    "buffered,drain", "--poll",   "1us",    NULL};
    struct tune_bed b;
    struct qn_race *r = &b.tune.race;

    (void)unused;
    tune_begin(&b, 7, argv);
    assert_int_equal(r->n_runners, 2);
    r->leader = r->cheapest = 0;
    r->runners[0].cost = (struct qn_estimate){100000, 90000, 110000, true};
    r->runners[1].cost = (struct qn_estimate){150000, 140000, 160000, true};
    r->runners[1].behind = (struct qn_estimate){50000, 5001, 94999, true};
    assert_int_equal(qn_tune_join_levers(&b.tune), QN_OK);
    assert_true(is_joined(&b, 0));
    assert_false(is_joined(&b, 1));
    r->runners[1].behind.lo = 4999; /* within the band of 5 % */
    assert_int_equal(qn_tune_join_levers(&b.tune), QN_OK);
    assert_true(is_joined(&b, 1));
    tune_end(&b);
}

/* Many that tie: a few are tried, and the text says that it gained nothing. */
static void test_few_are_tried(void **unused)
{
    char *argv[] = {"tune", "--caller", "shared", NULL};
    const struct made_machine machine = {waste_the_same, costs_nothing, NULL, NULL, NULL};
    struct tune_bed b;
    size_t n_raced = 0, n_plain = 0;
    char *text;

    (void)unused;
    tune_begin(&b, 3, argv);
    text = tune_run_timed(&b, &machine, 0);
    for (size_t i = 0; i < b.tune.race.n_runners; i++)
        n_raced += b.tune.candidates.list[b.tune.raced[i]].lever != 0;
    n_plain = b.tune.race.n_runners - n_raced;
    assert_true(n_plain > (size_t)2 * QN_TUNE_MOST_LEVERED);
    /* with two levers at most, and at a leader's interval again */
    assert_in_range(n_raced, 1, (QN_TUNE_MOST_LEVERED + 1) * 2 * 3);
    assert_false(is_lever(tune_choice(&b)));
    assert_says(text, "  Levers (after_error=yield");
    assert_says(text, "none of which is shown to be better");
    free(text);
    tune_end(&b);
}

/* Where every candidate breaks a bound that a lever keeps, it is found. */
static void test_a_lever_cures_a_bound(void **unused)
{
    char *argv[] = {"tune",   "--caller", "shared", "--strategies",      "cancel,drain",
                    "--poll", "1us",      "--slo",  "wasted_mean<=20us", NULL};
    const struct made_machine machine = {waste_unless_lever, costs_nothing, NULL, NULL, NULL};
    struct tune_bed b;

    (void)unused;
    tune_begin(&b, 9, argv);
    tune_run(&b, &machine);
    assert_true(is_lever(tune_choice(&b)));
    assert_int_equal(qn_tune_outcome_of(&b.tune, b.tune.choice), QN_TUNE_RECOMMENDED);
    tune_end(&b);
}

static double detects_late_unless_yield(const struct qn_cell *cell)
{
    return cell->policy_values.after_error == QN_AFTER_YIELD ? 2000 : 60000;
}

/* What costs no more and brings the first error sooner is worth its line. */
static void test_of_equals_the_sooner_is_recommended(void **unused)
{
    char *argv[] = {"tune",         "--caller", "shared", "--strategies",
                    "cancel,drain", "--poll",   "1us",    NULL};
    const struct made_machine machine = {waste_the_same, costs_nothing, NULL, NULL,
                                         detects_late_unless_yield};
    struct tune_bed b;
    char *text;

    (void)unused;
    tune_begin(&b, 7, argv);
    text = tune_run_timed(&b, &machine, 0);
    assert_true(tune_choice(&b)->policy_values.after_error == QN_AFTER_YIELD);
    assert_says(text, "With it the first error arrives 58.0 [58.0, 58.0] µs sooner (mean).");
    free(text);
    tune_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levers_are_tried_only_where_they_can_matter),
        cmocka_unit_test(test_each_is_tried_alone),
        cmocka_unit_test(test_what_the_user_asks_for_is_raced_at_once),
        cmocka_unit_test(test_each_scheduling_has_its_floor),
        cmocka_unit_test(test_a_lost_floor_costs_its_candidates),
        cmocka_unit_test(test_a_lever_that_pays_is_recommended),
        cmocka_unit_test(test_losers_get_no_lever),
        cmocka_unit_test(test_one_far_behind_gets_no_lever),
        cmocka_unit_test(test_few_are_tried),
        cmocka_unit_test(test_a_lever_cures_a_bound),
        cmocka_unit_test(test_of_equals_the_sooner_is_recommended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
