#include "bench/options/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/options/choices.h"
#include "bench/options/gathered.h"
#include "bench/options/own.h"
#include "bench/peer/peers.h"

/* The options of run except those that a command lacks, then its own, which begin at *own; to be
 * freed. NULL: out of memory. */
static struct qn_option *join_options(const struct qn_measuring_command *c,
                                      const struct qn_option **own)
{
    size_t n_own = 0, n = 0;
    struct qn_option *joined;

    while (c->options && (c->options[n_own].name || c->options[n_own].help))
        n_own++;
    joined = calloc(qn_n_run_options + n_own + 1, sizeof(*joined));
    if (!joined)
        return NULL;
    for (size_t i = 0; i < qn_n_run_options; i++) {
        const char *name = qn_run_option_table[i].name;
        bool is_out = false;

        for (const char *const *out = c->without; name && out && *out; out++)
            is_out |= strcmp(*out, name) == 0;
        if (!is_out)
            joined[n++] = qn_run_option_table[i];
    }
    if (n_own > 0)
        memcpy(joined + n, c->options, n_own * sizeof(*joined));
    *own = joined + n;
    return joined;
}

static void free_words(char **words)
{
    for (char **word = words; word && *word; word++)
        free(*word);
    free(words);
}

/* Takes Google Benchmark's options, except those whose work this program does itself. */
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
                qn_complain("%s would change how the run is measured; use %s", argv[i],
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
static int choose(struct qn_gathered *g, const struct qn_profile *p, const struct qn_asked *asked)
{
    int rc = qn_choose_strategies(asked, p->strategies, &g->options);

    for (size_t i = 0; i < g->n_peers && rc == QN_OK; i++)
        rc = qn_choose_peers(g->peers[i], &g->options);
    return rc == QN_OK
               ? qn_choose_policies(asked, asked->strategies ? NULL : p->policies, &g->options)
               : rc;
}

/* Whether the workloads of a profile that begins with the default would all become the same: the
 * options override what they differ in. */
static bool is_one_workload(const struct qn_profile *p, const struct qn_key_values *over)
{
    bool is_said = over->of[QN_KEY_SERVICE].text || over->of[QN_KEY_WORKERS].text ||
                   over->of[QN_KEY_TREE].text || over->of[QN_KEY_KIND].text ||
                   over->of[QN_KEY_WORK].text;

    return is_said && strncmp(p->workloads, "default,", strlen("default,")) == 0;
}

static int take_all(const struct qn_measuring_command *c, struct qn_gathered *g)
{
    struct qn_run_options *o = &g->options;
    const struct qn_profile *p = g->profile ? g->profile : qn_profile_default();
    struct qn_asked asked = {.strategies = g->strategies,
                             .strategies_origin = "--strategies",
                             .policies = g->policies,
                             .policies_origin = "--policy",
                             .n_policies = g->n_policies};
    const char *workloads = c->choose || is_one_workload(p, &g->over) ? "default" : p->workloads;
    int home = qn_resume_words_enter(&g->resumed);
    int rc = qn_choose_workloads(g->workloads ? g->workloads : workloads, &g->over, o);

    for (size_t i = 0; i < g->n_peers && rc == QN_OK; i++)
        rc = qn_peers_take_file("--peer", g->peers[i]);
    qn_resume_words_leave(home);
    if (rc == QN_OK)
        rc = qn_own_settle_units(o);
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

/* Parses the words, merged with those of the folder that is resumed; a command's own options go to
 * *user. */
static int take_words(const struct qn_measuring_command *c, const struct qn_command_line *line,
                      const struct qn_option *own, int argc, char **argv, struct qn_gathered *g)
{
    struct qn_arg arg;
    int i = 1, end, rc = qn_args_check(line, argc, argv, &end);

    if (rc == QN_OK)
        rc = qn_resume_words_make(line->options, argc, argv, &g->resumed);
    if (rc == QN_OK && g->resumed.argc > 0) {
        argc = g->resumed.argc;
        argv = g->resumed.argv;
        rc = qn_args_check(line, argc, argv, &end);
    }
    if (rc != QN_OK)
        return rc;
    g->options.words = copy_words(argc, argv);
    if (!g->options.words)
        return QN_ENOMEM;
    while (rc == QN_OK && qn_args_next(line->options, end, argv, &i, &arg))
        rc = qn_args_take(line, &arg, arg.option && arg.option >= own ? c->user : g);
    return rc == QN_OK
               ? take_benchmark_args(end < argc ? argc - end - 1 : 0, argv + end + 1, &g->options)
               : rc;
}

int qn_measuring_options_parse(const struct qn_measuring_command *command, int argc, char **argv,
                               struct qn_run_options *out)
{
    struct qn_gathered g = {.options.seed = 1};
    const struct qn_option *own = NULL;
    struct qn_option *options = join_options(command, &own);
    const struct qn_command_line line = {.name = command->name,
                                         .words = "[-- --benchmark_...]",
                                         .doc = command->doc,
                                         .options = options};
    int rc = options ? take_words(command, &line, own, argc, argv, &g) : QN_ENOMEM;

    if (rc == QN_OK)
        rc = take_all(command, &g);
    qn_resume_words_fini(&g.resumed);
    qn_key_values_free(&g.over);
    free(g.policies);
    for (size_t i = 0; i < g.n_peers; i++)
        free((char *)(uintptr_t)g.peers[i]);
    free(g.peers);
    free(options);
    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    if (rc != QN_OK)
        qn_run_options_fini(&g.options);
    *out = g.options;
    return rc;
}

int qn_run_options_parse(int argc, char **argv, struct qn_run_options *out)
{
    static const struct qn_measuring_command run = {
        .name = "quench run",
        .doc = "Measures what happens when workers of a fan-out fail: every strategy on every "
               "workload, at every failure rate.\v"
               "Durations need a unit (500ns, 20us, 3ms, 1s, 5m, 2h), and so do sizes (512B, "
               "64KiB, 2MiB). Shares are numbers from 0 to 1 or percentages (0.05, 5%). Lists are "
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
