#include "bench/import/rows.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/text.h"
#include "bench/import/parts.h"
#include "runtime/err.h"

/* Tried in this order; the last takes what is left. */
static const struct qn_dialect *const dialects[] = {
    &qn_dialect_ninja,       &qn_dialect_json,  &qn_dialect_strace,   &qn_dialect_perf_trace,
    &qn_dialect_perf_script, &qn_dialect_ruled, &qn_dialect_separated};

static int give_names(struct qn_rows *r, const struct qn_rows_asked *asked)
{
    const char *const *own = r->dialect->names;
    size_t n = 0;

    while (own && own[n])
        n++;
    if (!own && asked)
        n = asked->n_names;
    if (n == 0)
        return QN_OK;
    return qn_rows_give_names(r, own ? own : (const char *const *)asked->names, n);
}

int qn_rows_column(const struct qn_rows *r, const char *name, int *column)
{
    int n = 0;

    for (size_t i = 0; i < r->n_columns; i++)
        if (strcmp(r->names[i], name) == 0 && n++ == 0)
            *column = (int)i;
    return n == 0 ? QN_ENOENT : n == 1 ? QN_OK : QN_ERANGE;
}

/* Opening. */

static int keep_line(char **to, const char *line)
{
    free(*to);
    *to = strdup(line);
    return *to ? QN_OK : QN_ENOMEM;
}

static int read_first(struct qn_rows *r, struct qn_rows_first *first)
{
    int rc = QN_OK;

    while (rc == QN_OK && first->n < QN_ROWS_LOOK_LINES &&
           (rc = qn_lines_next(&r->lines)) == QN_OK) {
        const char *line = r->lines.text;

        if (r->lines.number == 1)
            rc = keep_line(&first->top, line);
        if (rc == QN_OK && qn_rows_is_comment(&r->lines) && first->n == 0)
            rc = keep_line(&first->comment, line + strspn(line, " \t#"));
        else if (rc == QN_OK && !qn_rows_is_comment(&r->lines) && !qn_rows_is_empty(line))
            rc = keep_line(&first->lines[first->n++], line);
    }
    r->line = r->lines.number;
    if (rc == QN_EINVAL)
        r->error = r->lines.error;
    return rc == QN_ENOENT ? QN_OK : rc;
}

static int begin(struct qn_rows *r, const struct qn_rows_asked *asked,
                 const struct qn_rows_first *first)
{
    const struct qn_dialect *d;
    size_t i = 0, n_names = asked ? asked->n_names : 0;
    int rc;

    if (first->n == 0 && r->lines.is_cut)
        return qn_rows_fail(r, QN_EINVAL, "the compressed file ends before its first line");
    if (first->n == 0 && !first->top)
        return qn_rows_fail(r, QN_EINVAL, "the file is empty");
    while (!dialects[i]->is_it(first) ||
           (asked && (asked->separator || (n_names > 0 && dialects[i]->names)) &&
            dialects[i] != &qn_dialect_separated))
        i++;
    r->dialect = d = dialects[i];
    r->preferred = d->preferred;
    if (first->n == 0 && !d->names)
        return qn_rows_fail(r, QN_EINVAL, "the file has nothing but comments and blanks");
    r->separator = asked && asked->separator ? asked->separator : qn_rows_separator(first, n_names);
    rc = give_names(r, asked);
    qn_rows_look(r, true);
    return rc == QN_OK && d->begin ? d->begin(r, first) : rc;
}

/* Closes, and keeps the error. */
static void give_up(struct qn_rows *r)
{
    char why[sizeof(r->why)];
    unsigned long line = r->line;

    snprintf(why, sizeof(why), "%s", r->error ? r->error : "");
    qn_rows_close(r);
    r->line = line;
    snprintf(r->why, sizeof(r->why), "%s", why);
    r->error = r->why;
}

int qn_rows_open(struct qn_rows *r, const char *path, const struct qn_rows_asked *asked)
{
    struct qn_rows_first first = {0};
    int rc;

    memset(r, 0, sizeof(*r));
    rc = qn_lines_open(&r->lines, path);
    if (rc != QN_OK) {
        r->error = r->lines.error;
        return rc;
    }
    qn_rows_look(r, true);
    rc = read_first(r, &first);
    if (rc == QN_OK)
        rc = begin(r, asked, &first);
    for (size_t i = 0; i < first.n; i++)
        free(first.lines[i]);
    free(first.comment);
    free(first.top);
    if (rc == QN_OK)
        qn_rows_look(r, false);
    else
        give_up(r);
    return rc;
}

void qn_rows_close(struct qn_rows *r)
{
    if (r->dialect && r->dialect->end)
        r->dialect->end(r);
    qn_lines_close(&r->lines);
    for (size_t i = 0; i < r->n_columns; i++)
        free(r->names[i]);
    free(r->names);
    free(r->columns);
    free(r->fields);
    free(r->text);
    memset(r, 0, sizeof(*r));
}

/* Reading. */

static bool is_header(const struct qn_rows *r)
{
    for (size_t i = 0; i < r->n_columns; i++)
        if (strcmp(qn_rows_field(r, (int)i), r->names[i]) != 0)
            return false;
    return r->n_fields >= r->n_columns;
}

/* The last line has no line end and is incomplete. */
static bool is_cut(const struct qn_rows *r, int rc)
{
    return !r->lines.is_ended && !r->is_look && r->has_rows &&
           (r->lines.is_cut || (rc == QN_ERANGE && r->n_fields <= r->n_columns));
}

int qn_rows_next(struct qn_rows *r)
{
    int rc;

    do {
        r->error = NULL;
        rc = r->dialect->next(r);
    } while (rc == QN_OK && !r->dialect->names && is_header(r));
    if ((rc == QN_OK || rc == QN_ERANGE) && is_cut(r, rc)) {
        r->cut_line = r->line;
        return QN_ENOENT;
    }
    if (rc == QN_OK && !r->lines.is_ended && !r->is_look && !r->dialect->names)
        r->open_line = r->line;
    r->has_rows = r->has_rows || rc == QN_OK;
    return rc;
}

void qn_rows_look(struct qn_rows *r, bool is_look)
{
    qn_lines_look(&r->lines, is_look);
    r->is_look = is_look;
    r->n_other = r->n_comments = 0;
    r->has_rows = false;
}

void qn_rows_notes(const struct qn_rows *r, char *out, size_t len_bytes)
{
    out[0] = '\0';
    if (r->cut_line > 0)
        qn_text_add(out, len_bytes, "line %lu was cut short when it was written and is left out",
                    r->cut_line);
    if (r->open_line > 0)
        qn_text_add(out, len_bytes,
                    "%sline %lu has no line end; if it was cut short, so was its last cell",
                    *out ? "; " : "", r->open_line);
    if (r->lines.is_cut)
        qn_text_add(out, len_bytes, "%sthe compressed file is cut short", *out ? "; " : "");
    if (r->n_comments > 0)
        qn_text_add(out, len_bytes, "%s%lu comment%s among the rows", *out ? "; " : "",
                    r->n_comments, r->n_comments == 1 ? "" : "s");
    if (r->n_other > 0)
        qn_text_add(out, len_bytes, "%s%lu %s", *out ? "; " : "", r->n_other,
                    r->n_other == 1 ? "line is not a row" : "lines are not rows");
}

bool qn_rows_is_ninja(const struct qn_rows *r)
{
    return r->dialect == &qn_dialect_ninja;
}
