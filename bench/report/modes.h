/*
 * Where the detection of a cell has two modes, and what of the slow one is the caller waiting for a core.
 */
#ifndef QN_BENCH_REPORT_MODES_H
#define QN_BENCH_REPORT_MODES_H

#include "bench/folder/tables.h"
#include "bench/stats/modes.h"

struct qn_detection_modes {
    size_t
        n_calls; /* failed ones whose error the caller has seen; 0: it has not two modes, or none */
    double slow_share, fast_ns, slow_ns; /* medians */
    /* Of what slow calls take beyond the median of the fast ones, the share that is no longer than the time that the
     * caller could have run and had no core; NAN: that is not known. At most, since some of that time may lie outside
     * of the detection. */
    double waited_share;
};

/* QN_ENOMEM. */
int qn_detection_modes_of(const struct qn_tables *tables, size_t cell,
                          struct qn_detection_modes *out) QN_MUST_CHECK;

/* Writes it as part of a sentence: "63 % of 200 failed calls see the error after 133 µs, the others after 30 µs; of the
 * difference up to 95 % is time that the caller's thread was ready to run and had no core". */
void qn_detection_modes_say(const struct qn_detection_modes *modes, FILE *file);

#endif
