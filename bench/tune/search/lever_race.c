#include "bench/tune/search/lever_race.h"

#include <math.h>
#include <string.h>

#include "bench/tune/search/race.h"

static int join_variants(struct qn_tune *t, size_t candidate)
{
    const struct qn_candidates *c = &t->candidates;
    int rc = QN_OK;

    for (size_t i = 0; i < c->n && rc == QN_OK; i++)
        if (c->list[i].lever && c->list[i].plain == candidate)
            rc = qn_tune_join(t, i);
    return rc;
}

/* True if a family, at any interval, is in the race with a lever. */
static bool is_levered(const struct qn_tune *t, size_t family)
{
    const struct qn_candidate *list = t->candidates.list;

    for (size_t i = 0; i < t->race.n_runners; i++)
        if (list[t->raced[i]].lever && list[list[t->raced[i]].plain].family == family)
            return true;
    return false;
}

static size_t count_levered(const struct qn_tune *t)
{
    size_t n = 0;

    for (size_t i = 0; i < t->candidates.n; i++)
        n += t->candidates.list[i].family == i && is_levered(t, i);
    return n;
}

/* The cheapest that levers may yet be tried with: one that is in and may cost no more than the leader
 * plus the band; if none is in, one that breaks a bound, which a lever may cure. SIZE_MAX: none. */
static size_t next_plain(const struct qn_tune *t, enum qn_race_state state)
{
    const struct qn_race *r = &t->race;
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < r->n_runners; i++) {
        const struct qn_candidate *x = &t->candidates.list[t->raced[i]];

        if (r->runners[i].state != state || x->lever || isnan(r->runners[i].cost.value) ||
            !qn_tune_is_close(r, i) || is_levered(t, x->family))
            continue;
        if (best == SIZE_MAX || r->runners[i].cost.value < r->runners[best].cost.value)
            best = i;
    }
    return best == SIZE_MAX ? SIZE_MAX : t->raced[best];
}

int qn_tune_join_levers(struct qn_tune *t)
{
    const struct qn_race *r = &t->race;
    enum qn_race_state state = QN_RACE_BREAKS;
    size_t next;
    int rc = QN_OK;

    if (!t->request.levers)
        return QN_OK;
    for (size_t i = 0; i < r->n_runners; i++)
        if (r->runners[i].state == QN_RACE_IN)
            state = QN_RACE_IN;
    if (r->is_over && r->leader != SIZE_MAX)
        rc = join_variants(t, t->raced[r->leader]);
    for (size_t n = count_levered(t); n < QN_TUNE_MOST_LEVERED && rc == QN_OK; n++) {
        next = next_plain(t, state);
        if (next == SIZE_MAX)
            break;
        rc = join_variants(t, next);
    }
    return rc;
}

struct qn_estimate qn_tune_sooner(const struct qn_tune *t, size_t a, size_t b)
{
    const struct qn_candidates *c = &t->candidates;
    struct qn_objective first = {0};
    size_t n = 0;
    const char *ignored;

    if (qn_tune_metric_parse(QN_TUNE_FIRST_ERROR, strlen(QN_TUNE_FIRST_ERROR), &first.metric, NULL,
                             &ignored) != QN_OK)
        return (struct qn_estimate){.value = NAN};
    for (size_t p = 0; p < t->data.most_processes; p++) {
        double x = qn_tune_cost_of(&t->data, c, &c->list[a], c->rate, p, &first);
        double y = qn_tune_cost_of(&t->data, c, &c->list[b], c->rate, p, &first);

        if (!isnan(x) && !isnan(y))
            t->data.figures[n++] = y - x;
    }
    return n > 0 ? qn_stat_mean_interval(t->data.figures, n) : (struct qn_estimate){.value = NAN};
}
