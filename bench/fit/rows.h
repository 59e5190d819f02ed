/*
 * Reading a table for `quench fit`: the roles of columns (read.c), and the rows (rows.c).
 */
#ifndef QN_BENCH_FIT_ROWS_H
#define QN_BENCH_FIT_ROWS_H

#include "bench/fit/parts.h"
#include "bench/import/outcomes.h"

/* A --where. */
struct qn_fit_where {
    const char *text; /* as it was given */
    int column;
    struct qn_outcomes values;
};

struct qn_fit_reader {
    const struct qn_fit_request *r;
    struct qn_rows rows;
    int duration, start, end, weight, failed, bytes; /* columns; -1: none */
    const struct qn_cell_unit *unit, *start_unit,
        *bytes_unit;                  /* of bare numbers; NULL: not known */
    struct qn_outcomes failed_values; /* if the request has any */
    struct qn_fit_where *wheres;      /* the request's n_wheres */
    double bytes_weight;
    bool has_last; /* there was a previous row, for gaps */
    struct qn_cell_time last;
    struct qn_fit_source *source;
    struct qn_sample *sample;
    char *why; /* where to write what is wrong with a row */
};

/* Reads all rows. QN_EINVAL after a complaint; QN_ENOMEM. */
int qn_fit_read_rows(struct qn_fit_reader *reader) QN_MUST_CHECK;

/* Takes the current row. QN_ERANGE: the row is bad, and why[QN_FIT_TEXT_BYTES] says what is wrong;
 * QN_EINVAL after a complaint; QN_ENOMEM. */
typedef int qn_fit_take(void *user, char *why);

/* Takes every row; bad rows are counted with --skip-bad, otherwise refused. QN_EINVAL after a
 * complaint; QN_ENOMEM. */
int qn_fit_each_row(const struct qn_fit_request *request, struct qn_rows *rows,
                    struct qn_fit_source *source, qn_fit_take *take, void *user) QN_MUST_CHECK;

/* Complains of a file that can't be opened or read: code and rows' error say why. Returns
 * QN_EINVAL, or QN_ENOMEM without a complaint. */
int qn_fit_unreadable(const struct qn_rows *rows, const char *path, int code);

#endif
