#include "bench/tune/search/candidates.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/stats/quantity.h"
#include "bench/theory/cell.h"
#include "bench/theory/models.h"
#include "bench/tune/search/levers.h"
#include "bench/workload/poll.h"
#include "bench/workload/service.h"
#include "strategies/strategy.h"

/* A closed form must exceed a bound by this factor to exclude a candidate. */
#define FORM_MARGIN 1.1

static bool is_alike(const struct qn_cell *a, const struct qn_cell *b, bool polls_too)
{
    assert(a && b); /* every candidate has a cell at every rate */
    return a->strategy == b->strategy && strcmp(a->policy, b->policy) == 0 &&
           (!polls_too || !a->polls || a->workload.poll_quanta == b->workload.poll_quanta);
}

static size_t place_of_rate(const struct qn_candidates *c, double rate)
{
    for (size_t i = 0; i < c->n_rates; i++)
        if (c->rates[i] == rate)
            return i;
    return 0;
}

static size_t place_of_poll(const struct qn_candidates *c, const struct qn_cell *cell)
{
    for (size_t i = 0; cell->polls && i < c->n_polls; i++)
        if (c->polls_quanta[i] == cell->workload.poll_quanta)
            return i;
    return 0;
}

static void name(struct qn_candidate *x, const struct qn_cell *cell)
{
    char poll[QN_POLL_BYTES] = "";

    if (cell->polls)
        qn_poll_text(cell->workload.poll_quanta, poll, sizeof(poll));
    snprintf(x->label, sizeof(x->label), "%s%s%s%s%.100s", cell->strategy,
             cell->polls ? " poll=" : "", poll, cell->policy[0] ? " " : "", cell->policy);
}

/* Adds a cell to its candidate, creating that if necessary. */
static void place(struct qn_candidates *c, const struct qn_plan *plan, uint32_t at)
{
    const struct qn_cell *cell = &plan->cells[at];
    size_t rate = place_of_rate(c, cell->workload.failure_rate), i = 0;
    bool is_floor = strcmp(cell->strategy, "null") == 0;
    struct qn_candidate *list = is_floor ? c->floors : c->list, *x;
    size_t *n = is_floor ? &c->n_floors : &c->n;

    while (i < *n && !is_alike(&plan->cells[list[i].cells[0]], cell, true))
        i++;
    x = &list[i];
    if (i == *n)
        ++*n;
    /* until the cell of the first rate comes, any other */
    if (x->label[0] == '\0') {
        for (size_t r = 0; r < c->n_rates; r++)
            x->cells[r] = at;
        name(x, cell);
        x->poll = place_of_poll(c, cell);
    }
    x->cells[rate] = at;
    if (rate == c->rate)
        x->cell = cell;
}

/* Theory. */

/* The least value of a bound's metric by closed forms; NAN: none applies. */
static double least_by_form(const struct qn_tune_metric *m, const struct qn_cell *cell)
{
    const struct qn_strategy *s = qn_strategy_find(cell->strategy);
    const struct qn_workload *w = &cell->workload;
    bool is_middle = m->statistic == QN_STATISTIC_MEAN || m->statistic == QN_STATISTIC_P50;
    double x, cv2;

    if (m->info->kind == QN_METRIC_OF_PAIR && is_middle)
        return cell->polls && w->kind == QN_KIND_CPU
                   ? (double)w->poll_cost_ns / (double)qn_poll_ns(w->poll_quanta)
                   : NAN;
    if (m->statistic != QN_STATISTIC_MEAN || w->failure_at != QN_FAIL_AT_END)
        return NAN;
    qn_service_moments(&w->service, &x, &cv2);
    if (strcmp(m->info->name, "wasted") == 0 && m->failed_only)
        return qn_theory_wasted(cell, 0) / w->service.scale;
    if (strcmp(m->info->name, "return_at") == 0 && (s->flags & QN_WAITS_ALL) &&
        !(s->flags & (QN_CANCELS | QN_LIMITS | QN_TREE)) && w->service.type == QN_SERVICE_EXP &&
        w->kind == QN_KIND_CPU)
        return qn_model_all_reported_exp(w->workers, w->threads, x);
    return NAN;
}

static void leave_out(const struct qn_tuning_request *q, struct qn_candidate *x)
{
    const char *why = qn_cell_why_unsupported(x->cell);

    if (why)
        snprintf(x->left_out, sizeof(x->left_out), "%s", why);
    for (size_t i = 0; i < q->n_bounds && x->left_out[0] == '\0'; i++) {
        const struct qn_bound *b = &q->bounds[i];
        double least = least_by_form(&b->metric, x->cell);
        char value[64];

        if (b->is_floor || isnan(least) || !(least > b->limit * FORM_MARGIN))
            continue;
        qn_say_value(least, b->metric.info->unit, value, sizeof(value));
        snprintf(x->left_out, sizeof(x->left_out), "its closed form gives %s, the bound is %s",
                 value, b->text);
    }
}

int qn_candidates_make(const struct qn_tuning_request *q, const struct qn_plan *plan,
                       const struct qn_run_options *o, struct qn_candidates *c)
{
    const struct qn_workload_set *set = &o->workloads[0];

    memset(c, 0, sizeof(*c));
    c->list = calloc(plan->n_cells + 1, sizeof(*c->list));
    c->floors = calloc(plan->n_cells + 1, sizeof(*c->floors));
    if (!c->list || !c->floors) {
        qn_candidates_fini(c);
        return QN_ENOMEM;
    }
    c->n_rates = set->n_failure_rates;
    memcpy(c->rates, set->failure_rates, c->n_rates * sizeof(*c->rates));
    c->rate = isnan(c->rates[0]) ? 0 : place_of_rate(c, q->rate);
    c->without_failure = isnan(c->rates[0]) ? 0 : place_of_rate(c, 0);
    c->polls_quanta = set->polls_quanta;
    c->n_polls = set->n_polls;
    for (uint32_t i = 0; i < plan->n_cells; i++)
        place(c, plan, i);
    for (size_t i = 0; i < c->n; i++) {
        struct qn_candidate *x = &c->list[i];

        while (!is_alike(x->cell, c->list[x->family].cell, false))
            x->family++;
        while (x->floor < c->n_floors && !qn_same_scheduling(x->cell, c->floors[x->floor].cell))
            x->floor++;
        leave_out(q, x);
    }
    qn_levers_mark(c, q->levers);
    return QN_OK;
}

void qn_candidates_fini(struct qn_candidates *c)
{
    free(c->list);
    free(c->floors);
    memset(c, 0, sizeof(*c));
}
