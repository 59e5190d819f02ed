/*
 * Files that are only appended to, and can be cut back: a process's results go to the ends of
 * several files in one step.
 *
 * What is written between begin and end goes straight to the file; the checksum covers exactly
 * those bytes. One thread at a time.
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

/* Opens or creates name in dir; is_fresh: empty. Must not move while open. QN_EIO: see errno; there
 * is nothing to close. */
int qn_append_open(struct qn_append *a, const char *dir, const char *name,
                   bool is_fresh) QN_MUST_CHECK;

/* Closes; may be called again. */
void qn_append_close(struct qn_append *a);

/* QN_EIO (see errno): the file was removed (ENOENT) or can't be reached. */
int qn_append_begin(struct qn_append *a) QN_MUST_CHECK;

/* Flushes everything since begin; a->crc32 is final. QN_EIO (see errno): not all was written; call
 * qn_append_undo. */
int qn_append_end(struct qn_append *a) QN_MUST_CHECK;

/* Cuts the file back to its length at begin. QN_EIO: see errno. */
int qn_append_undo(struct qn_append *a) QN_MUST_CHECK;

#endif
