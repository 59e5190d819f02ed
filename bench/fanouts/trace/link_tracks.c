#include <stdlib.h>

#include "bench/fanouts/trace/link_parts.h"
#include "runtime/err.h"

static int by_track(const void *a, const void *b, void *all)
{
    const struct qn_spans *s = all;
    const struct qn_span *x = &s->items[*(const uint32_t *)a], *y = &s->items[*(const uint32_t *)b];

    if (x->track != y->track)
        return x->track < y->track ? -1 : 1;
    if (x->begin_ns != y->begin_ns)
        return x->begin_ns < y->begin_ns ? -1 : 1;
    if (x->end_ns != y->end_ns && s->tracks[x->track].is_thread)
        return x->end_ns > y->end_ns ? -1 : 1;
    return x < y ? -1 : 1; /* in the file, the outer of two equal ones comes first */
}

static int order_init(struct qn_span_order *o, const struct qn_spans *s)
{
    o->n = 0;
    o->spans = malloc((s->n + 1) * sizeof(*o->spans));
    if (!o->spans)
        return QN_ENOMEM;
    for (uint32_t i = 0; i < s->n; i++)
        if (s->items[i].track != QN_SPAN_NONE && !s->items[i].is_left_out)
            o->spans[o->n++] = i;
    qsort_r(o->spans, o->n, sizeof(*o->spans), by_track, (void *)s);
    return QN_OK;
}

/* The innermost open span that contains this one; open: linked by their parents. */
static uint32_t container(const struct qn_spans *s, uint32_t open, const struct qn_span *span)
{
    while (open != QN_SPAN_NONE && s->items[open].end_ns <= span->begin_ns)
        open = s->items[open].parent; /* from now on, none looks at these again */
    for (int i = 0; i < QN_LINK_MAX_LOOK && open != QN_SPAN_NONE; i++) {
        if (s->items[open].end_ns >= span->end_ns)
            return open;
        open = s->items[open].parent;
    }
    return QN_SPAN_NONE;
}

/* On each thread. The last span and its ancestors are all that can contain the next. Returns whether there are other
 * tracks. */
static bool link_threads(struct qn_spans *s, const struct qn_span_order *o)
{
    uint32_t last = QN_SPAN_NONE;
    bool has_others = false;

    for (size_t i = 0; i < o->n; i++) {
        struct qn_span *span = &s->items[o->spans[i]];

        if (!s->tracks[span->track].is_thread) {
            has_others = true;
            continue;
        }
        if (i > 0 && s->items[o->spans[i - 1]].track != span->track)
            last = QN_SPAN_NONE;
        span->parent = container(s, last, span);
        last = o->spans[i];
    }
    return has_others;
}

int qn_spans_link_tracks(struct qn_spans *s, const char *const *callers, size_t n_callers)
{
    struct qn_span_order order;
    bool has_arrows;
    int rc = order_init(&order, s);

    if (rc != QN_OK)
        return rc;
    if (link_threads(s, &order))
        rc = qn_spans_link_ids(s, &order);
    has_arrows = rc == QN_OK && qn_spans_link_flows(s, &order);
    if (rc == QN_OK && order.n > 0 &&
        (n_callers > 0 || !has_arrows)) /* a trace with arrows has them where they belong */
        rc = qn_spans_link_across(s, &order, callers, n_callers);
    free(order.spans);
    return rc;
}
