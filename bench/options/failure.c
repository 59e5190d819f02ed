#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/nearest.h"
#include "bench/base/units.h"
#include "bench/options/key_takes.h"
#include "bench/theory/models.h"

/* Used if no rate is given and nothing else determines which workers fail. */
#define DEFAULT_RATES "0,0.001,0.01,0.05,0.2"

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

int qn_key_take_failure_at(const struct qn_key_value *v, void *set)
{
    struct qn_workload *w = &((struct qn_workload_set *)set)->base;

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

/* Checks K against the workers and resources of the whole set. */
int qn_key_settle_failure_at(const struct qn_key_making *m)
{
    const struct qn_key_value *v = &m->of[QN_KEY_FAILURE_AT];
    const struct qn_workload *w = &m->set->base;
    char allowed[80];

    for (size_t i = 0; w->failure_at == QN_FAIL_AT_FIRST && i < m->set->n_workers; i++)
        if (w->first_failing > m->set->workers[i])
            return qn_key_refuse(v, "first=K, K at most the number of workers");
    if (w->failure_at != QN_FAIL_AT_STEP || w->failing_step <= w->n_resources)
        return QN_OK;
    if (w->n_resources == 0)
        return qn_key_refuse(v, "step=K only with resources; each step takes one");
    snprintf(allowed, sizeof(allowed), "step=K, K at most %u, the number of resources",
             w->n_resources);
    return qn_key_refuse(v, allowed);
}

/* Six digits, so that the rate can be read in tables. */
static double round_rate(double rate)
{
    char text[32];

    snprintf(text, sizeof(text), "%.6g", rate);
    return strtod(text, NULL);
}

double qn_workload_set_rate(const struct qn_workload_set *set, size_t i, unsigned workers)
{
    return set->failing_calls ? round_rate(qn_model_rate_of_calls(workers, set->failing_calls[i]))
                              : set->failure_rates[i];
}

static int derive_rates(struct qn_workload_set *set)
{
    set->failure_rates = calloc(set->n_failing_calls, sizeof(*set->failure_rates));
    if (!set->failure_rates)
        return QN_ENOMEM;
    set->n_failure_rates = set->n_failing_calls;
    for (size_t i = 0; i < set->n_failure_rates; i++)
        set->failure_rates[i] = qn_workload_set_rate(set, i, set->workers[0]);
    return QN_OK;
}

int qn_key_settle_rates(const struct qn_key_making *m)
{
    static const struct qn_key_value standard = {.text = (char *)(uintptr_t)DEFAULT_RATES};
    const struct qn_key_value *v = &m->of[QN_KEY_FAILURE_RATES];
    const struct qn_key_value *calls = &m->of[QN_KEY_FAILING_CALLS];
    struct qn_workload_set *set = m->set;

    if (v->text && calls->text)
        return qn_key_refuse(calls,
                             "not together with failure-rates, which say the same of a worker");
    if (set->base.failure_at != QN_FAIL_AT_FIRST && !set->base.trace_failed) {
        if (calls->text)
            return derive_rates(set);
        return v->text ? QN_OK : qn_key_take_rates(&standard, set);
    }
    if (v->text || calls->text)
        return qn_key_refuse(
            v->text ? v : calls,
            "no rate together with first=K or failed-column, which select the failing workers");
    set->failure_rates = malloc(sizeof(double));
    if (!set->failure_rates)
        return QN_ENOMEM;
    set->failure_rates[0] = NAN;
    set->n_failure_rates = 1;
    return QN_OK;
}
