/*
 * Reading a table of a results folder, its columns by index in a list of names. Used only in
 * bench/folder.
 */
#ifndef QN_BENCH_FOLDER_READER_H
#define QN_BENCH_FOLDER_READER_H

#include <stdbool.h>

#include "bench/base/csv.h"
#include "bench/base/path.h"
#include "bench/folder/tables.h"

#define QN_TABLE_COLUMNS 32

struct qn_reader {
    struct qn_csv csv;
    char path[QN_PATH_BYTES];
    int at[QN_TABLE_COLUMNS]; /* -1: the table has no such column */
};

/* Opens name in the folder, a table of up to n columns, some of which may be missing. QN_EINVAL
 * after a complaint: it can't be read; QN_ENOMEM. After an error there is nothing to close. */
int qn_reader_open(struct qn_reader *reader, const char *dir, const char *name,
                   const char *const *columns, size_t n) QN_MUST_CHECK;

/* Requires the columns from first up to, but not including, end. QN_EINVAL after a complaint: one
 * is missing; the table is closed. */
int qn_reader_require(struct qn_reader *reader, const char *const *columns, int first,
                      int end) QN_MUST_CHECK;

/* The field of the i-th column, valid until the next row; "" if there is no such column. */
const char *qn_reader_text(const struct qn_reader *reader, int i);

/* The same as a number; *out is NAN if the field is empty. False: it is something else. */
bool qn_reader_number(const struct qn_reader *reader, int i, double *out) QN_MUST_CHECK;

/* The same as a whole number from least to most; *out is QN_NONE if the field is empty. False: it is something else. */
bool qn_reader_whole(const struct qn_reader *reader, int i, int64_t least, int64_t most,
                     int64_t *out) QN_MUST_CHECK;

/* Closes a table. rc is what ended the reading: QN_ENOENT, the end, becomes QN_OK; complains of
 * QN_EINVAL, a bad row. Returns rc. */
int qn_reader_close(struct qn_reader *reader, int rc) QN_MUST_CHECK;

/* Reads plan.csv into the plan. QN_EINVAL after a complaint; QN_ENOMEM. What was read goes to qn_tables_free. */
int qn_tables_read_plan(struct qn_tables *tables) QN_MUST_CHECK;

/* Makes the scenes from the plan's cells. QN_ENOMEM. */
int qn_tables_make_scenes(struct qn_tables *tables) QN_MUST_CHECK;

#endif
