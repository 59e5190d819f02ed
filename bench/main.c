/* quench: the program. Each command has a file of its own; this one only hands over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/commands.h"
#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/nearest.h"
#include "bench/base/output.h"
#include "bench/base/progress.h"
#include "bench/base/units.h"
#include "bench/cell/main.h"
#include "runtime/clock.h"

/* What a measuring process is started with; not for users. */
static int run_cell(int argc, char **argv)
{
    const char *allowed;
    uint64_t fd;

    if (argc != 2 || qn_parse_count(argv[1], 0, INT32_MAX, &fd, &allowed) != 0)
        return QN_EXIT_BAD_INPUT;
    return qn_cell_main((int)fd);
}

static const struct command {
    const char *name, *summary;
    int (*run)(int argc, char **argv);
} commands[] = {
#define QN_COMMAND(name, summary) {#name, summary, qn_##name##_command},
    QN_COMMANDS(QN_COMMAND)
#undef QN_COMMAND
};

static int help(void)
{
    puts("usage: quench COMMAND [options]\n");
    for (size_t i = 0; i < QN_ARRAY_LEN(commands); i++)
        printf("  %-9s %s\n", commands[i].name, commands[i].summary);
    puts("\n"
         "quench COMMAND --help says more. --quiet, with any command: nothing on stderr but\n"
         "errors. --help=csv: the options as a table. Exit codes: 0 done; 1 a comparison or a\n"
         "check failed; 2 wrong usage or input; 3 some cell failed; 130 interrupted.");
    return 0;
}

/* QN_EINVAL after a complaint: a variable of the environment makes no sense. */
static int check_environment(void)
{
    const char *patience = getenv("QUENCH_PATIENCE"), *allowed;
    uint64_t ns;

    if (!qn_clock_can_init())
        return qn_refuse(QN_CLOCK_VARIABLE, getenv(QN_CLOCK_VARIABLE), QN_CLOCK_RATES);
    if (patience && *patience && qn_parse_duration(patience, &ns, &allowed) != QN_OK)
        return qn_refuse("QUENCH_PATIENCE", patience, allowed);
    return QN_OK;
}

static int refuse(const char *word)
{
    const char *list[QN_ARRAY_LEN(commands)];
    const struct qn_words words = {list, QN_ARRAY_LEN(commands)};
    struct qn_nearest nearest;
    char names[QN_WORDS_BYTES];

    qn_nearest_begin(&nearest, word);
    for (size_t i = 0; i < words.n; i++) {
        list[i] = commands[i].name;
        qn_nearest_offer(&nearest, list[i]);
    }
    qn_words_join(&words, ", ", " or ", names, sizeof(names));
    qn_complain("'%s' is no command: %s; see quench --help%s", word, names, nearest.hint);
    return QN_EXIT_BAD_INPUT;
}

int main(int argc, char **argv)
{
    const char *word;

    qn_output_begin();
    qn_quiet_take(&argc, argv);
    word = argc >= 2 ? argv[1] : "";
    if (strcmp(word, "--help") == 0 || strcmp(word, "help") == 0)
        return help();
    if (strcmp(word, "--version") == 0) {
        puts("quench " QN_VERSION);
        return 0;
    }
    if (check_environment() != QN_OK)
        return QN_EXIT_BAD_INPUT;
    if (strcmp(word, "cell") == 0)
        return run_cell(argc - 1, argv + 1);
    for (size_t i = 0; i < QN_ARRAY_LEN(commands); i++)
        if (strcmp(word, commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    return refuse(word);
}
