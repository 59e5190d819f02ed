/*
 * What `quench import` was asked for.
 */
#ifndef QN_BENCH_FANOUTS_REQUEST_H
#define QN_BENCH_FANOUTS_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base.h"

struct qn_import_request {
    const char **paths; /* files and folders, n_paths */
    size_t n_paths;
    const char *out;  /* the results folder; NULL: as for a run */
    const char *name; /* the strategy of all calls; NULL: as the sources say */
    bool has_no_plots;
    char **cancelled; /* of traces: n_cancelled names by which cancelled spans are known */
    size_t n_cancelled;
    char **callers; /* of traces: n_callers patterns of spans whose children are on other threads */
    size_t n_callers;
    char **words; /* the command line, from the command on; n_words */
    size_t n_words;
};

/* Reads the command line. QN_EINVAL after a complaint; QN_ENOMEM. In every case the caller gives
 * the request to qn_import_request_fini. --help prints and exits the process. */
int qn_import_request_parse(int argc, char **argv, struct qn_import_request *request) QN_MUST_CHECK;
void qn_import_request_fini(struct qn_import_request *request);

#endif
