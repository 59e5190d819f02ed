#include "bench/options/gathered.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/units.h"
#include "bench/machine/place.h"

#define MAX_PROCESSES 1000u
#define MAX_TRIALS 10000000u
#define MIN_TARGET_CI 0.001

static int take_profile(const struct qn_given *given, void *out)
{
    const struct qn_profile **profile = out;
    struct qn_nearest nearest;

    *profile = qn_profile_find(given->value);
    if (*profile)
        return QN_OK;
    qn_nearest_begin(&nearest, given->value);
    for (unsigned i = 0; qn_profile_at(i); i++)
        qn_nearest_offer(&nearest, qn_profile_at(i)->name);
    return qn_nearest_refuse(&nearest, given->where, given->value, qn_profile_names());
}

/* Appends to a list of texts, which argv owns. */
static int append(const char *text, const char ***list, size_t *n)
{
    const char **grown = realloc(*list, (*n + 1) * sizeof(char *));

    if (!grown)
        return QN_ENOMEM;
    *list = grown;
    (*list)[(*n)++] = text;
    return QN_OK;
}

static int take_policy(const struct qn_given *given, void *gathered)
{
    struct qn_gathered *g = gathered;

    return append(given->value, &g->policies, &g->n_policies);
}

/* A list of files, each of which is copied. */
static int take_peer(const struct qn_given *given, void *gathered)
{
    struct qn_gathered *g = gathered;
    const char *allowed;
    char **words;
    size_t n_words;
    int rc = qn_list_split(given->value, ',', &words, &n_words, &allowed);

    if (rc != QN_OK)
        return rc == QN_EINVAL ? qn_refuse(given->where, given->value, allowed) : rc;
    for (size_t i = 0; i < n_words && rc == QN_OK; i++) {
        char *word = strdup(words[i]);

        rc = word ? append(word, &g->peers, &g->n_peers) : QN_ENOMEM;
        if (rc != QN_OK)
            free(word);
    }
    qn_list_free(words, n_words);
    return rc;
}

static int take_key(const struct qn_given *given, void *value)
{
    return qn_key_value_set(value, given->value, given->where);
}

static int take_caller(const struct qn_given *given, void *caller)
{
    int rc = qn_take_choice(given, caller);

    if (rc == QN_OK)
        *(enum qn_caller_place *)caller += QN_CALLER_OWN; /* the default isn't among the words */
    return rc;
}

static int take_target_ci(const struct qn_given *given, void *out)
{
    double *share = out;

    if (qn_parse_percent(given->value, share) == QN_OK && *share >= MIN_TARGET_CI && *share <= 1)
        return QN_OK;
    return qn_refuse(given->where, given->value, "a percentage from 0.1 to 100");
}

static int take_time_budget(const struct qn_given *given, void *ns)
{
    const char *allowed;

    if (qn_parse_duration(given->value, ns, &allowed) != QN_OK)
        return qn_refuse(given->where, given->value, allowed);
    if (*(uint64_t *)ns < QN_NS_PER_S)
        return qn_refuse(given->where, given->value, "a duration from 1s");
    return QN_OK;
}

/* The name of a baseline. */
static int take_baseline(const struct qn_given *given, void *name)
{
    const char *value = given->value;
    bool is_good = isalnum((unsigned char)value[0]) && strlen(value) <= QN_MAX_BASELINE_NAME;

    for (const char *c = value; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr(".-_", *c))
            is_good = false;
    if (!is_good)
        return qn_refuse(given->where, value,
                         "at most 64 letters, digits, '.', '-' and '_', the first a letter or "
                         "digit");
    return qn_take_copy(given, name);
}

/* main has handled it already; it is here for --help. */
static int take_quiet(const struct qn_given *given, void *unused)
{
    (void)given;
    (void)unused;
    return QN_OK;
}

#define GATHERED(field) offsetof(struct qn_gathered, field)
#define OPTIONS(field) offsetof(struct qn_gathered, options.field)

const struct qn_option qn_run_option_table[] = {
    {"profile", "NAME",
     "what to measure: quick, standard (default), full, or the profile of one topic (see `quench "
     "list profiles`)",
     take_profile, GATHERED(profile), NULL},
    {"strategies", "NAME,...",
     "strategies, and peers by name; all (of ours); peers (all that are here); or all,no-NAME,... (all)",
     qn_take_text, GATHERED(strategies), NULL},
    {"peer", "FILE.so,...",
     "modules whose peers, or strategies of your own, are measured too; may be repeated", take_peer,
     0, NULL},
    {"workload", "NAME,...",
     "workloads: names or .ini files (the profile's; with --service, --workers, --tree or --kind "
     "only `default`)",
     qn_take_text, GATHERED(workloads), NULL},
    {"policy", "[STRATEGY:]KEY=VALUE,...",
     "a set of policies, for all strategies or only for STRATEGY (`STRATEGY:` alone: its "
     "defaults); each repetition adds a set",
     take_policy, 0, NULL},
    {.help = "What the workers do (overrides the workload's file):"},
#define KEY(symbol, name, argument, ...) \
    {name, argument, KEY_HELP(__VA_ARGS__), take_key, GATHERED(over.of[QN_KEY_##symbol]), NULL},
#define KEY_HELP(standard, take, settle, help) help
#define KEY_OF_FILE(symbol, ...)
    QN_KEYS(KEY, KEY, KEY_OF_FILE)
#undef KEY_OF_FILE
#undef KEY_HELP
#undef KEY
        {.help = "How it is measured:"},
    {"placement", NULL, "how threads are pinned to cores (spread)", qn_take_choice,
     OPTIONS(placement), &qn_placement_words},
    {"caller", "own|shared",
     "the caller's core (own if there are fewer threads than cores, else shared)", take_caller,
     OPTIONS(caller), &qn_caller_words},
    {"wait", NULL, "how threads wait (adaptive)", qn_take_choice, OPTIONS(wait), &qn_wait_words},
    {"trials", "N", "calls per process", qn_take_count, GATHERED(trials), QN_COUNTS(1, MAX_TRIALS)},
    {"processes", "N", "processes per cell (intervals need at least 6)", qn_take_count,
     GATHERED(processes), QN_COUNTS(1, MAX_PROCESSES)},
    {"target-ci", "PCT", "add processes until the headline intervals are within +- PCT percent",
     take_target_ci, OPTIONS(target_ci), NULL},
    {"time-budget", "DURATION",
     "measure no longer than this; spare time goes to the widest intervals (tune: 60s, or 120s "
     "if calls without failure are raced too)",
     take_time_budget, OPTIONS(time_budget_ns), NULL},
    {"seed", "N", "seed of the schedules and of the order (1)", qn_take_count, OPTIONS(seed),
     QN_COUNTS(0, INT64_MAX)},
    {.help = "Output:"},
    {"out", "DIR", "results folder (results/<UTC stamp>-<host>)", qn_take_copy, OPTIONS(out), NULL},
    {"resume", NULL, "continue the run in --out; its options are known", qn_take_flag,
     OPTIONS(resume), NULL},
    {"plan", NULL, "print the cells and stop", qn_take_flag, OPTIONS(plan_only), NULL},
    {"no-plots", NULL, "draw no plots and write no page", qn_take_flag, OPTIONS(no_plots), NULL},
    {"quiet", NULL, "print only errors on stderr (for every command)", take_quiet, 0, NULL},
    {"save-baseline", "NAME", "save the run as a baseline", take_baseline, OPTIONS(save_baseline),
     NULL},
    {"baseline", "NAME", "compare the run with a saved baseline", take_baseline, OPTIONS(baseline),
     NULL},
    {"fail-on", NULL, "with --baseline: exit code 1 if something is worse", qn_take_only,
     OPTIONS(fail_on_regression), QN_WORDS("regression")},
    {0},
};

const size_t qn_n_run_options = QN_ARRAY_LEN(qn_run_option_table) - 1;
