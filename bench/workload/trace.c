#include "bench/workload/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/base/complain.h"
#include "bench/import/outcomes.h"
#include "bench/import/rows.h"
#include "runtime/err.h"

#define FIRST_ROWS 256

/* A trace being read. */
struct reader {
    const char *path;
    struct qn_rows rows;
    int column, failed; /* failed -1: no such column */
    const struct qn_cell_unit *unit;
    struct qn_trace *t;
    size_t cap, n_failed;
    char *why;
};

static int grow(struct reader *in)
{
    size_t n = in->cap ? in->cap * 2 : FIRST_ROWS;
    double *rows = realloc(in->t->rows_ns, n * sizeof(*rows));

    if (!rows)
        return QN_ENOMEM;
    in->t->rows_ns = rows;
    if (in->failed >= 0) {
        uint8_t *failed = realloc(in->t->failed, n);

        if (!failed)
            return QN_ENOMEM;
        in->t->failed = failed;
    }
    in->cap = n;
    return QN_OK;
}

static int bad_cell(const struct reader *in, const char *cell, const char *allowed)
{
    const char *hint = qn_cell_hint(cell);

    snprintf(in->why, QN_TRACE_WHY_BYTES,
             "%s:%lu: '%.40s' %s; `quench fit --skip-bad` makes a trace without such rows",
             in->path, in->rows.line, cell, hint ? hint : allowed);
    return QN_EINVAL;
}

static int take_row(struct reader *in)
{
    const char *cell = qn_rows_field(&in->rows, in->column);
    struct qn_trace *t = in->t;
    bool failed;
    double ns;

    if (t->n_rows == in->cap && grow(in) != QN_OK)
        return QN_ENOMEM;
    if (qn_cell_duration(cell, in->unit, &ns) != QN_OK || !(ns >= 0))
        return bad_cell(in, cell,
                        "is not a duration: a finite number >= 0, or one such as 119ms or "
                        "01:02:03");
    t->rows_ns[t->n_rows] = ns;
    if (in->failed >= 0) {
        cell = qn_rows_field(&in->rows, in->failed);
        if (qn_outcomes_boolean(cell, &failed) != QN_OK)
            return bad_cell(in, cell, "is neither failed nor not failed: 0 or 1, false or true");
        t->failed[t->n_rows] = failed;
        in->n_failed += failed;
    }
    t->n_rows++;
    return QN_OK;
}

/* Warnings about odd but valid traces. */
static void say_notes(const struct reader *in, const char *failed_column)
{
    char notes[QN_TRACE_WHY_BYTES];

    qn_rows_notes(&in->rows, notes, sizeof(notes));
    if (notes[0])
        qn_complain("%s: %s", in->path, notes);
    if (failed_column &&
        (qn_outcomes_means_success(failed_column) || in->n_failed * 2 > in->t->n_rows))
        qn_complain(
            "warning: failed-column: '%s' is true in %zu of %zu rows of %s, which count as "
            "failed; if it marks success, `quench fit --failed-value false` takes the others",
            failed_column, in->n_failed, in->t->n_rows, in->path);
}

static int read_rows(struct reader *in)
{
    int rc, taken = QN_OK;

    while (taken == QN_OK && (rc = qn_rows_next(&in->rows)) == QN_OK)
        taken = take_row(in);
    if (taken != QN_OK)
        return taken;
    if (rc == QN_EINVAL || rc == QN_ERANGE)
        snprintf(in->why, QN_TRACE_WHY_BYTES, "%s:%lu: %s", in->path, in->rows.line,
                 in->rows.error);
    else if (rc == QN_ENOENT && in->t->n_rows == 0)
        snprintf(in->why, QN_TRACE_WHY_BYTES, "%s: the trace has a header but no rows: at least 1",
                 in->path);
    return rc == QN_ENOENT && in->t->n_rows > 0 ? QN_OK : rc == QN_ENOMEM ? rc : QN_EINVAL;
}

static int find_column(const struct reader *in, const char *name, int *out)
{
    const struct qn_rows *rows = &in->rows;
    int rc = qn_rows_column(rows, name, out);

    if (rc == QN_ENOENT)
        snprintf(in->why, QN_TRACE_WHY_BYTES,
                 "%s:1: no column '%.40s'; the first of %zu is '%.40s'", in->path, name,
                 rows->n_columns, rows->names[0]);
    else if (rc == QN_ERANGE)
        snprintf(in->why, QN_TRACE_WHY_BYTES,
                 "%s:1: several columns are called '%.40s'; one is expected", in->path, name);
    return rc == QN_OK ? rc : QN_EINVAL;
}

static int load(struct reader *in, const char *column, const char *failed_column)
{
    static const struct qn_cell_unit plain = {"ns", 1};
    int rc;

    in->t = calloc(1, sizeof(*in->t));
    if (!in->t)
        return QN_ENOMEM;
    if ((rc = find_column(in, column, &in->column)) != QN_OK ||
        (failed_column && (rc = find_column(in, failed_column, &in->failed)) != QN_OK))
        return rc;
    if (!in->unit)
        in->unit = qn_cell_time_unit_of(column);
    if (!in->unit)
        in->unit = &plain;
    if ((rc = read_rows(in)) == QN_OK)
        say_notes(in, failed_column);
    return rc;
}

/* Opening a FIFO waits for a writer. */
static bool is_regular(const char *path)
{
    struct stat st;

    return stat(path, &st) != 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode);
}

static int refuse_pipe(const char *path, char *why)
{
    snprintf(
        why, QN_TRACE_WHY_BYTES,
        "%s: a resumed run reads its trace again, so it must be a regular file; `quench fit -` "
        "makes one from a pipe",
        path);
    return QN_EINVAL;
}

int qn_trace_load(const char *path, const char *column, const struct qn_cell_unit *unit,
                  const char *failed_column, struct qn_trace **out, char *why)
{
    struct reader in = {.path = path, .failed = -1, .unit = unit, .why = why};
    int rc;

    if (!is_regular(path))
        return refuse_pipe(path, why);
    rc = qn_rows_open(&in.rows, path, NULL);
    snprintf(why, QN_TRACE_WHY_BYTES, "%s: out of memory", path);
    if (rc != QN_OK) {
        if (rc != QN_ENOMEM)
            snprintf(why, QN_TRACE_WHY_BYTES, "%s: %s; a table with a header is expected", path,
                     rc == QN_ENOENT ? strerror(errno) : in.rows.error);
        return rc == QN_ENOENT ? QN_EINVAL : rc;
    }
    rc = in.rows.lines.size_bytes > 0 ? load(&in, column, failed_column) : refuse_pipe(path, why);
    qn_rows_close(&in.rows);
    if (rc == QN_OK)
        *out = in.t;
    else
        qn_trace_free(in.t);
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
