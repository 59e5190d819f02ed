/*
 * Text tables: a whole CSV file of a results folder in memory, as text. For tables whose every row
 * is shown or plotted.
 */
#ifndef QN_BENCH_BASE_TEXT_TABLE_H
#define QN_BENCH_BASE_TEXT_TABLE_H

#include <stddef.h>

#include "runtime/base.h"

struct qn_text_table {
    char **header; /* n_columns, owned */
    char **fields; /* n_rows x n_columns, owned */
    size_t n_columns, n_rows;
};

/* Reads name in the folder. QN_ENOENT: it isn't there; QN_EINVAL after a complaint; QN_ENOMEM. On
 * QN_OK the caller gives *out to qn_text_table_fini. */
int qn_text_table_read(const char *dir, const char *name, struct qn_text_table *out) QN_MUST_CHECK;
void qn_text_table_fini(struct qn_text_table *table);

/* A field by its column's name; "" if there is no such column. */
const char *qn_text_table_text(const struct qn_text_table *table, size_t row, const char *column);

/* The same as a number; NAN if it is not one. */
double qn_text_table_number(const struct qn_text_table *table, size_t row, const char *column);

#endif
