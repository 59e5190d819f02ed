/* Rows of a table: durations, weights, outcomes and sizes, or what is wrong with them. A function
 * that returns QN_ERANGE has written to `why` what is wrong with the row. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/fit/rows.h"

static const char duration_allowed[] = "a duration from 0 to 31 years, a number or such as "
                                       "119ms, 1m 23s, 01:02:03";
static const char time_allowed[] = "a time, a number or such as "
                                   "2024-01-31T12:00:00.5Z";

static int bad_field(struct qn_fit_reader *in, int column, const char *allowed)
{
    const char *text = qn_rows_field(&in->rows, column), *hint = qn_cell_hint(text);

    snprintf(in->why, QN_FIT_TEXT_BYTES, "%.60s '%.60s' is not allowed: %.110s",
             in->rows.names[column], text, hint ? hint : allowed);
    return QN_ERANGE;
}

/* Complains of numbers without a unit, which concerns all rows. */
static int no_unit(const struct qn_fit_reader *in, int column, const char *option,
                   const char *units)
{
    qn_complain("%s:%lu: the name of column '%s' doesn't end in a unit; use %s %s", in->r->trace,
                in->rows.line, in->rows.names[column], option, units);
    return QN_EINVAL;
}

static int no_time_unit(const struct qn_fit_reader *in, int column)
{
    return no_unit(in, column, "--unit", "ns, us, ms or s");
}

static int number(struct qn_fit_reader *in, int column, const char *allowed, double *out)
{
    return qn_cell_number(qn_rows_field(&in->rows, column), out) ? QN_OK
                                                                 : bad_field(in, column, allowed);
}

static int take_time(struct qn_fit_reader *in, int column, struct qn_cell_time *time)
{
    const struct qn_cell_unit *unit = column == in->start ? in->start_unit : in->unit;
    int rc = qn_cell_time(qn_rows_field(&in->rows, column), unit, time);

    return rc == QN_OK       ? rc
           : rc == QN_ENOENT ? no_time_unit(in, column)
                             : bad_field(in, column, time_allowed);
}

/* The time from start to end. */
static int subtract(struct qn_fit_reader *in, int column, const struct qn_cell_time *from,
                    const struct qn_cell_time *to, double *ns)
{
    int64_t difference;

    if (from->kind != to->kind)
        return bad_field(in, column,
                         "a time like the one subtracted from it: both numbers, both dates, both "
                         "with a zone or both without");
    if (__builtin_sub_overflow(to->ns, from->ns, &difference))
        difference = INT64_MAX;
    *ns = (double)difference;
    return *ns >= 0 && *ns <= QN_SAMPLE_MAX_NS
               ? QN_OK
               : bad_field(in, column,
                           "an end no earlier than its start and at most 31 years later");
}

/* The time since the previous row. Times of day wrap at midnight. */
static int take_gap(struct qn_fit_reader *in, double *ns)
{
    struct qn_cell_time now, last = in->last;
    bool has_last = in->has_last;
    int rc = take_time(in, in->duration, &now);

    if (rc != QN_OK)
        return rc;
    in->last = now;
    in->has_last = true;
    if (!has_last)
        return QN_EAGAIN;
    if (now.kind == QN_TIME_CLOCK && now.ns < last.ns)
        now.ns += (int64_t)(86400 * QN_NS_PER_S);
    return subtract(in, in->duration, &last, &now, ns);
}

/* QN_EAGAIN: the first row, which has no gap. */
static int take_duration(struct qn_fit_reader *in, double *ns)
{
    struct qn_cell_time start, end;
    int rc;

    if (in->r->has_gaps)
        return take_gap(in, ns);
    if (in->start >= 0) {
        if ((rc = take_time(in, in->start, &start)) != QN_OK ||
            (rc = take_time(in, in->end, &end)) != QN_OK)
            return rc;
        return subtract(in, in->end, &start, &end, ns);
    }
    rc = qn_cell_duration(qn_rows_field(&in->rows, in->duration), in->unit, ns);
    if (rc == QN_ENOENT)
        return no_time_unit(in, in->duration);
    return rc == QN_OK && *ns >= 0 && *ns <= QN_SAMPLE_MAX_NS
               ? QN_OK
               : bad_field(in, in->duration, duration_allowed);
}

static int take_weight(struct qn_fit_reader *in, double *weight)
{
    static const char allowed[] = "a weight, a whole number from 0 to 2^53";

    *weight = 1;
    if (in->weight < 0)
        return QN_OK;
    if (number(in, in->weight, allowed, weight) != QN_OK)
        return QN_ERANGE;
    return *weight >= 0 && *weight <= 0x1p53 && *weight == rint(*weight)
               ? QN_OK
               : bad_field(in, in->weight, allowed);
}

static int take_failed(struct qn_fit_reader *in, bool *failed)
{
    struct qn_outcomes *values = &in->failed_values;
    const char *cell;
    int rc;

    *failed = false;
    if (in->failed < 0)
        return QN_OK;
    cell = qn_rows_field(&in->rows, in->failed);
    if (!in->r->failed_values)
        return qn_outcomes_boolean(cell, failed) == QN_OK
                   ? QN_OK
                   : bad_field(in, in->failed,
                               "1 or true, 0 or false; for other values use --failed-value "
                               "('!0': all but 0)");
    rc = qn_outcomes_match(values, cell, in->rows.is_shortened, failed);
    if (rc != QN_OK || *failed != values->is_negated) /* it matches one of the values */
        return rc;
    if (qn_outcomes_is_unfinished(cell))
        return bad_field(in, in->failed, "the outcome of a finished row");
    return values->is_negated && qn_cell_is_missing(cell)
               ? bad_field(in, in->failed, "an outcome, since all values but some have failed")
               : QN_OK;
}

static int take_bytes(struct qn_fit_reader *in, double *bytes)
{
    static const char allowed[] = "a size >= 0, a number or such as 512K, 2MiB";
    int rc;

    if (in->bytes < 0)
        return QN_OK;
    rc = qn_cell_size(qn_rows_field(&in->rows, in->bytes), in->bytes_unit, bytes);
    if (rc == QN_ENOENT)
        return no_unit(in, in->bytes, "--bytes-unit", "B, KiB, MiB or GiB");
    return rc == QN_OK && *bytes >= 0 && isfinite(*bytes) ? QN_OK
                                                          : bad_field(in, in->bytes, allowed);
}

/* QN_ENOENT: a --where excludes the row. */
static int is_where(struct qn_fit_reader *in)
{
    bool is_match, all = true;
    int rc = QN_OK;

    for (size_t i = 0; rc == QN_OK && i < in->r->n_wheres; i++) {
        rc =
            qn_outcomes_match(&in->wheres[i].values, qn_rows_field(&in->rows, in->wheres[i].column),
                              in->rows.is_shortened, &is_match);
        all = all && is_match;
    }
    return rc != QN_OK ? rc : all ? QN_OK : QN_ENOENT;
}

static int take_row(void *user, char *why)
{
    struct qn_fit_reader *in = user;
    struct qn_fit_source *source = in->source;
    double ns = 0, weight = 0, bytes = 0;
    bool failed = false;
    int rc;

    in->why = why;
    if ((rc = is_where(in)) == QN_ENOENT) {
        source->n_elsewhere++;
        return QN_OK;
    }
    if (rc != QN_OK || (rc = take_failed(in, &failed)) != QN_OK ||
        (rc = take_duration(in, &ns)) != QN_OK || (rc = take_weight(in, &weight)) != QN_OK ||
        (rc = take_bytes(in, &bytes)) != QN_OK)
        return rc == QN_EAGAIN ? QN_OK : rc;
    if (in->bytes >= 0 && weight > 0) {
        in->bytes_weight += weight;
        source->bytes_mean += (bytes - source->bytes_mean) * weight / in->bytes_weight;
    }
    qn_sample_add(in->sample, ns, weight, failed);
    return QN_OK;
}

/* A value that no row has is a mistake; one of several may be one, so it is a warning. */
static int check_met(const char *option, const char *text, const struct qn_outcomes *values,
                     const char *column)
{
    char seen[QN_OUTCOMES_BYTES];

    if (!qn_outcomes_unmet(values) || values->n_seen == 0)
        return QN_OK;
    qn_outcomes_say_seen(values, seen);
    if (qn_outcomes_none_met(values)) {
        qn_complain("%s: no row has '%s' in column '%s'; its values are: %s", option, text, column,
                    seen);
        return QN_EINVAL;
    }
    qn_complain("warning: %s: no row has '%s' in column '%s'; its values are: %s", option,
                qn_outcomes_unmet(values), column, seen);
    return QN_OK;
}

static int check_failures(const struct qn_fit_reader *in, const struct qn_sample *s)
{
    const char *name = in->source->failed_column;

    if (in->failed < 0 || s->n_rows == 0)
        return QN_OK;
    if (!in->r->failed_values && qn_outcomes_means_success(name)) {
        qn_complain("--failed-column: a column called '%s', true in %" PRIu64 " of %" PRIu64
                    " rows, says which rows succeeded: use --failed-value false for the others "
                    "as failed, or --failed-value true for these",
                    name, s->n_failed_rows, s->n_rows);
        return QN_EINVAL;
    }
    if (s->n_failed_rows * 2 > s->n_rows)
        qn_complain("warning: by --failed-column %s, %" PRIu64 " of %" PRIu64
                    " rows failed; if the column says which rows succeeded, use --failed-value",
                    name, s->n_failed_rows, s->n_rows);
    return QN_OK;
}

static int check_values(const struct qn_fit_reader *in, const struct qn_sample *sample)
{
    int rc = QN_OK;

    for (size_t i = 0; rc == QN_OK && i < in->r->n_wheres; i++)
        rc = check_met("--where", in->wheres[i].text, &in->wheres[i].values,
                       in->rows.names[in->wheres[i].column]);
    if (rc == QN_OK && in->r->failed_values)
        rc = check_met("--failed-value", in->r->failed_values, &in->failed_values,
                       in->r->failed_column);
    return rc == QN_OK ? check_failures(in, sample) : rc;
}

static int leave_out(const struct qn_fit_request *r, const struct qn_rows *rows, const char *why,
                     struct qn_fit_source *source)
{
    if (!r->skips_bad) {
        qn_complain("%s:%lu: %s; --skip-bad skips such rows", r->trace, rows->line, why);
        return QN_EINVAL;
    }
    if (source->n_bad++ == 0) {
        const char *allowed = strstr(why, " is not allowed");

        snprintf(source->first_bad, sizeof(source->first_bad), "at line %lu: %.*s", rows->line,
                 allowed ? (int)(allowed - why) : 200, why);
    }
    source->is_referable = false;
    return QN_OK;
}

int qn_fit_each_row(const struct qn_fit_request *r, struct qn_rows *rows,
                    struct qn_fit_source *source, qn_fit_take *take, void *user)
{
    struct qn_fit_progress progress;
    char why[QN_FIT_TEXT_BYTES];
    int rc;

    qn_fit_progress_begin(&progress, r->trace, &rows->lines);
    while ((rc = qn_rows_next(rows)) == QN_OK || rc == QN_ERANGE) {
        if (rc == QN_ERANGE) {
            snprintf(why, sizeof(why), "%s", rows->error);
            rows->error = NULL;
        } else {
            rc = take(user, why);
        }
        if (rc == QN_ERANGE)
            rc = leave_out(r, rows, why, source);
        if (rc != QN_OK)
            break;
        qn_fit_progress_step(&progress);
    }
    qn_fit_progress_end(&progress);
    if (rc == QN_EINVAL && rows->error)
        qn_complain("%s:%lu: %s", r->trace, rows->line, rows->error);
    return rc == QN_ENOENT ? QN_OK : rc;
}

int qn_fit_read_rows(struct qn_fit_reader *in)
{
    int rc = qn_fit_each_row(in->r, &in->rows, in->source, take_row, in);

    return rc == QN_OK ? check_values(in, in->sample) : rc;
}
