#include "bench/selftest/command.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/args.h"
#include "bench/base/complain.h"
#include "bench/base/nearest.h"
#include "bench/base/progress.h"
#include "bench/base/units.h"
#include "bench/selftest/report.h"

enum exit_code {
    EXIT_PASSED = 0,
    EXIT_NOT_PASSED = 1,
    EXIT_BAD_USAGE = 2,
    EXIT_NOT_RUN = 3,
    EXIT_INTERRUPTED = 130
};

#define MAX_COMPARISONS 100000u
#define DEFAULT_COMPARISONS 400u
#define DEFAULT_PROCESSES 6u
#define MAX_PROCESSES 64u
#define QUICK_COMPARISONS 4u
#define QUICK_PROCESSES 6u

struct options {
    uint64_t comparisons, processes, seed;
    bool is_quick, is_json;
    int rc;
};

enum { OPT_COMPARISONS = 1000, OPT_PROCESSES, OPT_SEED, OPT_FORMAT, OPT_QUICK };

static const struct argp_option argp_options[] = {
    {"comparisons", OPT_COMPARISONS, "N", 0, "A/A comparisons (400)", 0},
    {"processes", OPT_PROCESSES, "N", 0, "processes of each cell of a comparison (6)", 0},
    {"seed", OPT_SEED, "N", 0, "seed of schedules and orders (1)", 0},
    {"format", OPT_FORMAT, "text|json", 0, "of what is printed (text)", 0},
    {"quick", OPT_QUICK, NULL, 0,
     "seconds instead of minutes: the faults that need no statistics, and too few comparisons to "
     "judge",
     0},
    {0},
};

static int set_count(const char *option, const char *value, uint64_t min, uint64_t max,
                     uint64_t *out)
{
    const char *allowed;

    return qn_parse_count(value, min, max, out, &allowed) == QN_OK
               ? QN_OK
               : qn_refuse(option, value, allowed);
}

static int set_format(const char *value, bool *is_json)
{
    static const char *const words[] = {"text", "json"};
    size_t i = 0;
    int rc = qn_take_word("--format", value, words, QN_ARRAY_LEN(words), "text or json", &i);

    *is_json = i == 1;
    return rc;
}

static error_t on_option(int key, char *value, struct argp_state *state)
{
    struct options *o = state->input;

    switch (key) {
    case OPT_COMPARISONS:
        o->rc = set_count("--comparisons", value, 1, MAX_COMPARISONS, &o->comparisons);
        break;
    case OPT_PROCESSES:
        o->rc = set_count("--processes", value, 2, MAX_PROCESSES, &o->processes);
        break;
    case OPT_SEED:
        o->rc = set_count("--seed", value, 0, INT64_MAX, &o->seed);
        break;
    case OPT_FORMAT:
        o->rc = set_format(value, &o->is_json);
        break;
    case OPT_QUICK:
        o->is_quick = true;
        break;
    case ARGP_KEY_ARG:
        qn_complain("'%s' is no option of `quench selftest`; see `quench selftest --help`", value);
        o->rc = QN_EINVAL;
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return o->rc == QN_OK ? 0 : EINVAL;
}

static const struct argp selftest_argp = {
    .options = argp_options,
    .parser = on_option,
    .doc =
        "Measures what this program's verdicts are worth on this machine: how often it tells "
        "apart one strategy from itself, and whether it finds strategies with a fault among sound "
        "ones.\v"
        "Takes some minutes. Exit codes: 0 passed; 1 the share of wrong verdicts is not that of "
        "the level, a fault was not found, or a sound strategy was blamed; 2 wrong usage; 3 it "
        "could not be run; 130 interrupted.",
};

static int parse(int argc, char **argv, struct options *o)
{
    int rc = qn_words_check(&selftest_argp, "quench selftest", argc, argv, NULL);

    *o = (struct options){.seed = 1};
    if (rc != QN_OK)
        return rc;
    if (argp_parse(&selftest_argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP, NULL, o) != 0)
        return o->rc != QN_OK ? o->rc : QN_EINVAL;
    if (o->comparisons == 0)
        o->comparisons = o->is_quick ? QUICK_COMPARISONS : DEFAULT_COMPARISONS;
    if (o->processes == 0)
        o->processes = o->is_quick ? QUICK_PROCESSES : DEFAULT_PROCESSES;
    return QN_OK;
}

static int run(const struct options *o, struct qn_selftest_result *r)
{
    struct qn_rig rig;
    int rc = qn_rig_init(&rig);

    if (rc != QN_OK)
        return rc;
    rig.n_planned = o->comparisons * o->processes * 2 +
                    (1 + QN_DETECTION_MAX_CELLS) * (o->is_quick ? 0 : QN_DETECTION_MIN_PROCESSES);
    r->seed = o->seed;
    r->is_quick = o->is_quick;
    rc = qn_sameness_run(&rig, o->comparisons, (uint32_t)o->processes, o->seed, &r->sameness);
    if (rc == QN_OK)
        rc = qn_detection_run(&rig, o->is_quick, o->seed, &r->detection);
    qn_progress_clear();
    r->took_s = (double)(qn_clock_now_monotonic_ns() - rig.started_ns) / 1e9;
    return rc;
}

int qn_selftest_command(int argc, char **argv)
{
    struct qn_selftest_result *result;
    struct options options;
    bool has_passed;
    int rc = parse(argc, argv, &options);

    if (rc != QN_OK)
        return EXIT_BAD_USAGE;
    result = calloc(1, sizeof(*result));
    rc = result ? run(&options, result) : QN_ENOMEM;
    if (rc == QN_OK)
        rc = qn_selftest_report(result, options.is_json, stdout);
    has_passed = rc == QN_OK && qn_selftest_passed(result);
    free(result);
    if (rc == QN_EINTR)
        return EXIT_INTERRUPTED;
    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    if (rc != QN_OK)
        return EXIT_NOT_RUN;
    return has_passed ? EXIT_PASSED : EXIT_NOT_PASSED;
}
