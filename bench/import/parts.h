/*
 * Dialects: kinds of files that bench/import/rows.h reads. Each knows its files by their first lines and
 * makes fields of its rows. separated.c has tables, logs.c logs, json.c JSON.
 */
#ifndef QN_BENCH_IMPORT_PARTS_H
#define QN_BENCH_IMPORT_PARTS_H

#include "bench/import/rows.h"

#define QN_ROWS_LOOK_LINES 40

/* The first lines of a file that are neither blank nor comments. */
struct qn_rows_first {
    char *lines[QN_ROWS_LOOK_LINES];
    size_t n;
    char *comment; /* the comment right before the first of them, or NULL */
    char *top;     /* the very first line, or NULL */
};

struct qn_dialect {
    const char *name; /* "a ninja log" */
    const char *const
        *names; /* of its columns, NULL-terminated; NULL: the file or the caller has them */
    const char *preferred; /* the column of durations, or NULL */
    bool (*is_it)(const struct qn_rows_first *first);
    /* Gets ready, at the file's first line; takes names from it. Codes of qn_rows_open. NULL:
     * nothing to do. */
    int (*begin)(struct qn_rows *rows, const struct qn_rows_first *first);
    /* Makes fields of the next row; codes of qn_rows_next. */
    int (*next)(struct qn_rows *rows);
    void (*end)(struct qn_rows *rows); /* gives up `own`; NULL: nothing to do */
};

extern const struct qn_dialect qn_dialect_ninja, qn_dialect_json, qn_dialect_strace,
    qn_dialect_perf_trace, qn_dialect_perf_script, qn_dialect_ruled, qn_dialect_separated;

/* The separator of a table; n_names: of how many columns it must be, 0: not known. */
char qn_rows_separator(const struct qn_rows_first *first, size_t n_names);

/* Cuts a line into fields; text NULL: the current one, with those after it that a quoted field goes
 * on in. Codes of qn_rows_next. */
int qn_rows_cut(struct qn_rows *rows, const char *text) QN_MUST_CHECK;

/* The next line that is neither blank nor a comment; codes of qn_lines_next. */
int qn_rows_next_line(struct qn_rows *rows) QN_MUST_CHECK;

/* The row's fields, for dialects that make them themselves: forget them; add n bytes, without
 * blanks around them. */
void qn_rows_clear(struct qn_rows *rows);
int qn_rows_add(struct qn_rows *rows, const char *text, size_t n) QN_MUST_CHECK;

/* The same in parts: n bytes more of the last field, as they are; its end, it having begun there.
 */
int qn_rows_extend(struct qn_rows *rows, const char *text, size_t n) QN_MUST_CHECK;
void qn_rows_finish(struct qn_rows *rows, size_t begin);

/* Makes names of the row's fields. */
int qn_rows_take_names(struct qn_rows *rows) QN_MUST_CHECK;

/* Makes these names. */
int qn_rows_give_names(struct qn_rows *rows, const char *const *names, size_t n) QN_MUST_CHECK;

/* A line of blanks; the current line is a comment. */
bool qn_rows_is_empty(const char *line);
bool qn_rows_is_comment(const struct qn_lines *lines);

/* Says what is wrong: sets error from a format and returns code. */
int qn_rows_fail(struct qn_rows *rows, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
