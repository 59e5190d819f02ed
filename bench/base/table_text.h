/*
 * Sheets: a CSV file of a results folder as a whole in memory, field by field as text. For tables
 * of which somebody draws or shows every row.
 */
#ifndef QN_BENCH_BASE_TABLE_TEXT_H
#define QN_BENCH_BASE_TABLE_TEXT_H

#include <stddef.h>

#include "runtime/base.h"

struct qn_sheet {
    char **header; /* n_columns, owned */
    char **fields; /* n_rows x n_columns, owned */
    size_t n_columns, n_rows;
};

/* Reads name in the folder. QN_ENOENT: it isn't there; QN_EINVAL after a complaint; QN_ENOMEM. On
 * QN_OK the caller gives *out to qn_sheet_fini. */
int qn_sheet_read(const char *dir, const char *name, struct qn_sheet *out) QN_MUST_CHECK;
void qn_sheet_fini(struct qn_sheet *sheet);

/* A field by its column's name; "" where there is no such column. */
const char *qn_sheet_text(const struct qn_sheet *sheet, size_t row, const char *column);

/* The same as a number; NAN where it is none. */
double qn_sheet_number(const struct qn_sheet *sheet, size_t row, const char *column);

#endif
