#include "bench/base/csv.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/base/units.h"
#include "runtime/err.h"

#define FIRST_TEXT_BYTES 4096
#define FIRST_FIELDS 64

static int put(struct qn_csv *csv, size_t *n, char c)
{
    if (*n == csv->text_cap) {
        size_t cap = csv->text_cap ? csv->text_cap * 2 : FIRST_TEXT_BYTES;
        char *text = realloc(csv->text, cap);

        if (!text)
            return QN_ENOMEM;
        csv->text = text;
        csv->text_cap = cap;
    }
    csv->text[(*n)++] = c;
    return QN_OK;
}

static int begin_field(struct qn_csv *csv, size_t at)
{
    if (csv->n_fields == csv->fields_cap) {
        size_t cap = csv->fields_cap ? csv->fields_cap * 2 : FIRST_FIELDS;
        size_t *fields = realloc(csv->fields, cap * sizeof(*fields));

        if (!fields)
            return QN_ENOMEM;
        csv->fields = fields;
        csv->fields_cap = cap;
    }
    csv->fields[csv->n_fields++] = at;
    return QN_OK;
}

/* What EOF stands for: the end, or an error of reading. */
static int end_of_file(struct qn_csv *csv)
{
    if (!ferror(csv->file))
        return QN_ENOENT;
    csv->error = "it can't be read to its end";
    return QN_EINVAL;
}

/* The text of a quoted field, whose opening quote has been read. Returns what follows in *next. */
static int read_quoted(struct qn_csv *csv, size_t *n, int *next)
{
    for (;;) {
        int c = getc_unlocked(csv->file);

        if (c == EOF && end_of_file(csv) == QN_ENOENT)
            csv->error = "a quoted field does not end";
        if (c == 0)
            csv->error = "a NUL byte";
        if (c == EOF || c == 0)
            return QN_EINVAL;
        if (c == '"') {
            c = getc_unlocked(csv->file);
            if (c != '"') {
                *next = c;
                return QN_OK;
            }
        }
        if (c == '\n')
            csv->next_line++;
        if (put(csv, n, (char)c) != QN_OK)
            return QN_ENOMEM;
    }
}

/* The text of a field without quotes that begins with *next. Returns what follows in *next. */
static int read_plain(struct qn_csv *csv, size_t *n, int *next)
{
    int c = *next;

    for (; c != ',' && c != '\n' && c != '\r' && c != EOF; c = getc_unlocked(csv->file)) {
        if (c == 0) {
            csv->error = "a NUL byte";
            return QN_EINVAL;
        }
        if (put(csv, n, (char)c) != QN_OK)
            return QN_ENOMEM;
    }
    *next = c;
    return QN_OK;
}

/* Reads one record of any number of fields. QN_ENOENT at the end of the file. */
static int read_record(struct qn_csv *csv)
{
    size_t n = 0;
    int c = getc_unlocked(csv->file), rc;

    csv->n_fields = 0;
    csv->line = csv->next_line;
    if (c == EOF)
        return end_of_file(csv);
    for (;;) {
        bool quoted = c == '"';

        if ((rc = begin_field(csv, n)) != QN_OK)
            return rc;
        rc = quoted ? read_quoted(csv, &n, &c) : read_plain(csv, &n, &c);
        if (rc != QN_OK)
            return rc;
        if ((rc = put(csv, &n, '\0')) != QN_OK)
            return rc;
        if (c == '\r' && (c = getc_unlocked(csv->file)) != '\n' && c != EOF) {
            csv->error = "a carriage return inside a row";
            return QN_EINVAL;
        }
        if (c == '\n' || c == EOF)
            break;
        if (c != ',') {
            csv->error = "text after a closing quote";
            return QN_EINVAL;
        }
        c = getc_unlocked(csv->file);
    }
    csv->next_line++;
    return c == EOF && end_of_file(csv) == QN_EINVAL ? QN_EINVAL : QN_OK;
}

static void skip_mark(FILE *file)
{
    static const int mark[] = {0xef, 0xbb, 0xbf};
    int c = getc(file);

    if (c != mark[0]) {
        ungetc(c, file);
        return;
    }
    if (getc(file) != mark[1] || getc(file) != mark[2])
        rewind(file);
}

static int add_to_header(struct qn_csv *csv, const char *name)
{
    char *copy = strdup(name);

    if (!copy)
        return QN_ENOMEM;
    csv->header[csv->n_columns++] = copy;
    return QN_OK;
}

static int read_header(struct qn_csv *csv)
{
    int rc = read_record(csv);

    if (rc == QN_ENOENT) {
        csv->error = "the file is empty";
        rc = QN_EINVAL;
    }
    if (rc == QN_OK && !(csv->header = calloc(csv->n_fields, sizeof(*csv->header))))
        rc = QN_ENOMEM;
    for (size_t i = 0; rc == QN_OK && i < csv->n_fields; i++)
        rc = add_to_header(csv, csv->text + csv->fields[i]);
    return rc;
}

int qn_csv_open(struct qn_csv *csv, const char *path)
{
    struct stat st;
    const char *error;
    int rc;

    memset(csv, 0, sizeof(*csv));
    csv->next_line = csv->line = 1;
    if (stat(path, &st) != 0)
        return QN_ENOENT;
    if (S_ISDIR(st.st_mode)) {
        csv->error = "it is a folder";
        return QN_EINVAL;
    }
    csv->file = fopen(path, "re");
    if (!csv->file)
        return QN_ENOENT;
    skip_mark(csv->file);
    rc = read_header(csv);
    if (rc != QN_OK) {
        error = csv->error;
        qn_csv_close(csv);
        csv->error = error;
    }
    return rc;
}

void qn_csv_close(struct qn_csv *csv)
{
    if (csv->file)
        fclose(csv->file);
    for (size_t i = 0; i < csv->n_columns; i++)
        free(csv->header[i]);
    free(csv->header);
    free(csv->fields);
    free(csv->text);
    memset(csv, 0, sizeof(*csv));
}

int qn_csv_column(const struct qn_csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->n_columns; i++)
        if (strcmp(csv->header[i], name) == 0)
            return (int)i;
    return -1;
}

int qn_csv_next(struct qn_csv *csv)
{
    int rc = read_record(csv);

    if (rc == QN_OK && csv->n_fields != csv->n_columns) {
        csv->error = "the row has more or fewer fields than the header";
        return QN_EINVAL;
    }
    return rc;
}

const char *qn_csv_field(const struct qn_csv *csv, int column)
{
    return csv->text + csv->fields[column];
}

int qn_csv_whole(const char *text, int64_t *out)
{
    char *end;
    long long value;

    errno = 0;
    value = strtoll(text, &end, 10);
    if (end == text || *end || errno != 0 || value == INT64_MIN)
        return QN_EINVAL;
    *out = value;
    return QN_OK;
}

void qn_csv_put_text(FILE *file, const char *field)
{
    if (!strpbrk(field, ",\"\r\n")) {
        fputs(field, file);
        return;
    }
    putc('"', file);
    for (; *field; field++) {
        if (*field == '"')
            putc('"', file);
        putc(*field, file);
    }
    putc('"', file);
}

void qn_csv_put_whole(FILE *file, int64_t value)
{
    if (value != QN_NONE)
        fprintf(file, "%lld", (long long)value);
}

void qn_csv_put_number(FILE *file, double value)
{
    char text[64];

    qn_format_number(value, text, sizeof(text));
    fputs(text, file);
}

void qn_csv_put_decimals_3(FILE *file, double value)
{
    if (!isnan(value))
        fprintf(file, "%.3f", value);
}

void qn_csv_put_decimals_4(FILE *file, double value)
{
    if (!isnan(value))
        fprintf(file, "%.4f", value);
}

void qn_csv_put_header(FILE *file, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fprintf(file, "%s%s", names[i], i + 1 < n ? "," : "\n");
}
