#include "bench/fanouts/texts.h"

#include <stdlib.h>
#include <string.h>

#include "bench/base/grow.h"
#include "bench/base/rng.h"
#include "runtime/err.h"

#define FIRST_SLOTS 256u

static size_t slot_of(const struct qn_texts *t, const char *text)
{
    size_t at = qn_rng_text(text) & (t->n_slots - 1);

    while (t->slots[at] != 0 && strcmp(t->items[t->slots[at] - 1], text) != 0)
        at = (at + 1) & (t->n_slots - 1);
    return at;
}

/* Keeps at least half of the slots free. */
static int make_room(struct qn_texts *t)
{
    size_t n_slots = t->n_slots ? 2 * t->n_slots : FIRST_SLOTS;
    uint32_t *slots;

    if (2 * (t->n + 1) <= t->n_slots)
        return QN_OK;
    slots = calloc(n_slots, sizeof(*slots));
    if (!slots)
        return QN_ENOMEM;
    free(t->slots);
    t->slots = slots;
    t->n_slots = n_slots;
    for (size_t i = 0; i < t->n; i++)
        t->slots[slot_of(t, t->items[i])] = (uint32_t)i + 1;
    return QN_OK;
}

int qn_texts_number(struct qn_texts *t, const char *text, uint32_t *number)
{
    size_t at;
    char *copy;

    if (t->n >= UINT32_MAX / 2 || make_room(t) != QN_OK)
        return QN_ENOMEM;
    at = slot_of(t, text);
    if (t->slots[at] == 0) {
        copy = strdup(text);
        if (!copy || !qn_grow(&t->items, t->n, sizeof(*t->items))) {
            free(copy);
            return QN_ENOMEM;
        }
        t->items[t->n++] = copy;
        t->slots[at] = (uint32_t)t->n;
    }
    *number = t->slots[at] - 1;
    return QN_OK;
}

void qn_texts_fini(struct qn_texts *t)
{
    for (size_t i = 0; i < t->n; i++)
        free(t->items[i]);
    free(t->items);
    free(t->slots);
    *t = (struct qn_texts){0};
}
