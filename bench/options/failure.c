#include "bench/options/failure.h"

#include <stdio.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/nearest.h"
#include "bench/base/units.h"

static int refuse(const struct qn_key_value *v, const char *allowed)
{
    return qn_refuse(v->origin, v->text, allowed);
}

/* The K of "first=K" or "step=K". */
static bool parse_k(const char *text, const char *before, uint64_t max, unsigned *k)
{
    const char *ignored;
    uint64_t n;

    if (strncmp(text, before, strlen(before)) != 0 ||
        qn_parse_count(text + strlen(before), 1, max, &n, &ignored) != QN_OK)
        return false;
    *k = (unsigned)n;
    return true;
}

static int refuse_word(const struct qn_key_value *v)
{
    const char *argument = strchr(v->text, '=');
    struct qn_nearest nearest;
    char word[QN_NEAREST_BYTES];

    snprintf(word, sizeof(word), "%.*s", (int)strcspn(v->text, "="), v->text);
    qn_nearest_begin(&nearest, word);
    for (int i = QN_FAIL_AT_END; i <= QN_FAIL_AT_STEP; i++)
        qn_nearest_offer_with(&nearest, qn_failure_at_names[i],
                              i < QN_FAIL_AT_FIRST ? ""
                              : argument           ? argument
                                                   : "=1");
    return qn_nearest_refuse(&nearest, v->origin, v->text,
                             "end, start, uniform, first=K or step=K, K from 1");
}

int qn_key_failure_at(struct qn_workload *w, const struct qn_key_value *v)
{
    for (int i = QN_FAIL_AT_END; i < QN_FAIL_AT_FIRST; i++)
        if (strcmp(v->text, qn_failure_at_names[i]) == 0) {
            w->failure_at = (enum qn_failure_at)i;
            return QN_OK;
        }
    if (parse_k(v->text, "first=", QN_MAX_WORKERS, &w->first_failing))
        w->failure_at = QN_FAIL_AT_FIRST;
    else if (parse_k(v->text, "step=", QN_MAX_RESOURCES, &w->failing_step))
        w->failure_at = QN_FAIL_AT_STEP;
    else
        return refuse_word(v);
    return QN_OK;
}

int qn_key_check_failure_at(const struct qn_workload_set *set, const struct qn_key_value *v)
{
    const struct qn_workload *w = &set->base;
    char allowed[80];

    for (size_t i = 0; w->failure_at == QN_FAIL_AT_FIRST && i < set->n_workers; i++)
        if (w->first_failing > set->workers[i])
            return refuse(v, "first=K with K at most the number of workers");
    if (w->failure_at != QN_FAIL_AT_STEP || w->failing_step <= w->n_resources)
        return QN_OK;
    if (w->n_resources == 0)
        return refuse(v, "step=K only with resources, of which each step takes one");
    snprintf(allowed, sizeof(allowed), "step=K with K at most %u, the number of resources",
             w->n_resources);
    return refuse(v, allowed);
}
