/* quench doctor: what on this machine spoils measurements, and what to do about it. Changes
 * nothing. */
#include <stdio.h>
#include <string.h>

#include "bench/base/args.h"
#include "bench/base/commands.h"
#include "bench/base/complain.h"
#include "bench/base/exit.h"
#include "bench/base/json.h"
#include "bench/machine/facts.h"
#include "runtime/clock.h"
#include "runtime/err.h"

/* Advice begins at one column and wraps at about the other. */
#define WIDTH 100
#define INDENT 28

/* Prints a text, wrapped and indented. */
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
        [QN_FACT_GOOD] = "Nothing here spoils measurements.",
        [QN_FACT_UNKNOWN] = "Nothing visible here spoils measurements.",
        [QN_FACT_NOTE] = "Numbers can be trusted if the notes are kept in mind.",
        [QN_FACT_SPOILS] = "Numbers taken now can't be trusted, except for ratios within one run."};

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
        return QN_EXIT_DONE;
    qn_complain("doctor: out of memory");
    return QN_EXIT_NOT_WHOLE;
}

enum format { FORMAT_TEXT, FORMAT_JSON };

static const struct qn_option options[] = {
    {"format", NULL, "output format (text)", qn_take_choice, 0, QN_WORDS("text", "json")},
    {0},
};

static const struct qn_command_line command_line = {
    .name = "quench doctor",
    .doc = "Shows what on this machine spoils measurements and what to do about it, worst first. "
           "Takes about a third of a second, changes nothing and needs no root.\v  spoils   "
           "figures can't be trusted until it is fixed\n  note     keep in mind when reading "
           "figures\n  unknown  can't be determined here\n  good     nothing to do\n\nExits with "
           "0 whatever it finds. Each run records the same facts in its manifest.json.",
    .options = options,
    .allowed = "only --format and --help",
    .before = "doctor: ",
};

int qn_doctor_command(int argc, char **argv)
{
    static struct qn_facts facts;
    enum format format = FORMAT_TEXT;

    if (qn_args_parse(&command_line, argc, argv, &format) != QN_OK)
        return QN_EXIT_BAD_INPUT;
    qn_facts_read("", &facts);
    /* If the counter stands still, CLOCK_MONOTONIC is used and measured. */
    if (qn_clock_init() != QN_OK)
        qn_complain("doctor: the time-stamp counter stands still");
    qn_facts_measure(&facts);
    if (format == FORMAT_JSON)
        return print_json(&facts);
    print_text(&facts);
    return QN_EXIT_DONE;
}
