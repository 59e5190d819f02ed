/*
 * Rows of other people's files: tables with any usual separator, and logs that are as good as
 * tables.
 *
 * It takes what published programs write, where bench/base/csv.h takes only what this project writes: a
 * separator that is found out (comma, tab, semicolon, bar, blanks, or columns under a line of
 * dashes), quoted fields, blanks around fields, blank lines, comments (#), a separator at the end
 * of each line, a header that comes again, a last line that was cut while it was written; files
 * without a header; logs of ninja, strace, perf script and perf trace; hyperfine's JSON. What kind
 * of file it is, is read off its first lines (rows_dialects.c has the table); bench/import/lines.h reads
 * the lines.
 */
#ifndef QN_BENCH_IMPORT_ROWS_H
#define QN_BENCH_IMPORT_ROWS_H

#include "bench/import/lines.h"

struct qn_dialect;

/* What the caller knows of a file. */
struct qn_rows_asked {
    char *const *names; /* n_names columns of a file without header; NULL: the file has names */
    size_t n_names;
    char separator; /* 0: to be found out; ' ': blanks */
};

struct qn_rows {
    struct qn_lines lines;
    const struct qn_dialect *dialect;
    char separator;    /* of separated rows */
    bool is_shortened; /* cells end in + where they were too long for their column (Slurm) */
    char **names;      /* n_columns; blanks around them are off */
    size_t n_columns;
    const char *preferred;    /* the column that has durations, where the dialect knows; or NULL */
    unsigned long line;       /* of the row's beginning, from 1 */
    unsigned long cut_line;   /* a last line that was cut and is left out; 0: none was */
    unsigned long open_line;  /* a last line that has no end and is a row; 0: it has one */
    unsigned long n_comments; /* behind the first row */
    unsigned long n_other;    /* lines of a log that are no rows */
    const char *error;        /* what was wrong, in why or static; NULL: nothing */

    /* Of rows*.c: */
    char *text; /* of the row: its fields, each NUL-terminated */
    size_t n_text, text_cap;
    size_t *fields; /* offsets into text */
    size_t n_fields, fields_cap;
    size_t *columns; /* where each begins in its line, under dashes */
    void *own;       /* the dialect's */
    bool is_look, has_rows;
    char why[160];
};

/*
 * Opens path ("-": standard input), finds out what kind of file it is and reads its names. asked
 * may be NULL. QN_ENOENT: it can't be opened (errno says why); QN_EINVAL: it is no text, it has no
 * names, or isn't what was asked for (error and line say); QN_ENOMEM. After an error nothing is
 * owed.
 */
int qn_rows_open(struct qn_rows *rows, const char *path,
                 const struct qn_rows_asked *asked) QN_MUST_CHECK;
void qn_rows_close(struct qn_rows *rows);

/*
 * Reads the next row. QN_OK; QN_ENOENT: there is none; QN_ERANGE: it is malformed (error and line
 * say), and the next can be read; QN_EINVAL: nothing more can be read (error and line); QN_ENOMEM.
 */
int qn_rows_next(struct qn_rows *rows) QN_MUST_CHECK;

/* A field of the row, without blanks around it; valid until the next row. "" where it has none. */
const char *qn_rows_field(const struct qn_rows *rows, int column);

/* Finds a column. QN_ENOENT: there is none; QN_ERANGE: several have the name. */
int qn_rows_column(const struct qn_rows *rows, const char *name, int *column) QN_MUST_CHECK;

/* From now on rows are those that are whole in the file's beginning (true), or all (false), from
 * the first again: for a first look. */
void qn_rows_look(struct qn_rows *rows, bool is_look);

/* What was left aside, as a clause ("line 42 was cut ..."); empty: nothing. */
void qn_rows_notes(const struct qn_rows *rows, char *out, size_t len_bytes);

/* The fields of a .ninja_log. */
enum qn_rows_ninja { QN_NINJA_START, QN_NINJA_END, QN_NINJA_MTIME, QN_NINJA_OUTPUT, QN_NINJA_HASH };
bool qn_rows_is_ninja(const struct qn_rows *rows);

#endif
