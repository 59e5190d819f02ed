/* Which column of a table is what, and in what unit. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bench/base/complain.h"
#include "bench/base/text.h"
#include "bench/fit/rows.h"

/* Rows examined to detect columns of durations. */
#define LOOK_ROWS 100

/* Tolerance for rounding in sums of equal weights; far more than occurs. */
#define ROUNDING 1e-9

int qn_fit_unreadable(const struct qn_rows *rows, const char *path, int code)
{
    if (code == QN_ENOMEM)
        return code;
    qn_complain("%s: %s", path, code == QN_ENOENT ? strerror(errno) : rows->error);
    return QN_EINVAL;
}

/* Lists the names of the columns for which picked is true, or of all (NULL). */
static void list_columns(const struct qn_rows *rows, const bool *picked, char *out)
{
    out[0] = '\0';
    for (size_t i = 0; i < rows->n_columns; i++)
        if (!picked || picked[i])
            qn_text_add(out, QN_FIT_TEXT_BYTES, "%s%s", *out ? ", " : "", rows->names[i]);
}

static int find_column(struct qn_fit_reader *in, const char *option, const char *name, int *out)
{
    char names[QN_FIT_TEXT_BYTES];
    int rc;

    *out = -1;
    if (!name)
        return QN_OK;
    rc = qn_rows_column(&in->rows, name, out);
    if (rc == QN_OK)
        return QN_OK;
    list_columns(&in->rows, NULL, names);
    if (rc == QN_ERANGE)
        qn_complain("%s: '%s' is ambiguous: several columns of '%s' have that name", option, name,
                    in->r->trace);
    else
        qn_complain("%s: '%s' is not a column of '%s', which has %s", option, name, in->r->trace,
                    names);
    return QN_EINVAL;
}

static int find_wheres(struct qn_fit_reader *in)
{
    const struct qn_fit_request *r = in->r;
    int rc = QN_OK;

    in->wheres = calloc(r->n_wheres + 1, sizeof(*in->wheres));
    if (!in->wheres)
        return QN_ENOMEM;
    for (size_t i = 0; rc == QN_OK && i < r->n_wheres; i++) {
        struct qn_fit_where *w = &in->wheres[i];
        const char *equals = strchr(r->wheres[i], '='), *allowed;
        bool is_negated = equals > r->wheres[i] && equals[-1] == '!';
        char name[QN_FIT_TEXT_BYTES], values[QN_PATH_BYTES];

        w->text = r->wheres[i];
        snprintf(name, sizeof(name), "%.*s", (int)(equals - is_negated - r->wheres[i]),
                 r->wheres[i]);
        snprintf(values, sizeof(values), "%s%s", is_negated ? "!" : "", equals + 1);
        if ((rc = find_column(in, "--where", name, &w->column)) == QN_OK &&
            (rc = qn_outcomes_make(&w->values, values, &allowed)) == QN_EINVAL)
            qn_refuse("--where", w->text, allowed);
    }
    return rc;
}

static int find_failed_values(struct qn_fit_reader *in)
{
    const char *allowed;
    int rc = in->r->failed_values
                 ? qn_outcomes_make(&in->failed_values, in->r->failed_values, &allowed)
                 : QN_OK;

    return rc == QN_EINVAL ? qn_refuse("--failed-value", in->r->failed_values, allowed) : rc;
}

/* What the first rows show of the columns. */
struct look {
    bool *is_duration, *is_boolean; /* of all cells that aren't missing */
    size_t *n_cells, *n_durations;
    size_t n_rows;
    char hint[QN_FIT_TEXT_BYTES]; /* a cell that is almost a number; empty: none */
};

static void look_at_cell(struct look *look, const char *name, size_t column, const char *cell)
{
    const char *hint = qn_cell_hint(cell);
    bool ignored;
    double ns;
    int rc;

    look->is_boolean[column] =
        look->is_boolean[column] && qn_outcomes_boolean(cell, &ignored) == QN_OK;
    if (qn_cell_is_missing(cell))
        return;
    look->n_cells[column]++;
    rc = qn_cell_duration(cell, NULL, &ns);
    look->n_durations[column] += rc == QN_OK || rc == QN_ENOENT;
    if (rc == QN_EINVAL && hint && !look->hint[0])
        snprintf(look->hint, sizeof(look->hint), " (%.40s '%.40s' must be written %s)", name, cell,
                 hint);
}

static int look_at_rows(struct qn_fit_reader *in, struct look *look)
{
    int rc = QN_OK;

    look->is_duration = calloc(in->rows.n_columns, sizeof(*look->is_duration));
    look->is_boolean = calloc(in->rows.n_columns, sizeof(*look->is_boolean));
    look->n_cells = calloc(in->rows.n_columns, sizeof(*look->n_cells));
    look->n_durations = calloc(in->rows.n_columns, sizeof(*look->n_durations));
    if (!look->is_duration || !look->is_boolean || !look->n_cells || !look->n_durations)
        return QN_ENOMEM;
    for (size_t c = 0; c < in->rows.n_columns; c++)
        look->is_boolean[c] = true;
    qn_rows_look(&in->rows, true);
    for (; look->n_rows < LOOK_ROWS && (rc = qn_rows_next(&in->rows)) == QN_OK; look->n_rows++)
        for (size_t c = 0; c < in->rows.n_columns; c++)
            look_at_cell(look, in->rows.names[c], c, qn_rows_field(&in->rows, (int)c));
    qn_rows_look(&in->rows, false);
    for (size_t c = 0; c < in->rows.n_columns; c++)
        look->is_duration[c] = look->n_cells[c] > 0 && look->n_durations[c] == look->n_cells[c];
    return rc == QN_ENOMEM ? rc : QN_OK; /* a bad row is reported when all rows are read */
}

/* Uses a column called failed, unless an option says otherwise. */
static void guess_failed(struct qn_fit_reader *in, const struct look *look)
{
    if (in->failed >= 0 || look->n_rows == 0)
        return;
    for (size_t c = 0; c < in->rows.n_columns && in->failed < 0; c++)
        if (strcasecmp(in->rows.names[c], "failed") == 0 && look->is_boolean[c])
            in->failed = (int)c;
}

/* Finds the only column of durations, or among several the only one whose name ends in a unit. */
static size_t pick(const struct qn_fit_reader *in, const bool *is_duration, bool has_unit,
                   int *column)
{
    size_t n = 0;

    for (size_t c = 0; c < in->rows.n_columns; c++)
        if (is_duration[c] && (!has_unit || qn_cell_time_unit_of(in->rows.names[c]))) {
            *column = (int)c;
            n++;
        }
    return n;
}

/* True for a value in the header line, that is, in a file without names. */
static bool is_no_name(const char *name)
{
    double ignored;
    int rc = qn_cell_duration(name, NULL, &ignored);

    return rc == QN_OK || rc == QN_ENOENT;
}

static int check_name(const struct qn_fit_reader *in)
{
    const char *name = in->rows.names[in->duration];

    if (!is_no_name(name))
        return QN_OK;
    qn_complain("%s: '%s' is in the header line, but isn't a name; for a file without names use "
                "--columns A,B,...; --column '%s' takes it as a name",
                in->r->trace, name, name);
    return QN_EINVAL;
}

/* True for columns that have another role already. */
static void leave_taken(const struct qn_fit_reader *in, struct look *look)
{
    const int taken[] = {in->weight, in->failed, in->bytes};

    for (size_t i = 0; i < QN_ARRAY_LEN(taken); i++)
        if (taken[i] >= 0)
            look->is_duration[taken[i]] = false;
    for (size_t i = 0; i < in->r->n_wheres; i++)
        look->is_duration[in->wheres[i].column] = false;
}

/* If no column holds only durations, takes the one that mostly does; its other cells are then
 * reported. */
static void take_mixed(const struct qn_fit_reader *in, struct look *look)
{
    for (size_t c = 0; c < in->rows.n_columns; c++)
        look->is_duration[c] = look->n_durations[c] * 2 > look->n_cells[c];
    leave_taken(in, look);
}

static int guess_duration(struct qn_fit_reader *in, struct look *look)
{
    char names[QN_FIT_TEXT_BYTES];
    size_t n;

    if (in->rows.preferred)
        return qn_rows_column(&in->rows, in->rows.preferred, &in->duration);
    leave_taken(in, look);
    if (look->n_rows == 0) {
        in->duration = 0; /* its rows, if there are any, show what is wrong */
        return QN_OK;
    }
    n = pick(in, look->is_duration, false, &in->duration);
    if (n == 0) {
        take_mixed(in, look);
        n = pick(in, look->is_duration, false, &in->duration);
    }
    if (n == 1 || pick(in, look->is_duration, true, &in->duration) == 1)
        return check_name(in);
    list_columns(&in->rows, n == 0 ? NULL : look->is_duration, names);
    qn_complain("%s: %s%s; use --column NAME, one of: %s", in->r->trace,
                n == 0 ? "no column holds numbers" : "several columns hold numbers", look->hint,
                names);
    return QN_EINVAL;
}

static int guess_columns(struct qn_fit_reader *in)
{
    struct look look = {0};
    int rc = look_at_rows(in, &look);

    if (rc == QN_OK && !in->r->failed_values)
        guess_failed(in, &look);
    if (rc == QN_OK && in->duration < 0 && in->start < 0)
        rc = guess_duration(in, &look);
    free(look.is_duration);
    free(look.is_boolean);
    free(look.n_cells);
    free(look.n_durations);
    return rc;
}

/* Start and end have one unit: that of both names, or --unit. */
static int find_units(struct qn_fit_reader *in, struct qn_fit_source *source)
{
    char **names = in->rows.names;

    in->unit = in->r->unit
                   ? in->r->unit
                   : qn_cell_time_unit_of(names[in->duration >= 0 ? in->duration : in->end]);
    in->start_unit = in->r->unit;
    in->bytes_unit = in->r->bytes_unit || in->bytes < 0 ? in->r->bytes_unit
                                                        : qn_cell_size_unit_of(names[in->bytes]);
    source->unit = in->unit ? in->unit->name : NULL;
    if (in->start < 0 || in->r->unit)
        return QN_OK;
    in->start_unit = qn_cell_time_unit_of(names[in->start]);
    if (in->start_unit && in->unit && in->start_unit->factor != in->unit->factor) {
        qn_complain(
            "%s: columns '%s' and '%s' have different units in their names; use columns of the "
            "same unit, or --unit ns, us, ms or s if the names mislead",
            in->r->trace, names[in->start], names[in->end]);
        return QN_EINVAL;
    }
    return QN_OK;
}

static int find_columns(struct qn_fit_reader *in, struct qn_fit_source *source)
{
    const struct qn_fit_request *r = in->r;
    int rc;

    if ((rc = find_column(in, "--column", r->column, &in->duration)) != QN_OK ||
        (rc = find_column(in, "--start-column", r->start_column, &in->start)) != QN_OK ||
        (rc = find_column(in, "--end-column", r->end_column, &in->end)) != QN_OK ||
        (rc = find_column(in, "--weight-column", r->weight_column, &in->weight)) != QN_OK ||
        (rc = find_column(in, "--failed-column", r->failed_column, &in->failed)) != QN_OK ||
        (rc = find_column(in, "--bytes-column", r->bytes_column, &in->bytes)) != QN_OK ||
        (rc = find_wheres(in)) != QN_OK || (rc = find_failed_values(in)) != QN_OK ||
        (rc = guess_columns(in)) != QN_OK || (rc = find_units(in, source)) != QN_OK)
        return rc;
    if (in->start >= 0)
        snprintf(source->column, sizeof(source->column), "%.100s - %.100s", r->end_column,
                 r->start_column);
    else
        snprintf(source->column, sizeof(source->column), "%s%.200s", r->has_gaps ? "gaps of " : "",
                 in->rows.names[in->duration]);
    source->has_failures = in->failed >= 0;
    if (in->failed >= 0)
        snprintf(source->failed_column, sizeof(source->failed_column), "%s",
                 in->rows.names[in->failed]);
    source->is_referable = in->start < 0 && in->weight < 0 && !r->columns && !r->failed_values &&
                           !r->has_gaps && !r->separator && r->n_wheres == 0 &&
                           in->rows.lines.size_bytes > 0;
    return QN_OK;
}

/* A .ninja_log has columns and units of its own. */
static int check_ninja(const struct qn_fit_request *r)
{
    const char *given = r->column          ? "--column"
                        : r->unit          ? "--unit"
                        : r->start_column  ? "--start-column"
                        : r->weight_column ? "--weight-column"
                        : r->failed_column ? "--failed-column"
                        : r->bytes_column  ? "--bytes-column"
                        : r->n_wheres > 0  ? "--where"
                                           : NULL;

    if (!given)
        return QN_OK;
    qn_complain("%s: '%s' is a ninja log, whose columns are fixed; not allowed with one", given,
                r->trace);
    return QN_EINVAL;
}

static int too_few(const struct qn_fit_request *r, const struct qn_fit_source *source,
                   const char *what, double n)
{
    char left[QN_FIT_TEXT_BYTES] = "";

    if (source->n_bad + source->n_elsewhere > 0)
        snprintf(left, sizeof(left), " (%" PRIu64 " bad ones and %" PRIu64 " by --where left out)",
                 source->n_bad, source->n_elsewhere);
    else if (source->notes[0])
        snprintf(left, sizeof(left), " (%.200s)", source->notes);
    qn_complain("%s: %s%.15g rows%s%s; at least %u are needed to fit a distribution%s", r->trace,
                "it has ", n, what, left, QN_FIT_MIN_ROWS,
                r->as == QN_SERVICE_TRACE || n == 0 ? "" : "; --as trace replays what there is");
    return QN_EINVAL;
}

static int check_rows(const struct qn_fit_request *r, const struct qn_fit_source *source,
                      const struct qn_sample *s)
{
    double size = qn_sample_size_above(s);
    bool is_replay = !r->is_auto && r->as == QN_SERVICE_TRACE;

    if (is_replay && s->n_rows > 0)
        return QN_OK;
    if (s->n_rows < QN_FIT_MIN_ROWS)
        return too_few(r, source, r->weight_column ? " with a weight above 0" : "",
                       (double)s->n_rows);
    if (s->n_rows - s->n_zero_rows < QN_FIT_MIN_ROWS)
        qn_complain(
            "%s: %" PRIu64 " of its %" PRIu64
            " durations are above 0; at least %u are needed to fit a distribution; --as trace "
            "replays what there is",
            r->trace, s->n_rows - s->n_zero_rows, s->n_rows, QN_FIT_MIN_ROWS);
    else if (size < QN_FIT_MIN_ROWS * (1 - ROUNDING))
        qn_complain("%s: by their weights its %" PRIu64
                    " durations above 0 count as %.1f (Kish); at least %u are needed to fit a "
                    "distribution; --as trace replays what there is",
                    r->trace, s->n_rows - s->n_zero_rows, floor(size * 10) / 10, QN_FIT_MIN_ROWS);
    else
        return QN_OK;
    return QN_EINVAL;
}

static void close_reader(struct qn_fit_reader *in)
{
    for (size_t i = 0; in->wheres && i < in->r->n_wheres; i++)
        qn_outcomes_fini(&in->wheres[i].values);
    free(in->wheres);
    qn_outcomes_fini(&in->failed_values);
    qn_rows_close(&in->rows);
}

int qn_fit_read(const struct qn_fit_request *r, struct qn_fit_source *source,
                struct qn_sample *sample)
{
    const struct qn_rows_asked asked = {
        .names = r->columns, .n_names = r->n_columns, .separator = r->separator};
    struct qn_fit_reader in = {.r = r, .source = source, .sample = sample};
    int rc = qn_rows_open(&in.rows, r->trace, &asked);

    *source = (struct qn_fit_source){0};
    if (rc != QN_OK)
        return qn_fit_unreadable(&in.rows, r->trace, rc);
    if (qn_rows_is_ninja(&in.rows)) {
        rc = check_ninja(r);
        if (rc == QN_OK)
            rc = qn_fit_read_ninja(r, &in.rows, source, sample);
    } else {
        rc = find_columns(&in, source);
        if (rc == QN_OK)
            rc = qn_fit_read_rows(&in);
    }
    qn_rows_notes(&in.rows, source->notes, sizeof(source->notes));
    close_reader(&in);
    return rc == QN_OK ? check_rows(r, source, sample) : rc;
}
