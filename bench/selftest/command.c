/*
 * quench selftest: how reliable the program's own verdicts are on this machine. The A/A test
 * (selftest/sameness.h) measures how often it finds a difference where there is none, the detection
 * test (selftest/detection.h) whether it finds injected faults.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/args.h"
#include "bench/base/commands.h"
#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/progress.h"
#include "bench/selftest/report.h"

#define MAX_COMPARISONS 100000u
#define DEFAULT_COMPARISONS 400u
#define DEFAULT_PROCESSES 6u
#define MAX_PROCESSES 64u
#define QUICK_COMPARISONS 4u

struct options {
    uint64_t comparisons, processes, seed;
    enum format { FORMAT_TEXT, FORMAT_JSON } format;
    bool is_quick;
};

static const struct qn_option options[] = {
    {"comparisons", "N", "A/A comparisons (400)", qn_take_count,
     offsetof(struct options, comparisons), QN_COUNTS(1, MAX_COMPARISONS)},
    {"processes", "N", "processes per cell in a comparison (6)", qn_take_count,
     offsetof(struct options, processes), QN_COUNTS(2, MAX_PROCESSES)},
    {"seed", "N", "seed of the schedules and orders (1)", qn_take_count,
     offsetof(struct options, seed), QN_COUNTS(0, INT64_MAX)},
    {"format", NULL, "output format (text)", qn_take_choice, offsetof(struct options, format),
     QN_WORDS("text", "json")},
    {"quick", NULL,
     "take seconds instead of minutes: only faults that need no statistics, and too few "
     "comparisons to judge",
     qn_take_flag, offsetof(struct options, is_quick), NULL},
    {0},
};

static const struct qn_command_line command_line = {
    .name = "quench selftest",
    .doc =
        "Measures how reliable this program's verdicts are on this machine: how often it finds a "
        "difference between a strategy and itself, and whether it detects faulty strategies "
        "among sound ones.\v"
        "Takes some minutes. Exit codes: 0 passed; 1 the share of false verdicts does not match "
        "the level, a fault was missed, or a sound strategy was reported as faulty; 2 wrong "
        "usage; 3 it could not run; 130 interrupted.",
    .options = options,
};

static int parse(int argc, char **argv, struct options *o)
{
    int rc;

    *o = (struct options){.seed = 1};
    rc = qn_args_parse(&command_line, argc, argv, o);
    if (o->comparisons == 0)
        o->comparisons = o->is_quick ? QUICK_COMPARISONS : DEFAULT_COMPARISONS;
    if (o->processes == 0)
        o->processes = DEFAULT_PROCESSES;
    return rc;
}

static int run(const struct options *o, struct qn_selftest_result *r)
{
    struct qn_rig rig;
    int rc = qn_rig_init(&rig);

    if (rc != QN_OK)
        return rc;
    rig.n_planned =
        o->comparisons * o->processes * 2 +
        (o->is_quick ? 0 : (1 + QN_DETECTION_MAX_CELLS) * (size_t)QN_DETECTION_MIN_PROCESSES);
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
    struct options wanted;
    bool has_passed;
    int rc = parse(argc, argv, &wanted);

    if (rc != QN_OK)
        return QN_EXIT_BAD_INPUT;
    result = calloc(1, sizeof(*result));
    rc = result ? run(&wanted, result) : QN_ENOMEM;
    if (rc == QN_OK)
        rc = qn_selftest_report(result, wanted.format == FORMAT_JSON, stdout);
    has_passed = rc == QN_OK && qn_selftest_passed(result);
    free(result);
    if (rc == QN_EINTR)
        return QN_EXIT_INTERRUPTED;
    if (rc == QN_ENOMEM)
        qn_complain("out of memory");
    if (rc != QN_OK)
        return QN_EXIT_NOT_WHOLE;
    return has_passed ? QN_EXIT_DONE : QN_EXIT_CHECK_FAILED;
}
