/* Tables: rows with a separator between fields, or with columns under a line of dashes. */
#include <stdlib.h>
#include <string.h>

#include "bench/import/cells.h"
#include "bench/import/parts.h"
#include "runtime/err.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Past the end of the field at `at`. */
static const char *field_end(const char *at, char separator)
{
    return separator == ' ' ? at + strcspn(at, " \t") : at + strcspn(at, (char[]){separator, '\0'});
}

/* Past blanks that separate nothing. */
static const char *skip_blanks(const char *at, char separator)
{
    while (is_blank(*at) && (*at != separator || separator == ' '))
        at++;
    return at;
}

/* Past the closing quote of the field whose text begins at `at`, if a separator or the end follows;
 * else NULL. */
static const char *closing_quote(const char *at, char separator)
{
    while ((at = strchr(at, '"')) != NULL && at[1] == '"')
        at += 2;
    if (!at)
        return NULL;
    at++;
    if (separator == ' ')
        return is_blank(*at) || *at == '\0' ? at : NULL;
    at = skip_blanks(at, separator);
    return *at == separator || *at == '\0' ? at : NULL;
}

/* Separators with standard quoting. With others, an unclosed quote is text. */
static bool has_quotes(char separator)
{
    return separator == ',' || separator == ';';
}

/* Detecting the separator. */

static size_t count(const char *line, char separator)
{
    size_t n = 0;

    for (;;) {
        const char *at = skip_blanks(line, separator), *end = NULL;

        if (separator == ' ' && *at == '\0')
            return n;
        if (*at == '"')
            end = closing_quote(at + 1, separator);
        end = end ? end : field_end(at, separator);
        n++;
        if (*end == '\0')
            return n;
        line = end + 1;
    }
}

/* How many lines have the same number of fields as the first, if that is more than one. */
static size_t score(const struct qn_rows_first *first, char separator, size_t n_names)
{
    size_t n = count(first->lines[0], separator), n_alike = 0;

    if (n < 2 || (n_names > 0 && n != n_names && n != n_names + 1))
        return 0;
    for (size_t i = 0; i < first->n; i++) {
        size_t k = count(first->lines[i], separator);

        n_alike += k == n || k == n + 1 || k + 1 == n;
    }
    return n_alike;
}

/* Blanks separate if every line has some, except the last, which may be cut: a two-word name above
 * a column of numbers is one name. */
static bool are_blanks(const struct qn_rows_first *first, size_t n_names)
{
    size_t n = 0;

    for (size_t i = 0; i < first->n; i++)
        n += count(first->lines[i], ' ') > 1;
    return n + 1 >= first->n && (n > 1 || first->n == 1) && score(first, ' ', n_names) == first->n;
}

char qn_rows_separator(const struct qn_rows_first *first, size_t n_names)
{
    static const char candidates[] = "\t;|,";
    size_t best = 0, best_n = 0;
    char found = ',';

    if (first->n == 0)
        return found;
    for (const char *c = candidates; *c; c++) {
        size_t s = score(first, *c, n_names), n = count(first->lines[0], *c);

        if (s > best || (s == best && s > 0 && n > best_n)) {
            best = s;
            best_n = n;
            found = *c;
        }
    }
    return best * 2 < first->n && are_blanks(first, n_names) ? ' ' : found;
}

/* Cutting. */

/* The text of a quoted field that begins at *at, which may continue on further lines. */
static int add_quoted(struct qn_rows *r, const char **at, bool is_one_line)
{
    size_t begin = r->n_text;
    bool is_doubled = false;
    int rc = qn_rows_add(r, "", 0);

    r->n_text = begin; /* without its NUL, which goes after what is added */
    while (rc == QN_OK) {
        const char *end = *at + strcspn(*at, "\"");

        if ((rc = qn_rows_extend(r, *at, (size_t)(end - *at))) != QN_OK)
            return rc;
        is_doubled = end[0] == '"' && end[1] == '"';
        if (*end == '"' && !is_doubled) {
            *at = end + 1;
            qn_rows_finish(r, begin);
            return QN_OK;
        }
        if (is_doubled) {
            *at = end + 2;
            rc = qn_rows_extend(r, "\"", 1);
            continue;
        }
        if (is_one_line || qn_lines_next(&r->lines) != QN_OK)
            return qn_rows_fail(r, r->line == r->lines.number ? QN_ERANGE : QN_EINVAL,
                                "a quoted field does not end");
        *at = r->lines.text;
        rc = r->n_text > QN_LINES_MAX_BYTES
                 ? qn_rows_fail(r, QN_EINVAL, "a quoted field that does not end within 16 MiB")
                 : qn_rows_extend(r, "\n", 1);
    }
    return rc;
}

int qn_rows_cut(struct qn_rows *r, const char *text)
{
    bool is_one_line = text != NULL;
    const char *at = text ? text : r->lines.text;
    char separator = r->separator;
    int rc;

    qn_rows_clear(r);
    for (;;) {
        at = skip_blanks(at, separator);
        if (separator == ' ' && *at == '\0')
            return QN_OK;
        if (*at == '"' && (has_quotes(separator) || closing_quote(at + 1, separator))) {
            at++;
            if ((rc = add_quoted(r, &at, is_one_line)) != QN_OK)
                return rc;
            at = separator == ' ' ? at : skip_blanks(at, separator);
            if (*at != '\0' && *at != separator && !(separator == ' ' && is_blank(*at)))
                return qn_rows_fail(r, QN_ERANGE, "text after a closing quote");
        } else {
            const char *end = field_end(at, separator);

            if ((rc = qn_rows_add(r, at, (size_t)(end - at))) != QN_OK)
                return rc;
            at = end;
        }
        if (*at == '\0')
            return QN_OK;
        at++;
    }
}

/* Separated rows. */

static bool always(const struct qn_rows_first *first)
{
    (void)first;
    return true;
}

static bool are_numbers(const struct qn_rows *r, bool all)
{
    size_t n = 0;
    double ignored;

    for (size_t i = 0; i < r->n_fields; i++)
        n += qn_cell_number(qn_rows_field(r, (int)i), &ignored);
    return all ? n > 0 && n == r->n_fields : n > 0;
}

static int check_names(struct qn_rows *r)
{
    if (!are_numbers(r, true))
        return qn_rows_take_names(r);
    return qn_rows_fail(
        r, QN_EINVAL,
        "line %lu has numbers where column names are expected; for a file without names give "
        "--columns A,B,...",
        r->line);
}

static int begin_separated(struct qn_rows *r, const struct qn_rows_first *first)
{
    size_t n;
    int rc;

    if (r->names)
        return QN_OK;
    if ((rc = qn_rows_next_line(r)) != QN_OK || (rc = qn_rows_cut(r, NULL)) != QN_OK)
        return rc == QN_ENOENT || rc == QN_ERANGE ? QN_EINVAL : rc;
    n = r->n_fields;
    if (!first->comment || !are_numbers(r, false))
        return check_names(r);
    if ((rc = qn_rows_cut(r, first->comment)) != QN_OK)
        return rc == QN_ERANGE ? QN_EINVAL : rc;
    if (r->n_fields == n && !are_numbers(r, false))
        return qn_rows_take_names(r);
    rc = qn_rows_cut(r, first->lines[0]);
    return rc == QN_OK ? check_names(r) : rc == QN_ERANGE ? QN_EINVAL : rc;
}

static bool is_ruler(const char *line)
{
    return strchr(line, '-') && line[strspn(line, "-+|: ")] == '\0';
}

static int next_separated(struct qn_rows *r)
{
    int rc;

    do
        rc = qn_rows_next_line(r);
    while (rc == QN_OK && r->separator == '|' && is_ruler(r->lines.text));
    if (rc != QN_OK || (rc = qn_rows_cut(r, NULL)) != QN_OK)
        return rc;
    if (r->n_fields == r->n_columns + 1 && qn_rows_field(r, (int)r->n_columns)[0] == '\0')
        r->n_fields--;
    if (r->n_fields == r->n_columns)
        return QN_OK;
    return qn_rows_fail(r, QN_ERANGE, "the row has %zu fields, the header %zu%s", r->n_fields,
                        r->n_columns,
                        r->separator == ',' && r->n_fields > r->n_columns
                            ? " (a comma in a number? numbers need a decimal point and no "
                              "thousands separators)"
                            : "");
}

const struct qn_dialect qn_dialect_separated = {
    .name = "a table", .is_it = always, .begin = begin_separated, .next = next_separated};

/* Columns under a line of dashes, as Slurm's commands print them: a cell is below its dashes, and
 * ends in + if it was too long for them. */

static bool is_ruled(const struct qn_rows_first *first)
{
    const char *ruler = first->n > 1 ? first->lines[1] : "";

    return ruler[0] == '-' && ruler[strspn(ruler, "- ")] == '\0';
}

/* Splits a line where columns begin; the last one extends to its end. */
static int cut_ruled(struct qn_rows *r, const char *line, size_t n_columns)
{
    size_t n = strlen(line);
    int rc = QN_OK;

    qn_rows_clear(r);
    for (size_t i = 0; rc == QN_OK && i < n_columns; i++) {
        size_t from = r->columns[i] < n ? r->columns[i] : n;
        size_t to = i + 1 < n_columns && r->columns[i + 1] < n ? r->columns[i + 1] : n;

        rc = qn_rows_add(r, line + from, to - from);
    }
    return rc;
}

static int begin_ruled(struct qn_rows *r, const struct qn_rows_first *first)
{
    const char *ruler = first->lines[1];
    size_t n = 0;
    int rc;

    r->columns = calloc(strlen(ruler) + 1, sizeof(*r->columns));
    if (!r->columns)
        return QN_ENOMEM;
    for (size_t i = 0; ruler[i]; i++)
        if (ruler[i] == '-' && (i == 0 || ruler[i - 1] == ' '))
            r->columns[n++] = i;
    r->is_shortened = true;
    if (r->names && r->n_columns != n)
        return qn_rows_fail(r, QN_EINVAL,
                            "%zu names are given, but the line of dashes has %zu columns",
                            r->n_columns, n);
    rc = r->names ? QN_OK : cut_ruled(r, first->lines[0], n);
    return rc == QN_OK && !r->names ? qn_rows_take_names(r) : rc;
}

static int next_ruled(struct qn_rows *r)
{
    int rc;

    do
        rc = qn_rows_next_line(r);
    while (rc == QN_OK && is_ruler(r->lines.text));
    if (rc != QN_OK || (rc = cut_ruled(r, r->lines.text, r->n_columns)) != QN_OK)
        return rc;
    /* Such lines are padded with blanks: one that ends before the last column was cut. */
    return r->lines.is_ended || r->lines.n_text > r->columns[r->n_columns - 1]
               ? QN_OK
               : qn_rows_fail(r, QN_ERANGE, "the line is incomplete");
}

const struct qn_dialect qn_dialect_ruled = {.name = "a table with a line of dashes",
                                            .is_it = is_ruled,
                                            .begin = begin_ruled,
                                            .next = next_ruled};
