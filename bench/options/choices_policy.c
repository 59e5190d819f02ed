#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/nearest.h"
#include "bench/base/units.h"
#include "bench/options/choices.h"
#include "bench/options/policy.h"
#include "strategies/tree.h"

static int take_pair(const char *origin, char *word, struct qn_policy_text *set)
{
    char *equals = strchr(word, '=');

    if (!equals || equals == word || equals[1] == '\0')
        return qn_refuse(origin, word, "key=value, one of `quench list policies`");
    if (set->n == QN_ARRAY_LEN(set->pair))
        return qn_refuse(origin, word, "at most 8 keys");
    *equals = '\0';
    for (size_t i = 0; i < set->n; i++)
        if (strcmp(set->pair[i].key, word) == 0)
            return qn_refuse(origin, word, "each key once");
    set->pair[set->n].key = strdup(word);
    set->pair[set->n].value = strdup(equals + 1);
    set->n++;
    return set->pair[set->n - 1].key && set->pair[set->n - 1].value ? QN_OK : QN_ENOMEM;
}

static int complain_of(const char *origin, const struct qn_strategy *s, const char *key,
                       const char *value, int rc, const char *why)
{
    char equals_value[QN_NEAREST_HINT_BYTES];
    struct qn_nearest nearest;

    snprintf(equals_value, sizeof(equals_value), "=%s", value);
    qn_nearest_begin(&nearest, rc == QN_ENOENT ? key : value);
    for (size_t i = 0; i < qn_n_policies; i++) {
        const struct qn_policy_info *info = qn_policy_info(i);

        if (rc == QN_ENOENT || strcmp(info->key, key) == 0)
            qn_nearest_offer_with(&nearest, rc == QN_ENOENT ? info->key : info->value,
                                  rc == QN_ENOENT ? equals_value : "");
    }
    if (rc == QN_ENOENT)
        qn_complain("%s: unknown key '%s'; keys are %s%s", origin, key, why, nearest.hint);
    else if (rc == QN_ERANGE)
        qn_complain("%s: %s='%s' is not allowed: %s%s", origin, key, value, why, nearest.hint);
    else
        qn_complain("%s: strategy %s does not support %s=%s: %s", origin, s->name, key, value, why);
    return QN_EINVAL;
}

/* Checks the policies of a tree strategy against the workload's tree shapes. */
static int check_shapes(const char *origin, const struct qn_run_options *o,
                        const struct qn_strategy *s, const struct qn_policy *policy)
{
    for (size_t w = 0; w < o->n_workloads; w++)
        for (size_t i = 0; o->workloads[w].trees && i < o->workloads[w].n_workers; i++) {
            const struct qn_tree_shape *shape = &o->workloads[w].trees[i];
            const char *why = qn_policy_tree_refusal(policy, shape->depth, shape->breadth);

            if (!why)
                continue;
            qn_complain("%s: strategy %s does not support shield=%u on a tree of %ux%u: %s", origin,
                        s->name, policy->shield, shape->depth, shape->breadth, why);
            return QN_EINVAL;
        }
    return QN_OK;
}

/* Checks stride=items against each workload's items, at each of its poll intervals. */
static int check_work(const char *origin, const struct qn_run_options *o,
                      const struct qn_strategy *s, const struct qn_policy *policy)
{
    for (size_t w = 0; w < o->n_workloads; w++)
        for (size_t i = 0; i < o->workloads[w].n_polls; i++) {
            struct qn_workload workload = o->workloads[w].base;
            const char *why;

            workload.poll_quanta = o->workloads[w].polls_quanta[i];
            why = qn_workload_policy_refusal(&workload, policy);
            if (!why)
                continue;
            qn_complain("%s: strategy %s does not support stride=items on workload %s: %s", origin,
                        s->name, workload.name, why);
            return QN_EINVAL;
        }
    return QN_OK;
}

static int check_policy(const char *origin, const struct qn_run_options *o,
                        const struct qn_strategy *s, const struct qn_policy_text *set)
{
    struct qn_policy policy;
    const char *why;

    qn_policy_default(s, &policy);
    for (size_t i = 0; i < set->n; i++) {
        const char *key = set->pair[i].key, *value = set->pair[i].value;
        int rc = qn_policy_set(s, &policy, key, value, &why);

        if (rc != QN_OK)
            return complain_of(origin, s, key, value, rc, why);
    }
    if (qn_policy_check(&policy, &why) == QN_OK)
        return check_work(origin, o, s, &policy) == QN_OK ? check_shapes(origin, o, s, &policy)
                                                          : QN_EINVAL;
    qn_complain("%s: strategy %s: %s", origin, s->name, why);
    return QN_EINVAL;
}

static int check_policies(const char *origin, const struct qn_run_options *o,
                          const struct qn_policy_text *set)
{
    int rc = QN_OK;

    for (size_t s = 0; s < o->n_strategies && rc == QN_OK; s++)
        if (!set->only || set->only == o->strategies[s])
            rc = check_policy(origin, o, o->strategies[s], set);
    return rc;
}

/* The strategy that a set is for, before its colon; *pairs is what comes after. */
static int take_only(const char *origin, const struct qn_run_options *o, const char *text,
                     struct qn_policy_text *set, const char **pairs)
{
    const char *colon = strchr(text, ':');
    char name[QN_NAME_BYTES];

    *pairs = text;
    if (!colon)
        return QN_OK;
    snprintf(name, sizeof(name), "%.*s", (int)(colon - text), text);
    set->only = qn_strategy_find(name);
    if (!set->only ||
        qn_strategy_place(o->strategies, o->n_strategies, set->only) == o->n_strategies) {
        struct qn_nearest nearest;

        qn_nearest_begin(&nearest, name);
        for (size_t i = 0; i < o->n_strategies; i++)
            qn_nearest_offer_with(&nearest, o->strategies[i]->name, colon);
        return qn_nearest_refuse(&nearest, origin, text,
                                 "before the colon, one of the run's strategies");
    }
    *pairs = colon + 1;
    return QN_OK;
}

static int take_set(const char *origin, const struct qn_run_options *o, const char *text,
                    struct qn_policy_text *set)
{
    const char *allowed, *pairs;
    char **words;
    size_t n_words;
    int rc = take_only(origin, o, text, set, &pairs);

    if (rc != QN_OK || (set->only && *pairs == '\0'))
        return rc;
    rc = qn_list_split(pairs, ',', &words, &n_words, &allowed);
    if (rc != QN_OK)
        return rc == QN_EINVAL ? qn_refuse(origin, text, allowed) : rc;
    for (size_t i = 0; i < n_words && rc == QN_OK; i++)
        rc = take_pair(origin, words[i], set);
    qn_list_free(words, n_words);
    return rc == QN_OK ? check_policies(origin, o, set) : rc;
}

/* True for a set whose strategy isn't in the run, because the workload rules out some of the
 * profile's strategies. */
static bool is_for_absent(const struct qn_run_options *o, const char *text)
{
    const char *colon = strchr(text, ':');
    const struct qn_strategy *s;
    char name[QN_NAME_BYTES];

    if (!colon)
        return false;
    snprintf(name, sizeof(name), "%.*s", (int)(colon - text), text);
    s = qn_strategy_find(name);
    return s && qn_strategy_place(o->strategies, o->n_strategies, s) == o->n_strategies;
}

int qn_choose_policies(const struct qn_asked *asked, const char *const *otherwise,
                       struct qn_run_options *o)
{
    const char *const *texts = asked->n_policies > 0 ? asked->policies : otherwise;
    size_t n = asked->n_policies, n_taken = 0;
    int rc = QN_OK;

    while (asked->n_policies == 0 && texts && texts[n])
        n++;
    o->policies = calloc(n ? n : 1, sizeof(*o->policies));
    if (!o->policies)
        return QN_ENOMEM;
    o->policies_origin = asked->policies_origin;
    o->n_policies = n ? n : 1; /* the options own what was taken of each, even after a failure */
    for (size_t i = 0; i < n && rc == QN_OK; i++)
        if ((asked->n_policies > 0 && !asked->is_policy_of_file) || !is_for_absent(o, texts[i]))
            rc = take_set(asked->policies_origin, o, texts[i], &o->policies[n_taken++]);
    if (rc == QN_OK)
        o->n_policies = n_taken ? n_taken : 1;
    return rc;
}
