#include "bench/options/choices.h"

#include <dirent.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/base/complain.h"
#include "bench/base/data_dir.h"
#include "bench/base/nearest.h"
#include "bench/base/units.h"
#include "bench/peer/known.h"
#include "bench/peer/peers.h"
#include "strategies/foreign.h"

/* Workloads. */

static int workload_path(const char *word, char **path)
{
    size_t n = strlen(word);
    bool is_file = strchr(word, '/') || (n > 4 && strcmp(word + n - 4, ".ini") == 0);
    int rc = is_file ? asprintf(path, "%s", word)
                     : asprintf(path, "%s/bench/workloads/%s.ini", qn_data_dir(), word);

    return rc < 0 ? QN_ENOMEM : QN_OK;
}

/* Refuses a workload that doesn't exist. */
static int refuse_workload(const char *word)
{
    struct qn_nearest nearest;
    struct dirent **entries;
    char *dir;
    int n = asprintf(&dir, "%s/bench/workloads", qn_data_dir()) < 0 ? -1 : 0;

    if (n < 0)
        return QN_ENOMEM;
    n = scandir(dir, &entries, NULL, alphasort);
    qn_nearest_begin(&nearest, word);
    for (int i = 0; i < n; i++) {
        char *end = strrchr(entries[i]->d_name, '.');

        if (end && strcmp(end, ".ini") == 0) {
            *end = '\0';
            qn_nearest_offer(&nearest, entries[i]->d_name);
        }
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    free(dir);
    return qn_nearest_refuse(&nearest, "--workload", word,
                             "a name from `quench list workloads` or an existing .ini file");
}

static int take_workload(const char *word, const struct qn_key_values *over,
                         struct qn_workload_set *set)
{
    struct qn_key_values file = {0};
    char *path, *dir = NULL, *base = NULL, *name;
    int rc = workload_path(word, &path);

    if (rc != QN_OK)
        return rc;
    if ((rc = qn_keys_read_file(path, &file)) != QN_OK) {
        rc = rc == QN_ENOENT ? refuse_workload(word) : rc;
        goto out;
    }
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

/* True if both words name the same file. */
static bool is_same_file(const char *word, const char *other)
{
    char *paths[2] = {NULL, NULL};
    struct stat files[2];
    bool is_same = workload_path(word, &paths[0]) == QN_OK &&
                   workload_path(other, &paths[1]) == QN_OK && stat(paths[0], &files[0]) == 0 &&
                   stat(paths[1], &files[1]) == 0 && files[0].st_dev == files[1].st_dev &&
                   files[0].st_ino == files[1].st_ino;

    free(paths[0]);
    free(paths[1]);
    return is_same;
}

/* Adds the workload of the i-th word, unless an earlier word names the same file. */
static int add_workload(char **words, size_t i, const struct qn_key_values *over,
                        struct qn_run_options *out)
{
    int rc;

    for (size_t j = 0; j < i; j++)
        if (is_same_file(words[i], words[j]))
            return QN_OK;
    rc = take_workload(words[i], over, &out->workloads[out->n_workloads]);
    if (rc != QN_OK)
        return rc;
    out->n_workloads++;
    for (size_t j = 0; j + 1 < out->n_workloads; j++)
        if (strcmp(out->workloads[j].base.name, out->workloads[out->n_workloads - 1].base.name) ==
            0)
            return qn_refuse("--workload", words[i],
                             "files with different names, since names identify workloads");
    return QN_OK;
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
    for (size_t i = 0; i < n_words && rc == QN_OK; i++)
        rc = add_workload(words, i, over, out);
    qn_list_free(words, n_words);
    return rc;
}

/* Strategies. */

size_t qn_strategy_place(const struct qn_strategy *const *list, size_t n,
                         const struct qn_strategy *s)
{
    size_t i = 0;

    while (i < n && list[i] != s)
        i++;
    return i;
}

/* Why the strategy doesn't suit a workload; NULL: it does. */
static const char *refusal_of(const struct qn_workload_set *set, const struct qn_strategy *s)
{
    bool fits = !(s->flags & QN_OWN_THREADS);

    for (size_t i = 0; i < set->n_arrivals; i++)
        fits |= set->arrivals[i].arrival == QN_ARRIVAL_ISOLATED;
    if (!fits)
        return "it is a peer, whose calls don't overlap (--arrival isolated)";
    return qn_workload_refusal(&set->base, s);
}

/* Why the strategy doesn't suit some workload; NULL: it suits all. */
static const char *refusal_of_any(const struct qn_run_options *o, const struct qn_strategy *s)
{
    const char *why = NULL;

    for (size_t i = 0; i < o->n_workloads && !why; i++)
        why = refusal_of(&o->workloads[i], s);
    return why;
}

/* True if the strategy suits at least one workload. */
static bool suits_some(const struct qn_run_options *o, const struct qn_strategy *s)
{
    for (size_t i = 0; i < o->n_workloads; i++)
        if (!refusal_of(&o->workloads[i], s))
            return true;
    return false;
}

/* Adds a strategy, unless the list has it. */
static void add_strategy(struct qn_run_options *o, const struct qn_strategy *s)
{
    if (qn_strategy_place(o->strategies, o->n_strategies, s) == o->n_strategies)
        o->strategies[o->n_strategies++] = s;
}

/* Adds the strategies that suit every workload. */
static void add_all(struct qn_run_options *o)
{
    for (size_t i = 0; i < qn_n_strategies; i++)
        if (!refusal_of_any(o, qn_strategies[i]))
            add_strategy(o, qn_strategies[i]);
}

/*
 * Adds the peers that suit some workload; where they don't, they have no cells. The cells of those
 * that are not here are skipped.
 */
static void add_peers(struct qn_run_options *o)
{
    for (size_t i = 0; i < qn_foreign_count(); i++) {
        const struct qn_foreign *f = qn_foreign_at(i);

        if ((*f->module || *f->missing) && suits_some(o, &f->strategy))
            add_strategy(o, &f->strategy);
    }
}

/* Takes the peers that a word names, before there is a list. */
static int take_peers(const char *word, const struct qn_asked *asked)
{
    const char *why = NULL;

    if (strcmp(word, "peers") == 0) {
        qn_peers_take_all();
        return qn_peers_add_missing();
    }
    if (strcmp(word, "all") != 0 && strncmp(word, "no-", 3) != 0 && !qn_strategy_find(word))
        (void)qn_peers_take(word, &why);
    if (!why)
        return QN_OK;
    qn_complain("%s: '%s' is not available here: %s", asked->strategies_origin, word, why);
    return QN_EINVAL;
}

int qn_choose_peers(const char *file, struct qn_run_options *o)
{
    size_t i = 0;

    while (i < o->n_strategies && !qn_peers_is_of(o->strategies[i], file))
        i++;
    if (i < o->n_strategies)
        return QN_OK;
    for (i = 0; i < qn_foreign_count(); i++) {
        const struct qn_strategy *s = &qn_foreign_at(i)->strategy;
        const char *why = qn_peers_is_of(s, file) ? refusal_of_any(o, s) : NULL;

        if (why) {
            qn_complain("--peer: '%s': %s can't run this workload: %s", file, s->name, why);
            return QN_EINVAL;
        }
        if (qn_peers_is_of(s, file))
            add_strategy(o, s);
    }
    return QN_OK;
}

static int refuse_strategy(const char *origin, const char *word)
{
    struct qn_nearest nearest;
    bool is_removal = strncmp(word, "no-", 3) == 0;
    char name[QN_NAME_BYTES + 3];

    qn_nearest_begin(&nearest, word);
    qn_nearest_offer(&nearest, "all");
    qn_nearest_offer(&nearest, "peers");
    for (size_t i = 0; i < qn_n_strategies; i++) {
        snprintf(name, sizeof(name), "%s%s", is_removal ? "no-" : "", qn_strategies[i]->name);
        qn_nearest_offer(&nearest, name);
    }
    for (size_t i = 0; i < qn_n_known_peers; i++)
        qn_nearest_offer(&nearest, qn_known_peers[i].name);
    for (size_t i = 0; i < qn_foreign_count(); i++)
        qn_nearest_offer(&nearest, qn_foreign_at(i)->strategy.name);
    return qn_nearest_refuse(&nearest, origin, word,
                             "names from `quench list strategies` or `list peers`, all, peers, "
                             "no-NAME");
}

/* is_asked: the user asked for it, so a misfit is refused. A profile's strategy is left out where
 * it doesn't suit, and altogether if it suits no workload. */
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
    if (strcmp(word, "peers") == 0) {
        add_peers(o);
        return QN_OK;
    }
    if (!s)
        return refuse_strategy(asked->strategies_origin, word);
    at = qn_strategy_place(o->strategies, o->n_strategies, s);
    why = !is_asked && suits_some(o, s) ? NULL : refusal_of_any(o, s);
    if (is_removal && at < o->n_strategies) {
        o->n_strategies--;
        memmove(&o->strategies[at], &o->strategies[at + 1],
                (o->n_strategies - at) * sizeof(struct qn_strategy *));
    } else if (!is_removal && at == o->n_strategies && why && is_asked) {
        qn_complain("%s: strategy %s can't run this workload: %s", asked->strategies_origin, word,
                    why);
        return QN_EINVAL;
    } else if (!is_removal && !why) {
        add_strategy(o, s);
    }
    return QN_OK;
}

int qn_choose_asked(const struct qn_run_options *o, struct qn_asked *asked)
{
    for (size_t i = 0; i < o->n_workloads; i++) {
        const struct qn_key_value *strategies = &o->workloads[i].given->of[QN_KEY_STRATEGIES];
        const struct qn_key_value *policy = &o->workloads[i].given->of[QN_KEY_POLICY];
        bool has_strategies = strategies->text && !asked->strategies;
        bool has_policy = policy->text && asked->n_policies == 0;
        const struct qn_key_value *any = has_strategies ? strategies : policy;

        if ((has_strategies || has_policy) && o->n_workloads > 1)
            return qn_refuse(any->origin, any->text, "only with a single workload");
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

/* How many of the strategies are peers that are not here. */
static size_t count_missing(const struct qn_run_options *o)
{
    size_t n = 0;

    for (size_t i = 0; i < o->n_strategies; i++) {
        const struct qn_foreign *f = qn_foreign_of(o->strategies[i]);

        n += f && *f->missing;
    }
    return n;
}

int qn_choose_strategies(const struct qn_asked *asked, const char *otherwise,
                         struct qn_run_options *o)
{
    const char *text = asked->strategies ? asked->strategies : otherwise, *allowed;
    char **words;
    size_t n_words, n_missing;
    int rc = qn_list_split(text, ',', &words, &n_words, &allowed);

    if (rc != QN_OK)
        return rc == QN_EINVAL ? qn_refuse(asked->strategies_origin, text, allowed) : rc;
    for (size_t i = 0; i < n_words && rc == QN_OK; i++)
        rc = take_peers(words[i], asked);
    o->strategies = calloc(qn_n_strategies + qn_foreign_count(), sizeof(struct qn_strategy *));
    if (!o->strategies)
        rc = QN_ENOMEM;
    for (size_t i = 0; i < n_words && rc == QN_OK; i++)
        rc = take_strategy(words[i], asked, o);
    qn_list_free(words, n_words);
    if (rc == QN_OK && o->n_strategies == 0 && !asked->strategies)
        add_all(o); /* none of the profile's strategies suits the workload's kind */
    if (rc != QN_OK)
        return rc;
    n_missing = count_missing(o);
    if (n_missing == o->n_strategies)
        return qn_refuse(asked->strategies_origin, text,
                         "a list that selects at least one strategy that can run here");
    if (n_missing > 0)
        qn_note("%zu of %zu peers are not here and skipped (quench list peers says what they need)",
                n_missing, qn_n_known_peers);
    return QN_OK;
}
