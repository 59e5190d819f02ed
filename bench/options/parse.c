#include "bench/options/parse.h"

#include <argp.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/base/args.h"
#include "bench/base/complain.h"
#include "bench/base/nearest.h"
#include "bench/base/units.h"
#include "bench/options/choices.h"
#include "bench/options/keys.h"
#include "bench/options/profiles.h"
#include "bench/options/resume_words.h"

#define MAX_PROCESSES 1000u
#define MAX_TRIALS 10000000u
#define MIN_TARGET_CI 0.001

/* argp keys: those of the workload's table first, from a base above any character. */
enum {
    KEY_BASE = 1000,
    OPT_STRATEGIES = KEY_BASE + QN_KEY_COUNT,
    OPT_PROFILE,
    OPT_WORKLOAD,
    OPT_POLICY,
    OPT_PLACEMENT,
    OPT_CALLER,
    OPT_WAIT,
    OPT_TRIALS,
    OPT_PROCESSES,
    OPT_SEED,
    OPT_TARGET_CI,
    OPT_TIME_BUDGET,
    OPT_OUT,
    OPT_RESUME,
    OPT_PLAN,
    OPT_NO_PLOTS,
    OPT_QUIET,
    OPT_SAVE_BASELINE,
    OPT_BASELINE,
    OPT_FAIL_ON,
};

static const struct argp_option argp_options[] = {
    {"profile", OPT_PROFILE, "NAME", 0,
     "what is measured: quick, standard (default), full, or one question's (see `quench list "
     "profiles`)",
     1},
    {"strategies", OPT_STRATEGIES, "NAME,...", 0, "strategies, or all, or all,no-NAME,... (all)",
     1},
    {"workload", OPT_WORKLOAD, "NAME,...", 0,
     "workloads: names, or .ini files (the profile's; `default` alone where --service, --workers, "
     "--tree or --kind says what the work is)",
     1},
    {"policy", OPT_POLICY, "[STRATEGY:]KEY=VALUE,...", 0,
     "policies; may be given several times, one set each; of one strategy where one is named "
     "(`STRATEGY:` "
     "alone: its defaults)",
     1},
    {NULL, 0, NULL, 0, "What the workers do (overrides the workload's file):", 2},
#define QN_KEY_OPTION(symbol, name, arg, help) {name, KEY_BASE + QN_KEY_##symbol, arg, 0, help, 2},
    QN_KEYS(QN_KEY_OPTION)
#undef QN_KEY_OPTION
        {NULL, 0, NULL, 0, "How it is measured:", 3},
    {"placement", OPT_PLACEMENT, "spread|compact|smt", 0, "where the threads are pinned (spread)",
     3},
    {"caller", OPT_CALLER, "own|shared", 0,
     "the caller's core (own where threads are fewer than cores, else shared)", 3},
    {"wait", OPT_WAIT, "adaptive|spin|park", 0, "how threads wait (adaptive)", 3},
    {"trials", OPT_TRIALS, "N", 0, "calls a process", 3},
    {"processes", OPT_PROCESSES, "N", 0, "processes a cell (6 or more give intervals)", 3},
    {"target-ci", OPT_TARGET_CI, "PCT", 0,
     "add processes until the headline intervals are within +- PCT percent", 3},
    {"time-budget", OPT_TIME_BUDGET, "DURATION", 0,
     "measure no longer than this; time to spare goes to the widest intervals (tune: 60s, or 120s "
     "where calls without failure are raced too)",
     3},
    {"seed", OPT_SEED, "N", 0, "seed of schedules and of the order (1)", 3},
    {NULL, 0, NULL, 0, "What comes out:", 4},
    {"out", OPT_OUT, "DIR", 0, "results folder (results/<UTC stamp>-<host>)", 4},
    {"resume", OPT_RESUME, NULL, 0, "go on with the run in --out, which knows its options", 4},
    {"plan", OPT_PLAN, NULL, 0, "print the cells and stop", 4},
    {"no-plots", OPT_NO_PLOTS, NULL, 0, "leave plots and page out", 4},
    {"quiet", OPT_QUIET, NULL, 0, "nothing on stderr but errors (any command has it)", 4},
    {"save-baseline", OPT_SAVE_BASELINE, "NAME", 0, "keep the run to compare others with", 4},
    {"baseline", OPT_BASELINE, "NAME", 0, "compare the run with a kept one", 4},
    {"fail-on", OPT_FAIL_ON, "regression", 0, "with --baseline: exit code 1 if something is worse",
     4},
    {0},
};

/* What has been gathered from the command line, not yet looked at as a whole. */
struct gathered {
    const struct qn_measuring_command *command;
    struct qn_key_values over;
    const char *strategies;
    const char *workloads;
    const struct qn_profile *profile;
    const char **policies; /* n_policies */
    size_t n_policies;
    uint64_t trials, processes;
    struct qn_resume_words resumed;
    struct qn_run_options *out;
    int rc;
};

static int set_count(const char *option, const char *value, uint64_t min, uint64_t max,
                     uint64_t *out)
{
    const char *allowed;

    return qn_parse_count(value, min, max, out, &allowed) == QN_OK
               ? QN_OK
               : qn_refuse(option, value, allowed);
}

static int set_profile(struct gathered *g, const char *value)
{
    struct qn_nearest nearest;

    g->profile = qn_profile_find(value);
    if (g->profile)
        return QN_OK;
    qn_nearest_begin(&nearest, value);
    for (unsigned i = 0; qn_profile_at(i); i++)
        qn_nearest_offer(&nearest, qn_profile_at(i)->name);
    return qn_nearest_refuse(&nearest, "--profile", value, qn_profile_names());
}

static int add_policy(struct gathered *g, const char *value)
{
    const char **grown = realloc(g->policies, (g->n_policies + 1) * sizeof(char *));

    if (!grown)
        return QN_ENOMEM;
    g->policies = grown;
    g->policies[g->n_policies++] = value;
    return QN_OK;
}

static int set_target_ci(struct qn_run_options *o, const char *value)
{
    if (qn_parse_percent(value, &o->target_ci) == QN_OK && o->target_ci >= MIN_TARGET_CI &&
        o->target_ci <= 1)
        return QN_OK;
    return qn_refuse("--target-ci", value, "a percentage from 0.1 to 100");
}

static int set_time_budget(struct qn_run_options *o, const char *value)
{
    const char *allowed;

    if (qn_parse_duration(value, &o->time_budget_ns, &allowed) != QN_OK)
        return qn_refuse("--time-budget", value, allowed);
    if (o->time_budget_ns < QN_NS_PER_S)
        return qn_refuse("--time-budget", value, "a duration from 1s");
    return QN_OK;
}

/* The name of a baseline: *name is a copy, in place of what it held. */
static int set_name(const char *option, const char *value, char **name)
{
    bool is_good = isalnum((unsigned char)value[0]) && strlen(value) <= QN_MAX_BASELINE_NAME;

    for (const char *c = value; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr(".-_", *c))
            is_good = false;
    if (!is_good)
        return qn_refuse(option, value,
                         "a name of letters, digits, '.', '-' and '_', a letter or digit first, at "
                         "most 64 in all");
    free(*name);
    *name = strdup(value);
    return *name ? QN_OK : QN_ENOMEM;
}

static int take_option(struct gathered *g, int key, char *value)
{
    static const char *const placements[] = {"spread", "compact", "smt"};
    static const char *const callers[] = {"own", "shared"};
    static const char *const waits[] = {"adaptive", "spin", "park"};
    struct qn_run_options *o = g->out;
    size_t word;
    int rc;

    switch (key) {
    case OPT_STRATEGIES:
        g->strategies = value;
        return QN_OK;
    case OPT_PROFILE:
        return set_profile(g, value);
    case OPT_WORKLOAD:
        g->workloads = value;
        return QN_OK;
    case OPT_POLICY:
        return add_policy(g, value);
    case OPT_PLACEMENT:
        rc = qn_take_word("--placement", value, placements, 3, "spread, compact or smt", &word);
        if (rc == QN_OK)
            o->placement = (enum qn_placement)word;
        return rc;
    case OPT_CALLER:
        rc = qn_take_word("--caller", value, callers, 2, "own or shared", &word);
        if (rc == QN_OK)
            o->caller = word == 0 ? QN_CALLER_OWN : QN_CALLER_SHARED;
        return rc;
    case OPT_WAIT:
        rc = qn_take_word("--wait", value, waits, 3, "adaptive, spin or park", &word);
        if (rc == QN_OK)
            o->wait = (enum qn_wait_mode)word;
        return rc;
    case OPT_TRIALS:
        return set_count("--trials", value, 1, MAX_TRIALS, &g->trials);
    case OPT_PROCESSES:
        return set_count("--processes", value, 1, MAX_PROCESSES, &g->processes);
    case OPT_TARGET_CI:
        return set_target_ci(o, value);
    case OPT_TIME_BUDGET:
        return set_time_budget(o, value);
    case OPT_SEED:
        return set_count("--seed", value, 0, INT64_MAX, &o->seed);
    case OPT_OUT:
        free(o->out);
        o->out = strdup(value);
        return o->out ? QN_OK : QN_ENOMEM;
    case OPT_RESUME:
        o->resume = true;
        return QN_OK;
    case OPT_PLAN:
        o->plan_only = true;
        return QN_OK;
    case OPT_QUIET: /* main has taken it already */
        return QN_OK;
    case OPT_NO_PLOTS:
        o->no_plots = true;
        return QN_OK;
    case OPT_SAVE_BASELINE:
        return set_name("--save-baseline", value, &o->save_baseline);
    case OPT_BASELINE:
        return set_name("--baseline", value, &o->baseline);
    case OPT_FAIL_ON:
        o->fail_on_regression = true;
        return qn_take_word("--fail-on", value, (const char *const[]){"regression"}, 1,
                            "regression", &word);
    default:
        return QN_ENOENT;
    }
}

static error_t on_option(int key, char *value, struct argp_state *state)
{
    struct gathered *g = state->input;
    char origin[QN_ORIGIN_BYTES];

    if (key == ARGP_KEY_ARG) {
        qn_complain("'%s' is no option of `%s`; see `%s --help`", value, g->command->name,
                    g->command->name);
        g->rc = QN_EINVAL;
        return EINVAL;
    }
    if (key >= KEY_BASE && key < KEY_BASE + QN_KEY_COUNT) {
        snprintf(origin, sizeof(origin), "--%s", qn_key_names[key - KEY_BASE]);
        g->rc = qn_key_set(&g->over, (enum qn_key)(key - KEY_BASE), value, origin);
    } else {
        bool is_own =
            key >= QN_OPTION_OF_COMMAND && key < QN_OPTION_OF_COMMAND + QN_MAX_OPTIONS_OF_COMMAND;
        int rc =
            is_own ? g->command->take(g->command->user, key, value) : take_option(g, key, value);

        if (rc == QN_ENOENT)
            return ARGP_ERR_UNKNOWN;
        g->rc = rc;
    }
    return g->rc == QN_OK ? 0 : EINVAL;
}

/* The options of run and then the command's own, without those that it hasn't got, for free; NULL: no
 * memory. */
static struct argp_option *join_options(const struct qn_measuring_command *c)
{
    size_t n_own = 0, n = 0;
    struct argp_option *joined;

    while (c->options && (c->options[n_own].name || c->options[n_own].doc))
        n_own++;
    joined = calloc(QN_ARRAY_LEN(argp_options) + n_own, sizeof(*joined));
    for (size_t i = 0; joined && i + 1 < QN_ARRAY_LEN(argp_options); i++) {
        const char *name = argp_options[i].name;
        bool is_out = false;

        for (const char *const *out = c->without; name && out && *out; out++)
            is_out |= strcmp(*out, name) == 0;
        if (!is_out)
            joined[n++] = argp_options[i];
    }
    if (joined && n_own)
        memcpy(joined + n, c->options, n_own * sizeof(*joined));
    return joined;
}

static void free_words(char **words)
{
    for (char **word = words; word && *word; word++)
        free(*word);
    free(words);
}

/* Google Benchmark's options, but those whose work this program does itself. */
static int take_benchmark_args(int argc, char **argv, struct qn_run_options *out)
{
    static const struct {
        const char *prefix, *instead;
    } refused[] = {
        {"--benchmark_repetitions", "--processes"},
        {"--benchmark_min_time", "--trials"},
        {"--benchmark_min_warmup_time", "--trials"},
        {"--benchmark_filter", "--strategies and --workload"},
        {"--benchmark_out", "--out"},
        {"--benchmark_format", "gbench.json in --out"},
        {"--benchmark_report_aggregates_only", "summary.csv"},
        {"--benchmark_display_aggregates_only", "summary.csv"},
        {"--benchmark_enable_random_interleaving", "--seed"},
        {"--benchmark_list_tests", "--plan"},
    };

    out->benchmark_args = calloc((size_t)argc + 1, sizeof(char *));
    if (!out->benchmark_args)
        return QN_ENOMEM;
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "--benchmark_", strlen("--benchmark_")) != 0)
            return qn_refuse("after --", argv[i], "options of Google Benchmark, --benchmark_...");
        for (size_t j = 0; j < QN_ARRAY_LEN(refused); j++)
            if (strncmp(argv[i], refused[j].prefix, strlen(refused[j].prefix)) == 0) {
                qn_complain("%s would break the design of the run; use %s", argv[i],
                            refused[j].instead);
                return QN_EINVAL;
            }
        out->benchmark_args[i] = strdup(argv[i]);
        if (!out->benchmark_args[i])
            return QN_ENOMEM;
    }
    return QN_OK;
}

static char **copy_words(int argc, char **argv)
{
    char **words = calloc((size_t)argc + 1, sizeof(char *));

    for (int i = 0; words && i < argc; i++)
        if (!(words[i] = strdup(argv[i]))) {
            free_words(words);
            return NULL;
        }
    return words;
}

/* Strategies and policies of `quench run`. */
static int choose(struct gathered *g, const struct qn_profile *p, const struct qn_asked *asked)
{
    int rc = qn_choose_strategies(asked, p->strategies, g->out);

    return rc == QN_OK ? qn_choose_policies(asked, asked->strategies ? NULL : p->policies, g->out)
                       : rc;
}

/* Whether the workloads of a profile that begins with the default would all become that one: they
 * differ in what the options say of all of them alike. */
static bool is_one_workload(const struct qn_profile *p, const struct qn_key_values *over)
{
    bool is_said = over->of[QN_KEY_SERVICE].text || over->of[QN_KEY_WORKERS].text ||
                   over->of[QN_KEY_TREE].text || over->of[QN_KEY_KIND].text;

    return is_said && strncmp(p->workloads, "default,", strlen("default,")) == 0;
}

static int take_all(struct gathered *g)
{
    const struct qn_measuring_command *c = g->command;
    struct qn_run_options *o = g->out;
    const struct qn_profile *p = g->profile ? g->profile : qn_profile_default();
    struct qn_asked asked = {.strategies = g->strategies,
                             .strategies_origin = "--strategies",
                             .policies = g->policies,
                             .policies_origin = "--policy",
                             .n_policies = g->n_policies};
    const char *workloads = c->choose || is_one_workload(p, &g->over) ? "default" : p->workloads;
    int home = qn_resume_words_enter(&g->resumed);
    int rc = qn_choose_workloads(g->workloads ? g->workloads : workloads, &g->over, o);

    qn_resume_words_leave(home);
    if (rc == QN_OK)
        rc = qn_choose_asked(o, &asked);
    if (rc == QN_OK)
        rc = c->choose ? c->choose(c->user, &asked, g->over.of[QN_KEY_POLL].text, o)
                       : choose(g, p, &asked);
    if (rc != QN_OK)
        return rc;
    o->trials = (uint32_t)(g->trials ? g->trials : c->trials ? c->trials : p->trials);
    o->processes = c->choose ? 0 : (uint32_t)(g->processes ? g->processes : p->processes);
    return QN_OK;
}

static int parse_words(struct gathered *g, int argc, char **argv, struct argp_option *options)
{
    const struct argp argp = {.options = options,
                              .parser = on_option,
                              .args_doc = "[-- --benchmark_...]",
                              .doc = g->command->doc};
    char name[64], *first;
    int end = argc, rc = qn_words_check(&argp, g->command->name, argc, argv, &end);

    if (rc == QN_OK)
        rc = qn_resume_words_make(options, argc, argv, &g->resumed);
    if (rc == QN_OK && g->resumed.argc > 0) {
        argc = g->resumed.argc;
        argv = g->resumed.argv;
        rc = qn_words_check(&argp, g->command->name, argc, argv, &end);
    }
    if (rc != QN_OK)
        return rc;
    g->out->words = copy_words(argc, argv);
    if (!g->out->words)
        return QN_ENOMEM;
    snprintf(name, sizeof(name), "%s", g->command->name);
    first = argv[0];
    argv[0] = name;
    if (argp_parse(&argp, end, argv, ARGP_NO_ERRS, NULL, g) != 0 && g->rc == QN_OK)
        g->rc = QN_EINVAL;
    argv[0] = first;
    return g->rc == QN_OK
               ? take_benchmark_args(end < argc ? argc - end - 1 : 0, argv + end + 1, g->out)
               : g->rc;
}

int qn_measuring_options_parse(const struct qn_measuring_command *command, int argc, char **argv,
                               struct qn_run_options *out)
{
    struct gathered g = {.command = command, .out = out};
    struct argp_option *options = join_options(command);
    int rc = QN_ENOMEM;

    memset(out, 0, sizeof(*out));
    out->seed = 1;
    if (options)
        rc = parse_words(&g, argc, argv, options);
    if (rc == QN_OK)
        rc = take_all(&g);
    qn_resume_words_fini(&g.resumed);
    qn_key_values_free(&g.over);
    free(g.policies);
    free(options);
    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    if (rc != QN_OK)
        qn_run_options_fini(out);
    return rc;
}

int qn_run_options_parse(int argc, char **argv, struct qn_run_options *out)
{
    static const struct qn_measuring_command run = {
        .name = "quench run",
        .doc = "Measures what becomes of a fan-out when workers fail: every strategy on every "
               "workload, at every failure rate.\v"
               "Durations have a unit (500ns, 20us, 3ms, 1s, 5m, 2h), sizes too (512B, 64KiB, "
               "2MiB). Shares are numbers from 0 to 1 or percentages (0.05, 5%). Lists are "
               "comma-separated.\n\nExit codes: 0 done; 1 a comparison failed (--fail-on); 2 "
               "wrong usage or input; 3 some cell failed; 130 interrupted.",
    };

    return qn_measuring_options_parse(&run, argc, argv, out);
}

void qn_run_options_fini(struct qn_run_options *o)
{
    for (size_t i = 0; i < o->n_workloads; i++)
        qn_workload_set_fini(&o->workloads[i]);
    for (size_t i = 0; o->policies && i < o->n_policies; i++)
        for (size_t j = 0; j < o->policies[i].n; j++) {
            free(o->policies[i].pair[j].key);
            free(o->policies[i].pair[j].value);
        }
    free_words(o->benchmark_args);
    free_words(o->words);
    free(o->policies);
    free(o->workloads);
    free(o->strategies);
    free(o->save_baseline);
    free(o->baseline);
    free(o->out);
    memset(o, 0, sizeof(*o));
}
