#include "bench/tune/search/floors.h"

#include <stdlib.h>
#include <string.h>

#include "strategies/strategy.h"

/* True if both sets ask for the same scheduling, whatever else they have; the first has nothing else. */
static bool is_scheduled_as(const struct qn_policy_text *only, const struct qn_policy_text *set)
{
    size_t n_same = 0, n = 0;

    for (size_t k = 0; k < set->n; k++) {
        n += qn_is_scheduling(set->pair[k].key);
        for (size_t j = 0; j < only->n; j++)
            n_same += strcmp(only->pair[j].key, set->pair[k].key) == 0 &&
                      strcmp(only->pair[j].value, set->pair[k].value) == 0;
    }
    return n_same == n && n_same == only->n;
}

static int copy_scheduling(const struct qn_policy_text *from, const struct qn_strategy *floor,
                           struct qn_policy_text *to)
{
    *to = (struct qn_policy_text){.only = floor};
    for (size_t k = 0; from && k < from->n; k++) {
        if (!qn_is_scheduling(from->pair[k].key))
            continue;
        to->pair[to->n].key = strdup(from->pair[k].key);
        to->pair[to->n].value = strdup(from->pair[k].value);
        to->n++;
        if (!to->pair[to->n - 1].key || !to->pair[to->n - 1].value)
            return QN_ENOMEM;
    }
    return QN_OK;
}

int qn_floors_choose(struct qn_run_options *o)
{
    const struct qn_strategy *floor = qn_strategy_find("null");
    size_t n = o->n_policies;
    struct qn_policy_text *grown;
    int rc;

    if (qn_workload_refusal(&o->workloads[0].base, floor))
        return QN_OK;
    grown = realloc(o->policies, (2 * n + 1) * sizeof(*grown));
    if (!grown)
        return QN_ENOMEM;
    o->policies = grown;
    o->strategies[o->n_strategies++] = floor;
    rc = copy_scheduling(NULL, floor, &grown[o->n_policies++]);
    for (size_t i = 0; i < n && rc == QN_OK; i++) {
        bool is_new = true;

        for (size_t j = n; j < o->n_policies && is_new; j++)
            is_new = !is_scheduled_as(&grown[j], &grown[i]);
        if (is_new)
            rc = copy_scheduling(&grown[i], floor, &grown[o->n_policies++]);
    }
    return rc;
}

const struct qn_candidate *qn_floor_of(const struct qn_candidates *c, const struct qn_candidate *x)
{
    return x->floor < c->n_floors ? &c->floors[x->floor] : NULL;
}
