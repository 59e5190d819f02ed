/*
 * The results folder itself: where it stands, making it, and telling one that a run died in while
 * it began from one that is somebody else's.
 */
#ifndef QN_BENCH_FOLDER_H
#define QN_BENCH_FOLDER_H

#include <stdbool.h>

#include "bench/options.h"

/*
 * Makes the folder options->out, or results/<UTC stamp>-<host> in the data folder, which `latest`
 * there then points at. *dir is new; the caller frees it. QN_EIO after a complaint: it exists or
 * can't be made; QN_ENOMEM.
 */
int qn_folder_make(const struct qn_run_options *options, char **dir) QN_MUST_CHECK;

/* True if dir has a file of that name that can be read. */
bool qn_folder_has(const char *dir, const char *name);

/* True for a folder in which a run died before it measured anything: there is nothing but what a
 * run begins with, no plan.csv among it, and the tables have no rows. */
bool qn_folder_is_begun(const char *dir);

#endif
