#include "bench/base/text_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/base/csv.h"
#include "bench/base/path.h"
#include "bench/base/units.h"

static int take_header(const struct qn_csv *csv, struct qn_text_table *s)
{
    s->header = calloc(csv->n_columns + 1, sizeof(char *));
    if (!s->header)
        return QN_ENOMEM;
    for (; s->n_columns < csv->n_columns; s->n_columns++) {
        s->header[s->n_columns] = strdup(csv->header[s->n_columns]);
        if (!s->header[s->n_columns])
            return QN_ENOMEM;
    }
    return QN_OK;
}

static int take_row(const struct qn_csv *csv, struct qn_text_table *s, size_t *cap)
{
    if (s->n_rows == *cap) {
        size_t more = *cap ? *cap * 2 : 64;
        char **grown = realloc(s->fields, more * s->n_columns * sizeof(char *));

        if (!grown)
            return QN_ENOMEM;
        memset(grown + *cap * s->n_columns, 0, (more - *cap) * s->n_columns * sizeof(char *));
        s->fields = grown;
        *cap = more;
    }
    s->n_rows++;
    for (size_t i = 0; i < s->n_columns; i++) {
        char **field = &s->fields[(s->n_rows - 1) * s->n_columns + i];

        *field = strdup(qn_csv_field(csv, (int)i));
        if (!*field)
            return QN_ENOMEM;
    }
    return QN_OK;
}

int qn_text_table_read(const char *dir, const char *name, struct qn_text_table *out)
{
    char path[QN_PATH_BYTES];
    struct qn_csv csv;
    size_t cap = 0;
    int rc;

    memset(out, 0, sizeof(*out));
    rc = qn_path(path, "%s/%s", dir, name) == QN_OK ? qn_csv_open(&csv, path) : QN_ENOENT;
    if (rc == QN_EINVAL)
        qn_complain("%s: %s", path, csv.error);
    if (rc != QN_OK)
        return rc;
    rc = take_header(&csv, out);
    while (rc == QN_OK && (rc = qn_csv_next(&csv)) == QN_OK)
        rc = take_row(&csv, out, &cap);
    if (rc == QN_EINVAL)
        qn_complain("%s:%lu: %s", path, csv.line, csv.error);
    qn_csv_close(&csv);
    if (rc == QN_ENOENT)
        return QN_OK;
    qn_text_table_fini(out);
    return rc;
}

void qn_text_table_fini(struct qn_text_table *s)
{
    for (size_t i = 0; i < s->n_rows * s->n_columns; i++)
        free(s->fields[i]);
    for (size_t i = 0; i < s->n_columns; i++)
        free(s->header[i]);
    free(s->fields);
    free(s->header);
    memset(s, 0, sizeof(*s));
}

const char *qn_text_table_text(const struct qn_text_table *s, size_t row, const char *column)
{
    for (size_t i = 0; i < s->n_columns; i++)
        if (strcmp(s->header[i], column) == 0)
            return s->fields[row * s->n_columns + i];
    return "";
}

double qn_text_table_number(const struct qn_text_table *s, size_t row, const char *column)
{
    const char *text = qn_text_table_text(s, row, column), *ignored;
    double value;

    return *text && qn_parse_number(text, &value, &ignored) == QN_OK ? value : NAN;
}
