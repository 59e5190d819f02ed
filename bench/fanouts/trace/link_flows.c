#include <stdlib.h>

#include "bench/base/rng.h"
#include "bench/fanouts/trace/link_parts.h"

/* By id, the begin first. */
static int by_id(const void *a, const void *b)
{
    const struct qn_span_flow *x = a, *y = b;

    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    if (x->is_begin != y->is_begin)
        return x->is_begin ? -1 : 1;
    return (x->at_ns > y->at_ns) - (x->at_ns < y->at_ns);
}

/* The span at an end of an arrow; QN_SPAN_NONE: there is none. */
static uint32_t span_at(const struct qn_spans *s, const struct qn_span_order *o,
                        const struct qn_span_flow *flow)
{
    size_t next;

    if (flow->span != QN_SPAN_NONE)
        return flow->span;
    if (!flow->is_next)
        return qn_spans_innermost(s, o, flow->track, flow->at_ns);
    next = qn_spans_after(s, o, flow->track, flow->at_ns - 1);
    return next < o->n && s->items[o->spans[next]].track == flow->track ? o->spans[next]
                                                                        : QN_SPAN_NONE;
}

/* True if they are on different tracks, and the child had no parent of this kind. */
static bool link(struct qn_spans *s, uint32_t from, uint32_t to)
{
    struct qn_span *parent = &s->items[from], *child = &s->items[to];

    if (parent->track == child->track || child->parent_key != 0)
        return false;
    if (parent->key == 0)
        parent->key = qn_rng_mix(1, from);
    child->parent_key = parent->key;
    return true;
}

bool qn_spans_link_flows(struct qn_spans *s, const struct qn_span_order *o)
{
    uint32_t from = QN_SPAN_NONE;
    bool has_linked = false;

    if (s->n_flows > 0)
        qsort(s->flows, s->n_flows, sizeof(*s->flows), by_id);
    for (size_t i = 0; i < s->n_flows; i++) {
        const struct qn_span_flow *flow = &s->flows[i];
        uint32_t to = span_at(s, o, flow);

        if (i == 0 || flow[-1].id != flow->id)
            from = QN_SPAN_NONE;
        if (flow->is_begin)
            from = from == QN_SPAN_NONE ? to : from;
        else if (from != QN_SPAN_NONE && to != QN_SPAN_NONE)
            has_linked |= link(s, from, to);
    }
    return has_linked;
}
