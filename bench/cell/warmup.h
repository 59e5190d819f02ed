/*
 * Warm-up: when a process's times have settled.
 *
 * The first calls of a process fault pages in, settle threads and let the core speed up. The figure
 * watched is how long a quantum of work takes, because it doesn't depend on the call: calls are
 * drawn at random. Times have settled when the median of the last QN_WARMUP_WINDOW calls is within
 * QN_WARMUP_WITHIN of that of the window before. This detects a trend over several calls; it
 * doesn't prove that there is none.
 */
#ifndef QN_BENCH_CELL_WARMUP_H
#define QN_BENCH_CELL_WARMUP_H

#include <stdbool.h>
#include <stddef.h>

#include "strategies/call.h"

#define QN_WARMUP_WINDOW 3u
#define QN_WARMUP_WITHIN 0.05
/* Calls after which a process is measured even so, and its block marked as not steady. */
#define QN_WARMUP_MAX_CALLS 40u

struct qn_warmup {
    double windows[2 * QN_WARMUP_WINDOW]; /* the last figures, oldest first */
    size_t n;                             /* of windows[] */
    unsigned n_calls;
};

/* Takes a call's figure, > 0, NAN if it has none; true: times have settled. */
bool qn_warmup_add(struct qn_warmup *warmup, double figure);

/*
 * How long a quantum of the call's work took relative to its nominal time: the median over workers
 * of (stop - begin) / quanta. NAN: no worker did any. Needs the settled call's records; QN_ENOMEM
 * leaves *out NAN.
 */
int qn_warmup_figure(const struct qn_call *call, double *out) QN_MUST_CHECK;

#endif
