/*
 * Lines of text files that other programs wrote: plain or compressed with gzip, with any line ends,
 * with or without a byte order mark, from a file or a pipe.
 *
 * A file is read once, in constant memory; only its first 256 KiB can be read again, so that a
 * reader can detect the kind of file, even from a pipe.
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
    size_t begin;      /* of the text in the first buffer, after a byte order mark */
    double size_bytes; /* of a regular file; 0: unknown */
    bool is_first;     /* the buffer is the first: a rewind is possible */
    bool is_all;       /* nothing follows the buffer */
    bool is_look;      /* lines end with the buffer */
    bool has_return;   /* the last line ended with a carriage return */
    bool is_cut;       /* compressed data was cut short */
    char *text;        /* the line, NUL-terminated */
    size_t n_text, text_cap;
    unsigned long number; /* of the line, from 1 */
    bool is_ended;        /* the line has a line end */
    const char *error;    /* what was wrong, static; NULL: nothing */
};

/*
 * Opens path, "-" for standard input, and reads its beginning. QN_ENOENT: it can't be opened (see
 * errno); QN_EINVAL: it is a folder, can't be read, or is not text (see error); QN_ENOMEM. After an
 * error there is nothing to close. Blocks until a pipe's first 256 KiB or its end have arrived.
 */
int qn_lines_open(struct qn_lines *lines, const char *path) QN_MUST_CHECK;
void qn_lines_close(struct qn_lines *lines);

/*
 * Reads the next line into text, without its end: LF, CR LF or CR, possibly mixed. QN_ENOENT: there
 * is none; QN_EINVAL: see error and number; nothing more can be read; QN_ENOMEM.
 */
int qn_lines_next(struct qn_lines *lines) QN_MUST_CHECK;

/* Restarts from the first line: from now on returns only lines that are whole in the first buffer,
 * and the first in any case (true), or all (false). Only before anything past the buffer was read.
 */
void qn_lines_look(struct qn_lines *lines, bool is_look);

/* The share of the file that was read, 0 to 1; NAN if its size is unknown. */
double qn_lines_share(const struct qn_lines *lines);

#endif
