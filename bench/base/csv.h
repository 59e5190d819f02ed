/*
 * CSV after RFC 4180: reading a table row by row, and writing fields. For files that this program
 * wrote, in which damage must not go unnoticed; bench/import/rows.h reads those of other programs.
 *
 * The reader takes quoted fields (with doubled quotes and line breaks inside), CRLF or LF, and a byte
 * order mark; every row must have as many fields as the header.
 */
#ifndef QN_BENCH_BASE_CSV_H
#define QN_BENCH_BASE_CSV_H

#include <stdint.h>
#include <stdio.h>

#include "runtime/base.h"

struct qn_csv {
    FILE *file;
    char *text; /* part of the file; the row's fields in it are NUL-terminated */
    size_t text_cap, end;
    size_t row, at; /* offsets of the row, and of the text not yet taken */
    size_t *fields; /* offsets from the row's beginning */
    size_t n_fields, fields_cap;
    char **header; /* n_columns names */
    size_t n_columns;
    unsigned long line; /* of the row's beginning, from 1 */
    unsigned long next_line;
    const char *error; /* what was wrong, static; NULL: nothing */
};

/*
 * Opens path and reads its header. QN_ENOENT: it can't be opened (see errno); QN_EINVAL: it has no
 * header, is malformed, can't be read, or is a folder (see error); QN_ENOMEM. After an error there
 * is nothing to close.
 */
int qn_csv_open(struct qn_csv *csv, const char *path) QN_MUST_CHECK;

void qn_csv_close(struct qn_csv *csv);

/* Index of a column, or -1. */
int qn_csv_column(const struct qn_csv *csv, const char *name);

/* Reads the next row. QN_ENOENT: end of the file; QN_EINVAL: the row is malformed or can't be read
 * (see error and line); QN_ENOMEM. Nothing can be read after an error. */
int qn_csv_next(struct qn_csv *csv) QN_MUST_CHECK;

/* A field of the row, valid until the next row. */
static inline const char *qn_csv_field(const struct qn_csv *csv, int column)
{
    return csv->text + csv->row + csv->fields[column];
}

/* A field's text as a whole number. QN_EINVAL: not a whole number, or beyond +-(2^63 - 1). */
int qn_csv_whole(const char *text, int64_t *out) QN_MUST_CHECK;

/* A figure that does not exist: an empty field, never 0. */
#define QN_NONE INT64_MIN

/* Write a field: text, quoted if necessary, nothing for NULL; a whole number, nothing for QN_NONE;
 * a number, as short as reads back exactly or with a given number of decimals, nothing for NAN. */
void qn_csv_put_text(FILE *file, const char *text);
void qn_csv_put_whole(FILE *file, int64_t value);
void qn_csv_put_number(FILE *file, double value);
void qn_csv_put_decimals_3(FILE *file, double value);
void qn_csv_put_decimals_4(FILE *file, double value);

/* Writes the header line of n columns. */
void qn_csv_put_header(FILE *file, const char *const *names, size_t n);

#endif
