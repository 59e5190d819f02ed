/* The parent: starts the measuring processes one after the other and prints what they found. */
#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/complain.h"
#include "bench/base/nearest.h"
#include "bench/base/rng.h"
#include "bench/base/units.h"
#include "bench/micro/all.h"
#include "bench/micro/command.h"

#define DEFAULT_PROCESSES 10u
#define MAX_PROCESSES 1000u

enum key { KEY_PROCESSES = 256, KEY_FILTER, KEY_FORMAT, KEY_SEED, KEY_LIST, KEY_MEASURE };

static const struct argp_option options_list[] = {
    {"processes", KEY_PROCESSES, "N", 0, "measuring processes, 1 to 1000 (10); intervals need 6",
     0},
    {"filter", KEY_FILTER, "REGEX", 0,
     "only benchmarks whose names match, and what they are held against", 0},
    {"format", KEY_FORMAT, "text|csv", 0, "how to print (text)", 0},
    {"seed", KEY_SEED, "N", 0, "of the orders in which processes measure (1)", 0},
    {"list", KEY_LIST, NULL, 0, "name the benchmarks and measure nothing", 0},
    {"measure", KEY_MEASURE, "SEED", OPTION_HIDDEN, NULL, 0},
    {0},
};

static const char doc[] = "Measures the parts of the runtime, each beside the floor of this "
                          "machine that bounds it and what "
                          "else it is held against, in several processes.";

struct options {
    uint64_t processes, seed, measure_seed;
    const char *filter;
    bool is_csv, is_list, is_measure;
};

static error_t refuse(const char *option, const char *value, const char *allowed)
{
    char where[32];

    snprintf(where, sizeof(where), "micro: --%s", option);
    qn_refuse(where, value, allowed);
    return EINVAL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *o = state->input;
    const char *allowed;

    switch (key) {
    case KEY_PROCESSES:
        return qn_parse_count(arg, 1, MAX_PROCESSES, &o->processes, &allowed) == QN_OK
                   ? 0
                   : refuse("processes", arg, allowed);
    case KEY_SEED:
        return qn_parse_count(arg, 0, INT64_MAX, &o->seed, &allowed) == QN_OK
                   ? 0
                   : refuse("seed", arg, allowed);
    case KEY_FILTER:
        o->filter = arg;
        return 0;
    case KEY_FORMAT:
        o->is_csv = strcmp(arg, "csv") == 0;
        return o->is_csv || strcmp(arg, "text") == 0 ? 0 : refuse("format", arg, "text or csv");
    case KEY_LIST:
        o->is_list = true;
        return 0;
    case KEY_MEASURE:
        o->is_measure = true;
        o->measure_seed = strtoull(arg, NULL, 10);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Takes a line of a process: a figure, or what kept it from one. */
static bool take_line(const struct micro_selection *all, char *line, double *ns, size_t stride,
                      bool *is_own)
{
    char *value = strchr(line, '\t');
    size_t i;

    if (!value)
        return false;
    *value++ = '\0';
    value[strcspn(value, "\n")] = '\0';
    if (strcmp(line, "caller's own core") == 0) {
        *is_own = value[0] == '1';
        return true;
    }
    i = micro_find(all, line);
    if (i == all->n)
        return false;
    if (value[0] == '!')
        qn_complain("micro: %s: %s", line, value + 1);
    else
        ns[i * stride] = strtod(value, NULL);
    return true;
}

/* Starts this program again to measure, with its stdout in *out. Its pid, or -1. */
static pid_t start(const struct options *o, uint64_t seed, FILE **out)
{
    char seed_text[24],
        *argv[] = {"quench",  "micro",    "--measure",
                   seed_text, "--filter", (char *)(uintptr_t)(o->filter ? o->filter : "."),
                   NULL};
    int ends[2];
    pid_t pid;

    snprintf(seed_text, sizeof(seed_text), "%llu", (unsigned long long)seed);
    if (pipe(ends) != 0)
        return -1;
    pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execv("/proc/self/exe", argv);
        _exit(3);
    }
    close(ends[1]);
    *out = pid > 0 ? fdopen(ends[0], "r") : NULL;
    if (!*out)
        close(ends[0]);
    return *out ? pid : -1;
}

/* One process: its figures into column `process`. */
static int run_process(const struct options *o, const struct micro_selection *all,
                       struct micro_figures *figures, size_t process, bool *is_own)
{
    char *line = NULL;
    size_t capacity = 0;
    int status, rc = QN_OK;
    FILE *out = NULL;
    pid_t pid = start(o, qn_rng_mix(o->seed, process), &out);

    if (pid < 0) {
        qn_complain("micro: process %zu can't be started: %s", process, strerror(errno));
        return QN_EAGAIN;
    }
    while (getline(&line, &capacity, out) > 0)
        if (!take_line(all, line, figures->ns + process, figures->n_processes, is_own))
            rc = QN_EIO;
    free(line);
    fclose(out);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFSIGNALED(status))
        qn_complain("micro: process %zu was ended by signal %d", process, WTERMSIG(status));
    else if (WEXITSTATUS(status) != 0)
        qn_complain("micro: process %zu failed", process);
    else
        return rc;
    return QN_EIO;
}

static int run_all(const struct options *o, const struct micro_selection *all)
{
    size_t n = all->n * o->processes;
    struct micro_figures figures = {calloc(n, sizeof(double)), o->processes};
    bool is_own = true;
    int rc = figures.ns ? QN_OK : QN_ENOMEM;

    for (size_t i = 0; rc == QN_OK && i < n; i++)
        figures.ns[i] = NAN;
    for (size_t p = 0; rc == QN_OK && p < o->processes; p++)
        rc = run_process(o, all, &figures, p, &is_own);
    if (rc == QN_OK && o->is_csv) {
        micro_print_csv(all, &figures);
    } else if (rc == QN_OK) {
        printf("Medians over %llu processes with their 95 %% intervals, seed %llu; Google "
               "Benchmark %s.\n",
               (unsigned long long)o->processes, (unsigned long long)o->seed, gb_version());
        if (!is_own)
            puts("The caller has no core of its own here: nothing spins, and \"across cores\" is "
                 "on one.");
        micro_print_text(all, &figures);
    }
    free(figures.ns);
    return rc;
}

static void list(const struct micro_selection *all)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->is_selected[i])
            printf("%-30s %s\n", all->micros[i]->name, all->micros[i]->what);
}

static const struct argp parser = {.options = options_list, .parser = parse, .doc = doc};

/*
 * argp's own errors take two lines, so each word is looked at before argp sees it: an option must
 * be one of ours, whole, with a value where it takes one.
 */
static int check_word(const char *word, const char *next)
{
    size_t n = strcspn(word, "=");
    struct qn_nearest nearest;
    char name[QN_NEAREST_BYTES];

    snprintf(name, sizeof(name), "%.*s", (int)n, word);
    qn_nearest_begin(&nearest, name);
    for (const struct argp_option *o = options_list; o->name; o++) {
        snprintf(name, sizeof(name), "--%s", o->name);
        qn_nearest_offer_with(&nearest, name, word + n);
        if (strncmp(word, "--", 2) != 0 || strlen(o->name) + 2 != n ||
            strncmp(word + 2, o->name, n - 2) != 0)
            continue;
        if (o->arg && !word[n] && !next)
            return qn_refuse("micro", word, "it takes a value; see --help");
        return !o->arg && word[n] ? qn_refuse("micro", word, "it takes no value; see --help")
                                  : QN_OK;
    }
    return qn_nearest_refuse(&nearest, "micro", word, "an option of `quench micro`; see --help");
}

static int check_words(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        int rc;

        char name[] = "quench micro";

        if (strcmp(argv[i], "--help") == 0) {
            argp_help(&parser, stdout, ARGP_HELP_STD_HELP & ~(unsigned)ARGP_HELP_EXIT_ERR, name);
            exit(0);
        }
        rc = check_word(argv[i], i + 1 < argc ? argv[i + 1] : NULL);
        if (rc != QN_OK)
            return rc;
        if (!strchr(argv[i], '=') && strcmp(argv[i], "--list") != 0)
            i++; /* its value */
    }
    return QN_OK;
}

int qn_micro_command(int argc, char **argv)
{
    static struct micro_selection all;
    struct options o = {.processes = DEFAULT_PROCESSES, .seed = 1};
    int rc;

    if (check_words(argc, argv) != QN_OK ||
        argp_parse(&parser, argc, argv, ARGP_NO_ERRS, NULL, &o) != 0)
        return 2;
    if (micro_select(o.filter, &all) != QN_OK) {
        qn_refuse("micro: --filter", o.filter,
                  "an extended regular expression that matches a name; see --list");
        return 2;
    }
    if (o.is_list) {
        list(&all);
        return 0;
    }
    rc = o.is_measure ? micro_measure(&all, o.measure_seed) : run_all(&o, &all);
    if (rc != QN_OK)
        qn_complain("micro: %s", qn_err_text(rc));
    return rc == QN_OK ? 0 : 3;
}
