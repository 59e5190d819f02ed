#include "bench/options/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/rng.h"
#include "bench/options/keys.h"
#include "bench/options/policy.h"
#include "bench/workload/arrival.h"
#include "bench/workload/draw.h"

/* The shuffle's own stream of the seed. */
#define ORDER_STREAM UINT64_C(0x6f72646572)

static int fill_policy(const struct qn_strategy *s, const struct qn_policy_text *text,
                       struct qn_cell *cell)
{
    struct qn_policy policy;
    const char *why;

    qn_policy_default(s, &policy);
    for (size_t i = 0; i < text->n; i++) {
        int rc = qn_policy_set(s, &policy, text->pair[i].key, text->pair[i].value, &why);

        if (rc != QN_OK)
            return rc;
    }
    cell->policy_values = policy;
    return qn_policy_format(s, &policy, cell->policy, sizeof(cell->policy));
}

/* The k-th set of policies that is for the strategy; NULL: it has fewer. */
static const struct qn_policy_text *set_of(const struct qn_run_options *o,
                                           const struct qn_strategy *s, size_t k)
{
    for (size_t i = 0; i < o->n_policies; i++)
        if ((!o->policies[i].only || o->policies[i].only == s) && k-- == 0)
            return &o->policies[i];
    return NULL;
}

/* Whether the k-th set results in the same policies as an earlier one. */
static bool is_repeated(const struct qn_run_options *o, const struct qn_strategy *s, size_t k)
{
    struct qn_cell cell = {0}, other = {0};

    if (k == 0 || fill_policy(s, set_of(o, s, k), &cell) != QN_OK)
        return false;
    for (size_t i = 0; i < k; i++)
        if (fill_policy(s, set_of(o, s, i), &other) == QN_OK &&
            strcmp(cell.policy, other.policy) == 0)
            return true;
    return false;
}

/* Number of policy sets that the strategy is measured with; at least 1, its defaults. */
static size_t count_sets(const struct qn_run_options *o, const struct qn_strategy *s)
{
    size_t n = 0;

    while (set_of(o, s, n))
        n++;
    return n > 0 ? n : 1;
}

/* An upper bound: counts cells that workloads rule out and policy sets that turn out equal. */
static size_t count_cells(const struct qn_run_options *o)
{
    size_t n = 0;

    for (size_t w = 0; w < o->n_workloads; w++) {
        const struct qn_workload_set *set = &o->workloads[w];

        for (size_t s = 0; s < o->n_strategies; s++)
            n += set->n_arrivals * set->n_workers * set->n_failure_rates *
                 count_sets(o, o->strategies[s]) *
                 (o->strategies[s]->flags & QN_POLLS ? set->n_polls : 1);
    }
    return n;
}

static void set_size(const struct qn_workload_set *set, size_t i, struct qn_cell *cell)
{
    cell->workload.workers = set->workers[i];
    if (!set->trees)
        return;
    cell->workload.tree_depth = set->trees[i].depth;
    cell->workload.tree_breadth = set->trees[i].breadth;
}

/*
 * The shape of a cell's tree is appended to its policies as the last key: so everything that
 * distinguishes cells (tables, resuming, comparing, the page) distinguishes shapes, and no reader
 * of the files needs to know about it. It is not a policy: only --tree sets it.
 */
static int add_shape(struct qn_cell *cell)
{
    size_t at = strlen(cell->policy), room = sizeof(cell->policy) - at;
    int n = cell->workload.tree_depth
                ? snprintf(cell->policy + at, room, "%stree=%ux%u", at ? ";" : "",
                           cell->workload.tree_depth, cell->workload.tree_breadth)
                : 0;

    return (size_t)n < room ? QN_OK : QN_ERANGE;
}

/* Appends the cells of one strategy on one workload. */
static int add_cells(const struct qn_run_options *o, const struct qn_workload_set *set,
                     const struct qn_strategy *s, struct qn_plan *plan)
{
    static const struct qn_policy_text defaults = {0};
    size_t n_polls = s->flags & QN_POLLS ? set->n_polls : 1;
    size_t n_sets = count_sets(o, s);
    size_t n = set->n_arrivals * set->n_workers * set->n_failure_rates * n_sets * n_polls;

    for (size_t i = 0; i < n; i++) {
        struct qn_cell *cell = &plan->cells[plan->n_cells];
        const struct qn_policy_text *policies;
        size_t at = i, rate;
        int rc;

        snprintf(cell->id, sizeof(cell->id), "c%04zu", plan->n_cells + 1);
        cell->strategy = s->name;
        cell->workload = set->base;
        cell->executor = s->flags & QN_CHILD ? QN_EXECUTOR_CHILD : QN_EXECUTOR_THREADS;
        cell->polls = s->flags & QN_POLLS;
        cell->workload.poll_quanta = set->polls_quanta[at % n_polls];
        at /= n_polls;
        if (is_repeated(o, s, at % n_sets))
            continue;
        policies = set_of(o, s, at % n_sets);
        rc = fill_policy(s, policies ? policies : &defaults, cell);
        at /= n_sets;
        rate = at % set->n_failure_rates;
        at /= set->n_failure_rates;
        set_size(set, at % set->n_workers, cell);
        cell->workload.failure_rate = qn_workload_set_rate(set, rate, cell->workload.workers);
        at /= set->n_workers;
        cell->workload.arrival = set->arrivals[at].arrival;
        cell->workload.arrival_rate = set->arrivals[at].rate;
        cell->workload.draw = qn_schedule_settle_draw(&cell->workload);
        if ((s->flags & QN_OWN_THREADS) && cell->workload.arrival != QN_ARRIVAL_ISOLATED)
            continue;
        if (rc == QN_OK)
            rc = add_shape(cell);
        if (rc != QN_OK)
            return rc;
        plan->n_cells++;
    }
    return QN_OK;
}

/* Shuffles one round by the seed and the round's number. */
static void shuffle(struct qn_process *round, size_t n, uint64_t seed, uint32_t process)
{
    uint64_t state = qn_rng_mix(qn_rng_mix(ORDER_STREAM, seed), process);

    qn_rng_shuffle(state, round, n, sizeof(*round));
}

int qn_plan_build(const struct qn_run_options *o, struct qn_plan *out)
{
    size_t n_cells = count_cells(o);
    int rc = QN_OK;

    memset(out, 0, sizeof(*out));
    out->cells = calloc(n_cells + 1, sizeof(*out->cells));
    out->processes = calloc(n_cells * o->processes + 1, sizeof(*out->processes));
    if (!out->cells || !out->processes)
        rc = QN_ENOMEM;
    for (size_t w = 0; w < o->n_workloads && rc == QN_OK; w++)
        for (size_t s = 0; s < o->n_strategies && rc == QN_OK; s++)
            if (!qn_workload_refusal(&o->workloads[w].base, o->strategies[s]))
                rc = add_cells(o, &o->workloads[w], o->strategies[s], out);
    if (rc != QN_OK) {
        qn_plan_fini(out);
        return rc;
    }
    n_cells = out->n_cells;
    for (uint32_t p = 0; p < o->processes; p++) {
        struct qn_process *round = out->processes + p * n_cells;

        for (size_t c = 0; c < n_cells; c++)
            round[c] = (struct qn_process){.cell = (uint32_t)c, .number = p};
        shuffle(round, n_cells, o->seed, p);
    }
    out->n_processes = n_cells * o->processes;
    for (size_t i = 0; i < out->n_processes; i++)
        out->processes[i].order = (uint32_t)i;
    return QN_OK;
}
