/*
 * The results folder itself: where it stands, making it, and telling one that a run died in while
 * it began from one that is somebody else's.
 */
#ifndef QN_BENCH_FOLDER_MAKE_H
#define QN_BENCH_FOLDER_MAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base.h"

/*
 * The folder that results folders without --out stand in: results in the data folder or, where that can't
 * be written to, in the current one. out: of QN_PATH_BYTES. Makes nothing. QN_EIO: the path is too long.
 */
int qn_folder_base(char *out) QN_MUST_CHECK;

/*
 * Makes the folder out or, where that is NULL, <UTC stamp>-<host> in qn_folder_base (with -2, -3 … behind it
 * where runs begin in the same second), which `latest` there then points at. *dir is new; the caller frees
 * it. QN_EIO after a complaint: it exists or can't be made; QN_ENOMEM.
 */
int qn_folder_make(const char *out, char **dir) QN_MUST_CHECK;

/* True if dir has a file of that name that can be read. */
bool qn_folder_has(const char *dir, const char *name);

/* True for a folder in which a run died before it measured anything: there is nothing but what a
 * run begins with, no plan.csv among it, and the tables have no rows. */
bool qn_folder_is_begun(const char *dir);

#endif
