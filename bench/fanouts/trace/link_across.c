#include <fnmatch.h>
#include <stdlib.h>

#include "bench/fanouts/trace/link_parts.h"
#include "runtime/err.h"

struct across {
    struct qn_spans *s;
    const struct qn_span_order *order;
    struct qn_span_order roots; /* outermost spans, by process and begin, the longest first */
    struct qn_span_order
        callers;     /* spans that may have children on other tracks, in the same order */
    bool *is_caller; /* by track */
    bool *is_named;  /* by name; NULL: no names were given */
    struct qn_open_spans open;
};

static uint32_t process_of(const struct qn_spans *s, uint32_t span)
{
    return s->tracks[s->items[span].track].process;
}

static int by_process(const void *a, const void *b, void *spans)
{
    const struct qn_spans *s = spans;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    const struct qn_span *x = &s->items[i], *y = &s->items[j];
    uint32_t p = process_of(s, i), q = process_of(s, j);

    if (p != q)
        return p < q ? -1 : 1;
    if (x->begin_ns != y->begin_ns)
        return x->begin_ns < y->begin_ns ? -1 : 1;
    if (x->end_ns != y->end_ns)
        return x->end_ns > y->end_ns ? -1 : 1;
    return i < j ? -1 : 1;
}

/* The latest ends of outermost spans that have begun, of two tracks. */
struct latest {
    int64_t end_ns[2]; /* [0] >= [1] */
    uint32_t track[2];
};

static int64_t latest_of_others(const struct latest *l, uint32_t track)
{
    return l->track[0] != track ? l->end_ns[0] : l->end_ns[1];
}

static void latest_add(struct latest *l, const struct qn_span *span)
{
    int at = l->track[0] == span->track ? 0 : 1;

    if (at == 1 && span->end_ns > l->end_ns[0]) {
        l->end_ns[1] = l->end_ns[0];
        l->track[1] = l->track[0];
        at = 0;
    } else if (span->end_ns <= l->end_ns[at]) {
        return;
    }
    l->end_ns[at] = span->end_ns;
    l->track[at] = span->track;
}

/* Finds the tracks of callers: most of their outermost spans begin while no earlier one of another track is open. */
static int find_callers(struct across *a)
{
    struct qn_spans *s = a->s;
    int64_t *balance = calloc(s->track_names.n, sizeof(*balance)); /* those, less the others */
    struct latest latest = {{INT64_MIN, INT64_MIN}, {QN_SPAN_NONE, QN_SPAN_NONE}};

    if (!balance)
        return QN_ENOMEM;
    for (size_t i = 0; i < a->roots.n; i++) {
        const struct qn_span *span = &s->items[a->roots.spans[i]];

        if (i > 0 && process_of(s, a->roots.spans[i]) != process_of(s, a->roots.spans[i - 1]))
            latest = (struct latest){{INT64_MIN, INT64_MIN}, {QN_SPAN_NONE, QN_SPAN_NONE}};
        balance[span->track] += latest_of_others(&latest, span->track) > span->begin_ns ? -1 : 1;
        latest_add(&latest, span);
    }
    for (size_t i = 0; i < s->track_names.n; i++)
        a->is_caller[i] = balance[i] > 0;
    free(balance);
    return QN_OK;
}

static int find_names(struct across *a, const char *const *patterns, size_t n)
{
    a->is_named = calloc(a->s->names.n + 1, sizeof(*a->is_named));
    if (!a->is_named)
        return QN_ENOMEM;
    for (size_t i = 0; i < a->s->names.n; i++)
        for (size_t k = 0; k < n && !a->is_named[i]; k++)
            a->is_named[i] = fnmatch(patterns[k], a->s->names.items[i], 0) == 0;
    return QN_OK;
}

static bool may_have_children(const struct across *a, uint32_t span)
{
    const struct qn_span *x = &a->s->items[span];

    return a->is_named ? a->is_named[x->name] : a->is_caller[x->track] && x->parent == QN_SPAN_NONE;
}

/* Picks from all spans in order; true: those that may have children, false: outermost ones. */
static void pick(const struct across *a, bool callers, struct qn_span_order *out)
{
    for (size_t i = 0; i < a->order->n; i++) {
        uint32_t span = a->order->spans[i];

        if (callers ? may_have_children(a, span) : a->s->items[span].parent == QN_SPAN_NONE)
            out->spans[out->n++] = span;
    }
    qsort_r(out->spans, out->n, sizeof(*out->spans), by_process, a->s);
}

/* The innermost of the callers that are open, if they lie around one another on one track; QN_SPAN_NONE: they don't. */
static uint32_t only_caller(const struct across *a, uint32_t innermost, int64_t now_ns)
{
    const struct qn_span *items = a->s->items;
    uint32_t track = items[a->open.heap[0]].track, caller = QN_SPAN_NONE;
    size_t n = 0;

    for (int i = 0; i < QN_LINK_MAX_LOOK && innermost != QN_SPAN_NONE; i++) {
        if (items[innermost].track != track)
            break;
        if (may_have_children(a, innermost) && items[innermost].end_ns > now_ns) {
            caller = n == 0 ? innermost : caller;
            n++;
        }
        innermost = items[innermost].parent;
    }
    return n == a->open.n ? caller : QN_SPAN_NONE;
}

static void link_root(struct across *a, uint32_t root)
{
    struct qn_span *span = &a->s->items[root];
    uint32_t track, innermost, caller;

    if (a->open.n == 0 || may_have_children(a, root) || span->parent_key != 0)
        return;
    track = a->s->items[a->open.heap[0]].track;
    innermost = qn_spans_innermost(a->s, a->order, track, span->begin_ns);
    caller = only_caller(a, innermost, span->begin_ns);
    if (caller == QN_SPAN_NONE)
        a->s->n_faults[QN_SPAN_AMBIGUOUS]++;
    else if (track != span->track)
        span->parent = a->is_named ? caller : innermost;
}

static void link_roots(struct across *a)
{
    struct qn_spans *s = a->s;
    size_t next = 0;

    for (size_t i = 0; i < a->roots.n; i++) {
        uint32_t root = a->roots.spans[i];
        uint32_t process = process_of(s, root);
        int64_t now = s->items[root].begin_ns;

        if (i > 0 && process_of(s, a->roots.spans[i - 1]) != process)
            a->open.n = 0;
        for (; next < a->callers.n; next++) {
            uint32_t caller = a->callers.spans[next];

            if (process_of(s, caller) > process ||
                (process_of(s, caller) == process && s->items[caller].begin_ns > now))
                break;
            if (process_of(s, caller) == process)
                qn_open_spans_add(&a->open, s->items, caller);
        }
        qn_open_spans_end(&a->open, s->items, now);
        link_root(a, root);
    }
}

int qn_spans_link_across(struct qn_spans *s, const struct qn_span_order *order,
                         const char *const *callers, size_t n_callers)
{
    struct across a = {.s = s, .order = order};
    int rc = QN_ENOMEM;

    a.roots.spans = malloc(order->n * sizeof(*a.roots.spans));
    a.callers.spans = malloc(order->n * sizeof(*a.callers.spans));
    a.open.heap = malloc(order->n * sizeof(*a.open.heap));
    a.is_caller = calloc(s->track_names.n, sizeof(*a.is_caller));
    if (!a.roots.spans || !a.callers.spans || !a.open.heap || !a.is_caller)
        goto out;
    pick(&a, false, &a.roots);
    rc = n_callers > 0 ? find_names(&a, callers, n_callers) : find_callers(&a);
    if (rc != QN_OK)
        goto out;
    pick(&a, true, &a.callers);
    link_roots(&a);
out:
    free(a.is_named);
    free(a.is_caller);
    free(a.open.heap);
    free(a.callers.spans);
    free(a.roots.spans);
    return rc;
}
