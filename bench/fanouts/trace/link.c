#include "bench/fanouts/trace/link.h"

#include <stdlib.h>

#include "bench/fanouts/trace/link_parts.h"
#include "runtime/err.h"

/* Spans by their keys. */

struct keys {
    uint32_t *slots; /* open addressing: span + 1, 0: free; n is a power of two */
    size_t n;
};

static uint32_t *slot_of(const struct keys *k, const struct qn_spans *s, uint64_t key)
{
    size_t at = key & (k->n - 1);

    while (k->slots[at] != 0 && s->items[k->slots[at] - 1].key != key)
        at = (at + 1) & (k->n - 1);
    return &k->slots[at];
}

static int keys_init(struct keys *k, struct qn_spans *s)
{
    for (k->n = 64; k->n < 2 * s->n;)
        k->n *= 2;
    k->slots = calloc(k->n, sizeof(*k->slots));
    if (!k->slots)
        return QN_ENOMEM;
    for (size_t i = 0; i < s->n; i++) {
        uint32_t *slot;

        if (s->items[i].key == 0)
            continue;
        slot = slot_of(k, s, s->items[i].key);
        if (*slot == 0) {
            *slot = (uint32_t)i + 1;
            continue;
        }
        s->items[i].is_left_out = true;
        s->n_faults[QN_SPAN_TWICE]++;
    }
    return QN_OK;
}

static int link_by_key(struct qn_spans *s)
{
    struct keys k;

    if (keys_init(&k, s) != QN_OK)
        return QN_ENOMEM;
    for (size_t i = 0; i < s->n; i++) {
        struct qn_span *span = &s->items[i];
        uint32_t found;

        if (span->parent_key == 0 || span->is_left_out)
            continue;
        found = *slot_of(&k, s, span->parent_key);
        if (found == 0)
            s->n_faults[QN_SPAN_ORPHAN]++;
        else
            span->parent = found - 1;
    }
    free(k.slots);
    return QN_OK;
}

/* Takes the parent from every span that is in a circle. seen[i]: the walk that came by. */
static int break_circles(struct qn_spans *s)
{
    uint32_t *seen = calloc(s->n + 1, sizeof(*seen));

    if (!seen)
        return QN_ENOMEM;
    for (uint32_t i = 0; i < s->n; i++) {
        uint32_t at = i;

        while (at != QN_SPAN_NONE && seen[at] == 0) {
            seen[at] = i + 1;
            at = s->items[at].parent;
        }
        if (at == QN_SPAN_NONE || seen[at] != i + 1)
            continue;
        while (s->items[at].parent != QN_SPAN_NONE) { /* this walk has met itself */
            uint32_t next = s->items[at].parent;

            s->items[at].parent = QN_SPAN_NONE;
            s->n_faults[QN_SPAN_CIRCLE]++;
            at = next;
        }
    }
    free(seen);
    return QN_OK;
}

int qn_spans_link(struct qn_spans *s, const char *const *callers, size_t n_callers)
{
    int rc;

    for (size_t i = 0; i < s->n; i++)
        s->items[i].parent = QN_SPAN_NONE; /* of those that are open, it was the next open one */
    rc = qn_spans_link_tracks(s, callers, n_callers);
    if (rc == QN_OK)
        rc = link_by_key(s);
    return rc == QN_OK ? break_circles(s) : rc;
}
