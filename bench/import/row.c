/* The current row: its line, fields, names, and errors. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/import/parts.h"
#include "runtime/err.h"

#define FIRST_TEXT_BYTES 4096
#define FIRST_FIELDS 64

int qn_rows_fail(struct qn_rows *r, int code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(r->why, sizeof(r->why), format, args);
    va_end(args);
    r->error = r->why;
    return code;
}

/* Fields. */

void qn_rows_clear(struct qn_rows *r)
{
    r->n_fields = r->n_text = 0;
}

static int make_room(struct qn_rows *r, size_t n)
{
    size_t cap = r->text_cap ? r->text_cap : FIRST_TEXT_BYTES;
    char *text;

    if (r->n_text + n <= r->text_cap)
        return QN_OK;
    while (r->n_text + n > cap)
        cap *= 2;
    text = realloc(r->text, cap);
    if (!text)
        return QN_ENOMEM;
    r->text = text;
    r->text_cap = cap;
    return QN_OK;
}

/* Begins a field at the end of the text. */
static int begin_field(struct qn_rows *r)
{
    if (r->n_fields == r->fields_cap) {
        size_t cap = r->fields_cap ? r->fields_cap * 2 : FIRST_FIELDS;
        size_t *fields = realloc(r->fields, cap * sizeof(*fields));

        if (!fields)
            return QN_ENOMEM;
        r->fields = fields;
        r->fields_cap = cap;
    }
    r->fields[r->n_fields++] = r->n_text;
    return QN_OK;
}

int qn_rows_extend(struct qn_rows *r, const char *text, size_t n)
{
    if (make_room(r, n + 1) != QN_OK)
        return QN_ENOMEM;
    memcpy(r->text + r->n_text, text, n);
    r->n_text += n;
    return QN_OK;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void trim(const char **text, size_t *n)
{
    while (*n > 0 && is_blank(**text)) {
        ++*text;
        --*n;
    }
    while (*n > 0 && is_blank((*text)[*n - 1]))
        --*n;
}

void qn_rows_finish(struct qn_rows *r, size_t begin)
{
    const char *text = r->text + begin;
    size_t n = r->n_text - begin;

    trim(&text, &n);
    memmove(r->text + begin, text, n);
    r->n_text = begin + n;
    r->text[r->n_text++] = '\0';
}

int qn_rows_add(struct qn_rows *r, const char *text, size_t n)
{
    size_t begin = r->n_text;

    trim(&text, &n);
    if (begin_field(r) != QN_OK || qn_rows_extend(r, text, n) != QN_OK)
        return QN_ENOMEM;
    qn_rows_finish(r, begin);
    return QN_OK;
}

const char *qn_rows_field(const struct qn_rows *r, int column)
{
    return (size_t)column < r->n_fields ? r->text + r->fields[column] : "";
}

/* Lines. */

bool qn_rows_is_empty(const char *line)
{
    return line[strspn(line, " \t,;|")] == '\0';
}

/* "sep=;" on the first line is for spreadsheets. */
bool qn_rows_is_comment(const struct qn_lines *lines)
{
    const char *line = lines->text;

    return line[strspn(line, " \t")] == '#' ||
           (lines->number == 1 && strncmp(line, "sep=", 4) == 0);
}

int qn_rows_next_line(struct qn_rows *r)
{
    int rc;

    while ((rc = qn_lines_next(&r->lines)) == QN_OK) {
        bool is_aside = qn_rows_is_comment(&r->lines);

        r->n_comments += is_aside && r->has_rows && !r->is_look;
        if (!is_aside && !qn_rows_is_empty(r->lines.text))
            break;
    }
    r->line = r->lines.number;
    if (rc == QN_EINVAL)
        r->error = r->lines.error;
    return rc;
}

/* Names. */

static int take_name(struct qn_rows *r, const char *name)
{
    char *copy = strdup(name);

    if (!copy)
        return QN_ENOMEM;
    r->names[r->n_columns++] = copy;
    return QN_OK;
}

static int begin_names(struct qn_rows *r, size_t n)
{
    r->names = calloc(n + 1, sizeof(*r->names));
    return r->names ? QN_OK : QN_ENOMEM;
}

int qn_rows_take_names(struct qn_rows *r)
{
    size_t n = r->n_fields;
    int rc;

    if (n > 1 && qn_rows_field(r, (int)n - 1)[0] == '\0') /* a separator ends each line */
        n--;
    rc = begin_names(r, n);
    for (size_t i = 0; rc == QN_OK && i < n; i++)
        rc = take_name(r, qn_rows_field(r, (int)i));
    return rc;
}

int qn_rows_give_names(struct qn_rows *r, const char *const *names, size_t n)
{
    int rc = begin_names(r, n);

    for (size_t i = 0; rc == QN_OK && i < n; i++)
        rc = take_name(r, names[i]);
    return rc;
}
