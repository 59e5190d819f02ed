/*
 * Lines of text files that other programs wrote: plain or compressed with gzip, with any line ends,
 * with a byte order mark or without, from a file or a pipe.
 *
 * A file is read once, in memory that doesn't grow with it; only its first 256 KiB can be read
 * again, which is how a reader finds out what kind of file it is, of a pipe as well.
 */
#ifndef QN_BENCH_IMPORT_LINES_H
#define QN_BENCH_IMPORT_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base.h"

/* A longer line is refused. */
#define QN_LINES_MAX_BYTES ((size_t)16 << 20)

struct qn_lines {
    struct gzFile_s *file;
    char *buffer;
    size_t n_buffered, at;
    size_t begin;      /* of the text in the first buffer, behind a mark */
    double size_bytes; /* of a regular file; 0: not known */
    bool is_first;     /* the buffer is the first: a rewind is possible */
    bool is_all;       /* nothing is behind the buffer */
    bool is_look;      /* lines end with the buffer */
    bool has_return;   /* the last line ended with a carriage return */
    bool is_cut;       /* compressed data that ends before its end */
    char *text;        /* the line, NUL-terminated */
    size_t n_text, text_cap;
    unsigned long number; /* of the line, from 1 */
    bool is_ended;        /* the line has a line end behind it */
    const char *error;    /* what was wrong, static; NULL: nothing */
};

/*
 * Opens path, "-" for standard input, and reads its beginning. QN_ENOENT: it can't be opened (errno
 * says why); QN_EINVAL: it is a folder, can't be read, or is no text (error says which); QN_ENOMEM.
 * After an error nothing is owed. Blocks until a pipe's first 256 KiB or its end are there.
 */
int qn_lines_open(struct qn_lines *lines, const char *path) QN_MUST_CHECK;
void qn_lines_close(struct qn_lines *lines);

/*
 * Reads the next line into text, without its end: LF, CR LF or CR, mixed as they may be. QN_OK;
 * QN_ENOENT: there is none; QN_EINVAL: error and number say what is wrong with it, and there is
 * nothing more to read; QN_ENOMEM.
 */
int qn_lines_next(struct qn_lines *lines) QN_MUST_CHECK;

/* From now on lines are those that are whole in the first buffer, the first of them whole or not
 * (true), or all (false), from the first line again. Before anything behind the buffer was read. */
void qn_lines_look(struct qn_lines *lines, bool is_look);

/* The share of the file that was read, 0 to 1; NAN where its size isn't known. */
double qn_lines_share(const struct qn_lines *lines);

#endif
