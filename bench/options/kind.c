#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/nearest.h"
#include "bench/base/units.h"
#include "bench/options/key_takes.h"

/* Shares may miss 1 by as much as rounding to three digits can make it. */
#define ROUNDING 0.005

static int take_one(const struct qn_key_value *v, struct qn_workload *w)
{
    const char *names[QN_KIND_COUNT];
    struct qn_words words = {names, 0};
    size_t i;
    int rc;

    for (int kind = 0; kind < QN_KIND_MIXED; kind++) /* the last: it is given by its shares */
        names[words.n++] = qn_kind_name((enum qn_kind)kind);
    rc = qn_take_word(v->origin, v->text, &words, &i);
    if (rc == QN_OK)
        w->kind = (enum qn_kind)i;
    return rc;
}

/* "pipe:0.1". */
static int take_share(const struct qn_key_value *v, const char *word, struct qn_workload *w)
{
    static const char form[] =
        "KIND:SHARE,..., such as cpu:0.9,pipe:0.1, of cpu, wait, deaf, pipe, eventfd and condvar";
    const char *colon = strchr(word, ':'), *ignored;
    double share;
    int kind = 0;

    if (!colon)
        return qn_key_refuse(v, form);
    while (kind < QN_KIND_OWN &&
           (strlen(qn_kind_name((enum qn_kind)kind)) != (size_t)(colon - word) ||
            strncmp(qn_kind_name((enum qn_kind)kind), word, (size_t)(colon - word)) != 0))
        kind++;
    if (kind == QN_KIND_OWN || w->mix[kind] > 0)
        return qn_key_refuse(v, kind == QN_KIND_OWN ? form : "each kind once");
    if (qn_parse_share(colon + 1, &share, &ignored) != QN_OK || !(share > 0))
        return qn_key_refuse(v, "shares above 0, to 1");
    w->mix[kind] = share;
    return QN_OK;
}

static int take_mix(const struct qn_key_value *v, struct qn_workload *w)
{
    const char *allowed;
    double sum = 0;
    char **words;
    size_t n;
    int rc = qn_list_split(v->text, ',', &words, &n, &allowed);

    if (rc != QN_OK)
        return rc == QN_EINVAL ? qn_key_refuse(v, allowed) : rc;
    w->kind = QN_KIND_MIXED;
    memset(w->mix, 0, sizeof(w->mix));
    for (size_t i = 0; i < n && rc == QN_OK; i++)
        rc = take_share(v, words[i], w);
    qn_list_free(words, n);
    for (int kind = 0; kind < QN_KIND_COUNT; kind++)
        sum += w->mix[kind];
    if (rc == QN_OK && !(fabs(sum - 1) <= ROUNDING))
        return qn_key_refuse(v, "shares that sum to 1");
    for (int kind = 0; kind < QN_KIND_COUNT; kind++)
        w->mix[kind] /= sum;
    return rc;
}

int qn_key_take_kind(const struct qn_key_value *v, void *set)
{
    struct qn_workload *w = &((struct qn_workload_set *)set)->base;

    return strpbrk(v->text, ":,") ? take_mix(v, w) : take_one(v, w);
}
