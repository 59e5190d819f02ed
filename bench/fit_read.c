#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bench/complain.h"
#include "bench/csv.h"
#include "bench/fit_parts.h"
#include "bench/units.h"

/* Rows that are looked at to tell columns of numbers. */
#define LOOK_ROWS 100

/* By which sums of equal weights may miss the number of rows; far more than they do. */
#define ROUNDING 1e-9

int qn_fit_unreadable(const char *path, const char *why)
{
    qn_complain("%s: %s; a CSV file with a header line, or a .ninja_log, is wanted", path, why);
    return QN_EINVAL;
}

/* Opening, and which column is what. */

struct reader {
    const struct qn_fit_request *r;
    struct qn_csv csv;
    int duration, start, end, weight, failed, bytes; /* -1: there is none */
    double unit_ns, unit_bytes;
    double bytes_weight;
};

static int open_trace(const struct qn_fit_request *r, struct qn_csv *csv)
{
    int rc = r->columns ? qn_csv_open_headless(csv, r->trace, r->columns, r->n_columns)
                        : qn_csv_open(csv, r->trace);

    if (rc == QN_OK || rc == QN_ENOMEM)
        return rc;
    return qn_fit_unreadable(r->trace, rc == QN_ENOENT ? strerror(errno) : csv->error);
}

/* The names of the columns for which picked is true, or of all (NULL). */
static void list_columns(const struct qn_csv *csv, const bool *picked, char *out)
{
    size_t at = 0;

    out[0] = '\0';
    for (size_t i = 0; i < csv->n_columns && at < QN_FIT_TEXT_BYTES; i++)
        if (!picked || picked[i])
            at += (size_t)snprintf(out + at, QN_FIT_TEXT_BYTES - at, "%s%s", at ? ", " : "",
                                   csv->header[i]);
}

static int find_column(struct reader *in, const char *option, const char *name, int *out)
{
    char names[QN_FIT_TEXT_BYTES];

    *out = -1;
    if (!name)
        return QN_OK;
    *out = qn_csv_column(&in->csv, name);
    if (*out >= 0)
        return QN_OK;
    list_columns(&in->csv, NULL, names);
    qn_complain("%s: '%s' is no column of '%s'; it has %s", option, name, in->r->trace, names);
    return QN_EINVAL;
}

/* Which columns hold numbers in the first rows and serve for nothing else. */
static int look_for_numbers(struct reader *in, bool *is_number)
{
    const int taken[] = {in->weight, in->failed, in->bytes};
    struct qn_csv look;
    const char *ignored;
    double value;
    int rc = open_trace(in->r, &look);

    if (rc != QN_OK)
        return rc;
    for (size_t c = 0; c < look.n_columns; c++)
        is_number[c] = true;
    for (size_t i = 0; i < QN_ARRAY_LEN(taken); i++)
        if (taken[i] >= 0)
            is_number[taken[i]] = false;
    for (int row = 0; row < LOOK_ROWS && (rc = qn_csv_next(&look)) == QN_OK; row++)
        for (size_t c = 0; c < look.n_columns; c++)
            is_number[c] = is_number[c] &&
                           qn_parse_number(qn_csv_field(&look, (int)c), &value, &ignored) == QN_OK;
    qn_csv_close(&look);
    return rc == QN_ENOMEM ? rc : QN_OK; /* a bad row comes again when all are read */
}

static int guess_column(struct reader *in)
{
    bool *is_number = calloc(in->csv.n_columns, sizeof(*is_number));
    char names[QN_FIT_TEXT_BYTES];
    int n = 0, rc = is_number ? look_for_numbers(in, is_number) : QN_ENOMEM;

    for (size_t c = 0; rc == QN_OK && c < in->csv.n_columns; c++)
        if (is_number[c]) {
            in->duration = (int)c;
            n++;
        }
    if (rc == QN_OK && n != 1) {
        list_columns(&in->csv, n == 0 ? NULL : is_number, names);
        qn_complain("%s: %s; --column NAME says which holds durations: %s", in->r->trace,
                    n == 0 ? "no column holds numbers" : "several columns hold numbers", names);
        rc = QN_EINVAL;
    }
    free(is_number);
    return rc;
}

struct suffix {
    const char *unit, *ending;
    double factor;
};

/* The unit that is given, or that the column's name ends in; NULL: neither. */
static const struct suffix *find_unit(const struct suffix *suffixes, const char *given,
                                      const char *column)
{
    size_t n = strlen(column);

    for (const struct suffix *s = suffixes; s->unit; s++) {
        size_t m = strlen(s->ending);

        if (given ? strcmp(given, s->unit) == 0
                  : n > m && strcasecmp(column + n - m, s->ending) == 0)
            return s;
    }
    return NULL;
}

static int find_time_unit(const struct reader *in, int column, const struct suffix **out)
{
    static const struct suffix units[] = {
        {"ns", "_ns", 1}, {"us", "_us", 1e3}, {"ms", "_ms", 1e6}, {"s", "_s", 1e9}, {0}};
    const char *name = in->csv.header[column];

    *out = find_unit(units, in->r->unit, name);
    if (*out)
        return QN_OK;
    qn_complain(
        "%s: the name of column '%s' doesn't end in its unit; --unit ns, us, ms or s says it",
        in->r->trace, name);
    return QN_EINVAL;
}

static int find_bytes_unit(struct reader *in)
{
    static const struct suffix sizes[] = {{"B", "_bytes", 1},
                                          {"KiB", "_kib", 0x1p10},
                                          {"MiB", "_mib", 0x1p20},
                                          {"GiB", "_gib", 0x1p30},
                                          {0}};
    const struct suffix *s;

    if (in->bytes < 0)
        return QN_OK;
    s = find_unit(sizes, in->r->bytes_unit, in->r->bytes_column);
    if (!s) {
        qn_complain("%s: the name of column '%s' doesn't end in its unit; --bytes-unit B, KiB, MiB "
                    "or GiB says it",
                    in->r->trace, in->r->bytes_column);
        return QN_EINVAL;
    }
    in->unit_bytes = s->factor;
    return QN_OK;
}

static int find_units(struct reader *in, struct qn_fit_source *source)
{
    const struct suffix *unit, *start;
    int rc = find_time_unit(in, in->duration >= 0 ? in->duration : in->end, &unit);

    if (rc == QN_OK && in->start >= 0)
        rc = find_time_unit(in, in->start, &start);
    if (rc != QN_OK)
        return rc;
    if (in->start >= 0 && start != unit) {
        qn_complain("%s: columns '%s' and '%s' end in different units; columns of one unit are "
                    "wanted, and --unit ns, us, ms or s where their names mislead",
                    in->r->trace, in->csv.header[in->start], in->csv.header[in->end]);
        return QN_EINVAL;
    }
    in->unit_ns = unit->factor;
    source->unit = unit->unit;
    return find_bytes_unit(in);
}

static int find_columns(struct reader *in, struct qn_fit_source *source)
{
    const struct qn_fit_request *r = in->r;
    int rc;

    if ((rc = find_column(in, "--column", r->column, &in->duration)) != QN_OK ||
        (rc = find_column(in, "--start-column", r->start_column, &in->start)) != QN_OK ||
        (rc = find_column(in, "--end-column", r->end_column, &in->end)) != QN_OK ||
        (rc = find_column(in, "--weight-column", r->weight_column, &in->weight)) != QN_OK ||
        (rc = find_column(in, "--failed-column", r->failed_column, &in->failed)) != QN_OK ||
        (rc = find_column(in, "--bytes-column", r->bytes_column, &in->bytes)) != QN_OK ||
        (in->duration < 0 && in->start < 0 && (rc = guess_column(in)) != QN_OK) ||
        (rc = find_units(in, source)) != QN_OK)
        return rc;
    if (in->start >= 0)
        snprintf(source->column, sizeof(source->column), "%.100s - %.100s", r->end_column,
                 r->start_column);
    else
        snprintf(source->column, sizeof(source->column), "%s", in->csv.header[in->duration]);
    source->has_failures = in->failed >= 0;
    source->is_referable = in->start < 0 && in->weight < 0 && !r->columns && !r->failed_values;
    return QN_OK;
}

/* Rows. */

static int bad_field(const struct reader *in, int column, const char *allowed)
{
    qn_complain("%s:%lu: %s '%.60s' is not allowed: %s", in->r->trace, in->csv.line,
                in->csv.header[column], qn_csv_field(&in->csv, column), allowed);
    return QN_EINVAL;
}

static int number(const struct reader *in, int column, const char *allowed, double *out)
{
    const char *ignored;

    if (qn_parse_number(qn_csv_field(&in->csv, column), out, &ignored) != QN_OK)
        return bad_field(in, column, allowed);
    return QN_OK;
}

/* The text as a whole number that fits. */
static bool is_whole(const char *text, int64_t *out)
{
    char *end;

    if (!isdigit((unsigned char)text[text[0] == '-']))
        return false;
    errno = 0;
    *out = strtoll(text, &end, 10);
    return *end == '\0' && errno == 0;
}

/* End minus start. Whole numbers are subtracted as such: times since 1970 in ns have more digits
 * than a double, in which their difference would come out in steps of 256 ns. */
static int subtract(const struct reader *in, double *difference)
{
    int64_t start, end, whole;
    double from, to;

    if (is_whole(qn_csv_field(&in->csv, in->start), &start) &&
        is_whole(qn_csv_field(&in->csv, in->end), &end) &&
        !__builtin_sub_overflow(end, start, &whole)) {
        *difference = (double)whole;
        return QN_OK;
    }
    if (number(in, in->start, "a finite number", &from) != QN_OK ||
        number(in, in->end, "a finite number", &to) != QN_OK)
        return QN_EINVAL;
    *difference = to - from;
    return QN_OK;
}

static int take_duration(const struct reader *in, double *ns)
{
    static const char allowed[] = "a duration, a finite number from 0 to 31 years";
    bool is_plain = in->start < 0;

    if ((is_plain ? number(in, in->duration, allowed, ns) : subtract(in, ns)) != QN_OK)
        return QN_EINVAL;
    *ns *= in->unit_ns;
    if (*ns >= 0 && *ns <= QN_SAMPLE_MAX_NS)
        return QN_OK;
    return is_plain ? bad_field(in, in->duration, allowed)
                    : bad_field(in, in->end, "an end from its start to 31 years after it");
}

static int take_weight(const struct reader *in, double *weight)
{
    static const char allowed[] = "a weight, a whole number from 0 to 2^53";

    *weight = 1;
    if (in->weight < 0)
        return QN_OK;
    if (number(in, in->weight, allowed, weight) != QN_OK)
        return QN_EINVAL;
    return *weight >= 0 && *weight <= 0x1p53 && *weight == rint(*weight)
               ? QN_OK
               : bad_field(in, in->weight, allowed);
}

static int take_failed(const struct reader *in, bool *failed)
{
    const char *text;

    *failed = false;
    if (in->failed < 0)
        return QN_OK;
    text = qn_csv_field(&in->csv, in->failed);
    for (size_t i = 0; i < in->r->n_failed_values && !*failed; i++)
        *failed = strcmp(text, in->r->failed_values[i]) == 0;
    if (in->r->failed_values)
        return QN_OK;
    *failed = strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
    return *failed || strcmp(text, "0") == 0 || strcmp(text, "false") == 0
               ? QN_OK
               : bad_field(in, in->failed, "1 or true, 0 or false; --failed-value says others");
}

static int take_bytes(struct reader *in, double weight, double *mean)
{
    static const char allowed[] = "a size, a finite number >= 0";
    double bytes;

    if (in->bytes < 0)
        return QN_OK;
    if (number(in, in->bytes, allowed, &bytes) != QN_OK)
        return QN_EINVAL;
    if (bytes < 0)
        return bad_field(in, in->bytes, allowed);
    in->bytes_weight += weight;
    if (weight > 0)
        *mean += (bytes * in->unit_bytes - *mean) * weight / in->bytes_weight;
    return QN_OK;
}

static int read_rows(struct reader *in, struct qn_fit_source *source, struct qn_sample *sample)
{
    struct qn_fit_progress progress;
    double ns, weight;
    bool failed;
    int rc;

    qn_fit_progress_begin(&progress, in->r->trace, in->csv.file);
    while ((rc = qn_csv_next(&in->csv)) == QN_OK) {
        if ((rc = take_duration(in, &ns)) != QN_OK || (rc = take_weight(in, &weight)) != QN_OK ||
            (rc = take_failed(in, &failed)) != QN_OK ||
            (rc = take_bytes(in, weight, &source->bytes_mean)) != QN_OK)
            break;
        qn_sample_add(sample, ns, weight, failed);
        qn_fit_progress_step(&progress);
    }
    qn_fit_progress_end(&progress);
    if (rc == QN_EINVAL && in->csv.error)
        qn_complain("%s:%lu: %s", in->r->trace, in->csv.line, in->csv.error);
    return rc == QN_ENOENT ? QN_OK : rc;
}

static int check_rows(const struct qn_fit_request *r, const struct qn_sample *s)
{
    double size = qn_sample_size_above(s);

    if (s->n_rows < QN_FIT_MIN_ROWS)
        qn_complain("%s: it has %" PRIu64 " rows%s; at least %u are needed", r->trace, s->n_rows,
                    r->weight_column ? " with a weight above 0" : "", QN_FIT_MIN_ROWS);
    else if (s->n_rows - s->n_zero_rows < QN_FIT_MIN_ROWS)
        qn_complain("%s: %" PRIu64 " of its %" PRIu64
                    " durations are above 0; at least %u are needed",
                    r->trace, s->n_rows - s->n_zero_rows, s->n_rows, QN_FIT_MIN_ROWS);
    else if (size < QN_FIT_MIN_ROWS * (1 - ROUNDING))
        qn_complain("%s: by their weights its %" PRIu64
                    " durations above 0 count as %.1f (Kish); at least %u are needed",
                    r->trace, s->n_rows - s->n_zero_rows, floor(size * 10) / 10, QN_FIT_MIN_ROWS);
    else
        return QN_OK;
    return QN_EINVAL;
}

int qn_fit_read(const struct qn_fit_request *r, struct qn_fit_source *source,
                struct qn_sample *sample)
{
    struct reader in = {.r = r};
    int rc;

    *source = (struct qn_fit_source){0};
    if (r->is_ninja_log) {
        rc = qn_fit_read_ninja(r, source, sample);
    } else {
        if ((rc = open_trace(r, &in.csv)) != QN_OK)
            return rc;
        rc = find_columns(&in, source);
        if (rc == QN_OK)
            rc = read_rows(&in, source, sample);
        qn_csv_close(&in.csv);
    }
    return rc == QN_OK ? check_rows(r, sample) : rc;
}
