/*
 * Warm-up: when a process's calls have come to rest.
 *
 * The first calls of a process fault pages in, settle threads and let the core speed up. What is
 * watched is how long a quantum of work takes, which needs no call to be like the last: calls are
 * drawn at random. Times have come to rest when the median of the last QN_WARMUP_WINDOW calls is
 * within QN_WARMUP_WITHIN of that of the window before. It is for finding a trend that lasts for
 * calls, not for proving that there is none.
 */
#ifndef QN_BENCH_CELL_WARMUP_H
#define QN_BENCH_CELL_WARMUP_H

#include <stdbool.h>
#include <stddef.h>

#include "strategies/call.h"

#define QN_WARMUP_WINDOW 3u
#define QN_WARMUP_WITHIN 0.05
/* Calls after which a process is measured all the same, and its block marked as not steady. */
#define QN_WARMUP_MAX_CALLS 40u

struct qn_warmup {
    double windows[2 * QN_WARMUP_WINDOW]; /* the last figures, oldest first */
    size_t n;                             /* of windows[] */
    unsigned n_calls;
};

/* Takes a call's figure, > 0, NAN where it has none; true: times have come to rest. */
bool qn_warmup_add(struct qn_warmup *warmup, double figure);

/*
 * How long a quantum of the call's work took beside its nominal time: the median over workers of
 * (stop - begin) / quanta, 1 being nominal. NAN: no worker has done any. Needs the call's records,
 * settled; QN_ENOMEM leaves *out NAN.
 */
int qn_warmup_figure(const struct qn_call *call, double *out) QN_MUST_CHECK;

#endif
