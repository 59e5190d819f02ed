#include "bench/tune_search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/complain.h"
#include "bench/rng.h"
#include "bench/tune_sweeps.h"
#include "strategies/strategy.h"

/* The rounds' own stream of the seed. */
#define ROUND_STREAM UINT64_C(0x74756e65)

/* Of the time budget, up to the end of each stage. */
#define RACE_SHARE 0.5
#define RACE_AT_MOST 0.9
#define POLLS_SHARE 0.75

void qn_tune_fini(struct qn_tune *t)
{
    qn_race_fini(&t->race);
    qn_tune_data_fini(&t->data);
    qn_candidates_fini(&t->candidates);
    free(t->raced);
    free(t->is_raced);
    free(t->has_failed);
    free(t->steps);
    free(t->polls.cells);
    free(t->rates.cells);
}

size_t qn_tune_runner(const struct qn_tune *t, size_t candidate)
{
    for (size_t i = 0; i < t->race.n_runners; i++)
        if (t->raced[i] == candidate)
            return i;
    return SIZE_MAX;
}

size_t qn_tune_kin_at(const struct qn_tune *t, size_t candidate, size_t poll)
{
    const struct qn_candidates *c = &t->candidates;

    for (size_t i = 0; i < c->n; i++)
        if (c->list[i].kin == c->list[candidate].kin && c->list[i].poll == poll)
            return i;
    return SIZE_MAX;
}

size_t qn_tune_polling(const struct qn_tune *t)
{
    size_t best = SIZE_MAX;

    if (t->choice != SIZE_MAX && t->candidates.list[t->choice].cell->polls)
        return t->choice;
    for (size_t i = 0; i < t->race.n_runners; i++) {
        const struct qn_runner *x = &t->race.runners[i];

        if (t->candidates.list[t->raced[i]].cell->polls && !isnan(x->cost.value) &&
            (best == SIZE_MAX || x->cost.value < t->race.runners[best].cost.value))
            best = i;
    }
    return best == SIZE_MAX ? SIZE_MAX : t->raced[best];
}

/* Cells to be measured. */

/* In an order drawn of the seed, so that no candidate always comes first. */
static void shuffle(const struct qn_tune *t, uint32_t *cells, size_t n)
{
    uint64_t state = qn_rng_mix(qn_rng_mix(qn_rng_mix(ROUND_STREAM, t->options->seed), t->stage),
                                qn_tune_data_next(&t->data, cells[0]));

    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)(qn_rng_mix(state, i) % i);
        uint32_t other = cells[j];

        cells[j] = cells[i - 1];
        cells[i - 1] = other;
    }
}

/* Bounds and overhead. */

/* A figure that breaks the bound by itself. */
static bool is_beyond(const struct qn_bound *b, double value)
{
    return b->is_floor ? value < b->limit : value > b->limit;
}

static bool is_tail(const struct qn_bound *b)
{
    enum qn_statistic s = b->measure.statistic;

    return s == QN_STATISTIC_P90 || s == QN_STATISTIC_P99 || s == QN_STATISTIC_P999;
}

static struct qn_race_bound race_bound(const struct qn_bound *b)
{
    double share = qn_statistic_share(b->measure.statistic);

    return (struct qn_race_bound){
        .kind = is_tail(b)                                   ? QN_RACE_TAIL
                : b->measure.statistic == QN_STATISTIC_MAX ? QN_RACE_MOST
                                                             : QN_RACE_VALUE,
        .is_floor = b->is_floor,
        .limit = b->limit,
        /* below a floor may lie what a quantile leaves below it */
        .share = b->is_floor ? share : 1 - share};
}

static struct qn_race_seen see(struct qn_tune *t, const struct qn_bound *b,
                               const struct qn_process_rows *rows)
{
    size_t n = qn_measure_values(&b->measure, rows, t->data.scratch);
    struct qn_race_seen seen = {.value = NAN, .n_calls = n};

    if (n == 0)
        return seen;
    for (size_t i = 0; i < n; i++)
        seen.n_beyond += is_beyond(b, t->data.scratch[i]);
    seen.value = qn_measure_take(&b->measure, t->data.scratch, n);
    return seen;
}

/* The race. */

/* The objective is work, or priced in time: not a latency. */
static bool is_of_work(const struct qn_objective *o)
{
    static const char *const metrics[] = {"wasted", "wasted_inflight", "wasted_started", "polling",
                                          "discarded", "occupied"};
    bool is_work = o->n_terms > 0;

    for (size_t i = 0; i < QN_ARRAY_LEN(metrics); i++)
        is_work |= o->n_terms == 0 && strcmp(o->measure.metric, metrics[i]) == 0;
    return is_work;
}

/* What of a call's planned work is of no interest. */
static void set_least(struct qn_tune *t, const struct qn_process_rows *rows)
{
    double planned = 0;

    for (size_t i = 0; i < rows->n; i++)
        planned += (double)rows->rows[i].v[QN_COL_PLANNED_WORK];
    if (rows->n > 0 && is_of_work(&t->request.objective))
        t->race.rules.least =
            t->request.band * QN_TUNE_LEAST_SHARE * planned / (double)rows->n;
}

/* Every cell that a runner's next process takes is there. */
static bool has_process(const struct qn_tune *t, const struct qn_candidate *x, size_t process)
{
    const struct qn_candidates *c = &t->candidates;

    return qn_tune_data_has(&t->data, x->cells[c->rate], process) &&
           (!qn_tuning_needs_floor(&t->request) || (qn_tune_data_has(&t->data, x->cells[c->calm], process) &&
                               qn_tune_data_has(&t->data, c->floor.cells[c->calm], process)));
}

/* Gives the runners what has been measured, up to the round. */
static int feed(struct qn_tune *t)
{
    const struct qn_candidates *c = &t->candidates;
    struct qn_race_seen seen[QN_MAX_BOUNDS];
    int rc = QN_OK;

    for (size_t i = 0; i < t->race.n_runners; i++) {
        const struct qn_candidate *x = &c->list[t->raced[i]];

        if (t->has_failed[t->raced[i]] && t->race.runners[i].state == QN_RACE_IN)
            qn_race_fail(&t->race, i);
        while (rc == QN_OK && qn_race_wants(&t->race, i) &&
               has_process(t, x, t->race.runners[i].n)) {
            size_t process = t->race.runners[i].n;
            const struct qn_process_rows rows = qn_tune_rows(&t->data, c, x, c->rate, process);

            if (t->race.rules.least == 0)
                set_least(t, &rows);
            for (size_t b = 0; b < t->request.n_bounds; b++)
                seen[b] = see(t, &t->request.bounds[b], &rows);
            rc = qn_race_add(&t->race, i,
                             qn_objective_of(&t->request.objective, &rows, t->data.scratch), seen);
        }
    }
    return rc;
}

/* The cells that the runners' next processes lack. */
static size_t wanted(const struct qn_tune *t, uint32_t *cells)
{
    const struct qn_candidates *c = &t->candidates;
    size_t n = 0;

    for (size_t i = 0; i < t->race.n_runners; i++) {
        const struct qn_candidate *x = &c->list[t->raced[i]];
        size_t process = t->race.runners[i].n;

        if (!qn_race_wants(&t->race, i))
            continue;
        if (!qn_tune_data_has(&t->data, x->cells[c->rate], process))
            qn_tune_push(cells, &n, x->cells[c->rate]);
        if (qn_tuning_needs_floor(&t->request) && !qn_tune_data_has(&t->data, x->cells[c->calm], process))
            qn_tune_push(cells, &n, x->cells[c->calm]);
        if (qn_tuning_needs_floor(&t->request) && !qn_tune_data_has(&t->data, c->floor.cells[c->calm], process))
            qn_tune_push(cells, &n, c->floor.cells[c->calm]);
    }
    return n;
}

static int join(struct qn_tune *t, size_t candidate)
{
    size_t *grown, runner;
    int rc;

    if (t->is_raced[candidate] || t->candidates.list[candidate].left_out[0])
        return QN_OK;
    grown = realloc(t->raced, (t->race.n_runners + 1) * sizeof(*grown));
    if (!grown)
        return QN_ENOMEM;
    t->raced = grown;
    rc = qn_race_join(&t->race, &runner);
    if (rc != QN_OK)
        return rc;
    grown[runner] = candidate;
    t->is_raced[candidate] = true;
    return QN_OK;
}

/* Every second poll interval, where there are many. */
static int join_first(struct qn_tune *t)
{
    const struct qn_candidates *c = &t->candidates;
    int rc = QN_OK;

    for (size_t i = 0; i < c->n && rc == QN_OK; i++)
        if (!t->request.races_polls || !c->list[i].cell->polls || c->list[i].poll % 2 == 1)
            rc = join(t, i);
    return rc;
}

/* The intervals next to a runner's. */
static int join_beside(struct qn_tune *t, size_t runner)
{
    size_t candidate = t->raced[runner];
    const struct qn_candidate *x = &t->candidates.list[candidate];
    int rc = QN_OK;

    for (int side = -1; side <= 1 && x->cell->polls && rc == QN_OK; side += 2) {
        size_t kin = qn_tune_kin_at(t, candidate, x->poll + (size_t)side);

        if (kin != SIZE_MAX)
            rc = join(t, kin);
    }
    return rc;
}

/* Those next to the cheapest of each kin that is in and polls: the best of one may lie between two that were
 * raced, whoever leads. */
static int join_neighbours(struct qn_tune *t)
{
    const struct qn_candidates *c = &t->candidates;
    size_t n = t->request.races_polls ? t->race.n_runners : 0;
    int rc = QN_OK;

    for (size_t i = 0; i < n && rc == QN_OK; i++) {
        const struct qn_runner *x = &t->race.runners[i];
        bool is_best = x->state == QN_RACE_IN && c->list[t->raced[i]].cell->polls;

        for (size_t j = 0; is_best && j < n; j++) {
            const struct qn_runner *y = &t->race.runners[j];

            is_best = j == i || y->state != QN_RACE_IN ||
                      c->list[t->raced[j]].kin != c->list[t->raced[i]].kin ||
                      !(y->cost.value < x->cost.value);
        }
        if (is_best)
            rc = join_beside(t, i);
    }
    return rc;
}

/* What was judged. */

static int keep_steps(struct qn_tune *t, unsigned round)
{
    const struct qn_race *r = &t->race;
    struct qn_tune_step *grown =
        realloc(t->steps, (t->n_steps + r->n_runners) * sizeof(*grown));

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
    size_t n_in = 0, n_lost = 0, n_broken = 0, front = r->leader != SIZE_MAX ? r->leader : r->front;
    char cost[96] = "";

    for (size_t i = 0; i < r->n_runners; i++) {
        const struct qn_runner *x = &r->runners[i];

        n_in += x->state == QN_RACE_IN;
        n_lost += x->state == QN_RACE_LOST && x->out_at == round;
        n_broken += x->state == QN_RACE_BREAKS && x->out_at == round;
    }
    if (front == SIZE_MAX) {
        qn_complain("round %u: none of %zu is left; each breaks a bound", round, r->n_runners);
        return;
    }
    qn_say_value_estimate(&r->runners[front].cost, t->request.objective.unit, cost, sizeof(cost));
    qn_complain("round %u: %zu of %zu left, %zu dropped as dearer, %zu for a bound; %s %s: %s", round,
                n_in, r->n_runners, n_lost, n_broken,
                t->candidates.list[t->raced[front]].label,
                r->leader != SIZE_MAX ? "leads" : "is cheapest, but not yet shown to keep every bound",
                cost);
}

/* How plain a candidate is, for choosing among those that are as good: one that leaves nothing behind when
 * it returns, then one without settings of its own, then one that polls not at all, or less where polls
 * have no price that its cost would tell. */
static bool is_plainer(const struct qn_candidate *a, const struct qn_candidate *b)
{
    unsigned x = qn_strategy_find(a->cell->strategy)->flags;
    unsigned y = qn_strategy_find(b->cell->strategy)->flags;
    bool has_a = a->cell->policy[0] != '\0', has_b = b->cell->policy[0] != '\0';

    if ((x & QN_WAITS_ALL) != (y & QN_WAITS_ALL))
        return x & QN_WAITS_ALL;
    if ((x & QN_ABANDONS) != (y & QN_ABANDONS))
        return y & QN_ABANDONS;
    if (has_a != has_b)
        return has_b;
    if (a->cell->polls != b->cell->polls)
        return b->cell->polls;
    return a->cell->polls && a->cell->workload.poll_cost_ns == 0 &&
           a->cell->workload.poll_ns > b->cell->workload.poll_ns;
}

static bool keeps_all(const struct qn_race *r, const struct qn_runner *x)
{
    for (size_t b = 0; b < r->n_bounds; b++)
        if (x->held[b].verdict != QN_RACE_KEPT)
            return false;
    return true;
}

/* One that can be taken for the leader: by its mean it costs no more than the band above. */
static bool is_as_good(const struct qn_race *r, const struct qn_runner *x)
{
    double least = r->runners[r->leader].cost.value;

    return x->state == QN_RACE_IN && keeps_all(r, x) &&
           x->cost.value <= least + qn_race_band(r, least);
}

bool qn_tune_seems_to_keep(const struct qn_tune *t, const struct qn_runner *x)
{
    const struct qn_race *r = &t->race;

    for (size_t b = 0; b < r->n_bounds; b++) {
        const struct qn_race_bound *bound = &r->bounds[b];
        bool is_tail = bound->kind == QN_RACE_TAIL;
        double limit = is_tail ? bound->share : bound->limit, value = x->held[b].seen.value;

        if (isnan(value) || (bound->is_floor && !is_tail ? value < limit : value > limit))
            return false;
    }
    return true;
}

/* Where none is shown to keep every bound: the cheapest that does by its figures, else the cheapest. */
static size_t cheapest_likely(const struct qn_tune *t)
{
    const struct qn_race *r = &t->race;
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < r->n_runners; i++) {
        const struct qn_runner *x = &r->runners[i];

        if (x->state == QN_RACE_IN && !isnan(x->cost.value) && qn_tune_seems_to_keep(t, x) &&
            (best == SIZE_MAX || x->cost.value < r->runners[best].cost.value))
            best = i;
    }
    return best == SIZE_MAX ? r->front : best;
}

/* Of those that are as good as the leader, the plainest of those with the least work for nothing. */
static size_t prefer(const struct qn_tune *t)
{
    const struct qn_candidates *c = &t->candidates;
    const struct qn_race *r = &t->race;
    double *works = calloc(r->n_runners + 1, sizeof(*works)), least = INFINITY;
    struct qn_objective work;
    size_t best = r->leader;

    qn_objective_default(&work);
    for (size_t i = 0; works && i < r->n_runners; i++) {
        works[i] = is_as_good(r, &r->runners[i])
                       ? qn_tune_cost(&t->data, c, &c->list[t->raced[i]], c->rate, &work).value
                       : NAN;
        least = fmin(least, works[i]);
    }
    least += qn_race_band(r, least);
    for (size_t i = 0; works && i < r->n_runners; i++) {
        const struct qn_candidate *x = &c->list[t->raced[i]], *y = &c->list[t->raced[best]];
        bool is_kin = x->kin == y->kin && x->cell->workload.poll_cost_ns > 0;

        if (works[i] <= least &&
            (!(works[best] <= least) || is_plainer(x, y) || (is_kin && works[i] < works[best])))
            best = i;
    }
    free(works);
    return best;
}

static void end_race(struct qn_tune *t)
{
    struct qn_race *r = &t->race;
    size_t front;

    if (!r->is_over)
        qn_race_look(r);
    front = r->leader != SIZE_MAX ? prefer(t) : cheapest_likely(t);
    t->choice = front == SIZE_MAX ? SIZE_MAX : t->raced[front];
}

static double spent(const struct qn_tune *t)
{
    return t->options->time_budget_ns
               ? (double)(t->now_ns - t->began_ns) / (double)t->options->time_budget_ns
               : 0;
}

/* Calls enough have failed for differences between candidates to show, where any fail. */
static bool has_seen_failures(const struct qn_tune *t)
{
    const struct qn_candidates *c = &t->candidates;
    size_t n_calls, n_failed, most = 0;

    if (c->rates[c->rate] == 0)
        return true;
    for (size_t i = 0; i < t->race.n_runners; i++) {
        qn_tune_count(&t->data, &c->list[t->raced[i]], c->rate, &n_calls, &n_failed);
        most = n_failed > most ? n_failed : most;
    }
    return most >= QN_TUNE_LEAST_FAILED;
}

/* The race has had its time: not before it has been judged, as long as there is any. */
static bool is_late(const struct qn_tune *t)
{
    double share = t->request.is_race_only ? 1 : t->race.judged > 0 ? RACE_SHARE : RACE_AT_MOST;

    return spent(t) > share;
}

/* A round that every runner has: judged, and what follows from that. False: the race has ended. */
static bool conclude_round(struct qn_tune *t)
{
    struct qn_race *r = &t->race;
    unsigned round = r->round;

    if (!has_seen_failures(t)) {
        qn_race_pass(r);
        return !is_late(t);
    }
    if (!qn_race_step(r))
        return !is_late(t);
    say_round(t, round);
    t->rc = keep_steps(t, round);
    /* not at once: who leads by luck alone would bring many */
    if (t->rc == QN_OK && (r->judged > 1 || r->is_over))
        t->rc = join_neighbours(t);
    return t->rc == QN_OK && !r->is_over && !is_late(t);
}

/* True: cells of the race are to be measured, *n of them; false: the race has ended. */
static bool run_race(struct qn_tune *t, uint32_t *cells, size_t *n)
{
    bool is_blind = t->has_floor_failed && qn_tuning_needs_floor(&t->request);

    while (!is_blind && t->race.n_runners > 0 && (t->rc = feed(t)) == QN_OK) {
        *n = wanted(t, cells);
        if (*n > 0 && !(is_late(t) && t->race.judged > 0))
            return true;
        if (*n > 0 || !conclude_round(t))
            break;
    }
    if (t->race.n_runners > 0)
        end_race(t);
    return false;
}

/* As a steering. */

static int make_race(struct qn_tune *t)
{
    struct qn_race_bound bounds[QN_MAX_BOUNDS];

    for (size_t i = 0; i < t->request.n_bounds; i++)
        bounds[i] = race_bound(&t->request.bounds[i]);
    return qn_race_init(&t->race, 0, bounds, t->request.n_bounds,
                        (struct qn_race_rules){.delta = 0.05, .band = t->request.band});
}

static void say_beginning(const struct qn_tune *t)
{
    double rate = t->candidates.rates[t->candidates.rate];
    char at[48] = "";

    if (!isnan(rate))
        snprintf(at, sizeof(at), " at failure rate %g", rate);
    qn_complain("%zu candidates, %zu of them raced, for least %s%s", t->candidates.n,
                t->race.n_runners, t->request.objective.text, at);
}

static int begin(void *user, const struct qn_plan *plan, uint64_t now_ns)
{
    struct qn_tune *t = user;
    int rc = qn_candidates_make(&t->request, plan, t->options, &t->candidates);

    t->began_ns = t->now_ns = now_ns;
    t->choice = SIZE_MAX;
    if (rc == QN_OK)
        rc = qn_tune_data_init(&t->data, plan->n_cells);
    t->is_raced = calloc(t->candidates.n + 1, sizeof(*t->is_raced));
    t->has_failed = calloc(t->candidates.n + 1, sizeof(*t->has_failed));
    t->polls.cells = calloc(plan->n_cells + 1, sizeof(*t->polls.cells));
    t->rates.cells = calloc(plan->n_cells + 1, sizeof(*t->rates.cells));
    if (rc == QN_OK && (!t->is_raced || !t->has_failed || !t->polls.cells || !t->rates.cells))
        rc = QN_ENOMEM;
    if (rc == QN_OK)
        rc = make_race(t);
    if (rc == QN_OK)
        rc = join_first(t);
    if (rc == QN_OK)
        say_beginning(t);
    return rc;
}

static int take(void *user, uint32_t cell, const struct qn_trial *rows, size_t n)
{
    struct qn_tune *t = user;

    return qn_tune_data_add(&t->data, cell, rows, n);
}

static void lose(void *user, uint32_t cell)
{
    struct qn_tune *t = user;
    const struct qn_candidates *c = &t->candidates;

    if (c->has_floor && qn_tune_is_among(c->floor.cells, c->n_rates, cell))
        t->has_floor_failed = true;
    for (size_t i = 0; i < c->n; i++)
        if (qn_tune_is_among(c->list[i].cells, c->n_rates, cell))
            t->has_failed[i] = true;
}

static bool is_over(void *user, uint64_t now_ns)
{
    struct qn_tune *t = user;

    t->now_ns = now_ns;
    return spent(t) >= 1;
}

static size_t next_round(void *user, uint32_t *cells)
{
    struct qn_tune *t = user;
    size_t n = 0;

    if (t->stage == QN_TUNE_RACE) {
        if (run_race(t, cells, &n)) {
            shuffle(t, cells, n);
            return n;
        }
        t->stage = t->rc == QN_OK && !t->request.is_race_only ? QN_TUNE_POLLS : QN_TUNE_DONE;
        if (t->stage == QN_TUNE_POLLS)
            qn_tune_list_polls(t);
    }
    if (t->stage == QN_TUNE_POLLS) {
        if (spent(t) < POLLS_SHARE &&
            qn_tune_level(t, &t->polls, QN_TUNE_POLL_PROCESSES, cells, &n)) {
            shuffle(t, cells, n);
            return n;
        }
        qn_tune_list_rates(t);
        t->stage = QN_TUNE_RATES;
    }
    if (t->stage == QN_TUNE_RATES && qn_tune_level(t, &t->rates, QN_TUNE_RATE_PROCESSES, cells, &n)) {
        shuffle(t, cells, n);
        return n;
    }
    t->stage = QN_TUNE_DONE;
    return 0;
}

/* The time may have ended in the midst of the race. */
static void end(void *user)
{
    struct qn_tune *t = user;

    if (t->stage != QN_TUNE_RACE)
        return;
    t->rc = feed(t);
    if (t->race.n_runners > 0)
        end_race(t);
}

static int conclude(void *user, const char *dir)
{
    struct qn_tune *t = user;

    return t->conclude(t, dir);
}

struct qn_steering qn_tune_steer(struct qn_tune *tune)
{
    return (struct qn_steering){.user = tune,
                                .command = "quench tune",
                                .begin = begin,
                                .take = take,
                                .lose = lose,
                                .is_over = is_over,
                                .round = next_round,
                                .end = end,
                                .conclude = conclude};
}
