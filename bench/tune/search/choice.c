#include <math.h>
#include <stdlib.h>

#include "bench/tune/search/lever_race.h"
#include "bench/tune/search/race.h"
#include "bench/tune/search/stages.h"
#include "strategies/strategy.h"

/* Ranks candidates by simplicity, to choose among equally good ones: first one that leaves nothing
 * running when it returns, then one without settings of its own, then one without a lever, or that
 * only yields, then one that doesn't poll, or polls less if polls have no cost. */
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
    if (a->lever != b->lever)
        return a->lever < b->lever;
    if (a->cell->polls != b->cell->polls)
        return b->cell->polls;
    return a->cell->polls && a->cell->workload.poll_cost_ns == 0 &&
           a->cell->workload.poll_quanta > b->cell->workload.poll_quanta;
}

static bool keeps_all(const struct qn_race *r, const struct qn_runner *x)
{
    for (size_t b = 0; b < r->n_bounds; b++)
        if (x->held[b].verdict != QN_RACE_KEPT)
            return false;
    return true;
}

/* True if it is as good as the leader: its mean cost is within the band. */
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

/* If none is shown to keep every bound: the cheapest whose figures do, else the cheapest. */
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
    return best == SIZE_MAX ? r->cheapest : best;
}

/* Of the variants of a candidate by a lever that cost as little and waste no more, the one whose first
 * error is shown to arrive soonest, by more than the band; if there is none, itself. */
static size_t prefer_lever(const struct qn_tune *t, const double *works, double least, size_t plain)
{
    const struct qn_candidates *c = &t->candidates;
    struct qn_estimate soonest = {.value = 0};
    double matters =
        t->request.band *
        qn_tune_estimate_named(&t->data, c, &c->list[t->raced[plain]], c->rate, QN_TUNE_FIRST_ERROR)
            .value;
    size_t best = plain;

    for (size_t i = 0; i < t->race.n_runners; i++) {
        struct qn_estimate e;

        if (!c->list[t->raced[i]].lever || c->list[t->raced[i]].plain != t->raced[plain] ||
            !(works[i] <= least))
            continue;
        e = qn_tune_sooner(t, t->raced[i], t->raced[plain]);
        if (!e.has_interval || !(e.lo > matters) || !(e.value > soonest.value))
            continue;
        soonest = e;
        best = i;
    }
    return best;
}

/* Among those as good as the leader, the simplest of those with the least work for nothing. works:
 * room for one per runner. */
static size_t prefer(const struct qn_tune *t, double *works)
{
    const struct qn_candidates *c = &t->candidates;
    const struct qn_race *r = &t->race;
    double least = INFINITY;
    struct qn_objective work;
    size_t best = r->leader;

    qn_objective_default(&work);
    for (size_t i = 0; i < r->n_runners; i++) {
        works[i] = is_as_good(r, &r->runners[i])
                       ? qn_tune_cost(&t->data, c, &c->list[t->raced[i]], c->rate, &work).value
                       : NAN;
        least = fmin(least, works[i]);
    }
    least += qn_race_band(r, least);
    for (size_t i = 0; i < r->n_runners; i++) {
        const struct qn_candidate *x = &c->list[t->raced[i]], *y = &c->list[t->raced[best]];
        bool is_sibling = x->family == y->family && x->cell->workload.poll_cost_ns > 0;

        if (works[i] <= least &&
            (!(works[best] <= least) || is_plainer(x, y) || (is_sibling && works[i] < works[best])))
            best = i;
    }
    return prefer_lever(t, works, least, best);
}

int qn_tune_end_race(struct qn_tune *t)
{
    struct qn_race *r = &t->race;
    double *works = calloc(r->n_runners + 1, sizeof(*works));
    size_t cheapest;

    if (!works)
        return QN_ENOMEM;
    if (!r->is_over)
        qn_race_look(r);
    cheapest = r->leader != SIZE_MAX ? prefer(t, works) : cheapest_likely(t);
    t->choice = cheapest == SIZE_MAX ? SIZE_MAX : t->raced[cheapest];
    free(works);
    return QN_OK;
}
