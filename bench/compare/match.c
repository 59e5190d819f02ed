/* Which cells are in both runs, what their base is, and whether they met the same calls. */
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/compare/parts.h"

static const char base_strategy[] = "drain";

static const struct qn_trial *end_of_process(const struct qn_trial *row, const struct qn_trial *end)
{
    int64_t process = row->v[QN_COL_PROCESS];

    while (row < end && row->v[QN_COL_PROCESS] == process)
        row++;
    return row;
}

/* Both from, to: the calls of one process. */
static bool same_process(const struct qn_trial *a, const struct qn_trial *a_end,
                         const struct qn_trial *b, const struct qn_trial *b_end)
{
    static const int columns[] = {QN_COL_SEED, QN_COL_TRIAL, QN_COL_PLANNED_WORK};

    if (a_end - a != b_end - b)
        return false;
    for (; a < a_end; a++, b++)
        for (size_t i = 0; i < QN_ARRAY_LEN(columns); i++)
            if (a->v[columns[i]] != b->v[columns[i]])
                return false;
    return true;
}

/* Of all processes that both have; at least two. */
static bool meet_same_calls(const struct qn_tables *ta, size_t ca, const struct qn_tables *tb,
                            size_t cb)
{
    const struct qn_trial *a = ta->trials.rows[ca], *b = tb->trials.rows[cb];
    const struct qn_trial *a_end = a + ta->trials.n[ca], *b_end = b + tb->trials.n[cb];
    size_t n_common = 0;

    while (a < a_end && b < b_end) {
        const struct qn_trial *a_next = end_of_process(a, a_end),
                              *b_next = end_of_process(b, b_end);
        int64_t pa = a->v[QN_COL_PROCESS], pb = b->v[QN_COL_PROCESS];

        if (pa == pb && !same_process(a, a_next, b, b_next))
            return false;
        n_common += pa == pb;
        a = pa <= pb ? a_next : a;
        b = pb <= pa ? b_next : b;
    }
    return n_common >= 2;
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
                c->matches[c->n_matches++] = (struct qn_match){
                    .a = i,
                    .b = j,
                    .base = QN_NO_MATCH,
                    .is_same_calls = meet_same_calls(&c->a.tables, i, &c->b.tables, j)};
                break;
            }
    return QN_OK;
}

/* Of several cells of drain, the one whose policies are all default, or else the first. */
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

    for (size_t i = 0; i < plan->n_cells; i++)
        if (strcmp(plan->cells[i].strategy, base_strategy) == 0)
            return QN_OK;
    qn_complain("%s: no cell of %s, and times are compared as ratios to it; measure it along "
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
    if (c->n_matches == 0) {
        qn_complain("%s and %s have no cell in common: strategy, workload, kind, workers, threads, "
                    "rate, poll, arrival and policy must agree",
                    c->a.tables.dir, c->b.tables.dir);
        return QN_EINVAL;
    }
    for (size_t i = 0; i < c->n_matches; i++)
        c->matches[i].base = find_base(c, &c->a.tables.plan.cells[c->matches[i].a]);
    return QN_OK;
}
