/* Which cells are in both runs, what their base is, and whether they ran the same calls. */
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/compare/parts.h"

static const char base_strategy[] = "drain";

/* The columns that identify a call, process first. */
static const int of_calls[] = {QN_COL_PROCESS, QN_COL_SEED, QN_COL_TRIAL, QN_COL_PLANNED_WORK};

/* from, to: the calls of one process on either side. Those without a seed were drawn by nobody. */
static bool same_process(const struct qn_calls *x, size_t from_x, size_t to_x,
                         const struct qn_calls *y, size_t from_y, size_t to_y)
{
    if (to_x - from_x != to_y - from_y || x->v[QN_COL_SEED][from_x] == QN_NONE)
        return false;
    for (size_t i = 0; i < QN_ARRAY_LEN(of_calls); i++)
        if (memcmp(x->v[of_calls[i]] + from_x, y->v[of_calls[i]] + from_y,
                   (to_x - from_x) * sizeof(int64_t)) != 0)
            return false;
    return true;
}

/* Compares all processes that both have; at least two. */
static bool same_calls(const struct qn_calls *x, const struct qn_calls *y)
{
    size_t n_common = 0;

    for (size_t i = 0, j = 0; i < x->n && j < y->n;) {
        size_t to_i = qn_calls_end_of_process(x, i), to_j = qn_calls_end_of_process(y, j);
        int64_t p = x->v[QN_COL_PROCESS][i], q = y->v[QN_COL_PROCESS][j];

        if (p == q && !same_process(x, i, to_i, y, j, to_j))
            return false;
        n_common += p == q;
        i = p <= q ? to_i : i;
        j = q <= p ? to_j : j;
    }
    return n_common >= 2;
}

/* Sets for each match whether its cells ran the same calls. */
static int look_at_calls(struct qn_comparison *c)
{
    const struct qn_trials *a = &c->a.tables.trials, *b = &c->b.tables.trials;
    struct qn_calls x = {.n = 0}, y = {.n = 0};
    int rc = qn_calls_init(&x, a, of_calls, QN_ARRAY_LEN(of_calls));

    if (rc == QN_OK)
        rc = qn_calls_init(&y, b, of_calls, QN_ARRAY_LEN(of_calls));
    for (size_t i = 0; rc == QN_OK && i < c->n_matches; i++) {
        qn_calls_take(&x, a, c->matches[i].a);
        qn_calls_take(&y, b, c->matches[i].b);
        c->matches[i].is_same_calls = same_calls(&x, &y);
    }
    qn_calls_fini(&y);
    qn_calls_fini(&x);
    return rc;
}

static int find_matches(struct qn_comparison *c)
{
    const struct qn_plan *a = &c->a.tables.plan, *b = &c->b.tables.plan;

    c->matches = calloc(a->n_cells + 1, sizeof(*c->matches));
    if (!c->matches)
        return QN_ENOMEM;
    for (size_t i = 0; i < a->n_cells; i++)
        for (size_t j = 0; j < b->n_cells; j++)
            if (qn_same_cell(&a->cells[i], &b->cells[j])) {
                c->matches[c->n_matches++] = (struct qn_match){.a = i, .b = j, .base = QN_NO_MATCH};
                break;
            }
    return look_at_calls(c);
}

/* The cell of drain whose policies are all default, or else the first. */
static size_t find_base(const struct qn_comparison *c, const struct qn_cell *cell)
{
    size_t base = QN_NO_MATCH;

    for (size_t i = 0; i < c->n_matches; i++) {
        const struct qn_cell *other = &c->a.tables.plan.cells[c->matches[i].a];

        if (strcmp(other->strategy, base_strategy) != 0 || !qn_same_calls(other, cell))
            continue;
        if (other->policy[0] == '\0')
            return i;
        if (base == QN_NO_MATCH)
            base = i;
    }
    return base;
}

int qn_side_check_base(const struct qn_side *side)
{
    const struct qn_plan *plan = &side->tables.plan;

    if (qn_side_is_imported(side))
        return QN_OK;
    for (size_t i = 0; i < plan->n_cells; i++)
        if (strcmp(plan->cells[i].strategy, base_strategy) == 0)
            return QN_OK;
    qn_complain("%s has no cell of %s, and times are compared as ratios to it; measure it too "
                "(--strategies %s,...)",
                side->tables.dir, base_strategy, base_strategy);
    return QN_EINVAL;
}

int qn_comparison_match(struct qn_comparison *c)
{
    int rc;

    if ((rc = qn_side_check_base(&c->a)) != QN_OK || (rc = qn_side_check_base(&c->b)) != QN_OK ||
        (rc = find_matches(c)) != QN_OK)
        return rc;
    c->is_direct = qn_side_is_imported(&c->a) || qn_side_is_imported(&c->b);
    if (c->n_matches == 0) {
        qn_complain("%s and %s have no cell in common: strategy, workload, kind, workers, threads, "
                    "rate, poll, arrival and policy must agree",
                    c->a.tables.dir, c->b.tables.dir);
        return QN_EINVAL;
    }
    for (size_t i = 0; i < c->n_matches && !c->is_direct; i++)
        c->matches[i].base = find_base(c, &c->a.tables.plan.cells[c->matches[i].a]);
    return QN_OK;
}
