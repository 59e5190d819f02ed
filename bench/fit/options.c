#include <stdlib.h>
#include <string.h>

#include "bench/base/args.h"
#include "bench/base/complain.h"
#include "bench/base/paste.h"
#include "bench/base/units.h"
#include "bench/fit/parts.h"
#include "bench/workload/spec.h"

struct gathered {
    struct qn_fit_request request;
    const char *out, *columns;
};

static int take_name(const struct qn_given *given, void *name)
{
    if (given->value[0] == '\0')
        return qn_refuse(given->where, given->value, "the name of a column");
    return qn_take_text(given, name);
}

static int take_time_unit(const struct qn_given *given, void *out)
{
    const struct qn_cell_unit **unit = out;

    *unit = qn_cell_time_unit(given->value);
    return *unit ? QN_OK : qn_refuse(given->where, given->value, "ns, us, ms, s, m, h or d");
}

static int take_size_unit(const struct qn_given *given, void *out)
{
    const struct qn_cell_unit **unit = out;

    *unit = qn_cell_size_unit(given->value);
    return *unit ? QN_OK
                 : qn_refuse(given->where, given->value, "B, KiB, MiB or GiB (MB is ambiguous)");
}

static int take_separator(const struct qn_given *given, void *separator)
{
    static const char signs[] = ",\t;| ";
    const char *value = given->value;
    size_t i;
    int rc;

    if (value[0] && !value[1] && strchr(",;|", value[0])) {
        *(char *)separator = value[0];
        return QN_OK;
    }
    rc = qn_take_word(given->where, value, QN_WORDS("comma", "tab", "semicolon", "bar", "blank"),
                      &i);
    if (rc == QN_OK)
        *(char *)separator = signs[i];
    return rc;
}

static int take_where(const struct qn_given *given, void *request)
{
    struct qn_fit_request *r = request;
    const char **wheres, *value = given->value;

    if (!strchr(value, '=') || value[0] == '=')
        return qn_refuse("--where", value,
                         "COLUMN=VALUE, such as state=COMPLETED,FAILED or 'state=!RUNNING'");
    wheres = realloc(r->wheres, (r->n_wheres + 1) * sizeof(*wheres));
    if (!wheres)
        return QN_ENOMEM;
    r->wheres = wheres;
    r->wheres[r->n_wheres++] = value;
    return QN_OK;
}

static int take_as(const struct qn_given *given, void *request)
{
    struct qn_fit_request *r = request;
    const char *names[QN_SERVICE_TRACE + 2] = {"auto"};
    const struct qn_words words = {names, QN_ARRAY_LEN(names)};
    size_t i = 0;
    int rc;

    for (int type = 0; type <= QN_SERVICE_TRACE; type++)
        names[type + 1] = qn_service_name((enum qn_service_type)type);
    rc = qn_take_word(given->where, given->value, &words, &i);
    r->is_auto = i == 0;
    if (i > 0)
        r->as = (enum qn_service_type)(i - 1);
    return rc;
}

static int take_scale(const struct qn_given *given, void *out)
{
    const char *ignored;
    double *scale = out;

    *scale = 0;
    if (strcmp(given->value, "auto") == 0)
        return QN_OK;
    if (qn_parse_number(given->value, scale, &ignored) != QN_OK || !(*scale > 0))
        return qn_refuse(given->where, given->value, "auto, or a finite number above 0");
    return QN_OK;
}

static int take_trace(void *gathered, const char *word)
{
    struct gathered *g = gathered;

    if (g->request.trace) {
        qn_complain("fit: unexpected argument '%s': only one trace is allowed", word);
        return QN_EINVAL;
    }
    g->request.trace = word;
    return QN_OK;
}

#define AT(field) offsetof(struct gathered, request.field)

static const struct qn_option options[] = {
    {.help = "Input:"},
    {"column", "NAME", "column of durations (the only column of numbers)", take_name, AT(column),
     NULL},
    {"unit", "ns|us|ms|s|m|h",
     "unit of bare numbers (from the column's name, such as t_us, \"elapsed (ms)\", t_seconds)",
     take_time_unit, AT(unit), NULL},
    {"start-column", "NAME", "durations are --end-column minus this", take_name, AT(start_column),
     NULL},
    {"end-column", "NAME", "with --start-column", take_name, AT(end_column), NULL},
    {"gaps", NULL, "durations are the differences between successive rows of --column",
     qn_take_flag, AT(has_gaps), NULL},
    {"weight-column", "NAME", "number of rows that each row represents", take_name,
     AT(weight_column), NULL},
    {"separator", "comma|tab|semicolon|bar|blank", "separator of columns (detected)",
     take_separator, AT(separator), NULL},
    {"columns", "A,B,...", "names of the columns of a file without a header line", qn_take_text,
     offsetof(struct gathered, columns), NULL},
    {"failed-column", "NAME", "column that says which rows failed", take_name, AT(failed_column),
     NULL},
    {"failed-value", "V[,V]",
     "values of failed rows; '!V': all but these (1 or true; 0 or false are not failed)",
     qn_take_text, AT(failed_values), NULL},
    {"where", "NAME=V[,V]",
     "only rows with one of these values; '!V': with none of them; all conditions must hold",
     take_where, offsetof(struct gathered, request), NULL},
    {"skip-bad", NULL, "skip and count invalid rows", qn_take_flag, AT(skips_bad), NULL},
    {"bytes-column", "NAME", "column of memory sizes; their mean becomes the workload's memory",
     take_name, AT(bytes_column), NULL},
    {"bytes-unit", "B|KiB|MiB|GiB",
     "unit of bare numbers (from the column's name, such as rss_kib, \"memory (MiB)\")",
     take_size_unit, AT(bytes_unit), NULL},
    {.help = "Output:"},
    {"as", "KIND",
     "const, uniform, exp, lognormal, pareto, bimodal, trace or auto: the likeliest if it is "
     "close, else the trace (auto)",
     take_as, offsetof(struct gathered, request), NULL},
    {"workers", "N", "(16)", qn_take_unsigned, AT(workers), QN_COUNTS(1, QN_MAX_WORKERS)},
    {"threads", "N", "(2)", qn_take_unsigned, AT(threads), QN_COUNTS(1, QN_MAX_THREADS)},
    {"scale", "X|auto",
     "factor for every duration; auto brings the median to 1ms if the mean is above 2ms (auto)",
     take_scale, AT(scale), NULL},
    {"out", "FILE.ini", "workload file (named after the trace, in the current folder)",
     qn_take_text, offsetof(struct gathered, out), NULL},
    {"force", NULL, "overwrite existing files", qn_take_flag, AT(is_forced), NULL},
    {"no-plots", NULL, "draw no plot", qn_take_flag, AT(has_no_plots), NULL},
    {0},
};

static const struct qn_command_line command_line = {
    .name = "quench fit",
    .words = "TRACE",
    .doc = "Makes a workload file from a trace: fits distributions to its durations, prints how "
           "close each is, and writes the best, or the trace itself if none is close. TRACE is a "
           "table (CSV, TSV, ...), a .ninja_log, a log of strace or perf, or JSON of hyperfine; it "
           "may be compressed with gzip or a pipe; - is standard input. docs/your-data.md has the "
           "command for each kind of file.\v"
           "Exit codes: 0 done; 2 wrong usage or input, nothing was written; 3 a result can't be "
           "written.",
    .options = options,
    .take_word = take_trace,
};

static int split(const char *option, const char *value, char ***items, size_t *n)
{
    const char *allowed;
    int rc = qn_list_split(value, ',', items, n, &allowed);

    return rc == QN_EINVAL ? qn_refuse(option, value, allowed) : rc;
}

static int contradiction(const char *a, const char *b)
{
    qn_complain("%s and %s contradict each other; only one is allowed", a, b);
    return QN_EINVAL;
}

static int wants(const char *a, const char *b)
{
    qn_complain("%s needs %s", a, b);
    return QN_EINVAL;
}

static int check_together(const struct qn_fit_request *r)
{
    if (r->column && (r->start_column || r->end_column))
        return contradiction("--column", r->start_column ? "--start-column" : "--end-column");
    if (!r->start_column != !r->end_column)
        return r->start_column ? wants("--start-column", "--end-column")
                               : wants("--end-column", "--start-column");
    if (r->failed_values && !r->failed_column)
        return wants("--failed-value", "--failed-column");
    if (r->bytes_unit && !r->bytes_column)
        return wants("--bytes-unit", "--bytes-column");
    if (r->has_gaps && !r->column) {
        qn_complain("--gaps needs --column, the column of times");
        return QN_EINVAL;
    }
    return QN_OK;
}

static char *join_words(int argc, char **argv)
{
    char *words = qn_paste_words((const char *const *)argv, (size_t)argc), *line = NULL;

    if (words && asprintf(&line, "quench %s", words) < 0)
        line = NULL;
    free(words);
    return line;
}

static int take_columns(struct qn_fit_request *r, const char *columns)
{
    int rc = columns ? split("--columns", columns, &r->columns, &r->n_columns) : QN_OK;

    for (size_t i = 0; rc == QN_OK && i < r->n_columns; i++)
        for (size_t k = 0; rc == QN_OK && k < i; k++)
            if (strcmp(r->columns[i], r->columns[k]) == 0)
                rc = qn_refuse("--columns", r->columns[i], "each name once");
    return rc;
}

int qn_fit_request_parse(int argc, char **argv, struct qn_fit_request *r)
{
    struct gathered g = {.request = {.is_auto = true, .workers = 16, .threads = 2}};
    int rc;

    g.request.command = join_words(argc, argv);
    rc = g.request.command ? qn_args_parse(&command_line, argc, argv, &g) : QN_ENOMEM;
    *r = g.request;
    if (rc != QN_OK)
        return rc;
    if (!r->trace) {
        qn_complain("fit: a trace is missing; see `%s --help`", command_line.name);
        return QN_EINVAL;
    }
    if ((rc = check_together(r)) != QN_OK || (rc = take_columns(r, g.columns)) != QN_OK)
        return rc;
    return qn_fit_place(r, g.out);
}

void qn_fit_request_fini(struct qn_fit_request *r)
{
    qn_list_free(r->columns, r->n_columns);
    free(r->wheres);
    free(r->command);
    memset(r, 0, sizeof(*r));
}
