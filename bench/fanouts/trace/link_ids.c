/* Spans on asynchronous ids, whose begins and ends are those of one operation, of which parts may run at once. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/fanouts/trace/link_parts.h"
#include "runtime/err.h"

/* The names of children and parents of which it is known that such children overlap. */
struct pairs {
    struct qn_texts texts;
    size_t n_known; /* of the texts; others were only looked up */
};

static int number_pair(struct pairs *p, const struct qn_span *child, const struct qn_span *parent,
                       uint32_t *number)
{
    char text[32];

    snprintf(text, sizeof(text), "%u in %u", child->name, parent->name);
    return qn_texts_number(&p->texts, text, number);
}

/* The innermost open span of another name. *has_sibling: one of its own name lies further in, and is open. */
static uint32_t innermost(const struct qn_spans *s, uint32_t last, const struct qn_span *span,
                          bool *has_sibling)
{
    *has_sibling = false;
    for (int i = 0; i < QN_LINK_MAX_LOOK && last != QN_SPAN_NONE; i++) {
        const struct qn_span *o = &s->items[last];

        if (o->end_ns > span->begin_ns && o->name != span->name)
            return last;
        *has_sibling |= o->end_ns > span->begin_ns;
        last = o->parent;
    }
    return QN_SPAN_NONE;
}

/* Learns a pair where a span lies in the innermost one, and overlaps with another of its name there. */
static int learn(struct qn_spans *s, struct pairs *p, uint32_t last, struct qn_span *span)
{
    bool has_sibling;
    uint32_t number;

    span->parent = innermost(s, last, span, &has_sibling);
    if (span->parent == QN_SPAN_NONE || !has_sibling ||
        span->end_ns > s->items[span->parent].end_ns)
        return QN_OK;
    return number_pair(p, span, &s->items[span->parent], &number);
}

/* Whether an open span may be the parent: it contains this one, or is known to have such children. */
static int may_own(struct pairs *p, const struct qn_span *o, const struct qn_span *span, bool *may)
{
    uint32_t number;
    int rc = QN_OK;

    *may = o->end_ns >= span->end_ns;
    if (!*may && (rc = number_pair(p, span, o, &number)) == QN_OK)
        *may = number < p->n_known;
    return rc;
}

/*
 * Sets the parent: the innermost open span that may have it, or the innermost of all. A span of its own name is no
 * parent. If that is open, both have the same one; if it has ended, this is another operation of its kind, and what
 * began in the earlier one and is still open has no part in it.
 */
static int choose(struct qn_spans *s, struct pairs *p, uint32_t last, struct qn_span *span)
{
    uint32_t inner = QN_SPAN_NONE, owner = QN_SPAN_NONE;
    bool is_sibling = false;

    for (int i = 0; i < QN_LINK_MAX_LOOK && last != QN_SPAN_NONE; i++) {
        const struct qn_span *o = &s->items[last];
        bool is_open = o->end_ns > span->begin_ns, may = is_sibling;

        if (o->name == span->name && (!is_open || owner == QN_SPAN_NONE)) {
            inner = owner = QN_SPAN_NONE;
            is_sibling = is_open;
        } else if (is_open && owner == QN_SPAN_NONE) {
            if (!may && may_own(p, o, span, &may) != QN_OK)
                return QN_ENOMEM;
            inner = inner == QN_SPAN_NONE ? last : inner;
            owner = may ? last : owner;
        }
        last = o->parent;
    }
    span->parent = owner != QN_SPAN_NONE ? owner : inner;
    return QN_OK;
}

static int link_all(struct qn_spans *s, const struct qn_span_order *o, struct pairs *p,
                    int (*link)(struct qn_spans *, struct pairs *, uint32_t, struct qn_span *))
{
    uint32_t last = QN_SPAN_NONE;
    int rc = QN_OK;

    for (size_t i = 0; rc == QN_OK && i < o->n; i++) {
        struct qn_span *span = &s->items[o->spans[i]];

        if (s->tracks[span->track].is_thread)
            continue;
        if (i > 0 && s->items[o->spans[i - 1]].track != span->track)
            last = QN_SPAN_NONE;
        while (last != QN_SPAN_NONE && s->items[last].end_ns <= span->begin_ns &&
               s->items[last].name != span->name)
            last = s->items[last].parent;
        rc = link(s, p, last, span);
        last = o->spans[i];
    }
    return rc;
}

int qn_spans_link_ids(struct qn_spans *s, const struct qn_span_order *o)
{
    struct pairs p = {0};
    int rc = link_all(s, o, &p, learn);

    p.n_known = p.texts.n;
    if (rc == QN_OK)
        rc = link_all(s, o, &p, choose);
    qn_texts_fini(&p.texts);
    return rc;
}
