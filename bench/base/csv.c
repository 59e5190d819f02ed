#include "bench/base/csv.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/base/units.h"
#include "runtime/err.h"

/* Bytes read at once; a longer row enlarges the buffer. */
#define FIRST_TEXT_BYTES ((size_t)256 * 1024)
#define FIRST_FIELDS 64

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

/* Reads more of the file after the current row's beginning, which moves to the start of the text.
 * QN_ENOENT: end of the file. */
static int read_on(struct qn_csv *csv)
{
    size_t n;

    if (csv->row > 0) {
        csv->end -= csv->row;
        csv->at -= csv->row;
        memmove(csv->text, csv->text + csv->row, csv->end);
        csv->row = 0;
    }
    if (csv->end == csv->text_cap) {
        size_t cap = csv->text_cap ? csv->text_cap * 2 : FIRST_TEXT_BYTES;
        char *text = realloc(csv->text, cap + 1); /* for a NUL at its end */

        if (!text)
            return QN_ENOMEM;
        csv->text = text;
        csv->text_cap = cap;
    }
    n = fread(csv->text + csv->end, 1, csv->text_cap - csv->end, csv->file);
    csv->end += n;
    csv->text[csv->end] = '\0';
    if (n > 0)
        return QN_OK;
    if (!ferror(csv->file))
        return QN_ENOENT;
    csv->error = "it can't be read to its end";
    return QN_EINVAL;
}

/* Takes the next character; EOF at the end of the file. */
static int take(struct qn_csv *csv, int *c)
{
    int rc = csv->at < csv->end ? QN_OK : read_on(csv);

    *c = rc == QN_OK ? (unsigned char)csv->text[csv->at++] : EOF;
    return rc == QN_ENOENT ? QN_OK : rc;
}

/* Moves the text of a quoted field, after its opening quote, to offset *n of the row. Returns the
 * next character in *next. */
static int read_quoted(struct qn_csv *csv, size_t *n, int *next)
{
    for (;;) {
        int c, rc = take(csv, &c);

        if (rc != QN_OK)
            return rc;
        if (c == EOF || c == 0) {
            csv->error = c == 0 ? "a NUL byte" : "a quoted field does not end";
            return QN_EINVAL;
        }
        if (c == '"') {
            rc = take(csv, &c);
            if (rc != QN_OK || c != '"') {
                *next = c;
                return rc;
            }
        }
        if (c == '\n')
            csv->next_line++;
        csv->text[csv->row + (*n)++] = (char)c;
    }
}

/* The first comparison is enough for a digit. */
static inline bool ends_plain(char c)
{
    return (unsigned char)c <= ',' && (c == ',' || c == '\n' || c == '\r' || c == '\0');
}

/* Finds the end of a field without quotes, as offset *n of the row; its text stays in place.
 * Returns the next character in *next. */
static int read_plain(struct qn_csv *csv, size_t *n, int *next)
{
    int rc;

    do {
        while (csv->at < csv->end && !ends_plain(csv->text[csv->at]))
            csv->at++;
        *n = csv->at - csv->row;
        rc = take(csv, next);
    } while (rc == QN_OK && *next != EOF && !ends_plain((char)*next));
    if (rc == QN_OK && *next == 0) {
        csv->error = "a NUL byte";
        return QN_EINVAL;
    }
    return rc;
}

/* Reads one field and what follows it: ',' or '\n', or EOF. */
static int read_field(struct qn_csv *csv, int *next)
{
    size_t n = csv->at - csv->row;
    int c, rc = begin_field(csv, n);

    if (rc != QN_OK || (rc = take(csv, &c)) != QN_OK)
        return rc;
    if (c != '"')
        csv->at -= c != EOF;
    rc = c == '"' ? read_quoted(csv, &n, &c) : read_plain(csv, &n, &c);
    if (rc == QN_OK && c == '\r' && (rc = take(csv, &c)) == QN_OK && c != '\n' && c != EOF) {
        csv->error = "a carriage return inside a row";
        return QN_EINVAL;
    }
    if (rc != QN_OK)
        return rc;
    if (c != ',' && c != '\n' && c != EOF) {
        csv->error = "text after a closing quote";
        return QN_EINVAL;
    }
    csv->text[csv->row + n] = '\0'; /* replaces the character after it */
    *next = c;
    return QN_OK;
}

/* The fast path for almost any row: whole in the text, without quotes, ended by a line feed alone.
 * False: another kind of row, nothing was taken. */
static bool read_simple(struct qn_csv *csv)
{
    char *row = csv->text + csv->row, *at = row;
    size_t n = 0;

    for (;; at++) {
        if (n == csv->fields_cap || *at == '"')
            return false;
        csv->fields[n++] = (size_t)(at - row);
        while (!ends_plain(*at)) /* a NUL ends the text */
            at++;
        if (*at != ',')
            break;
    }
    if (*at != '\n')
        return false;
    *at = '\0';
    for (size_t i = 1; i < n; i++)
        row[csv->fields[i] - 1] = '\0';
    csv->n_fields = n;
    csv->at = (size_t)(at + 1 - csv->text);
    csv->next_line++;
    return true;
}

/* Reads one record of any number of fields. QN_ENOENT at the end of the file. */
static int read_record(struct qn_csv *csv)
{
    int c = ',', rc = QN_OK;

    csv->n_fields = 0;
    csv->line = csv->next_line;
    csv->row = csv->at;
    if (csv->at == csv->end && (rc = read_on(csv)) != QN_OK)
        return rc;
    if (read_simple(csv))
        return QN_OK;
    while (c == ',' && rc == QN_OK)
        rc = read_field(csv, &c);
    csv->next_line++;
    return rc;
}

static int skip_mark(struct qn_csv *csv)
{
    static const char mark[] = {'\xef', '\xbb', '\xbf'};
    int rc = read_on(csv);

    if (rc == QN_OK && csv->end >= sizeof(mark) && memcmp(csv->text, mark, sizeof(mark)) == 0)
        csv->at = sizeof(mark);
    return rc == QN_ENOENT ? QN_OK : rc;
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
        rc = add_to_header(csv, qn_csv_field(csv, (int)i));
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
    rc = skip_mark(csv);
    if (rc == QN_OK)
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

/* Numbers with more digits may not fit into an int64_t. */
#define SAFE_DIGITS 18

int qn_csv_whole(const char *text, int64_t *out)
{
    const char *digits = text + (*text == '-');
    int64_t sum = 0;
    char *end;
    long long value;
    int n = 0;

    for (; n < SAFE_DIGITS && digits[n] >= '0' && digits[n] <= '9'; n++)
        sum = 10 * sum + (digits[n] - '0');
    if (n > 0 && digits[n] == '\0') {
        *out = digits > text ? -sum : sum;
        return QN_OK;
    }
    if (n == 0) /* strtoll would accept blanks and a plus */
        return QN_EINVAL;
    errno = 0;
    value = strtoll(text, &end, 10);
    if (*end || errno != 0 || value == INT64_MIN)
        return QN_EINVAL;
    *out = value;
    return QN_OK;
}

void qn_csv_put_text(FILE *file, const char *field)
{
    if (!field)
        return;
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
