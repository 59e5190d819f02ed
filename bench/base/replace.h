/*
 * Files that are replaced in one step: a reader, or a resumed run, finds the old or the new one,
 * never a part.
 */
#ifndef QN_BENCH_BASE_REPLACE_H
#define QN_BENCH_BASE_REPLACE_H

#include <stdbool.h>
#include <stdio.h>

#include "runtime/base.h"

struct qn_replace {
    FILE *file; /* to write to */
    const char *dir, *name;
};

/* Closes a file that was written. QN_EIO: not all of it was; errno says why, EIO if the cause is
 * gone. */
int qn_close_whole(FILE *file) QN_MUST_CHECK;

/* Begins a new version of dir/name; both must outlive it. QN_EIO: see errno; there is nothing to
 * free. */
int qn_replace_begin(struct qn_replace *r, const char *dir, const char *name) QN_MUST_CHECK;

/* Puts the new version in place if is_good and all of it was written; else the old one stays.
 * QN_EIO: writing failed, see errno. Returns QN_OK if not is_good. */
int qn_replace_end(struct qn_replace *r, bool is_good) QN_MUST_CHECK;

/* Whether a file of that name is what a process that died between the two calls left of `name`. */
bool qn_replace_is_part(const char *file, const char *name);

/* Removes what a process that died between the two calls left. */
void qn_replace_tidy(const char *dir, const char *name);

#endif
