/*
 * Files that only grow, and can be cut back: what a process measured goes to the end of several
 * files as one step, begun and ended together.
 *
 * What is written between begin and end goes straight to the file; the checksum is of exactly those
 * bytes. One thread at a time.
 */
#ifndef QN_BENCH_BASE_APPEND_H
#define QN_BENCH_BASE_APPEND_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "runtime/base.h"

struct qn_append {
    FILE *file; /* for writing between begin and end; NULL: closed */
    int fd;
    const char *name; /* of the file in its folder, static storage */
    off_t before;     /* length at begin, bytes */
    uint32_t crc32;   /* zlib's, of what was written since begin */
    int error;        /* errno of the first write since begin that failed */
};

/* Opens name in dir, or makes it, empty if is_fresh. Not to be moved while open. QN_EIO: see errno;
 * nothing is owed. */
int qn_append_open(struct qn_append *a, const char *dir, const char *name,
                   bool is_fresh) QN_MUST_CHECK;

/* Closes; a closed one may be closed again. */
void qn_append_close(struct qn_append *a);

/* QN_EIO (see errno): the file was removed (ENOENT) or is out of reach. */
int qn_append_begin(struct qn_append *a) QN_MUST_CHECK;

/* Waits for everything since begin to be written; a->crc32 is final. QN_EIO (see errno): it is not
 * all there, and qn_append_undo is to be called. */
int qn_append_end(struct qn_append *a) QN_MUST_CHECK;

/* Cuts the file back to where it was at begin. QN_EIO: see errno. */
int qn_append_undo(struct qn_append *a) QN_MUST_CHECK;

#endif
