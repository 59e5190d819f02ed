/* quench: the program. Each command has a file of its own; this one only hands over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/nearest.h"
#include "bench/base/output.h"
#include "bench/base/progress.h"
#include "bench/base/units.h"
#include "bench/cell/main.h"
#include "bench/compare/command.h"
#include "bench/explain/command.h"
#include "bench/fit/command.h"
#include "bench/machine/doctor.h"
#include "bench/options/list.h"
#include "bench/options/parse.h"
#include "bench/report/question/answer.h"
#include "bench/run/command.h"
#include "bench/selftest/command.h"
#include "bench/tune/answer/page.h"
#include "bench/tune/command.h"
#include "runtime/clock.h"

#define EXIT_USAGE 2

static const char usage[] =
    "usage: quench COMMAND [options]\n"
    "\n"
    "  run       measure strategies on workloads; leaves a results folder\n"
    "  tune      which strategy, poll interval and policies a workload should have\n"
    "  compare   what is better or worse in one results folder than in another\n"
    "  report    render plots and page of a results folder again\n"
    "  explain   where the time and the bytes of one cell's calls went\n"
    "  questions answer the article's questions with the figures of results folders\n"
    "  fit       make a workload file of a trace of durations\n"
    "  doctor    what of this machine spoils numbers, and what to do about it\n"
    "  list      what strategies, workloads, metrics, policies and profiles there are\n"
    "  selftest  measure what the verdicts of this program are worth on this machine\n"
    "\n"
    "quench COMMAND --help says more. --quiet, with any command: nothing on stderr but\n"
    "errors. Exit codes: 0 done; 1 a comparison or a check\n"
    "failed; 2 wrong usage or input; 3 some cell failed; 130 interrupted.\n";

static int command_run(int argc, char **argv)
{
    struct qn_run_options options;
    int code;

    if (qn_run_options_parse(argc, argv, &options) != 0)
        return EXIT_USAGE;
    code = qn_run(&options);
    qn_run_options_fini(&options);
    return code;
}

static int command_report(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        puts(
            "usage: quench report DIR\n\nRenders plots/ and index.html of a results folder again.");
        return 0;
    }
    for (int i = 1; i < argc; i++)
        if (strncmp(argv[i], "--", 2) == 0) {
            qn_refuse("report", argv[i], "one results folder, or --help");
            return EXIT_USAGE;
        }
    if (argc != 2) {
        qn_complain("report: wants one results folder; see `quench report --help`");
        return EXIT_USAGE;
    }
    return qn_tune_report(argv[1]);
}

/* What a measuring process is started with; not for users. */
static int command_cell(int argc, char **argv)
{
    const char *allowed;
    uint64_t fd;

    if (argc != 2 || qn_parse_count(argv[1], 0, INT32_MAX, &fd, &allowed) != 0)
        return EXIT_USAGE;
    return qn_cell_main((int)fd);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } commands[] = {
        {"run", command_run},   {"compare", qn_compare}, {"report", command_report},
        {"doctor", qn_doctor},  {"list", qn_list},       {"selftest", qn_selftest},
        {"questions", qn_questions_main}, {"tune", qn_tune_main}, {"fit", qn_fit_main},
        {"explain", qn_explain},
        {"cell", command_cell},
    };
    const char *word;
    struct qn_nearest nearest;
    const char *patience = getenv("QUENCH_PATIENCE"), *allowed;
    uint64_t ns;

    qn_output_begin();
    qn_quiet_take(&argc, argv);
    word = argc >= 2 ? argv[1] : "";
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
        fputs(usage, stdout);
        return 0;
    }
    if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
        puts("quench " QN_VERSION);
        return 0;
    }
    if (!qn_clock_can_init()) {
        qn_refuse(QN_CLOCK_VARIABLE, getenv(QN_CLOCK_VARIABLE), QN_CLOCK_RATES);
        return EXIT_USAGE;
    }
    if (patience && *patience && qn_parse_duration(patience, &ns, &allowed) != QN_OK) {
        qn_refuse("QUENCH_PATIENCE", patience, allowed);
        return EXIT_USAGE;
    }
    qn_nearest_begin(&nearest, word);
    for (size_t i = 0; i < QN_ARRAY_LEN(commands); i++) {
        if (strcmp(word, commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
        if (commands[i].run != command_cell)
            qn_nearest_offer(&nearest, commands[i].name);
    }
    qn_complain("'%s' is no command: run, tune, fit, compare, report, explain, questions, doctor, "
                "list or selftest; see "
                "quench --help%s",
                word, nearest.hint);
    return EXIT_USAGE;
}
