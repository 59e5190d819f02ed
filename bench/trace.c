#include "bench/trace.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/csv.h"
#include "bench/units.h"
#include "runtime/err.h"

#define FIRST_ROWS 256

static int grow(struct qn_trace *t, size_t *cap, bool with_failed)
{
    size_t n = *cap ? *cap * 2 : FIRST_ROWS;
    double *rows = realloc(t->rows_ns, n * sizeof(*rows));

    if (!rows)
        return QN_ENOMEM;
    t->rows_ns = rows;
    if (with_failed) {
        uint8_t *failed = realloc(t->failed, n);

        if (!failed)
            return QN_ENOMEM;
        t->failed = failed;
    }
    *cap = n;
    return QN_OK;
}

static int parse_failed(const char *text, uint8_t *out)
{
    if (strcmp(text, "0") == 0 || strcmp(text, "false") == 0)
        *out = 0;
    else if (strcmp(text, "1") == 0 || strcmp(text, "true") == 0)
        *out = 1;
    else
        return QN_EINVAL;
    return QN_OK;
}

static int read_rows(struct qn_csv *csv, const char *path, int column, double unit_ns,
                     int failed_column, struct qn_trace *t, char *why)
{
    size_t cap = 0;
    const char *allowed;
    int rc;

    while ((rc = qn_csv_next(csv)) == QN_OK) {
        const char *text = qn_csv_field(csv, column);
        double value;

        if (t->n_rows == cap && grow(t, &cap, failed_column >= 0) != QN_OK)
            return QN_ENOMEM;
        if (qn_parse_number(text, &value, &allowed) != QN_OK || value < 0) {
            snprintf(why, QN_TRACE_WHY_BYTES, "%s:%lu: '%.40s' is no duration: a finite number >= 0",
                     path, csv->line, text);
            return QN_EINVAL;
        }
        t->rows_ns[t->n_rows] = value * unit_ns;
        if (failed_column >= 0 &&
            parse_failed(qn_csv_field(csv, failed_column), &t->failed[t->n_rows]) != QN_OK) {
            snprintf(why, QN_TRACE_WHY_BYTES, "%s:%lu: '%.40s' says neither failed nor not: 0 or 1",
                     path, csv->line, qn_csv_field(csv, failed_column));
            return QN_EINVAL;
        }
        t->n_rows++;
    }
    if (rc == QN_EINVAL)
        snprintf(why, QN_TRACE_WHY_BYTES, "%s:%lu: %s", path, csv->line, csv->error);
    else if (rc == QN_ENOENT && t->n_rows == 0)
        snprintf(why, QN_TRACE_WHY_BYTES, "%s: the trace has a header and no rows: at least 1", path);
    return rc == QN_ENOENT && t->n_rows > 0 ? QN_OK : rc == QN_ENOENT ? QN_EINVAL : rc;
}

static int find_column(const struct qn_csv *csv, const char *path, const char *name, int *out,
                       char *why)
{
    *out = qn_csv_column(csv, name);
    if (*out >= 0)
        return QN_OK;
    snprintf(why, QN_TRACE_WHY_BYTES, "%s:1: no column '%.40s'; the first of %zu is '%.40s'", path,
             name, csv->n_columns, csv->header[0]);
    return QN_EINVAL;
}

int qn_trace_load(const char *path, const char *column, double unit_ns, const char *failed_column,
                  struct qn_trace **out, char *why)
{
    struct qn_csv csv;
    struct qn_trace *t;
    int at, failed_at = -1;
    int rc = qn_csv_open(&csv, path);

    snprintf(why, QN_TRACE_WHY_BYTES, "%s: out of memory", path);
    if (rc != QN_OK) {
        if (rc != QN_ENOMEM)
            snprintf(why, QN_TRACE_WHY_BYTES, "%s: %s; a CSV file with a header is wanted", path,
                     rc == QN_ENOENT ? strerror(errno) : csv.error);
        return rc == QN_ENOENT ? QN_EINVAL : rc;
    }
    t = calloc(1, sizeof(*t));
    rc = QN_ENOMEM;
    if (!t)
        goto fail;
    if ((rc = find_column(&csv, path, column, &at, why)) != QN_OK ||
        (failed_column &&
         (rc = find_column(&csv, path, failed_column, &failed_at, why)) != QN_OK) ||
        (rc = read_rows(&csv, path, at, unit_ns, failed_at, t, why)) != QN_OK)
        goto fail;
    qn_csv_close(&csv);
    *out = t;
    return QN_OK;
fail:
    qn_csv_close(&csv);
    qn_trace_free(t);
    return rc;
}

void qn_trace_free(struct qn_trace *t)
{
    if (!t)
        return;
    free(t->failed);
    free(t->rows_ns);
    free(t);
}
