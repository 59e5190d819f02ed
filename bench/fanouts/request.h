/*
 * What `quench import` was asked for.
 */
#ifndef QN_BENCH_FANOUTS_REQUEST_H
#define QN_BENCH_FANOUTS_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

struct qn_import_request {
    const char **paths; /* files and folders, n_paths */
    size_t n_paths;
    const char *out;  /* the results folder; NULL: as for a run */
    const char *name; /* the strategy of all calls; NULL: as the sources say */
    bool has_no_plots;
};

#endif
