#include "bench/fanouts/trace/link_parts.h"

size_t qn_spans_after(const struct qn_spans *s, const struct qn_span_order *o, uint32_t track,
                      int64_t now_ns)
{
    size_t from = 0, to = o->n;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const struct qn_span *x = &s->items[o->spans[middle]];

        if (x->track < track || (x->track == track && x->begin_ns <= now_ns))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

uint32_t qn_spans_innermost(const struct qn_spans *s, const struct qn_span_order *o, uint32_t track,
                            int64_t now_ns)
{
    size_t after = qn_spans_after(s, o, track, now_ns);
    uint32_t at = after > 0 ? o->spans[after - 1] : QN_SPAN_NONE;

    for (int i = 0; i < QN_LINK_MAX_LOOK && at != QN_SPAN_NONE && s->items[at].track == track;
         i++) {
        if (s->items[at].end_ns > now_ns)
            return at;
        at = s->items[at].parent;
    }
    return QN_SPAN_NONE;
}
