/*
 * Dialects: the kinds of files that bench/import/rows.h reads. Each recognises its files by their
 * first lines and splits their rows into fields. separated.c has tables, logs.c logs, json.c JSON.
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
        *names;            /* of its columns, NULL-terminated; NULL: from the file or the caller */
    const char *preferred; /* the column of durations, or NULL */
    bool (*is_it)(const struct qn_rows_first *first);
    /* Prepares at the file's first line, and takes names from it. Returns as qn_rows_open. NULL:
     * nothing to do. */
    int (*begin)(struct qn_rows *rows, const struct qn_rows_first *first);
    /* Splits the next row into fields. Returns as qn_rows_next. */
    int (*next)(struct qn_rows *rows);
    void (*end)(struct qn_rows *rows); /* frees `own`; NULL: nothing to do */
};

extern const struct qn_dialect qn_dialect_ninja, qn_dialect_json, qn_dialect_strace,
    qn_dialect_perf_trace, qn_dialect_perf_script, qn_dialect_ruled, qn_dialect_separated;

/* The separator of a table; n_names: how many columns it must have, 0: unknown. */
char qn_rows_separator(const struct qn_rows_first *first, size_t n_names);

/* Splits a line into fields; text NULL: the current line, with later ones in which a quoted field
 * continues. Returns as qn_rows_next. */
int qn_rows_cut(struct qn_rows *rows, const char *text) QN_MUST_CHECK;

/* Reads the next line that is neither blank nor a comment. Returns as qn_lines_next. */
int qn_rows_next_line(struct qn_rows *rows) QN_MUST_CHECK;

/* The row's fields, for dialects that make them: clear; add a field of n bytes, without blanks
 * around it. */
void qn_rows_clear(struct qn_rows *rows);
int qn_rows_add(struct qn_rows *rows, const char *text, size_t n) QN_MUST_CHECK;

/* The same in parts: append n bytes to the last field, unchanged; end the field that began there.
 */
int qn_rows_extend(struct qn_rows *rows, const char *text, size_t n) QN_MUST_CHECK;
void qn_rows_finish(struct qn_rows *rows, size_t begin);

/* Takes the row's fields as names. */
int qn_rows_take_names(struct qn_rows *rows) QN_MUST_CHECK;

/* Sets these names. */
int qn_rows_give_names(struct qn_rows *rows, const char *const *names, size_t n) QN_MUST_CHECK;

/* Whether a line is blank; whether the current line is a comment. */
bool qn_rows_is_empty(const char *line);
bool qn_rows_is_comment(const struct qn_lines *lines);

/* Sets error from a format and returns code. */
int qn_rows_fail(struct qn_rows *rows, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
