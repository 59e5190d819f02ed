/*
 * Reading a table for `quench fit`: what is which column (read.c), and rows of it (rows.c).
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
    int duration, start, end, weight, failed, bytes; /* columns; -1: there is none */
    const struct qn_cell_unit *unit, *start_unit,
        *bytes_unit;                  /* of bare numbers; NULL: not known */
    struct qn_outcomes failed_values; /* if the request has any */
    struct qn_fit_where *wheres;      /* the request's n_wheres */
    double bytes_weight;
    bool has_last; /* a row before, for gaps */
    struct qn_cell_time last;
    struct qn_fit_source *source;
    struct qn_sample *sample;
    char *why; /* where to say what makes a row a bad one */
};

/* Reads all rows. QN_EINVAL after a complaint; QN_ENOMEM. */
int qn_fit_read_rows(struct qn_fit_reader *reader) QN_MUST_CHECK;

/* Takes the current row. QN_ERANGE: it is a bad one, and why[QN_FIT_TEXT_BYTES] says what makes it
 * one; QN_EINVAL after a complaint; QN_ENOMEM. */
typedef int qn_fit_take(void *user, char *why);

/* Takes every row; bad ones are counted, or, without --skip-bad, refused. QN_EINVAL after a
 * complaint; QN_ENOMEM. */
int qn_fit_each_row(const struct qn_fit_request *request, struct qn_rows *rows,
                    struct qn_fit_source *source, qn_fit_take *take, void *user) QN_MUST_CHECK;

/* Complains of a file that can't be opened or read: code and rows' error say why. Returns
 * QN_EINVAL, or QN_ENOMEM without a complaint. */
int qn_fit_unreadable(const struct qn_rows *rows, const char *path, int code);

#endif
