/* The parent: starts the measuring processes one after the other and prints what they found. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/base/args.h"
#include "bench/base/commands.h"
#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/rng.h"
#include "bench/micro/all.h"

#define DEFAULT_PROCESSES 10u
#define MAX_PROCESSES 1000u

enum format { FORMAT_TEXT, FORMAT_CSV };

struct options {
    uint64_t processes, seed, measure_seed;
    const char *filter;
    enum format format;
    bool is_list, is_measure;
};

/* What its own measuring processes are started with; not for users. */
static int take_measure(const struct qn_given *given, void *request)
{
    struct options *o = request;

    o->is_measure = true;
    o->measure_seed = strtoull(given->value, NULL, 10);
    return QN_OK;
}

static const struct qn_option options[] = {
    {"processes", "N", "measuring processes, 1 to 1000 (10); intervals need 6", qn_take_count,
     offsetof(struct options, processes), QN_COUNTS(1, MAX_PROCESSES)},
    {"filter", "REGEX", "only benchmarks whose names match, and those they are compared with",
     qn_take_text, offsetof(struct options, filter), NULL},
    {"format", NULL, "output format (text)", qn_take_choice, offsetof(struct options, format),
     QN_WORDS("text", "csv")},
    {"seed", "N", "seed of the orders in which processes measure (1)", qn_take_count,
     offsetof(struct options, seed), QN_COUNTS(0, INT64_MAX)},
    {"list", NULL, "list the benchmarks without measuring", qn_take_flag,
     offsetof(struct options, is_list), NULL},
    {"measure", "SEED", NULL, take_measure, 0, NULL},
    {0},
};

static const struct qn_command_line command_line = {
    .name = "quench micro",
    .doc = "Measures the parts of the runtime in several processes; each part is compared with the "
           "floor of this machine that bounds it, and with alternatives.",
    .options = options,
    .allowed = "an option of `quench micro`; see --help",
    .before = "micro: ",
};

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
    if (rc == QN_OK && o->format == FORMAT_CSV) {
        micro_print_csv(all, &figures);
    } else if (rc == QN_OK) {
        printf(
            "Medians over %llu processes with 95 %% intervals, seed %llu; Google Benchmark %s.\n",
            (unsigned long long)o->processes, (unsigned long long)o->seed, gb_version());
        if (!is_own)
            puts(
                "The caller has no core of its own here: nothing spins, and \"across cores\" is on "
                "one core.");
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

int qn_micro_command(int argc, char **argv)
{
    static struct micro_selection all;
    struct options o = {.processes = DEFAULT_PROCESSES, .seed = 1};
    int rc;

    if (qn_args_parse(&command_line, argc, argv, &o) != QN_OK)
        return QN_EXIT_BAD_INPUT;
    if (micro_select(o.filter, &all) != QN_OK) {
        qn_refuse("micro: --filter", o.filter,
                  "an extended regular expression that matches a name; see --list");
        return QN_EXIT_BAD_INPUT;
    }
    if (o.is_list) {
        list(&all);
        return QN_EXIT_DONE;
    }
    rc = o.is_measure ? micro_measure(&all, o.measure_seed) : run_all(&o, &all);
    if (rc != QN_OK)
        qn_complain("micro: %s", qn_err_text(rc));
    return rc == QN_OK ? QN_EXIT_DONE : QN_EXIT_NOT_WHOLE;
}
