#include "bench/fanouts/trace/gather.h"

#include <stdlib.h>

#include "bench/base/grow.h"
#include "bench/workload/spec.h"
#include "runtime/err.h"

static int by_parent(const void *a, const void *b, void *all)
{
    const struct qn_span *spans = all;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    const struct qn_span *x = &spans[i], *y = &spans[j];

    if (x->parent != y->parent)
        return x->parent < y->parent ? -1 : 1;
    if (x->begin_ns != y->begin_ns)
        return x->begin_ns < y->begin_ns ? -1 : 1;
    return i < j ? -1 : 1;
}

/* Whether two of the children overlap. */
static bool overlap(const struct qn_span *spans, const uint32_t *children, size_t n)
{
    int64_t latest = INT64_MIN;

    for (size_t i = 0; i < n; i++) {
        const struct qn_span *child = &spans[children[i]];

        if (latest > child->begin_ns && child->end_ns > child->begin_ns)
            return true;
        if (child->end_ns > latest)
            latest = child->end_ns;
    }
    return false;
}

/* Whether the children's times and their sum are figures of a trial. */
static bool are_addable(const struct qn_span *spans, const uint32_t *children, size_t n)
{
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++) {
        const struct qn_span *child = &spans[children[i]];

        if (child->end_ns != QN_SPAN_OPEN &&
            __builtin_add_overflow(sum, child->end_ns - child->begin_ns, &sum))
            return false;
    }
    return true;
}

static size_t count_open(const struct qn_span *spans, const uint32_t *children, size_t n)
{
    size_t n_open = 0;

    for (size_t i = 0; i < n; i++)
        n_open += spans[children[i]].end_ns == QN_SPAN_OPEN;
    return n_open;
}

static int add_group(struct qn_span_groups *g, const struct qn_span *spans, size_t from, size_t n)
{
    const struct qn_span *first = &spans[g->order[from]], *parent = &spans[first->parent];
    size_t n_open;

    if (n < 2 || parent->is_left_out || !overlap(spans, g->order + from, n))
        return QN_OK;
    if (parent->end_ns == QN_SPAN_OPEN) {
        g->n_open++;
        return QN_OK;
    }
    if (n > QN_MAX_WORKERS) {
        g->n_large++;
        return QN_OK;
    }
    if (first->begin_ns < parent->begin_ns) {
        g->n_early++;
        return QN_OK;
    }
    if (!are_addable(spans, g->order + from, n)) {
        g->n_long++;
        return QN_OK;
    }
    n_open = count_open(spans, g->order + from, n);
    g->n_open_children += n_open;
    g->n_with_open += n_open > 0;
    if (!qn_grow(&g->items, g->n, sizeof(*g->items)))
        return QN_ENOMEM;
    g->items[g->n++] =
        (struct qn_span_group){.parent = first->parent, .n = (uint32_t)n, .from = from};
    return QN_OK;
}

int qn_spans_group(const struct qn_spans *s, struct qn_span_groups *g)
{
    int rc = QN_OK;

    *g = (struct qn_span_groups){.order = malloc((s->n + 1) * sizeof(*g->order))};
    if (!g->order)
        return QN_ENOMEM;
    for (uint32_t i = 0; i < s->n; i++)
        if (s->items[i].parent != QN_SPAN_NONE && !s->items[i].is_left_out)
            g->order[g->n_order++] = i;
    qsort_r(g->order, g->n_order, sizeof(*g->order), by_parent, s->items);
    for (size_t from = 0, to; rc == QN_OK && from < g->n_order; from = to) {
        for (to = from + 1;
             to < g->n_order && s->items[g->order[to]].parent == s->items[g->order[from]].parent;)
            to++;
        rc = add_group(g, s->items, from, to - from);
    }
    if (rc != QN_OK)
        qn_spans_groups_fini(g);
    return rc;
}

void qn_spans_groups_fini(struct qn_span_groups *g)
{
    free(g->order);
    free(g->items);
    *g = (struct qn_span_groups){0};
}

struct qn_span_waste qn_spans_waste(const struct qn_spans *s, const struct qn_span_groups *g,
                                    const struct qn_span_group *group)
{
    struct qn_span_waste w = {0};
    int64_t error_ns = INT64_MAX;

    for (size_t i = 0; i < group->n; i++) {
        const struct qn_span *child = &s->items[g->order[group->from + i]];

        if (child->outcome == QN_SPAN_FAILED && child->end_ns < error_ns)
            error_ns = child->end_ns; /* one that has not ended has not failed yet */
    }
    w.has_failed = error_ns != INT64_MAX;
    for (size_t i = 0; i < group->n; i++) {
        const struct qn_span *child = &s->items[g->order[group->from + i]];
        int64_t from = child->begin_ns > error_ns ? child->begin_ns : error_ns;

        if (child->end_ns == QN_SPAN_OPEN) {
            w.n_open++;
            continue;
        }
        w.work_ns += (double)(child->end_ns - child->begin_ns);
        if (w.has_failed && child->end_ns > from)
            w.after_ns += (double)(child->end_ns - from);
    }
    return w;
}
