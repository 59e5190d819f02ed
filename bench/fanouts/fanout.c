#include "bench/fanouts/fanout.h"

#include <stdlib.h>
#include <string.h>

#include "bench/base/grow.h"

void qn_fanouts_fini(struct qn_fanouts *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->calls[i].workers);
    free(list->calls);
    for (size_t i = 0; i < list->n_words; i++)
        free(list->words[i]);
    free(list->words);
    *list = (struct qn_fanouts){0};
}

int qn_fanouts_add(struct qn_fanouts *list, const struct qn_fanout *call, struct qn_fanout **added)
{
    struct qn_fanout_worker *workers =
        calloc(call->n_workers ? call->n_workers : 1, sizeof(*workers));

    if (!workers || !qn_grow(&list->calls, list->n, sizeof(*list->calls))) {
        free(workers);
        return QN_ENOMEM;
    }
    *added = &list->calls[list->n++];
    **added = *call;
    (*added)->workers = workers;
    return QN_OK;
}

const char *qn_fanouts_word(struct qn_fanouts *list, const char *text)
{
    char *copy;

    for (size_t i = 0; i < list->n_words; i++)
        if (strcmp(list->words[i], text) == 0)
            return list->words[i];
    copy = strdup(text);
    if (!copy || !qn_grow(&list->words, list->n_words, sizeof(*list->words))) {
        free(copy);
        return NULL;
    }
    list->words[list->n_words++] = copy;
    return copy;
}

uint32_t qn_fanouts_process(struct qn_fanouts *list)
{
    return list->n_processes++;
}
