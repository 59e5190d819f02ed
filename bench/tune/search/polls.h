/*
 * The poll interval: what it costs and what it brings, measured at every interval and by the closed
 * forms.
 */
#ifndef QN_BENCH_TUNE_SEARCH_POLLS_H
#define QN_BENCH_TUNE_SEARCH_POLLS_H

#include "bench/tune/search/stages.h"

/* A poll interval counts as fine enough while it keeps this much of the throughput without
 * cancelling. */
#define QN_EFFECTIVE_SHARE 0.95

/* One interval. Estimates over processes; NAN: not measured, or no form applies. */
struct qn_poll_row {
    uint64_t poll_quanta;
    size_t candidate, n_processes;
    struct qn_estimate throughput; /* without failure, over that of the base: the median over calls
                                      of the base's return_at over its own */
    struct qn_estimate overhead;   /* without failure, over null's */
    struct qn_estimate stop;       /* p50 of stop_latency */
    struct qn_estimate wasted, polling,
        cost; /* means of a call at the rate: waste, polls, objective */
    double form_throughput, form_stop, form_wasted, form_polling; /* closed forms of the same */
};

struct qn_polls {
    struct qn_poll_row *rows; /* owned, ascending */
    size_t n;
    size_t family;    /* the candidate whose intervals they are; SIZE_MAX: nothing polls */
    const char *base; /* what throughput is over: "drain", else "null" */
    double best_ns;   /* tau* by its closed form; NAN: none applies */
    size_t finest;    /* row of the finest effective interval; n: there is none */
};

/* Intervals that are looked at for it. */
#define QN_MAX_POLL_ROWS 64u

/*
 * The finest effective interval: the place of the first of n throughputs, of intervals that ascend,
 * which is at or above QN_EFFECTIVE_SHARE once noise has been levelled to what does not fall. NANs
 * are passed over. n: there is none. Reads QN_MAX_POLL_ROWS at most.
 */
size_t qn_polls_finest(const double *throughputs, size_t n);

/* The closed forms of a cell's interval, into the row: those that apply, the others NAN. */
void qn_polls_forms(const struct qn_cell *cell, struct qn_poll_row *row);

/* No rows where the search was a race alone. QN_ENOMEM. On QN_OK the caller gives *out to
 * qn_polls_fini. */
int qn_polls_make(const struct qn_tune *tune, struct qn_polls *out) QN_MUST_CHECK;
void qn_polls_fini(struct qn_polls *polls);

#endif
