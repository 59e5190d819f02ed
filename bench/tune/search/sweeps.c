#include "bench/tune/search/sweeps.h"

#include <math.h>
#include <string.h>

#include "bench/theory/cell.h"
#include "bench/tune/search/floors.h"
#include "bench/workload/poll.h"
#include "strategies/strategy.h"

/* The most candidates measured at every rate, and how many of them from the choice's family. */
#define MAX_FINALISTS 8u
#define MAX_POLLING_SIBLINGS 4u

void qn_tune_list_cell(const struct qn_tune *t, struct qn_tune_list *list, size_t candidate,
                       size_t rate)
{
    const struct qn_candidate *x = &t->candidates.list[candidate];

    if (!x->left_out[0] && !t->has_failed[candidate])
        qn_tune_push(list->cells, &list->n, x->cells[rate]);
}

/* The floor that a candidate's overhead is relative to. */
static void list_floor(struct qn_tune *t, struct qn_tune_list *list, size_t candidate)
{
    const struct qn_candidates *c = &t->candidates;
    const struct qn_candidate *floor = qn_floor_of(c, &c->list[candidate]);

    if (floor)
        qn_tune_push(list->cells, &list->n, floor->cells[c->without_failure]);
}

size_t qn_tune_base(const struct qn_tune *t, size_t candidate)
{
    const struct qn_candidates *c = &t->candidates;

    for (size_t i = 0; i < c->n; i++) {
        const struct qn_candidate *x = &c->list[i];

        if (strcmp(x->cell->strategy, "drain") == 0 &&
            (x->lever ? c->list[x->plain].cell : x->cell)->policy[0] == '\0' &&
            qn_same_scheduling(x->cell, c->list[candidate].cell))
            return i;
    }
    return SIZE_MAX;
}

void qn_tune_list_polls(struct qn_tune *t)
{
    const struct qn_candidates *c = &t->candidates;
    size_t polling = qn_tune_polling(t), base;

    if (polling == SIZE_MAX || c->n_polls < 2)
        return;
    base = qn_tune_base(t, polling);
    for (size_t poll = 0; poll < c->n_polls; poll++) {
        size_t family = qn_tune_sibling_at(t, polling, poll);

        if (family == SIZE_MAX)
            continue;
        qn_tune_list_cell(t, &t->polls, family, c->rate);
        qn_tune_list_cell(t, &t->polls, family, c->without_failure);
    }
    if (base != SIZE_MAX)
        qn_tune_list_cell(t, &t->polls, base, c->without_failure);
    list_floor(t, &t->polls, polling);
}

/* The cheapest runner of a strategy; SIZE_MAX: none. */
static size_t best_of(const struct qn_tune *t, const char *strategy)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < t->race.n_runners; i++) {
        const struct qn_runner *x = &t->race.runners[i];

        if (isnan(x->cost.value) || x->state == QN_RACE_FAILED ||
            strcmp(t->candidates.list[t->raced[i]].cell->strategy, strategy) != 0)
            continue;
        if (best == SIZE_MAX || x->cost.value < t->race.runners[best].cost.value)
            best = i;
    }
    return best == SIZE_MAX ? SIZE_MAX : t->raced[best];
}

/* The index of the interval nearest to the closed form's for a rate; SIZE_MAX: no form applies. */
static size_t nearest_poll(const struct qn_tune *t, const struct qn_candidate *x, size_t rate)
{
    const struct qn_candidates *c = &t->candidates;
    double best = qn_theory_best_poll(x->cell, c->rates[rate]), least = INFINITY;
    size_t nearest = SIZE_MAX;

    for (size_t i = 0; i < c->n_polls && isfinite(best); i++) {
        double distance = fabs(log((double)qn_poll_ns(c->polls_quanta[i]) / best));

        if (distance >= least)
            continue;
        least = distance;
        nearest = i;
    }
    return nearest;
}

struct finalists {
    size_t list[MAX_FINALISTS];
    size_t n;
};

static void add_finalist(struct finalists *f, size_t candidate)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->list[i] == candidate)
            return;
    if (candidate != SIZE_MAX && f->n < MAX_FINALISTS)
        f->list[f->n++] = candidate;
}

/* The cheapest of the strategies not yet among the finalists, either polling or not. */
static size_t next_best(const struct qn_tune *t, const struct finalists *f, bool polls)
{
    size_t best = SIZE_MAX;
    double least = INFINITY;

    for (size_t s = 0; s < qn_n_strategies; s++) {
        size_t candidate = best_of(t, qn_strategies[s]->name);
        double cost;
        bool is_in = false;

        if (candidate == SIZE_MAX || t->candidates.list[candidate].cell->polls != polls)
            continue;
        for (size_t i = 0; i < f->n; i++)
            is_in |=
                strcmp(t->candidates.list[f->list[i]].cell->strategy, qn_strategies[s]->name) == 0;
        cost = t->race.runners[qn_tune_runner(t, candidate)].cost.value;
        if (!is_in && cost < least) {
            best = candidate;
            least = cost;
        }
    }
    return best;
}

void qn_tune_list_rates(struct qn_tune *t)
{
    const struct qn_candidates *c = &t->candidates;
    size_t polling = qn_tune_polling(t);
    struct finalists f = {.n = 0};

    if (t->choice == SIZE_MAX || c->n_rates < 2)
        return;
    add_finalist(&f, t->choice);
    for (size_t rate = 0; polling != SIZE_MAX && rate < c->n_rates && f.n < MAX_POLLING_SIBLINGS;
         rate++) {
        size_t poll = nearest_poll(t, &c->list[polling], rate);

        if (poll != SIZE_MAX)
            add_finalist(&f, qn_tune_sibling_at(t, polling, poll));
    }
    /* alternately, so that both kinds are included: strategies that never poll are cheapest if
     * little fails */
    for (size_t i = 0; i < (size_t)2 * MAX_FINALISTS; i++)
        add_finalist(&f, next_best(t, &f, i % 2));
    for (size_t i = 0; i < f.n; i++)
        for (size_t rate = 0; rate < c->n_rates; rate++)
            qn_tune_list_cell(t, &t->rates, f.list[i], rate);
    for (size_t i = 0; i < f.n; i++)
        list_floor(t, &t->rates, f.list[i]);
}

static bool is_failed_cell(const struct qn_tune *t, uint32_t cell)
{
    const struct qn_candidates *c = &t->candidates;

    for (size_t i = 0; i < c->n_floors; i++)
        if (t->has_floor_failed[i] && qn_tune_is_among(c->floors[i].cells, c->n_rates, cell))
            return true;
    for (size_t i = 0; i < c->n; i++)
        if (t->has_failed[i] && qn_tune_is_among(c->list[i].cells, c->n_rates, cell))
            return true;
    return false;
}

bool qn_tune_level(const struct qn_tune *t, const struct qn_tune_list *list, size_t most,
                   uint32_t *cells, size_t *n)
{
    size_t fewest = most;

    for (size_t i = 0; i < list->n; i++) {
        size_t next = qn_tune_data_next(&t->data, list->cells[i]);

        if (!is_failed_cell(t, list->cells[i]) && next < fewest)
            fewest = next;
    }
    *n = 0;
    for (size_t i = 0; i < list->n && fewest < most; i++)
        if (!is_failed_cell(t, list->cells[i]) &&
            qn_tune_data_next(&t->data, list->cells[i]) == fewest)
            cells[(*n)++] = list->cells[i];
    return *n > 0;
}
