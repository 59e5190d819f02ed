/* What levers do for strategies that lost the race but that a program may keep. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/tune/answer/tables.h"
#include "bench/tune/search/kept.h"
#include "bench/tune/tune_bed.h"
#include "strategies/strategy.h"
#include "tests/allocation.h"
#include "tests/cmocka_all.h"

static char *args[] = {"tune", "--caller", "shared", "--poll", "1us", NULL};
#define N_ARGS 5

static bool has_yield(const struct qn_cell *cell)
{
    return cell->policy_values.after_error == QN_AFTER_YIELD;
}

static bool is_lever(const struct qn_cell *cell)
{
    return has_yield(cell) || cell->policy_values.worker_nice > 0;
}

/* True if the caller waits for its core before it acts on the error. */
static bool is_of_caller(const struct qn_cell *cell)
{
    return !(qn_strategy_find(cell->strategy)->flags & QN_CANCELS) ||
           cell->policy_values.canceller == QN_CANCELLER_CALLER;
}

/* The world of waiting-caller: where the caller acts, a lever takes detection from 107 to 6 us, and most
 * of the waste goes with it; where a worker does, nothing is left to gain. */
static double waste(const struct qn_cell *cell)
{
    return !is_of_caller(cell) ? 1000 : is_lever(cell) ? 4000 : 150000;
}

static double detects(const struct qn_cell *cell)
{
    return is_of_caller(cell) && !is_lever(cell) ? 107000 : 6000;
}

static const struct made_machine waiting_caller = {waste, costs_nothing, NULL, NULL, detects};

/* What became of a strategy's lever, and why, as candidates.csv has them; asserts that it is there. */
static void find_row(const struct tune_bed *b, const char *label, char *outcome, char *reason)
{
    struct qn_tune_kept kept;
    const struct qn_tune_answer answer = {.tune = &b->tune, .kept = &kept};
    char *table = NULL, *line, *rest;
    size_t bytes, n = strlen(label);
    bool is_found = false;
    FILE *f = open_memstream(&table, &bytes);

    assert_non_null(f);
    assert_int_equal(qn_tune_kept_make(&b->tune, &kept), QN_OK);
    assert_int_equal(qn_tune_put_candidates(&answer, f), QN_OK);
    fclose(f);
    for (rest = table; (line = strsep(&rest, "\n"));) {
        char *at = line;

        if (strncmp(line, label, n) != 0 || line[n] != ',')
            continue;
        is_found = true;
        for (int column = 0; column < 4; column++)
            strsep(&at, ",");
        snprintf(outcome, 32, "%s", strsep(&at, ","));
        snprintf(reason, 512, "%s", strrchr(at, '"') ? strchr(at, '"') : strrchr(at, ','));
    }
    if (!is_found)
        fail_msg("'%s' is no candidate", label);
    qn_tune_kept_fini(&kept);
    free(table);
}

static void assert_outcome(const struct tune_bed *b, const char *label, const char *wanted)
{
    char outcome[32], reason[512];

    find_row(b, label, outcome, reason);
    if (strcmp(outcome, wanted) != 0)
        fail_msg("%s: %s instead of %s: %s", label, outcome, wanted, reason);
}

/* The winner gains nothing from a lever; whoever keeps another strategy is told of one, in the text and
 * in candidates.csv. */
static void test_a_lever_that_helps_a_loser_is_recommended_for_it(void **unused)
{
    char outcome[32], reason[512];
    struct tune_bed b;
    char *text, *section;

    (void)unused;
    tune_begin(&b, N_ARGS, args);
    text = tune_run_timed(&b, &waiting_caller, 0);
    assert_false(is_of_caller(tune_choice(&b)) || is_lever(tune_choice(&b)));
    section = strstr(text, "If your program keeps another strategy");
    assert_non_null(section);
    for (const char **s = (const char *[]){"buffered", "drain", "close", "cancel poll=1us",
                                           "owner-close", "limited", NULL};
         *s; s++) {
        char line[256];

        snprintf(line, sizeof(line),
                 "\n  %s after_error=yield: recommended: first error after 6.00 µs instead of "
                 "107 µs, 0.0561 [0.0561, 0.0561] times; ",
                 *s);
        assert_says(section, line);
    }
    assert_says(section, "work for nothing (waste and polls) ");
    assert_says(section, "; a call without failure 1.00 [1.00, 1.00] times (12 processes)");
    assert_says(section, "calls sched_yield() once");
    /* strategies whose workers act, and the winner, have no line */
    assert_null(strstr(section, "\n  cancel-"));
    assert_null(strstr(section, "canceller="));
    assert_null(strstr(section, "late_work="));
    assert_outcome(&b, "drain after_error=yield", "helps");
    assert_outcome(&b, "cancel poll=1us after_error=yield", "helps");
    find_row(&b, "drain after_error=yield", outcome, reason);
    assert_says(reason, "first error after 6.00 µs instead of 107 µs");
    assert_outcome(&b, "cancel-wait poll=1us after_error=yield;canceller=caller", "not-raced");
    free(text);
    tune_end(&b);
}

static double returns_later_with_lever(const struct qn_cell *cell)
{
    return is_lever(cell) ? 1200000 : 800000;
}

static double wastes_more_with_lever(const struct qn_cell *cell)
{
    return !is_of_caller(cell) ? 1000 : is_lever(cell) ? 300000 : 150000;
}

static double detects_alike(const struct qn_cell *cell)
{
    (void)cell;
    return 107000;
}

static double detects_a_little_sooner(const struct qn_cell *cell)
{
    return is_lever(cell) ? 103000 : 107000;
}

static double wastes_alike(const struct qn_cell *cell)
{
    return is_of_caller(cell) ? 150000 : 1000;
}

/* One that calls without failure pay for is not recommended, nor one that costs more by the objective,
 * nor one whose gain is within the band. */
static void test_a_lever_has_to_be_worth_it(void **unused)
{
    static const struct {
        struct made_machine machine;
        const char *outcome, *words;
    } worlds[] = {
        {{waste, costs_nothing, NULL, returns_later_with_lever, detects},
         "costs",
         "drain after_error=yield: not recommended: first error after 6.00 µs"},
        {{waste, costs_nothing, NULL, returns_later_with_lever, detects},
         "costs",
         "a call without failure 1.50 [1.50, 1.50] times"},
        {{wastes_more_with_lever, costs_nothing, NULL, NULL, detects},
         "costs",
         "drain after_error=yield: not recommended: first error after 6.00 µs"},
        {{wastes_alike, costs_nothing, NULL, NULL, detects_a_little_sooner},
         "no-difference",
         "drain after_error=yield: no difference shown: first error after 103 µs instead of 107"},
        {{waste, costs_nothing, NULL, NULL, detects_alike},
         "helps",
         "drain after_error=yield: recommended: first error after 107 µs instead of 107 µs"},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(worlds); i++) {
        struct tune_bed b;
        char *text;

        tune_begin(&b, N_ARGS, args);
        text = tune_run_timed(&b, &worlds[i].machine, 0);
        assert_outcome(&b, "drain after_error=yield", worlds[i].outcome);
        assert_says(text, worlds[i].words);
        assert_int_equal(strstr(text, ": recommended: ") != NULL,
                         strcmp(worlds[i].outcome, "helps") == 0);
        free(text);
        tune_end(&b);
    }
}

static double wastes_a_little_more_with_lever(const struct qn_cell *cell)
{
    return is_lever(cell) ? 200 : 100;
}

static size_t count_verdicts(const struct tune_bed *b, enum qn_tune_kept_verdict verdict)
{
    struct qn_tune_kept kept;
    size_t n = 0;

    assert_int_equal(qn_tune_kept_make(&b->tune, &kept), QN_OK);
    for (size_t i = 0; i < kept.n; i++)
        n += kept.list[i].verdict == verdict;
    qn_tune_kept_fini(&kept);
    return n;
}

/* A difference of costs that doesn't matter to the race matters to nobody, whatever its ratio. */
static void test_a_small_difference_is_none(void **unused)
{
    const struct made_machine machine = {wastes_a_little_more_with_lever, costs_nothing, NULL, NULL,
                                         detects_alike};
    struct tune_bed b;

    (void)unused;
    tune_begin(&b, N_ARGS, args);
    tune_run(&b, &machine);
    assert_true(count_verdicts(&b, QN_TUNE_KEPT_EQUAL) >= 6);
    assert_int_equal(count_verdicts(&b, QN_TUNE_KEPT_COSTS), 0);
    tune_end(&b);
}

static double wastes_nothing_with_lever(const struct qn_cell *cell)
{
    return !is_of_caller(cell) ? 1000 : is_lever(cell) ? 0 : 150000;
}

/* Waste of 0 has no geometric mean, but is less than any. */
static void test_no_waste_is_less_than_some(void **unused)
{
    const struct made_machine machine = {wastes_nothing_with_lever, costs_nothing, NULL, NULL,
                                         detects_alike};
    struct tune_bed b;
    char *text;

    (void)unused;
    tune_begin(&b, N_ARGS, args);
    text = tune_run_timed(&b, &machine, 0);
    assert_says(text, "work for nothing (waste and polls) 0 ns instead of 84.9 µs, 0 [0, 0] times");
    assert_outcome(&b, "buffered after_error=yield", "helps");
    free(text);
    tune_end(&b);
}

/* The machine that the callbacks below are of. */
static const struct tune_bed *now;

static double detects_late_in_the_race(const struct qn_cell *cell)
{
    (void)cell;
    return now->tune.stage == QN_TUNE_RACE ? 107000 : 6000;
}

/* What was measured while the machine was busier says nothing about a lever measured later. */
static void test_only_what_is_measured_together_is_compared(void **unused)
{
    const struct made_machine machine = {wastes_alike, costs_nothing, NULL, NULL,
                                         detects_late_in_the_race};
    struct tune_bed b;

    (void)unused;
    now = &b;
    tune_begin(&b, N_ARGS, args);
    tune_run(&b, &machine);
    assert_outcome(&b, "drain after_error=yield", "no-difference");
    assert_outcome(&b, "buffered after_error=yield", "no-difference");
    tune_end(&b);
}

static double returns_soon_in_the_race(const struct qn_cell *cell)
{
    (void)cell;
    return now->tune.stage == QN_TUNE_RACE ? 10000 : 800000;
}

/* Nor does it say that one costs something. */
static void test_nor_is_the_price_of_another_moment(void **unused)
{
    const struct made_machine machine = {waste, costs_nothing, NULL, returns_soon_in_the_race,
                                         detects};
    char *argv[] = {"tune", "--caller", "shared", "--poll", "1us", "--max-overhead", "1000%", NULL};
    struct tune_bed b;

    (void)unused;
    now = &b;
    tune_begin(&b, 7, argv);
    tune_run(&b, &machine);
    assert_outcome(&b, "buffered after_error=yield", "helps");
    tune_end(&b);
}

/* Where the time doesn't suffice for all, some are judged, by the least of processes, and the others say
 * why they aren't. */
static void test_short_of_time_some_are_judged(void **unused)
{
    size_t n_begun = 0, n_both = 0;

    (void)unused;
    for (uint64_t ms = 100; ms <= 500; ms += 20) {
        char *text;
        struct qn_tune_kept kept;
        struct tune_bed b;
        size_t n_open;

        tune_begin(&b, N_ARGS, args);
        text = tune_run_timed(&b, &waiting_caller, ms * QN_NS_PER_MS);
        n_open = count_verdicts(&b, QN_TUNE_KEPT_OPEN);
        assert_int_equal(qn_tune_kept_make(&b.tune, &kept), QN_OK);
        for (size_t i = 0; i < kept.n; i++) {
            size_t n = kept.list[i].figures[QN_TUNE_KEPT_FIRST_ERROR].effect.n_a;

            assert_int_equal(kept.list[i].verdict == QN_TUNE_KEPT_OPEN, n < QN_TUNE_KEPT_LEAST);
            assert_true(n <= (n_open ? QN_TUNE_KEPT_LEAST : QN_TUNE_KEPT_MOST));
            n_begun += n > 0 && n < QN_TUNE_KEPT_LEAST;
        }
        if (n_open > 0 && n_open < kept.n) {
            n_both++;
            assert_true(b.tune.rates.n > 0); /* there is time for what comes after */
            assert_says(text, "\n  buffered after_error=yield: recommended: ");
            assert_says(text, "\n  limited: levers not judged: the time was too short\n");
            assert_outcome(&b, "limited after_error=yield", "not-raced");
        }
        qn_tune_kept_fini(&kept);
        free(text);
        tune_end(&b);
    }
    assert_true(n_begun > 0 && n_both > 0);
}

/* A strategy that loses a process is not judged, and the others are. */
static void test_a_lost_process_costs_its_strategy(void **unused)
{
    struct tune_bed b;
    char *text;

    (void)unused;
    tune_begin(&b, N_ARGS, args);
    for (size_t i = 0; i < b.tune.candidates.n; i++)
        if (strcmp(b.tune.candidates.list[i].cell->strategy, "drain") == 0 &&
            b.tune.candidates.list[i].lever)
            b.controller.process_failed(b.controller.user,
                                        b.tune.candidates.list[i].cells[b.tune.candidates.rate]);
    text = tune_run_timed(&b, &waiting_caller, 0);
    assert_says(text, "\n  drain: levers not judged: a process failed\n");
    assert_says(text, "\n  buffered after_error=yield: recommended: ");
    free(text);
    tune_end(&b);
}

/* Nothing is measured or said where no lever is offered, or only the race is asked for. */
static void test_no_section_without_levers(void **unused)
{
    char *race[] = {"tune", "--caller", "shared", "--poll", "1us", "--race-only", NULL};
    char *own[] = {"tune", "--caller", "own", "--threads", "1", "--poll", "1us", NULL};
    struct tune_bed b;
    char *text;

    (void)unused;
    for (int i = 0; i < 2; i++) {
        tune_begin(&b, i ? 7 : 6, i ? own : race);
        text = tune_run_timed(&b, &waiting_caller, 0);
        assert_null(strstr(text, "If your program keeps"));
        assert_int_equal(b.tune.n_kept, 0);
        free(text);
        tune_end(&b);
    }
}

/* The strategy of the recommendation is not another one. */
static void test_the_choice_is_no_other_strategy(void **unused)
{
    char *argv[] = {"tune",           "--caller", "shared", "--strategies",
                    "buffered,drain", "--poll",   "1us",    NULL};
    struct tune_bed b;
    char *text, *section;

    (void)unused;
    tune_begin(&b, 7, argv);
    text = tune_run_timed(&b, &waiting_caller, 0);
    assert_string_equal(tune_choice(&b)->strategy, "drain");
    section = strstr(text, "If your program keeps another strategy");
    assert_non_null(section);
    assert_says(section, "\n  buffered after_error=yield: recommended");
    assert_null(strstr(section, "\n  drain"));
    free(text);
    tune_end(&b);
}

static double detects_late_unless_nice(const struct qn_cell *cell)
{
    return is_of_caller(cell) && cell->policy_values.worker_nice == 0 ? 107000 : 6000;
}

/* Of two levers the one that helps is told. */
static void test_the_lever_that_helps_is_told(void **unused)
{
    const struct made_machine machine = {wastes_alike, costs_nothing, NULL, NULL,
                                         detects_late_unless_nice};
    struct tune_bed b;
    char *text;

    (void)unused;
    tune_begin(&b, N_ARGS, args);
    if (b.tune.request.levers & QN_LEVER_NICE) {
        text = tune_run_timed(&b, &machine, 0);
        assert_says(text, "\n  drain worker_nice=10: recommended: ");
        assert_says(text, "sets its nice to +10");
        assert_null(strstr(text, "\n  drain after_error=yield"));
        assert_outcome(&b, "drain after_error=yield", "no-difference");
        free(text);
    }
    tune_end(&b);
}

/* Running out of memory is an error, whatever fails. */
static void test_no_memory_is_no_comparison(void **unused)
{
    struct qn_tune_kept kept;
    struct tune_bed b;
    size_t at;
    int rc;

    (void)unused;
    tune_begin(&b, N_ARGS, args);
    tune_run(&b, &waiting_caller);
    for (at = 1;; at++) {
        qn_fail_allocation(at);
        rc = qn_tune_kept_make(&b.tune, &kept);
        qn_fail_allocation(0);
        if (rc == QN_OK)
            break;
        assert_int_equal(rc, QN_ENOMEM);
    }
    assert_true(at > 2 && kept.n > 0);
    qn_tune_kept_fini(&kept);
    tune_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_lever_that_helps_a_loser_is_recommended_for_it),
        cmocka_unit_test(test_a_lever_has_to_be_worth_it),
        cmocka_unit_test(test_a_small_difference_is_none),
        cmocka_unit_test(test_no_waste_is_less_than_some),
        cmocka_unit_test(test_only_what_is_measured_together_is_compared),
        cmocka_unit_test(test_nor_is_the_price_of_another_moment),
        cmocka_unit_test(test_short_of_time_some_are_judged),
        cmocka_unit_test(test_a_lost_process_costs_its_strategy),
        cmocka_unit_test(test_no_section_without_levers),
        cmocka_unit_test(test_the_choice_is_no_other_strategy),
        cmocka_unit_test(test_the_lever_that_helps_is_told),
        cmocka_unit_test(test_no_memory_is_no_comparison),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
