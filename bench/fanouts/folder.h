/*
 * Imported calls as a results folder like that of a run.
 */
#ifndef QN_BENCH_FANOUTS_FOLDER_H
#define QN_BENCH_FANOUTS_FOLDER_H

#include <sys/types.h>

#include "bench/fanouts/fanout.h"
#include "bench/fanouts/request.h"
#include "bench/schema/plan.h"

/* A file that was imported, for the manifest. */
struct qn_import_source {
    char *path;         /* owned by the command */
    const char *format; /* NULL: it is left out */
    size_t n_calls;
    char *why;    /* it is left out; NULL: it isn't; owned by the command */
    dev_t device; /* of a file that was read, whatever path leads to it */
    ino_t inode;
};

struct qn_import {
    const struct qn_import_request *request;
    struct qn_fanouts list; /* at least a call */
    struct qn_import_source *sources;
    size_t n_sources;
    size_t n_left_out; /* of the sources */
};

/*
 * Writes the folder, with plots and page unless the request has none, and prints its path on stdout.
 * Registers the strategies of the list. Returns the exit code (bench/base/exit.h), after a line on
 * stderr unless it is 0; a source that was left out makes a folder that isn't whole.
 */
int qn_import_write(struct qn_import *import) QN_MUST_CHECK;

/* Writes its manifest.json, and topology.xml, which is this machine's, if all was recorded here. QN_EIO after a complaint;
 * QN_ENOMEM. */
int qn_import_write_manifest(const char *dir, const struct qn_import *import,
                             const struct qn_plan *plan) QN_MUST_CHECK;

#endif
