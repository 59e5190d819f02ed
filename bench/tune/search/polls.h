/*
 * The poll interval: its costs and benefits, measured at every interval and from closed forms.
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
    /* without failure, relative to the base: the median over calls of the base's return_at over its
     * own */
    struct qn_estimate throughput;
    struct qn_estimate overhead; /* without failure, over null's */
    struct qn_estimate stop;     /* p50 of stop_latency */
    struct qn_estimate wasted, polling,
        cost; /* means per call at the rate: waste, polls, objective */
    double form_throughput, form_stop, form_wasted, form_polling; /* closed forms of the same */
};

struct qn_polls {
    struct qn_poll_row *rows; /* owned, ascending */
    size_t n;
    size_t family;    /* the candidate whose intervals they are; SIZE_MAX: nothing polls */
    const char *base; /* base of throughput: "drain", else "null" */
    double best_ns;   /* tau* by its closed form; NAN: none applies */
    size_t finest;    /* row of the finest effective interval; n: none */
};

/* The most intervals considered for it. */
#define QN_MAX_POLL_ROWS 64u

/*
 * The finest effective interval: the index of the first of n throughputs, by ascending interval,
 * that is at least QN_EFFECTIVE_SHARE after noise has been levelled so that they don't decrease.
 * NANs are skipped. n: none. Reads at most QN_MAX_POLL_ROWS.
 */
size_t qn_polls_finest(const double *throughputs, size_t n);

/* Sets the closed forms of a cell's interval in the row; NAN: doesn't apply. */
void qn_polls_forms(const struct qn_cell *cell, struct qn_poll_row *row);

/* Without rows if the search was only a race. QN_ENOMEM. On QN_OK the caller gives *out to
 * qn_polls_fini. */
int qn_polls_make(const struct qn_tune *tune, struct qn_polls *out) QN_MUST_CHECK;
void qn_polls_fini(struct qn_polls *polls);

#endif
