#include "bench/tune/search/stages.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/rng.h"
#include "bench/stats/quantity.h"
#include "bench/tune/search/kept.h"
#include "bench/tune/search/lever_race.h"
#include "bench/tune/search/race.h"
#include "bench/tune/search/sweeps.h"
#include "strategies/strategy.h"

/* The search's rounds have their own stream of the seed. */
#define ROUND_STREAM UINT64_C(0x74756e65)

/* Share of the time budget used at the end of each stage. */
#define RACE_SHARE 0.5
#define RACE_AT_MOST 0.9
#define LEVERS_SHARE 0.75
#define POLLS_SHARE 0.75
#define POLLS_SHARE_LATE 0.875 /* after levers */

/* Shuffles by the seed, so that no candidate always comes first. */
static void shuffle(const struct qn_tune *t, uint32_t *cells, size_t n)
{
    uint64_t state = qn_rng_mix(qn_rng_mix(qn_rng_mix(ROUND_STREAM, t->options->seed), t->stage),
                                qn_tune_data_next(&t->data, cells[0]));

    qn_rng_shuffle(state, cells, n, sizeof(*cells));
}

/* Says what was judged. */

static int keep_steps(struct qn_tune *t, unsigned round)
{
    const struct qn_race *r = &t->race;
    struct qn_tune_step *grown = realloc(t->steps, (t->n_steps + r->n_runners) * sizeof(*grown));

    if (!grown)
        return QN_ENOMEM;
    t->steps = grown;
    for (size_t i = 0; i < r->n_runners; i++) {
        const struct qn_runner *x = &r->runners[i];

        if (x->state == QN_RACE_IN || x->out_at == round)
            grown[t->n_steps++] = (struct qn_tune_step){.round = round,
                                                        .candidate = t->raced[i],
                                                        .cost = x->cost,
                                                        .state = x->state,
                                                        .leads = i == r->leader};
    }
    return QN_OK;
}

static void say_round(const struct qn_tune *t, unsigned round)
{
    const struct qn_race *r = &t->race;
    size_t n_in = 0, n_lost = 0, n_broken = 0,
           cheapest = r->leader != SIZE_MAX ? r->leader : r->cheapest;
    char cost[96] = "";

    for (size_t i = 0; i < r->n_runners; i++) {
        const struct qn_runner *x = &r->runners[i];

        n_in += x->state == QN_RACE_IN;
        n_lost += x->state == QN_RACE_LOST && x->out_at == round;
        n_broken += x->state == QN_RACE_BREAKS && x->out_at == round;
    }
    if (cheapest == SIZE_MAX) {
        qn_note("round %u: none of %zu candidates is left; each breaks a bound or failed", round,
                r->n_runners);
        return;
    }
    qn_say_value_estimate(&r->runners[cheapest].cost, t->request.objective.unit, cost,
                          sizeof(cost));
    qn_note(
        "round %u: %zu of %zu left, %zu dropped for their cost, %zu for a bound; %s %s: %s", round,
        n_in, r->n_runners, n_lost, n_broken, t->candidates.list[t->raced[cheapest]].label,
        r->leader != SIZE_MAX ? "leads" : "is the cheapest, but not yet shown to keep every bound",
        cost);
}

/* True if enough calls have failed to distinguish candidates, if failed calls do. */
static bool has_seen_failures(const struct qn_tune *t)
{
    size_t n_calls, n_failed;

    qn_tune_count_most(t, &n_calls, &n_failed);
    return n_failed >= QN_TUNE_LEAST_FAILED || !qn_tuning_needs_failures(&t->request);
}

/* True if the race has used its time; while time remains, not before it has been judged. */
static bool is_late(const struct qn_tune *t)
{
    double share = t->request.is_race_only || t->has_all_time ? 1
                   : t->race.judged > 0                       ? RACE_SHARE
                                                              : RACE_AT_MOST;

    return qn_tune_spent(t) > share;
}

/* Judges a round that every runner has completed. False: the race has ended. */
static bool conclude_round(struct qn_tune *t)
{
    struct qn_race *r = &t->race;
    unsigned round = r->round;

    if (!has_seen_failures(t)) {
        qn_race_pass(r);
        return !r->is_over && !is_late(t);
    }
    if (!qn_race_step(r))
        return !is_late(t);
    say_round(t, round);
    t->rc = keep_steps(t, round);
    /* not at first: candidates that lead by luck would bring in many */
    if (t->rc == QN_OK && (r->judged > 1 || r->is_over))
        t->rc = qn_tune_join_neighbours(t);
    if (t->rc == QN_OK && (r->judged > 1 || r->is_over))
        t->rc = qn_tune_join_levers(t);
    return t->rc == QN_OK && !r->is_over && !is_late(t);
}

bool qn_tune_is_blind(const struct qn_tune *t)
{
    bool is_blind = t->race.n_runners > 0 && qn_tuning_needs_floor(&t->request);

    for (size_t i = 0; i < t->race.n_runners && is_blind; i++)
        is_blind = t->has_floor_failed[t->candidates.list[t->raced[i]].floor];
    return is_blind;
}

/* True: *n cells of the race are to be measured; false: the race has ended. */
static bool run_race(struct qn_tune *t, uint32_t *cells, size_t *n)
{
    while (!qn_tune_is_blind(t) && t->race.n_runners > 0 && (t->rc = qn_tune_feed(t)) == QN_OK) {
        *n = qn_tune_wanted(t, cells);
        if (*n > 0 && !(is_late(t) && t->race.judged > 0))
            return true;
        if (*n > 0 || !conclude_round(t))
            break;
    }
    if (t->race.n_runners > 0 && t->rc == QN_OK)
        t->rc = qn_tune_end_race(t);
    return false;
}

/* The controller's functions. */

static void say_beginning(const struct qn_tune *t)
{
    double rate = t->candidates.rates[t->candidates.rate];
    char at[48] = "";

    if (!isnan(rate))
        snprintf(at, sizeof(at), " at failure rate %g", rate);
    qn_note("%zu candidates, %zu of them raced, for the least %s%s", t->candidates.n,
            t->race.n_runners, t->request.objective.text, at);
}

static int begin(void *user, const struct qn_plan *plan, uint64_t now_ns)
{
    struct qn_tune *t = user;
    int rc = qn_candidates_make(&t->request, plan, t->options, &t->candidates);

    t->began_ns = t->now_ns = now_ns;
    t->choice = SIZE_MAX;
    if (rc == QN_OK)
        rc =
            qn_tune_data_init(&t->data, plan->n_cells, t->options->workloads[0].base.service.scale);
    t->has_failed = calloc(t->candidates.n + 1, sizeof(*t->has_failed));
    t->has_floor_failed = calloc(t->candidates.n_floors + 1, sizeof(*t->has_floor_failed));
    t->kept = calloc(t->candidates.n + 1, sizeof(*t->kept));
    t->levers.cells = calloc(plan->n_cells + 1, sizeof(*t->levers.cells));
    t->polls.cells = calloc(plan->n_cells + 1, sizeof(*t->polls.cells));
    t->rates.cells = calloc(plan->n_cells + 1, sizeof(*t->rates.cells));
    if (rc == QN_OK && (!t->has_failed || !t->has_floor_failed || !t->kept || !t->levers.cells ||
                        !t->polls.cells || !t->rates.cells))
        rc = QN_ENOMEM;
    if (rc == QN_OK)
        rc = qn_tune_make_race(t);
    if (rc == QN_OK)
        rc = qn_tune_join_first(t);
    if (rc == QN_OK)
        say_beginning(t);
    return rc;
}

static int take(void *user, uint32_t cell, const struct qn_trial *rows, size_t n)
{
    struct qn_tune *t = user;

    t->n_processes += t->has_asked;
    return qn_tune_data_add(&t->data, cell, rows, n);
}

static void process_failed(void *user, uint32_t cell)
{
    struct qn_tune *t = user;
    const struct qn_candidates *c = &t->candidates;

    for (size_t i = 0; i < c->n_floors; i++)
        if (qn_tune_is_among(c->floors[i].cells, c->n_rates, cell))
            t->has_floor_failed[i] = true;
    for (size_t i = 0; i < c->n; i++)
        if (qn_tune_is_among(c->list[i].cells, c->n_rates, cell))
            t->has_failed[i] = true;
}

static bool is_over(void *user, uint64_t now_ns)
{
    struct qn_tune *t = user;

    t->now_ns = now_ns;
    return qn_tune_spent(t) >= 1;
}

/* A process of the choice failed after the race: it is discarded, and the race continues without
 * it. */
static bool is_choice_lost(const struct qn_tune *t)
{
    return t->stage != QN_TUNE_RACE && t->choice != SIZE_MAX && t->has_failed[t->choice];
}

/* Stages after the race. */

static void enter(struct qn_tune *t, enum qn_tune_stage stage)
{
    t->stage = stage;
    if (stage == QN_TUNE_LEVERS)
        qn_tune_kept_choose(t);
    if (stage == QN_TUNE_POLLS)
        qn_tune_list_polls(t);
    if (stage == QN_TUNE_RATES)
        qn_tune_list_rates(t);
}

/* True: *n cells of the stage are to be measured; false: it has all, or its time is over. */
static bool run_stage(struct qn_tune *t, uint32_t *cells, size_t *n)
{
    double spent = qn_tune_spent(t);

    switch (t->stage) {
    case QN_TUNE_LEVERS:
        return spent < LEVERS_SHARE && qn_tune_kept_next(t, cells, n);
    case QN_TUNE_POLLS:
        return spent < (t->n_kept > 0 ? POLLS_SHARE_LATE : POLLS_SHARE) &&
               qn_tune_level(t, &t->polls, QN_TUNE_POLL_PROCESSES, cells, n);
    case QN_TUNE_RATES:
        return qn_tune_level(t, &t->rates, QN_TUNE_RATE_PROCESSES, cells, n);
    case QN_TUNE_RACE:
        return run_race(t, cells, n);
    default:
        return false;
    }
}

/* The stage after one that has ended. */
static enum qn_tune_stage stage_after(const struct qn_tune *t)
{
    if (t->rc != QN_OK || t->request.is_race_only)
        return QN_TUNE_DONE;
    switch (t->stage) {
    case QN_TUNE_RACE:
        return t->race.judged > 0 ? QN_TUNE_LEVERS : QN_TUNE_DONE;
    case QN_TUNE_LEVERS:
        return QN_TUNE_POLLS;
    case QN_TUNE_POLLS:
        return QN_TUNE_RATES;
    default:
        return QN_TUNE_DONE;
    }
}

static size_t next_round(void *user, uint32_t *cells)
{
    struct qn_tune *t = user;
    size_t n = 0;

    t->has_asked = true;
    if (t->rc == QN_OK && is_choice_lost(t))
        t->stage = QN_TUNE_RACE;
    while (t->stage != QN_TUNE_DONE) {
        if (run_stage(t, cells, &n)) {
            shuffle(t, cells, n);
            return n;
        }
        enter(t, stage_after(t));
    }
    if (t->rc != QN_OK || t->has_all_time || t->race.is_over || t->request.is_race_only)
        return 0;
    t->has_all_time = true;
    t->stage = QN_TUNE_RACE;
    return next_round(user, cells);
}

/* The time may have ended during the race. */
static void end(void *user)
{
    struct qn_tune *t = user;

    if (t->rc == QN_OK && is_choice_lost(t))
        t->stage = QN_TUNE_RACE;
    if (t->stage != QN_TUNE_RACE || t->rc != QN_OK)
        return;
    t->rc = qn_tune_feed(t);
    if (t->race.n_runners > 0 && t->rc == QN_OK)
        t->rc = qn_tune_end_race(t);
}

static int conclude(void *user, const char *dir)
{
    struct qn_tune *t = user;

    return t->conclude(t, dir);
}

struct qn_controller qn_tune_controller(struct qn_tune *tune)
{
    return (struct qn_controller){.user = tune,
                                  .command = "tune",
                                  .begin = begin,
                                  .take = take,
                                  .process_failed = process_failed,
                                  .is_over = is_over,
                                  .round = next_round,
                                  .end = end,
                                  .conclude = conclude};
}
