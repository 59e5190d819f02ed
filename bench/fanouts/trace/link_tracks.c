#include <stdlib.h>

#include "bench/fanouts/trace/link_parts.h"
#include "runtime/err.h"

/* How many of the open spans a span is compared with: more are not nested in one another, and a file made to have them
 * can't hold up the reader. */
#define MAX_LOOK 256

static int by_track(const void *a, const void *b, void *all)
{
    const struct qn_span *spans = all;
    const struct qn_span *x = &spans[*(const uint32_t *)a], *y = &spans[*(const uint32_t *)b];

    if (x->track != y->track)
        return x->track < y->track ? -1 : 1;
    if (x->begin_ns != y->begin_ns)
        return x->begin_ns < y->begin_ns ? -1 : 1;
    if (x->end_ns != y->end_ns)
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
    qsort_r(o->spans, o->n, sizeof(*o->spans), by_track, s->items);
    return QN_OK;
}

/* The innermost open span that contains this one; open: linked by their parents. */
static uint32_t container(const struct qn_spans *s, uint32_t open, const struct qn_span *span)
{
    bool is_thread = s->tracks[span->track].is_thread;

    while (open != QN_SPAN_NONE && s->items[open].end_ns <= span->begin_ns)
        open = s->items[open].parent; /* from now on, none looks at these again */
    for (int i = 0; i < MAX_LOOK && open != QN_SPAN_NONE; i++) {
        const struct qn_span *o = &s->items[open];

        if (o->end_ns >= span->end_ns && (is_thread || o->name != span->name))
            return open;
        open = o->parent;
    }
    return QN_SPAN_NONE;
}

/* On each track. The last span and its ancestors are all that can contain the next. */
static void link_within(struct qn_spans *s, const struct qn_span_order *o)
{
    uint32_t last = QN_SPAN_NONE;

    for (size_t i = 0; i < o->n; i++) {
        struct qn_span *span = &s->items[o->spans[i]];

        if (i > 0 && s->items[o->spans[i - 1]].track != span->track)
            last = QN_SPAN_NONE;
        span->parent = container(s, last, span);
        last = o->spans[i];
    }
}

int qn_spans_link_tracks(struct qn_spans *s, const char *const *callers, size_t n_callers)
{
    struct qn_span_order order;
    bool has_arrows;
    int rc = order_init(&order, s);

    if (rc != QN_OK)
        return rc;
    link_within(s, &order);
    has_arrows = qn_spans_link_flows(s, &order);
    if (order.n > 0 &&
        (n_callers > 0 || !has_arrows)) /* a trace with arrows has them where they belong */
        rc = qn_spans_link_across(s, &order, callers, n_callers);
    free(order.spans);
    return rc;
}
