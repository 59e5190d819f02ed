#include "bench/choices.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/complain.h"
#include "bench/nearest.h"
#include "bench/units.h"
#include "strategies/tree.h"

/* Workloads. */

static int workload_path(const char *word, char **path)
{
    size_t n = strlen(word);
    bool is_file = strchr(word, '/') || (n > 4 && strcmp(word + n - 4, ".ini") == 0);
    int rc = is_file ? asprintf(path, "%s", word)
                     : asprintf(path, "%s/bench/workloads/%s.ini", qn_data_dir(), word);

    return rc < 0 ? QN_ENOMEM : QN_OK;
}

static int take_workload(const char *word, const struct qn_key_values *over,
                         struct qn_workload_set *set)
{
    struct qn_key_values file = {0};
    char *path, *dir = NULL, *base = NULL, *name;
    int rc = workload_path(word, &path);

    if (rc != QN_OK)
        return rc;
    if ((rc = qn_keys_read_file(path, &file)) != QN_OK)
        goto out;
    dir = strdup(path);
    base = strdup(path);
    rc = QN_ENOMEM;
    if (!dir || !base)
        goto out;
    name = basename(base);
    if (strlen(name) > 4 && strcmp(name + strlen(name) - 4, ".ini") == 0)
        name[strlen(name) - 4] = '\0';
    rc = qn_keys_make_workload(name, dirname(dir), &file, over, set);
out:
    free(base);
    free(dir);
    free(path);
    qn_key_values_free(&file);
    return rc;
}

int qn_choose_workloads(const char *text, const struct qn_key_values *over,
                          struct qn_run_options *out)
{
    const char *allowed;
    char **words;
    size_t n_words;
    int rc = qn_list_split(text, ',', &words, &n_words, &allowed);

    if (rc != QN_OK)
        return rc == QN_EINVAL ? qn_refuse("--workload", text, allowed) : rc;
    out->workloads = calloc(n_words, sizeof(*out->workloads));
    if (!out->workloads)
        rc = QN_ENOMEM;
    for (size_t i = 0; i < n_words && rc == QN_OK; i++) {
        rc = take_workload(words[i], over, &out->workloads[i]);
        if (rc == QN_OK)
            out->n_workloads++;
        for (size_t j = 0; rc == QN_OK && j < i; j++)
            if (strcmp(out->workloads[i].base.name, out->workloads[j].base.name) == 0)
                rc = qn_refuse("--workload", words[i], "each workload once");
    }
    qn_list_free(words, n_words);
    return rc;
}

/* Strategies. */

static size_t find_in(const struct qn_strategy *const *list, size_t n, const struct qn_strategy *s)
{
    size_t i = 0;

    while (i < n && list[i] != s)
        i++;
    return i;
}

/* Why some workload can't have the strategy; NULL: all can. */
static const char *refusal_of_any(const struct qn_run_options *o, const struct qn_strategy *s)
{
    const char *why = NULL;

    for (size_t i = 0; i < o->n_workloads && !why; i++)
        why = qn_workload_refusal(&o->workloads[i].base, s);
    return why;
}

/* True if some workload can have the strategy. */
static bool suits_some(const struct qn_run_options *o, const struct qn_strategy *s)
{
    for (size_t i = 0; i < o->n_workloads; i++)
        if (!qn_workload_refusal(&o->workloads[i].base, s))
            return true;
    return false;
}

/* Those that all workloads can have. */
static void add_all(struct qn_run_options *o)
{
    for (size_t i = 0; i < qn_n_strategies; i++)
        if (!refusal_of_any(o, qn_strategies[i]) &&
            find_in(o->strategies, o->n_strategies, qn_strategies[i]) == o->n_strategies)
            o->strategies[o->n_strategies++] = qn_strategies[i];
}

static int refuse_strategy(const char *origin, const char *word)
{
    struct qn_nearest nearest;
    bool is_removal = strncmp(word, "no-", 3) == 0;
    char name[QN_NAME_BYTES + 3];

    qn_nearest_begin(&nearest, word);
    qn_nearest_offer(&nearest, "all");
    for (size_t i = 0; i < qn_n_strategies; i++) {
        snprintf(name, sizeof(name), "%s%s", is_removal ? "no-" : "", qn_strategies[i]->name);
        qn_nearest_offer(&nearest, name);
    }
    return qn_nearest_refuse(&nearest, origin, word,
                             "names of `quench list strategies`, all, no-NAME");
}

/* is_asked: by the user, who is told where it makes no sense; a profile's is left out there, and
 * altogether if it makes sense nowhere. */
static int take_strategy(const char *word, const struct qn_asked *asked, struct qn_run_options *o)
{
    bool is_asked = asked->strategies;
    bool is_removal = strncmp(word, "no-", 3) == 0 && qn_strategy_find(word) == NULL;
    const struct qn_strategy *s = qn_strategy_find(is_removal ? word + 3 : word);
    const char *why;
    size_t at;

    if (strcmp(word, "all") == 0) {
        add_all(o);
        return QN_OK;
    }
    if (!s)
        return refuse_strategy(asked->strategies_origin, word);
    at = find_in(o->strategies, o->n_strategies, s);
    why = !is_asked && suits_some(o, s) ? NULL : refusal_of_any(o, s);
    if (is_removal && at < o->n_strategies) {
        o->n_strategies--;
        memmove(&o->strategies[at], &o->strategies[at + 1],
                (o->n_strategies - at) * sizeof(struct qn_strategy *));
    } else if (!is_removal && at == o->n_strategies && why && is_asked) {
        qn_complain("%s: %s does not suit the workload: %s", asked->strategies_origin, word, why);
        return QN_EINVAL;
    } else if (!is_removal && at == o->n_strategies && !why) {
        o->strategies[o->n_strategies++] = s;
    }
    return QN_OK;
}

int qn_choose_asked(const struct qn_run_options *o, struct qn_asked *asked)
{
    for (size_t i = 0; i < o->n_workloads; i++) {
        const struct qn_key_value *strategies = &o->workloads[i].given->strategies;
        const struct qn_key_value *policy = &o->workloads[i].given->policy;
        bool has_strategies = strategies->text && !asked->strategies;
        bool has_policy = policy->text && asked->n_policies == 0;
        const struct qn_key_value *any = has_strategies ? strategies : policy;

        if ((has_strategies || has_policy) && o->n_workloads > 1)
            return qn_refuse(any->origin, any->text, "none where several workloads are run");
        if (has_strategies) {
            asked->strategies = strategies->text;
            asked->strategies_origin = strategies->origin;
        }
        if (has_policy) {
            asked->policies = (const char *const *)&policy->text;
            asked->n_policies = 1;
            asked->policies_origin = policy->origin;
            asked->is_policy_of_file = true;
        }
    }
    return QN_OK;
}

int qn_choose_strategies(const struct qn_asked *asked, const char *otherwise,
                         struct qn_run_options *o)
{
    const char *text = asked->strategies ? asked->strategies : otherwise, *allowed;
    char **words;
    size_t n_words;
    int rc = qn_list_split(text, ',', &words, &n_words, &allowed);

    if (rc != QN_OK)
        return rc == QN_EINVAL ? qn_refuse(asked->strategies_origin, text, allowed) : rc;
    o->strategies = calloc(qn_n_strategies, sizeof(struct qn_strategy *));
    if (!o->strategies)
        rc = QN_ENOMEM;
    for (size_t i = 0; i < n_words && rc == QN_OK; i++)
        rc = take_strategy(words[i], asked, o);
    qn_list_free(words, n_words);
    if (rc == QN_OK && o->n_strategies == 0 && !asked->strategies)
        add_all(o); /* the profile's are of another kind than the workload */
    if (rc == QN_OK && o->n_strategies == 0)
        rc = qn_refuse(asked->strategies_origin, text, "a list that leaves at least one");
    return rc;
}

/* Policies. */

static int take_pair(const char *origin, char *word, struct qn_policy_text *set)
{
    char *equals = strchr(word, '=');

    if (!equals || equals == word || equals[1] == '\0')
        return qn_refuse(origin, word, "key=value, as in `quench list policies`");
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
    struct qn_nearest nearest;

    qn_nearest_begin(&nearest, rc == QN_ENOENT ? key : value);
    for (size_t i = 0; i < qn_n_policies; i++) {
        const struct qn_policy_info *info = qn_policy_info(i);

        if (rc == QN_ENOENT || strcmp(info->key, key) == 0)
            qn_nearest_offer(&nearest, rc == QN_ENOENT ? info->key : info->value);
    }
    if (rc == QN_ENOENT)
        qn_complain("%s: key '%s' is unknown; keys are %s%s", origin, key, why, nearest.hint);
    else if (rc == QN_ERANGE)
        qn_complain("%s: %s='%s' is not allowed: %s%s", origin, key, value, why, nearest.hint);
    else
        qn_complain("%s: strategy %s can't have %s=%s: %s", origin, s->name, key, value, why);
    return QN_EINVAL;
}

/* Policies of a tree against the shapes there are. */
static int check_shapes(const char *origin, const struct qn_run_options *o,
                        const struct qn_strategy *s, const struct qn_policy *policy)
{
    for (size_t w = 0; w < o->n_workloads; w++)
        for (size_t i = 0; o->workloads[w].trees && i < o->workloads[w].n_workers; i++) {
            const struct qn_tree_shape *shape = &o->workloads[w].trees[i];
            const char *why = qn_tree_refusal(shape->depth, shape->breadth, policy);

            if (!why)
                continue;
            qn_complain("%s: strategy %s can't have shield=%u on a tree of %ux%u: %s", origin,
                        s->name, policy->shield, shape->depth, shape->breadth, why);
            return QN_EINVAL;
        }
    return QN_OK;
}

/* A policy against what the work of each workload is made of, at each of its polls. */
static int check_work(const char *origin, const struct qn_run_options *o,
                      const struct qn_strategy *s, const struct qn_policy *policy)
{
    for (size_t w = 0; w < o->n_workloads; w++)
        for (size_t i = 0; i < o->workloads[w].n_polls; i++) {
            struct qn_workload workload = o->workloads[w].base;
            const char *why;

            workload.poll_ns = o->workloads[w].polls_ns[i];
            why = qn_workload_policy_refusal(&workload, policy);
            if (!why)
                continue;
            qn_complain("%s: strategy %s can't have stride=items on workload %s: %s", origin,
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
    if (!set->only || find_in(o->strategies, o->n_strategies, set->only) == o->n_strategies) {
        struct qn_nearest nearest;

        qn_nearest_begin(&nearest, name);
        for (size_t i = 0; i < o->n_strategies; i++)
            qn_nearest_offer(&nearest, o->strategies[i]->name);
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

/* A set for a strategy that the run hasn't got: of a profile whose strategies its workload rules
 * out. */
static bool is_for_absent(const struct qn_run_options *o, const char *text)
{
    const char *colon = strchr(text, ':');
    const struct qn_strategy *s;
    char name[QN_NAME_BYTES];

    if (!colon)
        return false;
    snprintf(name, sizeof(name), "%.*s", (int)(colon - text), text);
    s = qn_strategy_find(name);
    return s && find_in(o->strategies, o->n_strategies, s) == o->n_strategies;
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
    o->n_policies = n ? n : 1; /* what is taken of each belongs to the options, whatever fails */
    for (size_t i = 0; i < n && rc == QN_OK; i++)
        if ((asked->n_policies > 0 && !asked->is_policy_of_file) || !is_for_absent(o, texts[i]))
            rc = take_set(asked->policies_origin, o, texts[i], &o->policies[n_taken++]);
    if (rc == QN_OK)
        o->n_policies = n_taken ? n_taken : 1;
    return rc;
}
