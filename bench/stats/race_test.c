/*
 * The race: which runner is dropped when, the effect of bounds, and that the best is rarely
 * dropped.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "bench/base/rng.h"
#include "bench/stats/binomial.h"
#include "bench/stats/race.h"
#include "tests/allocation.h"
#include "tests/cmocka_all.h"

#define SEED 20261124

static const struct qn_race_rules rules = {.delta = 0.05, .band = 0.05};

static void add(struct qn_race *r, size_t runner, double cost)
{
    const struct qn_race_seen nothing = {.value = NAN};

    assert_int_equal(qn_race_add(r, runner, cost, &nothing), QN_OK);
}

/* Gives every one of n runners that wants one a process with its constant cost; returns how many rounds
 * were judged. */
static unsigned run_constant(struct qn_race *r, const double *costs, size_t n)
{
    unsigned n_judged = 0;

    assert_int_equal(r->n_runners, n);
    while (!r->is_over && r->round <= 50) {
        for (size_t i = 0; i < n; i++)
            while (qn_race_wants(r, i))
                add(r, i, costs[i]);
        n_judged += qn_race_step(r);
    }
    return n_judged;
}

static void test_dearer_ones_are_dropped_at_the_first_judgement(void **unused)
{
    const double costs[] = {2, 1, 3};
    struct qn_race r;

    (void)unused;
    assert_int_equal(qn_race_init(&r, 3, NULL, 0, rules), QN_OK);
    assert_int_equal(run_constant(&r, costs, 3), 1);
    assert_true(r.is_over);
    assert_false(r.is_tie);
    assert_int_equal(r.leader, 1);
    assert_int_equal(r.round, QN_RACE_FIRST);
    assert_int_equal(r.runners[0].state, QN_RACE_LOST);
    assert_int_equal(r.runners[0].lost_to, 1);
    assert_int_equal(r.runners[0].out_at, QN_RACE_FIRST);
    assert_true(r.runners[0].behind.value == 1);
    assert_int_equal(r.runners[2].state, QN_RACE_LOST);
    qn_race_fini(&r);
}

static void test_equal_ones_tie(void **unused)
{
    const double costs[] = {1, 1.04, 7};
    struct qn_race r;

    (void)unused;
    assert_int_equal(qn_race_init(&r, 3, NULL, 0, rules), QN_OK);
    run_constant(&r, costs, 3);
    assert_true(r.is_tie);
    assert_int_equal(r.leader, 0);
    assert_int_equal(r.runners[1].state, QN_RACE_IN); /* within the band */
    assert_int_equal(r.runners[2].state, QN_RACE_LOST);
    qn_race_fini(&r);
}

/* The difference of no interest can be an amount as well as a share. */
static void test_the_least_band_counts_too(void **unused)
{
    const double costs[] = {1, 1.9};
    struct qn_race r;

    (void)unused;
    assert_int_equal(qn_race_init(&r, 2, NULL, 0,
                                  (struct qn_race_rules){.delta = 0.05, .band = 0.05, .least = 1}),
                     QN_OK);
    run_constant(&r, costs, 2);
    assert_true(r.is_tie);
    assert_true(qn_race_band(&r, 1) == 1);
    assert_true(qn_race_band(&r, 100) == 5);
    qn_race_fini(&r);
}

/* Judged after 5, 7, 10, 15 and 22 processes, and never in between. */
static void test_judgements_come_ever_more_rarely(void **unused)
{
    static const unsigned at[] = {5, 7, 10, 15, 22};
    unsigned n = 0;
    struct qn_race r;

    (void)unused;
    assert_int_equal(qn_race_init(&r, 2, NULL, 0, rules), QN_OK);
    while (n < 5) {
        unsigned round = r.round;

        /* the same on average but widely spread: neither lost nor tied */
        add(&r, 0, round % 2 ? 1 : 3);
        add(&r, 1, round % 2 ? 3 : 1);
        if (qn_race_step(&r))
            assert_int_equal(round, at[n++]);
        assert_false(r.is_over);
    }
    qn_race_fini(&r);
}

static struct qn_race_seen tail(size_t n_beyond, size_t n_calls)
{
    return (struct qn_race_seen){.value = NAN, .n_beyond = n_beyond, .n_calls = n_calls};
}

/* 0 of n beyond: the upper end is 1 - 0.025^(1/n): 1.22 % for 300 and 0.73 % for 500. */
static void test_a_tail_is_kept_once_enough_calls_say_so(void **unused)
{
    const struct qn_race_bound bound = {.kind = QN_RACE_TAIL, .limit = 10, .share = 0.01};
    struct qn_race_seen seen = tail(0, 60);
    struct qn_race r;

    (void)unused;
    assert_int_equal(qn_race_init(&r, 1, &bound, 1, rules), QN_OK);
    for (int i = 0; i < 5; i++)
        assert_int_equal(qn_race_add(&r, 0, 1, &seen), QN_OK);
    qn_race_look(&r);
    assert_int_equal(r.runners[0].held[0].verdict, QN_RACE_OPEN);
    assert_true(fabs(r.runners[0].held[0].seen.hi - (1 - pow(0.025, 1 / 300.0))) < 1e-9);
    assert_int_equal(r.leader, SIZE_MAX);
    assert_int_equal(r.cheapest, 0);
    seen = tail(0, 200);
    assert_int_equal(qn_race_add(&r, 0, 1, &seen), QN_OK);
    qn_race_look(&r);
    assert_int_equal(r.runners[0].held[0].verdict, QN_RACE_KEPT);
    assert_int_equal(r.leader, 0);
    qn_race_fini(&r);
}

/* A runner that breaks a bound is out, even if it costs least. */
static void test_only_who_keeps_the_bounds_leads(void **unused)
{
    const struct qn_race_bound bounds[] = {{.kind = QN_RACE_VALUE, .limit = 10},
                                           {.kind = QN_RACE_MOST, .limit = 100}};
    /* mean 12: broken; most 101: broken; both kept; the first open: too wide */
    const double means[][5] = {
        {12, 12, 12, 12, 12.1}, {9, 9, 9, 9, 9.1}, {9, 9, 9, 9, 9.1}, {1, 19, 2, 18, 5}};
    const double most[] = {50, 101, 100, 1};
    struct qn_race r;

    (void)unused;
    assert_int_equal(qn_race_init(&r, 4, bounds, 2, rules), QN_OK);
    for (size_t i = 0; i < 4; i++)
        for (size_t p = 0; p < 5; p++) {
            const struct qn_race_seen seen[] = {{.value = means[i][p]}, {.value = most[i]}};

            assert_int_equal(qn_race_add(&r, i, (double)i + 1, seen), QN_OK);
        }
    while (r.round < 5)
        assert_false(qn_race_step(&r));
    assert_true(qn_race_step(&r));
    assert_int_equal(r.runners[0].state, QN_RACE_BREAKS);
    assert_int_equal(r.runners[0].broken, 0);
    assert_int_equal(r.runners[1].state, QN_RACE_BREAKS);
    assert_int_equal(r.runners[1].broken, 1);
    assert_int_equal(r.leader, 2);
    assert_int_equal(r.runners[3].state, QN_RACE_LOST); /* always 1 more than the leader */
    assert_true(r.is_over);
    qn_race_fini(&r);
}

static void test_a_floor_is_broken_from_below(void **unused)
{
    const struct qn_race_bound bound = {.kind = QN_RACE_VALUE, .is_floor = true, .limit = 0.9};
    const struct qn_race_seen low = {.value = 0.5}, high = {.value = 0.95};
    struct qn_race r;

    (void)unused;
    assert_int_equal(qn_race_init(&r, 2, &bound, 1, rules), QN_OK);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(qn_race_add(&r, 0, 1, &low), QN_OK);
        assert_int_equal(qn_race_add(&r, 1, 2, &high), QN_OK);
    }
    while (!qn_race_step(&r))
        continue;
    assert_int_equal(r.runners[0].state, QN_RACE_BREAKS);
    assert_int_equal(r.leader, 1);
    qn_race_fini(&r);
}

static void test_nobody_left(void **unused)
{
    const struct qn_race_bound bound = {.kind = QN_RACE_MOST, .limit = 1};
    const struct qn_race_seen beyond = {.value = 2};
    struct qn_race r;

    (void)unused;
    assert_int_equal(qn_race_init(&r, 2, &bound, 1, rules), QN_OK);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(qn_race_add(&r, 0, 1, &beyond), QN_OK);
        assert_int_equal(qn_race_add(&r, 1, 1, &beyond), QN_OK);
    }
    while (!qn_race_step(&r))
        continue;
    assert_true(r.is_over);
    assert_int_equal(r.leader, SIZE_MAX);
    assert_int_equal(r.cheapest, SIZE_MAX);
    qn_race_fini(&r);
}

/* A runner that joins later gets as many processes as the others, and can win. */
static void test_a_late_runner_catches_up(void **unused)
{
    const double costs[] = {5, 4, 1};
    size_t late;
    struct qn_race r;

    (void)unused;
    assert_int_equal(qn_race_init(&r, 2, NULL, 0, rules), QN_OK);
    run_constant(&r, costs, 2);
    assert_int_equal(r.leader, 1);
    assert_int_equal(qn_race_join(&r, &late), QN_OK);
    assert_int_equal(late, 2);
    assert_true(qn_race_wants(&r, late));
    assert_false(qn_race_wants(&r, 0));
    run_constant(&r, costs, 3);
    assert_int_equal(r.leader, 2);
    assert_int_equal(r.runners[2].n, r.runners[1].n);
    assert_int_equal(r.runners[1].state, QN_RACE_LOST);
    qn_race_fini(&r);
}

static void test_a_failed_runner_is_out(void **unused)
{
    const double costs[] = {1, 2};
    struct qn_race r;

    (void)unused;
    assert_int_equal(qn_race_init(&r, 2, NULL, 0, rules), QN_OK);
    qn_race_fail(&r, 0);
    assert_false(qn_race_wants(&r, 0));
    run_constant(&r, costs, 2);
    assert_int_equal(r.leader, 1);
    assert_int_equal(r.runners[0].state, QN_RACE_FAILED);
    qn_race_fini(&r);
}

/* Whenever a runner fails, leading or not: those that it dropped return, and the race ends with the
 * best one left. */
static void run_failing(const double *costs, const size_t *order, size_t n_failing, unsigned at)
{
    struct qn_race r;
    size_t n_failed = 0, best = SIZE_MAX;

    assert_int_equal(qn_race_init(&r, 4, NULL, 0, rules), QN_OK);
    while ((!r.is_over || n_failed < n_failing) && r.round <= 40) {
        if (n_failed < n_failing && (r.round >= at || r.is_over))
            qn_race_fail(&r, order[n_failed++]);
        for (size_t i = 0; i < 4; i++)
            while (qn_race_wants(&r, i))
                add(&r, i, costs[i]);
        qn_race_step(&r);
        for (size_t i = 0; i < 4; i++)
            assert_false(r.runners[i].state == QN_RACE_LOST &&
                         r.runners[r.runners[i].lost_to].state == QN_RACE_FAILED);
    }
    for (size_t i = 0; i < 4; i++)
        if (r.runners[i].state != QN_RACE_FAILED && (best == SIZE_MAX || costs[i] < costs[best]))
            best = i;
    assert_true(r.is_over);
    assert_int_equal(r.leader, best);
    assert_int_equal(r.runners[best].n, r.round);
    qn_race_fini(&r);
}

static void test_whom_a_failed_leader_dropped_comes_back(void **unused)
{
    const double costs[] = {1, 2, 3, 4};
    static const size_t orders[][3] = {{0, 1, 2}, {1, 0, 3}, {2, 3, 0}, {0, 2, 1}, {3, 0, 1}};

    (void)unused;
    for (size_t o = 0; o < QN_ARRAY_LEN(orders); o++)
        for (size_t n = 1; n <= 3; n++)
            for (unsigned at = 1; at <= 12; at++)
                run_failing(costs, orders[o], n, at);
}

/* Judging needs no new memory, so running out of it can't decide a verdict. */
static void test_a_judgement_needs_no_memory(void **unused)
{
    const struct qn_race_bound bounds[] = {{.kind = QN_RACE_VALUE, .limit = 10},
                                           {.kind = QN_RACE_TAIL, .limit = 10, .share = 0.9},
                                           {.kind = QN_RACE_MOST, .limit = 100}};
    const struct qn_race_seen seen[] = {{.value = 5}, {.n_beyond = 1, .n_calls = 50}, {.value = 9}};
    struct qn_race r;

    (void)unused;
    assert_int_equal(qn_race_init(&r, 2, bounds, 3, rules), QN_OK);
    for (size_t i = 0; i < 2; i++)
        for (int p = 0; p < 5; p++)
            assert_int_equal(qn_race_add(&r, i, (double)(2 - i), seen), QN_OK);
    qn_fail_allocation(1);
    qn_race_look(&r);
    qn_fail_allocation(0);
    assert_int_equal(r.leader, 1);
    assert_true(r.runners[0].cost.value == 2 && r.runners[0].behind.value == 1);
    for (size_t b = 0; b < 3; b++)
        assert_int_equal(r.runners[0].held[b].verdict, QN_RACE_KEPT);
    qn_race_fini(&r);
}

/* A process that can't be stored is an error; what was stored stays. */
static void test_a_process_that_has_no_room_is_an_error(void **unused)
{
    const struct qn_race_seen nothing = {.value = NAN};
    struct qn_race r;
    size_t at;

    (void)unused;
    assert_int_equal(qn_race_init(&r, 1, NULL, 0, rules), QN_OK);
    add(&r, 0, 7);
    for (at = 1;; at++) {
        int rc;

        qn_fail_allocation(at);
        rc = qn_race_add(&r, 0, 8, &nothing);
        qn_fail_allocation(0);
        if (rc == QN_OK)
            break;
        assert_int_equal(rc, QN_ENOMEM);
        assert_int_equal(r.runners[0].n, 1);
    }
    assert_true(at > 1);
    assert_true(r.runners[0].costs[0] == 7 && r.runners[0].costs[1] == 8);
    qn_race_fini(&r);
}

/* A normal number from twelve uniform ones. */
static double normal(uint64_t *stream)
{
    double sum = -6;

    for (int i = 0; i < 12; i++)
        sum += qn_rng_uniform(qn_rng_mix(SEED, (*stream)++));
    return sum;
}

/*
 * 1,000 races of two equal runners and a more expensive one, without a band: dropping one of the
 * equal ones is an error. delta is 5 % overall; asserts the most errors that 5 % would give with
 * 99.9 %.
 */
static void test_the_best_is_hardly_ever_dropped(void **unused)
{
    enum { N_RACES = 1000, MOST_ROUNDS = 49 };
    const struct qn_race_rules strict = {.delta = 0.05, .band = 0};
    size_t n_wronged = 0, n_dearer_out = 0, most = 0;
    uint64_t stream = 0;

    (void)unused;
    for (int race = 0; race < N_RACES; race++) {
        struct qn_race r;

        assert_int_equal(qn_race_init(&r, 3, NULL, 0, strict), QN_OK);
        while (!r.is_over && r.round <= MOST_ROUNDS) {
            double shared = normal(&stream); /* the calls are the same, so part of the noise is */

            for (size_t i = 0; i < 3; i++)
                if (qn_race_wants(&r, i))
                    add(&r, i, 10 + (i == 2 ? 1 : 0) + shared + 0.4 * normal(&stream));
            qn_race_step(&r);
        }
        n_wronged += r.runners[0].state != QN_RACE_IN || r.runners[1].state != QN_RACE_IN;
        n_dearer_out += r.runners[2].state == QN_RACE_LOST;
        qn_race_fini(&r);
    }
    while (qn_binomial_cdf(most, N_RACES, strict.delta) < 0.999)
        most++;
    print_message("one of two equal ones was dropped in %zu of %d races\n", n_wronged, N_RACES);
    assert_true(n_wronged <= most);
    assert_true(n_dearer_out >= N_RACES * 99 / 100);
}

/* A cheap runner that breaks its bound late has dropped the only one that keeps it, which returns
 * and wins. */
static void test_whom_a_breaker_dropped_comes_back(void **unused)
{
    const struct qn_race_bound bound = {.kind = QN_RACE_MOST, .limit = 100};
    const struct qn_race_seen kept = {.value = 50}, beyond = {.value = 101};
    const double costs[] = {8, 10};
    struct qn_race r;

    (void)unused;
    assert_int_equal(qn_race_init(&r, 3, &bound, 1, rules), QN_OK);
    while (!r.is_over && r.round <= 20) {
        for (size_t i = 0; i < 3; i++)
            while (qn_race_wants(&r, i)) {
                /* the third ties with the first, so the race continues until the bound breaks */
                double cost = i == 2 ? (r.runners[2].n % 2 ? 6 : 10) : costs[i];

                assert_int_equal(
                    qn_race_add(&r, i, cost, i != 1 && r.runners[i].n >= 8 ? &beyond : &kept),
                    QN_OK);
            }
        qn_race_step(&r);
        if (r.round == 7)
            assert_int_equal(r.runners[1].state, QN_RACE_LOST);
    }
    assert_true(r.is_over);
    assert_int_equal(r.runners[0].state, QN_RACE_BREAKS);
    assert_int_equal(r.runners[2].state, QN_RACE_BREAKS);
    assert_int_equal(r.leader, 1);
    assert_int_equal(r.runners[1].n, r.round);
    qn_race_fini(&r);
}

/* A runner with two lucky processes does not lead those with five. */
static void test_a_latecomer_leads_nothing(void **unused)
{
    const double costs[] = {5, 0, 9, 3, 8};
    size_t late;
    struct qn_race r;

    (void)unused;
    assert_int_equal(qn_race_init(&r, 1, NULL, 0, rules), QN_OK);
    for (size_t i = 0; i < 5; i++)
        add(&r, 0, costs[i]);
    assert_int_equal(qn_race_join(&r, &late), QN_OK);
    add(&r, late, 4);
    add(&r, late, 2);
    qn_race_look(&r);
    assert_int_equal(r.leader, 0);
    qn_race_fini(&r);
}

/* A runner without a cost can't lead, and keeps the race open. */
static void test_without_a_cost_there_is_no_end(void **unused)
{
    const double costs[] = {NAN, 1};
    struct qn_race r;

    (void)unused;
    assert_int_equal(qn_race_init(&r, 2, NULL, 0, rules), QN_OK);
    run_constant(&r, costs, 2);
    assert_false(r.is_over);
    assert_int_equal(r.leader, 1);
    qn_race_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dearer_ones_are_dropped_at_the_first_judgement),
        cmocka_unit_test(test_equal_ones_tie),
        cmocka_unit_test(test_the_least_band_counts_too),
        cmocka_unit_test(test_judgements_come_ever_more_rarely),
        cmocka_unit_test(test_a_tail_is_kept_once_enough_calls_say_so),
        cmocka_unit_test(test_only_who_keeps_the_bounds_leads),
        cmocka_unit_test(test_a_floor_is_broken_from_below),
        cmocka_unit_test(test_nobody_left),
        cmocka_unit_test(test_a_late_runner_catches_up),
        cmocka_unit_test(test_a_failed_runner_is_out),
        cmocka_unit_test(test_whom_a_failed_leader_dropped_comes_back),
        cmocka_unit_test(test_a_judgement_needs_no_memory),
        cmocka_unit_test(test_a_process_that_has_no_room_is_an_error),
        cmocka_unit_test(test_the_best_is_hardly_ever_dropped),
        cmocka_unit_test(test_whom_a_breaker_dropped_comes_back),
        cmocka_unit_test(test_a_latecomer_leads_nothing),
        cmocka_unit_test(test_without_a_cost_there_is_no_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
