#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/args.h"
#include "bench/base/complain.h"
#include "bench/base/nearest.h"
#include "bench/base/paste.h"
#include "bench/base/units.h"
#include "bench/fit/parts.h"
#include "bench/workload/spec.h"

static const char command[] = "quench fit";

enum {
    OPT_COLUMN = 1000,
    OPT_UNIT,
    OPT_START,
    OPT_END,
    OPT_WEIGHT,
    OPT_COLUMNS,
    OPT_FAILED,
    OPT_FAILED_VALUE,
    OPT_WHERE,
    OPT_SKIP_BAD,
    OPT_GAPS,
    OPT_SEPARATOR,
    OPT_BYTES,
    OPT_BYTES_UNIT,
    OPT_AS,
    OPT_WORKERS,
    OPT_THREADS,
    OPT_SCALE,
    OPT_OUT,
    OPT_FORCE,
    OPT_NO_PLOTS
};

static const struct argp_option options[] = {
    {0, 0, 0, 0, "What to read:", 1},
    {"column", OPT_COLUMN, "NAME", 0, "durations (the only column of numbers)", 1},
    {"unit", OPT_UNIT, "ns|us|ms|s|m|h", 0,
     "of bare numbers (from a name such as t_us, \"elapsed (ms)\", t_seconds)", 1},
    {"start-column", OPT_START, "NAME", 0, "durations are end minus start", 1},
    {"end-column", OPT_END, "NAME", 0, "with --start-column", 1},
    {"gaps", OPT_GAPS, 0, 0, "durations are the differences of --column from row to row", 1},
    {"weight-column", OPT_WEIGHT, "NAME", 0, "a row stands for so many", 1},
    {"separator", OPT_SEPARATOR, "comma|tab|semicolon|bar|blank", 0, "(found out)", 1},
    {"columns", OPT_COLUMNS, "A,B,...", 0, "the file has no header line; these are its columns", 1},
    {"failed-column", OPT_FAILED, "NAME", 0, "which rows failed", 1},
    {"failed-value", OPT_FAILED_VALUE, "V[,V]", 0,
     "those with one of these, or with '!V': none of them (1 or true, against 0 or false)", 1},
    {"where", OPT_WHERE, "NAME=V[,V]", 0,
     "only rows with one of these, or with '!V': none of them; several must all hold", 1},
    {"skip-bad", OPT_SKIP_BAD, 0, 0,
     "leave out rows that lack something or have it wrong, and count them", 1},
    {"bytes-column", OPT_BYTES, "NAME", 0, "memory of each row; its mean becomes the workload's",
     1},
    {"bytes-unit", OPT_BYTES_UNIT, "B|KiB|MiB|GiB", 0,
     "of bare numbers (from a name such as rss_kib, \"memory (MiB)\")", 1},
    {0, 0, 0, 0, "What to write:", 2},
    {"as", OPT_AS, "KIND", 0,
     "const, uniform, exp, lognormal, pareto, bimodal, trace or auto: the likeliest that comes "
     "near, else the trace (auto)",
     2},
    {"workers", OPT_WORKERS, "N", 0, "(16)", 2},
    {"threads", OPT_THREADS, "N", 0, "(2)", 2},
    {"scale", OPT_SCALE, "X|auto", 0,
     "times every duration; auto brings the median to 1ms where the mean is above 2ms (auto)", 2},
    {"out", OPT_OUT, "FILE.ini", 0, "(the trace's name, in the current folder)", 2},
    {"force", OPT_FORCE, 0, 0, "write over a file that is there", 2},
    {"no-plots", OPT_NO_PLOTS, 0, 0, "draw nothing", 2},
    {0},
};

struct gathered {
    struct qn_fit_request *r;
    const char *out, *columns;
};

static int take_name(const char *option, const char *value, const char **name)
{
    if (value[0] == '\0')
        return qn_refuse(option, value, "the name of a column");
    *name = value;
    return QN_OK;
}

static int take_unit(const char *option, const char *value, bool is_size,
                     const struct qn_cell_unit **unit)
{
    *unit = is_size ? qn_cell_size_unit(value) : qn_cell_time_unit(value);
    return *unit ? QN_OK
                 : qn_refuse(option, value,
                             is_size ? "B, KiB, MiB or GiB (MB may mean either)"
                                     : "ns, us, ms, s, m, h or d");
}

static int take_separator(const char *value, char *separator)
{
    static const char *const names[] = {"comma", "tab", "semicolon", "bar", "blank", ",", ";", "|"};
    static const char signs[] = ",\t;| ,;|";
    size_t i;

    if (qn_take_word("--separator", value, names, QN_ARRAY_LEN(names),
                     "comma, tab, semicolon, bar or blank", &i) != QN_OK)
        return QN_EINVAL;
    *separator = signs[i];
    return QN_OK;
}

static int take_where(struct qn_fit_request *r, const char *value)
{
    const char **wheres;

    if (!strchr(value, '=') || value[0] == '=')
        return qn_refuse("--where", value,
                         "COLUMN=VALUE, such as state=COMPLETED,FAILED or 'state=!RUNNING'");
    wheres = realloc(r->wheres, (r->n_wheres + 1) * sizeof(*wheres));
    if (!wheres) {
        qn_complain("out of memory");
        return QN_EINVAL;
    }
    r->wheres = wheres;
    r->wheres[r->n_wheres++] = value;
    return QN_OK;
}

static int take_as(struct qn_fit_request *r, const char *value)
{
    const char *words[QN_SERVICE_TRACE + 2] = {"auto"};
    size_t i = 0;
    int rc;

    for (int type = 0; type <= QN_SERVICE_TRACE; type++)
        words[type + 1] = qn_service_name((enum qn_service_type)type);
    rc = qn_take_word("--as", value, words, QN_ARRAY_LEN(words),
                      "auto, const, uniform, exp, lognormal, pareto, bimodal or trace", &i);
    r->is_auto = i == 0;
    if (i > 0)
        r->as = (enum qn_service_type)(i - 1);
    return rc;
}

static int take_count(const char *option, const char *value, unsigned max, unsigned *out)
{
    const char *allowed;
    uint64_t n;

    if (qn_parse_count(value, 1, max, &n, &allowed) != QN_OK)
        return qn_refuse(option, value, allowed);
    *out = (unsigned)n;
    return QN_OK;
}

static int take_scale(const char *value, double *scale)
{
    const char *ignored;

    *scale = 0;
    if (strcmp(value, "auto") == 0)
        return QN_OK;
    if (qn_parse_number(value, scale, &ignored) != QN_OK || !(*scale > 0))
        return qn_refuse("--scale", value, "auto, or a finite number above 0");
    return QN_OK;
}

/* The options that say what of the file to read. QN_ENOENT: it is none. */
static int take_reading(struct gathered *g, int key, const char *value)
{
    struct qn_fit_request *r = g->r;

    switch (key) {
    case OPT_COLUMN:
        return take_name("--column", value, &r->column);
    case OPT_UNIT:
        return take_unit("--unit", value, false, &r->unit);
    case OPT_START:
        return take_name("--start-column", value, &r->start_column);
    case OPT_END:
        return take_name("--end-column", value, &r->end_column);
    case OPT_WEIGHT:
        return take_name("--weight-column", value, &r->weight_column);
    case OPT_COLUMNS:
        g->columns = value;
        return QN_OK;
    case OPT_FAILED:
        return take_name("--failed-column", value, &r->failed_column);
    case OPT_FAILED_VALUE:
        r->failed_values = value;
        return QN_OK;
    case OPT_BYTES:
        return take_name("--bytes-column", value, &r->bytes_column);
    case OPT_BYTES_UNIT:
        return take_unit("--bytes-unit", value, true, &r->bytes_unit);
    case OPT_WHERE:
        return take_where(r, value);
    case OPT_SKIP_BAD:
        r->skips_bad = true;
        return QN_OK;
    case OPT_GAPS:
        r->has_gaps = true;
        return QN_OK;
    case OPT_SEPARATOR:
        return take_separator(value, &r->separator);
    default:
        return QN_ENOENT;
    }
}

static int take_trace(struct qn_fit_request *r, const char *value)
{
    if (r->trace) {
        qn_complain("fit: '%s' is one file too many; it wants one trace", value);
        return QN_EINVAL;
    }
    r->trace = value;
    return QN_OK;
}

static int take_writing(struct gathered *g, int key, const char *value)
{
    struct qn_fit_request *r = g->r;

    switch (key) {
    case OPT_AS:
        return take_as(r, value);
    case OPT_WORKERS:
        return take_count("--workers", value, QN_MAX_WORKERS, &r->workers);
    case OPT_THREADS:
        return take_count("--threads", value, QN_MAX_THREADS, &r->threads);
    case OPT_SCALE:
        return take_scale(value, &r->scale);
    case OPT_OUT:
        g->out = value;
        return QN_OK;
    case OPT_FORCE:
        r->is_forced = true;
        return QN_OK;
    case OPT_NO_PLOTS:
        r->has_no_plots = true;
        return QN_OK;
    case ARGP_KEY_ARG:
        return take_trace(r, value);
    default:
        return QN_ENOENT;
    }
}

static error_t on_option(int key, char *value, struct argp_state *state)
{
    struct gathered *g = state->input;
    int rc = take_reading(g, key, value);

    if (rc == QN_ENOENT)
        rc = take_writing(g, key, value);
    return rc == QN_OK ? 0 : rc == QN_ENOENT ? ARGP_ERR_UNKNOWN : EINVAL;
}

static const struct argp fit_argp = {
    .options = options,
    .parser = on_option,
    .args_doc = "TRACE",
    .doc =
        "Makes a workload file of a trace: fits the distributions that workloads have to its "
        "durations, says how near each comes, and writes the best, or the trace itself where "
        "none is near. TRACE is a table (CSV, TSV, ...), a .ninja_log, a log of strace or perf, or "
        "JSON of hyperfine; gzip and pipes too, - is standard input. docs/your-data.md has the "
        "command for each kind of file.\v"
        "Exit codes: 0 done; 2 wrong usage or input, nothing is written; 3 a result can't be "
        "written.",
};

static int split(const char *option, const char *value, char ***items, size_t *n)
{
    const char *allowed;
    int rc = qn_list_split(value, ',', items, n, &allowed);

    return rc == QN_EINVAL ? qn_refuse(option, value, allowed) : rc;
}

static int contradiction(const char *a, const char *b)
{
    qn_complain("%s and %s contradict each other; one of the two is allowed", a, b);
    return QN_EINVAL;
}

static int wants(const char *a, const char *b)
{
    qn_complain("%s is given without %s; both or neither are allowed", a, b);
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
        qn_complain(
            "--gaps is given without --column, which says where the times are; both are wanted");
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

static int take_columns(struct qn_fit_request *r, const struct gathered *g)
{
    int rc = g->columns ? split("--columns", g->columns, &r->columns, &r->n_columns) : QN_OK;

    for (size_t i = 0; rc == QN_OK && i < r->n_columns; i++)
        for (size_t k = 0; rc == QN_OK && k < i; k++)
            if (strcmp(r->columns[i], r->columns[k]) == 0)
                rc = qn_refuse("--columns", r->columns[i], "each name once");
    return rc;
}

int qn_fit_request_parse(int argc, char **argv, struct qn_fit_request *r)
{
    struct gathered g = {.r = r};
    int rc;

    *r = (struct qn_fit_request){.is_auto = true, .workers = 16, .threads = 2};
    r->command = join_words(argc, argv);
    if (!r->command)
        return QN_ENOMEM;
    if (qn_words_check(&fit_argp, command, argc, argv, NULL) != QN_OK ||
        argp_parse(&fit_argp, argc, argv, ARGP_NO_ERRS, NULL, &g) != 0)
        return QN_EINVAL;
    if (!r->trace) {
        qn_complain("fit: wants a trace; see `%s --help`", command);
        return QN_EINVAL;
    }
    if ((rc = check_together(r)) != QN_OK || (rc = take_columns(r, &g)) != QN_OK)
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
