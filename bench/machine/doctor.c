#include "bench/machine/doctor.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/json.h"
#include "bench/base/nearest.h"
#include "bench/machine/facts.h"
#include "runtime/clock.h"
#include "runtime/err.h"

enum { EXIT_DONE = 0, EXIT_USAGE = 2, EXIT_NO_MEMORY = 3 };

/* Advice is broken at about this column, and begins at that one. */
#define WIDTH 100
#define INDENT 28

static const char usage[] =
    "usage: quench doctor [--format text|json]\n"
    "\n"
    "Says what of this machine spoils numbers and what to do about it, worst first. It takes\n"
    "about a third of a second, changes nothing and needs no root.\n"
    "\n"
    "  spoils   figures are not to be trusted while it is so\n"
    "  note     to be known when figures are read\n"
    "  unknown  it can't be told from here\n"
    "  good     nothing to do\n"
    "\n"
    "Exits with 0 whatever is found. The same facts are in manifest.json of each run.\n";

/* A text in lines of words, each indented. */
static void print_wrapped(const char *text)
{
    while (*text) {
        size_t n = strlen(text), room = WIDTH - INDENT;

        if (n > room)
            for (n = room; n > 1 && text[n] != ' '; n--)
                continue;
        printf("%*s%.*s\n", INDENT, "", (int)n, text);
        text += n;
        text += strspn(text, " ");
    }
}

static void print_text(const struct qn_facts *facts)
{
    static const char *const judgement[QN_VERDICT_COUNT] = {
        [QN_FACT_GOOD] = "Nothing here spoils numbers.",
        [QN_FACT_UNKNOWN] = "Nothing that can be seen here spoils numbers.",
        [QN_FACT_NOTE] = "Numbers can be trusted with what is noted in mind.",
        [QN_FACT_SPOILS] = "Numbers taken now are not to be trusted beyond ratios within one run."};

    for (int v = QN_VERDICT_COUNT - 1; v >= 0; v--)
        for (size_t i = 0; i < facts->n; i++) {
            const struct qn_fact *f = &facts->list[i];

            if ((int)f->verdict != v)
                continue;
            printf("%-8s %-18s %s\n", qn_verdict_names[v], f->name, f->seen);
            print_wrapped(f->advice);
        }
    printf("\n%s\n", judgement[qn_facts_worst(facts)]);
}

static int print_json(const struct qn_facts *facts)
{
    cJSON *root = cJSON_CreateObject();

    qn_json_put_item(root, "facts", qn_facts_json(facts));
    qn_json_put_text(root, "worst", qn_verdict_names[qn_facts_worst(facts)]);
    if (qn_json_print(root, stdout) == QN_OK)
        return EXIT_DONE;
    qn_complain("doctor: out of memory");
    return EXIT_NO_MEMORY;
}

/* The words after the command. *is_help: print the usage and no more. */
static int parse(int argc, char **argv, bool *is_json, bool *is_help)
{
    static const char *const formats[] = {"text", "json"}, *const options[] = {"--format",
                                                                               "--help"};

    for (int i = 1; i < argc; i++) {
        const char *format = NULL;
        size_t word;

        if (strcmp(argv[i], "--help") == 0) {
            *is_help = true;
            return QN_OK;
        }
        if (strncmp(argv[i], "--format=", strlen("--format=")) == 0)
            format = argv[i] + strlen("--format=");
        else if (strcmp(argv[i], "--format") == 0)
            format = i + 1 < argc ? argv[++i] : "";
        else
            return qn_refuse_word("doctor", argv[i], options, QN_ARRAY_LEN(options),
                                  "only --format and --help");
        if (qn_take_word("doctor: --format", format, formats, QN_ARRAY_LEN(formats), "text or json",
                         &word) != QN_OK)
            return QN_EINVAL;
        *is_json = word == 1;
    }
    return QN_OK;
}

int qn_doctor_command(int argc, char **argv)
{
    static struct qn_facts facts;
    bool is_json = false, is_help = false;

    if (parse(argc, argv, &is_json, &is_help) != QN_OK)
        return EXIT_USAGE;
    if (is_help) {
        fputs(usage, stdout);
        return EXIT_DONE;
    }
    qn_facts_read("", &facts);
    /* A counter that stands still leaves CLOCK_MONOTONIC, which is then what is measured. */
    if (qn_clock_init() != QN_OK)
        qn_complain("doctor: the time-stamp counter stands still");
    qn_facts_measure(&facts);
    if (is_json)
        return print_json(&facts);
    print_text(&facts);
    return EXIT_DONE;
}
