#include "bench/base/args.h"

#include <argp.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/csv.h"
#include "bench/base/units.h"
#include "runtime/err.h"

#define NAME_BYTES 64
#define ARGUMENT_BYTES 128
#define FIRST_KEY 1000

/* How options take their values. */

int qn_take_flag(const struct qn_given *given, void *out)
{
    (void)given;
    *(bool *)out = true;
    return QN_OK;
}

int qn_take_text(const struct qn_given *given, void *out)
{
    *(const char **)out = given->value;
    return QN_OK;
}

int qn_take_copy(const struct qn_given *given, void *out)
{
    char **text = out;

    free(*text);
    *text = strdup(given->value);
    return *text ? QN_OK : QN_ENOMEM;
}

int qn_take_count(const struct qn_given *given, void *out)
{
    const struct qn_count_range *range = given->option->by;
    const char *allowed;

    return qn_parse_count(given->value, range->min, range->max, out, &allowed) == QN_OK
               ? QN_OK
               : qn_refuse(given->where, given->value, allowed);
}

int qn_take_unsigned(const struct qn_given *given, void *out)
{
    uint64_t count;
    int rc = qn_take_count(given, &count);

    if (rc == QN_OK)
        *(unsigned *)out = (unsigned)count;
    return rc;
}

int qn_take_choice(const struct qn_given *given, void *out)
{
    size_t i;
    int rc = qn_take_word(given->where, given->value, given->option->by, &i);

    if (rc == QN_OK)
        *(unsigned *)out = (unsigned)i;
    return rc;
}

int qn_take_only(const struct qn_given *given, void *out)
{
    size_t i;

    *(bool *)out = true;
    return qn_take_word(given->where, given->value, given->option->by, &i);
}

/* The words. */

static bool takes_value(const struct qn_option *o)
{
    return o->argument || o->take == qn_take_choice || o->take == qn_take_only;
}

bool qn_args_next(const struct qn_option *options, int argc, char *const *argv, int *i,
                  struct qn_arg *arg)
{
    if (*i >= argc || strcmp(argv[*i], "--") == 0)
        return false;
    *arg = (struct qn_arg){.word = argv[(*i)++]};
    if (strncmp(arg->word, "--", 2) != 0)
        return true;
    arg->name = arg->word + 2;
    arg->name_len = strcspn(arg->name, "=");
    for (const struct qn_option *o = options; o->name || o->help; o++)
        if (o->name && strlen(o->name) == arg->name_len &&
            strncmp(o->name, arg->name, arg->name_len) == 0)
            arg->option = o;
    if (arg->name[arg->name_len] == '=')
        arg->value = arg->name + arg->name_len + 1;
    else if (arg->option && takes_value(arg->option) && *i < argc)
        arg->value = argv[(*i)++];
    return true;
}

/* The name of an option's value in --help and in a complaint that it is missing. */
static void say_argument(const struct qn_option *o, char *out, size_t bytes)
{
    if (o->argument)
        snprintf(out, bytes, "%s", o->argument);
    else
        qn_words_join(o->by, "|", "|", out, bytes);
}

/* The options as argp's table for --help: each heading begins a group. NULL: there are none, for argp forgets
 * an empty table of its own. */
static struct argp_option *rows_of(const struct qn_option *options)
{
    struct argp_option *rows;
    char argument[ARGUMENT_BYTES];
    size_t n = 0;
    int group = 1;

    while (options[n].name || options[n].help)
        n++;
    if (n == 0)
        return NULL;
    rows = calloc(n + 1, sizeof(*rows));
    for (size_t i = 0; rows && i < n; i++) {
        const struct qn_option *o = &options[i];

        group += !o->name;
        rows[i] = (struct argp_option){.name = o->name,
                                       .key = o->name ? FIRST_KEY + (int)i : 0,
                                       .flags = o->help ? 0 : OPTION_HIDDEN,
                                       .doc = o->help,
                                       .group = group};
        if (o->name && takes_value(o)) {
            say_argument(o, argument, sizeof(argument));
            rows[i].arg = strdup(argument);
        }
    }
    return rows;
}

static void show_help(const struct qn_command_line *line, unsigned flags)
{
    const struct argp argp = {
        .options = rows_of(line->options), .args_doc = line->words, .doc = line->doc};
    char name[NAME_BYTES];

    snprintf(name, sizeof(name), "%s", line->name);
    argp_help(&argp, stdout, flags, name);
    exit(EXIT_SUCCESS);
}

/* --help for programs: what the command's words are, then a row for each option. */
static void show_table(const struct qn_command_line *line)
{
    char argument[ARGUMENT_BYTES];

    puts("option,value,meaning");
    if (line->words) {
        putchar(',');
        qn_csv_put_text(stdout, line->words);
        puts(",");
    }
    for (const struct qn_option *o = line->options; o->name || o->help; o++) {
        if (!o->name || !o->help)
            continue;
        argument[0] = '\0';
        if (takes_value(o))
            say_argument(o, argument, sizeof(argument));
        printf("--%s,", o->name);
        qn_csv_put_text(stdout, argument);
        putchar(',');
        qn_csv_put_text(stdout, o->help);
        putchar('\n');
    }
    exit(EXIT_SUCCESS);
}

/* The command's last word: "compare" of "quench compare". */
static const char *short_name(const struct qn_command_line *line)
{
    return strchr(line->name, ' ') + 1;
}

static int complain_of_option(const struct qn_command_line *line, const char *word)
{
    size_t n = strcspn(word, "=");
    struct qn_nearest nearest;
    char name[NAME_BYTES];

    snprintf(name, sizeof(name), "%.*s", (int)n, word);
    qn_nearest_begin(&nearest, name);
    for (const struct qn_option *o = line->options; o->name || o->help; o++) {
        if (!o->name)
            continue;
        snprintf(name, sizeof(name), "--%s", o->name);
        qn_nearest_offer_with(&nearest, name, word + n);
    }
    if (line->allowed)
        return qn_nearest_refuse(&nearest, short_name(line), word, line->allowed);
    qn_complain("'%s' is not an option of `%s`; see `%s --help`%s", word, line->name, line->name,
                nearest.hint);
    return QN_EINVAL;
}

static int complain_of_value(const struct qn_command_line *line, const struct qn_arg *arg)
{
    char argument[ARGUMENT_BYTES];

    if (line->allowed)
        return qn_refuse(short_name(line), arg->word,
                         arg->value ? "it takes no value; see --help"
                                    : "it takes a value; see --help");
    if (arg->value) {
        qn_complain("--%s takes no value ('%s')", arg->option->name, arg->word);
        return QN_EINVAL;
    }
    say_argument(arg->option, argument, sizeof(argument));
    qn_complain("--%s: its value is missing: %s", arg->option->name, argument);
    return QN_EINVAL;
}

static int check(const struct qn_command_line *line, const struct qn_arg *arg)
{
    if (strcmp(arg->word, "--help") == 0 || strcmp(arg->word, "-?") == 0)
        show_help(line, ARGP_HELP_STD_HELP & ~(unsigned)ARGP_HELP_EXIT_OK);
    if (strcmp(arg->word, "--help=csv") == 0)
        show_table(line);
    if (strcmp(arg->word, "--usage") == 0)
        show_help(line, ARGP_HELP_USAGE);
    if (!arg->name) /* "-", standard input, is not an option */
        return arg->word[0] == '-' && arg->word[1] ? complain_of_option(line, arg->word) : QN_OK;
    if (!arg->option)
        return complain_of_option(line, arg->word);
    /* a complaint about a missing choice names the possible words */
    if (line->allowed && !arg->value && arg->option->take == qn_take_choice)
        return QN_OK;
    return takes_value(arg->option) == (arg->value != NULL) ? QN_OK : complain_of_value(line, arg);
}

int qn_args_check(const struct qn_command_line *line, int argc, char **argv, int *end)
{
    struct qn_arg arg;
    int rc = QN_OK;

    *end = 1;
    while (rc == QN_OK && qn_args_next(line->options, argc, argv, end, &arg))
        rc = check(line, &arg);
    return rc;
}

static int take_word(const struct qn_command_line *line, const char *word, void *request)
{
    return line->take_word ? line->take_word(request, word) : complain_of_option(line, word);
}

int qn_args_take(const struct qn_command_line *line, const struct qn_arg *arg, void *request)
{
    char where[NAME_BYTES];
    struct qn_given given = {
        .option = arg->option, .where = where, .value = arg->value ? arg->value : ""};

    if (!arg->name)
        return take_word(line, arg->word, request);
    assert(arg->option); /* qn_args_check has refused unknown ones */
    snprintf(where, sizeof(where), "%s--%s", line->before ? line->before : "", arg->option->name);
    return arg->option->take(&given, (char *)request + arg->option->at);
}

int qn_args_parse(const struct qn_command_line *line, int argc, char **argv, void *request)
{
    struct qn_arg arg;
    int i = 1, end, rc = qn_args_check(line, argc, argv, &end);

    while (rc == QN_OK && qn_args_next(line->options, end, argv, &i, &arg))
        if (arg.name)
            rc = qn_args_take(line, &arg, request);
    i = 1;
    while (rc == QN_OK && qn_args_next(line->options, end, argv, &i, &arg))
        if (!arg.name)
            rc = take_word(line, arg.word, request);
    for (i = end + 1; rc == QN_OK && i < argc; i++)
        rc = take_word(line, argv[i], request);
    return rc;
}
