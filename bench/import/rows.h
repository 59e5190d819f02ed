/*
 * Rows of external files: tables with any usual separator, and logs with a row per line.
 *
 * Reads what common programs write, while bench/base/csv.h takes only what this program writes: any
 * detected separator (comma, tab, semicolon, bar, blanks, or columns under a line of dashes),
 * quoted fields, blanks around fields, blank lines, comments (#), a separator at the end of each
 * line, repeated headers, a last line that was cut short; files without a header; logs of ninja,
 * strace, perf script and perf trace; hyperfine's JSON. The first lines decide the kind of file
 * (rows.c has the table); bench/import/lines.h reads the lines.
 */
#ifndef QN_BENCH_IMPORT_ROWS_H
#define QN_BENCH_IMPORT_ROWS_H

#include "bench/import/lines.h"

struct qn_dialect;

/* What the caller knows of a file. */
struct qn_rows_asked {
    char *const *names; /* n_names columns, for a file without header; NULL: the file has names */
    size_t n_names;
    char separator; /* 0: detect it; ' ': blanks */
};

struct qn_rows {
    struct qn_lines lines;
    const struct qn_dialect *dialect;
    char separator;    /* of separated rows */
    bool is_shortened; /* cells too long for their column end in + (Slurm) */
    char **names;      /* n_columns, without blanks around them */
    size_t n_columns;
    const char *preferred;    /* the column of durations, if the dialect knows it; or NULL */
    unsigned long line;       /* of the row's beginning, from 1 */
    unsigned long cut_line;   /* a last line that was cut and is left out; 0: none was */
    unsigned long open_line;  /* a last line that has no line end but is a row; 0: none */
    unsigned long n_comments; /* after the first row */
    unsigned long n_other;    /* lines of a log that are not rows */
    const char *error;        /* what was wrong, in why or static; NULL: nothing */

    /* Internal: */
    char *text; /* of the row: its fields, each NUL-terminated */
    size_t n_text, text_cap;
    size_t *fields; /* offsets into text */
    size_t n_fields, fields_cap;
    size_t *columns; /* where each begins in its line, for columns under dashes */
    void *own;       /* the dialect's */
    bool is_look, has_rows;
    char why[160];
};

/*
 * Opens path ("-": standard input), detects the kind of file and reads its names. asked may be
 * NULL. QN_ENOENT: it can't be opened (see errno); QN_EINVAL: it is not text, has no names, or
 * doesn't fit asked (see error and line); QN_ENOMEM. After an error there is nothing to close.
 */
int qn_rows_open(struct qn_rows *rows, const char *path,
                 const struct qn_rows_asked *asked) QN_MUST_CHECK;
void qn_rows_close(struct qn_rows *rows);

/*
 * Reads the next row. QN_ENOENT: there is none; QN_ERANGE: it is malformed (see error and line),
 * but the next can be read; QN_EINVAL: nothing more can be read (see error and line); QN_ENOMEM.
 */
int qn_rows_next(struct qn_rows *rows) QN_MUST_CHECK;

/* A field of the row, without blanks around it, "" if the row is too short; valid until the next
 * row. */
const char *qn_rows_field(const struct qn_rows *rows, int column);

/* Finds a column. QN_ENOENT: there is none; QN_ERANGE: several have the name. */
int qn_rows_column(const struct qn_rows *rows, const char *name, int *column) QN_MUST_CHECK;

/* Restarts from the first row: from now on returns only rows in the file's beginning (true), for a
 * first look, or all (false). */
void qn_rows_look(struct qn_rows *rows, bool is_look);

/* What was left out, as a phrase ("line 42 was cut ..."); empty: nothing. */
void qn_rows_notes(const struct qn_rows *rows, char *out, size_t len_bytes);

/* The fields of a .ninja_log. */
enum qn_rows_ninja { QN_NINJA_START, QN_NINJA_END, QN_NINJA_MTIME, QN_NINJA_OUTPUT, QN_NINJA_HASH };
bool qn_rows_is_ninja(const struct qn_rows *rows);

#endif
