#include "bench/fanouts/trace/link_parts.h"

static void swap(uint32_t *a, uint32_t *b)
{
    uint32_t kept = *a;

    *a = *b;
    *b = kept;
}

void qn_open_spans_add(struct qn_open_spans *o, const struct qn_span *spans, uint32_t span)
{
    size_t at = o->n++;

    o->heap[at] = span;
    for (; at > 0 && spans[o->heap[at]].end_ns < spans[o->heap[(at - 1) / 2]].end_ns;
         at = (at - 1) / 2)
        swap(&o->heap[at], &o->heap[(at - 1) / 2]);
}

static void remove_first(struct qn_open_spans *o, const struct qn_span *spans)
{
    size_t at = 0;

    o->heap[0] = o->heap[--o->n];
    for (;;) {
        size_t child = 2 * at + 1;

        if (child + 1 < o->n && spans[o->heap[child + 1]].end_ns < spans[o->heap[child]].end_ns)
            child++;
        if (child >= o->n || spans[o->heap[at]].end_ns <= spans[o->heap[child]].end_ns)
            return;
        swap(&o->heap[at], &o->heap[child]);
        at = child;
    }
}

void qn_open_spans_end(struct qn_open_spans *o, const struct qn_span *spans, int64_t now_ns)
{
    while (o->n > 0 && spans[o->heap[0]].end_ns <= now_ns)
        remove_first(o, spans);
}
