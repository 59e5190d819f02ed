/*
 * Whether a cell's detection has two modes, and how much of the slow one the caller spent waiting for a core.
 */
#ifndef QN_BENCH_REPORT_MODES_H
#define QN_BENCH_REPORT_MODES_H

#include "bench/folder/tables.h"
#include "bench/stats/modes.h"

struct qn_detection_modes {
    size_t n_calls; /* failed calls whose error the caller saw; 0: there are not two modes */
    double slow_share, fast_ns, slow_ns; /* medians */
    /* The share of what slow calls take beyond the median of the fast ones that is no longer than the time in which the
     * caller could have run but had no core; NAN: unknown. An upper bound: that time need not be part of detection. */
    double waited_share;
};

/* QN_ENOMEM. */
int qn_detection_modes_of(const struct qn_tables *tables, size_t cell,
                          struct qn_detection_modes *out) QN_MUST_CHECK;

/* Writes it as part of a sentence: "63 % of 200 failed calls see the error after 133 µs, the others after 30 µs; up to
 * 95 % of the difference is time in which the caller's thread was ready to run but had no core". */
void qn_detection_modes_say(const struct qn_detection_modes *modes, FILE *file);

#endif
