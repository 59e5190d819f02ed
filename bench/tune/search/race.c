#include "bench/tune/search/race.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/tune/search/floors.h"
#include "bench/tune/search/sweeps.h"

/* Bounds. */

/* True if a single figure breaks the bound. */
static bool is_beyond(const struct qn_bound *b, double value)
{
    return b->is_floor ? value < b->limit : value > b->limit;
}

static bool is_tail(const struct qn_bound *b)
{
    enum qn_statistic s = b->metric.statistic;

    return s == QN_STATISTIC_P90 || s == QN_STATISTIC_P99 || s == QN_STATISTIC_P999;
}

static struct qn_race_bound race_bound(const struct qn_bound *b)
{
    double share = qn_statistic_share(b->metric.statistic);

    return (struct qn_race_bound){.kind = is_tail(b)                                ? QN_RACE_TAIL
                                          : b->metric.statistic == QN_STATISTIC_MAX ? QN_RACE_MOST
                                                                                    : QN_RACE_VALUE,
                                  .is_floor = b->is_floor,
                                  .limit = b->limit,
                                  .range = b->metric.info->range,
                                  /* for a lower bound, the share that the quantile allows below
                                   * it */
                                  .share = b->is_floor ? share : 1 - share};
}

/* Of weighed calls, as many beyond the bound, of as many, as plain draws that say as much. */
static struct qn_race_seen see(struct qn_tune *t, const struct qn_bound *b,
                               const struct qn_process_calls *calls)
{
    struct qn_weighed *values = &t->data.scratch;
    size_t n = qn_tune_metric_values(&b->metric, calls, values);
    struct qn_race_seen seen = {.value = NAN};
    double beyond = 0, plain;

    if (n == 0)
        return seen;
    plain = qn_weighed_effective(values);
    for (size_t i = 0; i < n; i++)
        beyond += is_beyond(b, values->values[i]) * values->weights[i];
    seen.n_calls = (size_t)ceil(plain);
    seen.n_beyond = (size_t)ceil(beyond / qn_weighed_total(values) * plain - 1e-9);
    seen.value = qn_tune_metric_take(&b->metric, values);
    return seen;
}

/* The race. */

/* True if the objective is work or a cost, not a latency. */
static bool is_of_work(const struct qn_objective *o)
{
    static const enum qn_metric_id metrics[] = {QN_METRIC_WASTED,         QN_METRIC_WASTED_INFLIGHT,
                                                QN_METRIC_WASTED_STARTED, QN_METRIC_POLLING,
                                                QN_METRIC_DISCARDED,      QN_METRIC_OCCUPIED};
    bool is_work = o->n_terms > 0;

    for (size_t i = 0; i < QN_ARRAY_LEN(metrics); i++)
        is_work |= o->n_terms == 0 && o->metric.info == &qn_metrics[metrics[i]];
    return is_work;
}

/* The share of a call's planned work that doesn't matter; of the work done, where it has no plan in ns. */
static void set_least(struct qn_tune *t, const struct qn_calls_part *part)
{
    enum qn_trial_column column =
        t->options->workloads[0].base.kind == QN_KIND_OWN ? QN_COL_WORK : QN_COL_PLANNED_WORK;
    double planned = 0, n = 0;

    for (size_t i = 0; i < part->n; i++) {
        double weight = qn_calls_weight(part, i);

        planned += weight * (double)part->of->v[column][part->from + i] / t->data.scale;
        n += weight;
    }
    if (part->n > 0 && is_of_work(&t->request.objective))
        t->race.rules.least = t->request.band * QN_TUNE_LEAST_SHARE * planned / n;
}

/* True if every cell of a runner's next process has been measured. */
static bool has_process(const struct qn_tune *t, const struct qn_candidate *x, size_t process)
{
    const struct qn_candidates *c = &t->candidates;
    const struct qn_candidate *floor = qn_floor_of(c, x);

    return qn_tune_data_has(&t->data, x->cells[c->rate], process) &&
           (!qn_tuning_needs_floor(&t->request) ||
            (qn_tune_data_has(&t->data, x->cells[c->without_failure], process) &&
             qn_tune_data_has(&t->data, floor->cells[c->without_failure], process)));
}

/* A process of the candidate failed, or of the floor that it is compared with. */
static bool is_lost(const struct qn_tune *t, size_t candidate)
{
    return t->has_failed[candidate] || (qn_tuning_needs_floor(&t->request) &&
                                        t->has_floor_failed[t->candidates.list[candidate].floor]);
}

/* Removing failed candidates can bring in others, which may have failed too. */
static void fail_lost(struct qn_tune *t)
{
    for (size_t i = 0; i < t->race.n_runners; i++)
        if (t->race.runners[i].state == QN_RACE_IN && is_lost(t, t->raced[i])) {
            qn_race_fail(&t->race, i);
            i = SIZE_MAX; /* start again at the first */
        }
}

int qn_tune_feed(struct qn_tune *t)
{
    const struct qn_candidates *c = &t->candidates;
    struct qn_race_seen seen[QN_MAX_BOUNDS];
    int rc = QN_OK;

    fail_lost(t);
    for (size_t i = 0; i < t->race.n_runners; i++) {
        const struct qn_candidate *x = &c->list[t->raced[i]];

        while (rc == QN_OK && qn_race_wants(&t->race, i) &&
               has_process(t, x, t->race.runners[i].n)) {
            size_t process = t->race.runners[i].n;
            const struct qn_process_calls calls = qn_tune_calls(&t->data, c, x, c->rate, process);

            if (t->race.rules.least == 0)
                set_least(t, &calls.calls);
            for (size_t b = 0; b < t->request.n_bounds; b++)
                seen[b] = see(t, &t->request.bounds[b], &calls);
            rc =
                qn_race_add(&t->race, i,
                            qn_objective_of(&t->request.objective, &calls, &t->data.scratch), seen);
        }
    }
    return rc;
}

size_t qn_tune_wanted(const struct qn_tune *t, uint32_t *cells)
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
        if (qn_tuning_needs_floor(&t->request) &&
            !qn_tune_data_has(&t->data, x->cells[c->without_failure], process))
            qn_tune_push(cells, &n, x->cells[c->without_failure]);
        if (qn_tuning_needs_floor(&t->request) &&
            !qn_tune_data_has(&t->data, qn_floor_of(c, x)->cells[c->without_failure], process))
            qn_tune_push(cells, &n, qn_floor_of(c, x)->cells[c->without_failure]);
    }
    return n;
}

int qn_tune_join(struct qn_tune *t, size_t candidate)
{
    size_t *grown, runner;
    int rc;

    if (qn_tune_runner(t, candidate) != SIZE_MAX || t->candidates.list[candidate].left_out[0])
        return QN_OK;
    grown = realloc(t->raced, (t->race.n_runners + 1) * sizeof(*grown));
    if (!grown)
        return QN_ENOMEM;
    t->raced = grown;
    rc = qn_race_join(&t->race, &runner);
    if (rc != QN_OK)
        return rc;
    grown[runner] = candidate;
    return QN_OK;
}

int qn_tune_join_first(struct qn_tune *t)
{
    const struct qn_candidates *c = &t->candidates;
    int rc = QN_OK;

    for (size_t i = 0; i < c->n && rc == QN_OK; i++)
        if (!c->list[i].lever &&
            (!t->request.races_polls || !c->list[i].cell->polls || c->list[i].poll % 2 == 1))
            rc = qn_tune_join(t, i);
    return rc;
}

/* The intervals next to a runner's. */
static int join_beside(struct qn_tune *t, size_t runner)
{
    size_t candidate = t->raced[runner];
    const struct qn_candidate *x = &t->candidates.list[candidate];
    int rc = QN_OK;

    for (int side = -1; side <= 1 && x->cell->polls && rc == QN_OK; side += 2) {
        size_t family = qn_tune_sibling_at(t, candidate, x->poll + (size_t)side);

        if (family != SIZE_MAX)
            rc = qn_tune_join(t, family);
    }
    return rc;
}

bool qn_tune_is_close(const struct qn_race *r, size_t runner)
{
    const struct qn_runner *x = &r->runners[runner];

    return r->leader == SIZE_MAX || runner == r->leader || !x->behind.has_interval ||
           x->behind.lo <= qn_race_band(r, r->runners[r->leader].cost.value);
}

int qn_tune_join_neighbours(struct qn_tune *t)
{
    const struct qn_candidates *c = &t->candidates;
    size_t n = t->request.races_polls ? t->race.n_runners : 0;
    int rc = QN_OK;

    for (size_t i = 0; i < n && rc == QN_OK; i++) {
        const struct qn_runner *x = &t->race.runners[i];
        bool is_best = x->state == QN_RACE_IN && !isnan(x->cost.value) &&
                       c->list[t->raced[i]].cell->polls && qn_tune_is_close(&t->race, i);

        for (size_t j = 0; is_best && j < n; j++) {
            const struct qn_runner *y = &t->race.runners[j];

            is_best = j == i || y->state != QN_RACE_IN ||
                      c->list[t->raced[j]].family != c->list[t->raced[i]].family ||
                      !(y->cost.value < x->cost.value);
        }
        if (is_best)
            rc = join_beside(t, i);
    }
    return rc;
}

int qn_tune_make_race(struct qn_tune *t)
{
    struct qn_race_bound bounds[QN_MAX_BOUNDS];

    for (size_t i = 0; i < t->request.n_bounds; i++)
        bounds[i] = race_bound(&t->request.bounds[i]);
    return qn_race_init(&t->race, 0, bounds, t->request.n_bounds,
                        (struct qn_race_rules){.delta = 0.05,
                                               .band = t->request.band,
                                               .range = qn_objective_range(&t->request.objective)});
}
