#include "bench/fanouts/fanout.h"

#include <stdlib.h>

#include "bench/base/grow.h"

void qn_fanouts_fini(struct qn_fanouts *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->calls[i].workers);
    free(list->calls);
    qn_texts_fini(&list->words);
    *list = (struct qn_fanouts){0};
}

int qn_fanouts_add(struct qn_fanouts *list, struct qn_fanout *call)
{
    if (!qn_grow(&list->calls, list->n, sizeof(*list->calls)))
        return QN_ENOMEM;
    list->calls[list->n++] = *call;
    call->workers = NULL;
    return QN_OK;
}

bool qn_fanout_has_failed(const struct qn_fanout *call)
{
    for (uint32_t i = 0; i < call->n_begun; i++)
        if (call->workers[i].outcome == QN_FANOUT_FAILED)
            return true;
    return false;
}

/* Adds a span of time, or of nothing, to a sum. False: it isn't a figure. */
static bool add(uint64_t from_ns, uint64_t to_ns, int64_t *sum)
{
    return from_ns <= INT64_MAX && to_ns <= INT64_MAX &&
           (to_ns <= from_ns || !__builtin_add_overflow(*sum, (int64_t)(to_ns - from_ns), sum));
}

static bool is_large(const struct qn_fanout *call)
{
    int64_t whole = 0, sum = 0;
    bool fits = add(call->begin_ns, call->return_ns, &whole) && add(call->seen_ns, 0, &whole) &&
                add(call->raising_ns, 0, &whole);

    for (uint32_t i = 0; fits && i < call->n_begun; i++) {
        const struct qn_fanout_worker *w = &call->workers[i];

        fits = add(w->stop_ns, 0, &whole) && add(w->begin_ns, w->end_ns, &sum);
    }
    return !fits;
}

size_t qn_fanouts_drop_large(struct qn_fanouts *list, size_t first)
{
    size_t n = first, n_dropped;

    for (size_t i = first; i < list->n; i++)
        if (is_large(&list->calls[i]))
            free(list->calls[i].workers);
        else
            list->calls[n++] = list->calls[i];
    n_dropped = list->n - n;
    list->n = n;
    return n_dropped;
}

const char *qn_fanouts_word(struct qn_fanouts *list, const char *text)
{
    uint32_t number;

    return qn_texts_number(&list->words, text, &number) == QN_OK ? list->words.items[number] : NULL;
}

uint32_t qn_fanouts_process(struct qn_fanouts *list)
{
    return list->n_processes++;
}
