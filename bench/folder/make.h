/*
 * The results folder itself: where it is, creating it, and recognising one in which a run died
 * while it began.
 */
#ifndef QN_BENCH_FOLDER_MAKE_H
#define QN_BENCH_FOLDER_MAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base.h"

/*
 * The parent of results folders without --out: results in the data folder or, if that can't be
 * written to, or the program is an installed one, in the current one. out: of QN_PATH_BYTES.
 * Creates nothing. QN_EIO: the path is too long.
 */
int qn_folder_base(char *out) QN_MUST_CHECK;

/*
 * Creates the folder out or, if that is NULL, <UTC stamp>-<host> in qn_folder_base (with a suffix
 * -2, -3 … if runs begin in the same second) and links `latest` to it. The caller frees *dir.
 * QN_EIO after a complaint: it exists or can't be created; QN_ENOMEM.
 */
int qn_folder_make(const char *out, char **dir) QN_MUST_CHECK;

/* True if dir has a readable file with that name. */
bool qn_folder_has(const char *dir, const char *name);

/* True for a folder in which a run died before it measured anything: it has only files that a run
 * begins with, no plan.csv, and no rows in its tables. */
bool qn_folder_is_begun(const char *dir);

#endif
