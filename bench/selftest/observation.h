/*
 * Observations: what was measured of one cell of the self-test, without what the cell is. The
 * comparing code is given nothing else.
 */
#ifndef QN_BENCH_SELFTEST_OBSERVATION_H
#define QN_BENCH_SELFTEST_OBSERVATION_H

#include <stddef.h>
#include <stdint.h>

#include "bench/schema/cell.h"
#include "bench/schema/metrics.h"

/* The most processes of a cell. */
#define QN_OBSERVATION_PROCESSES 192u

/* X(metric, of failed calls only): figures of a process, by the metric's own statistic. */
#define QN_OBSERVATION_METRICS(X) X(RETURN_AT, false) X(RETURN_LATENCY, true) X(ERRORS_LOST, true)

enum qn_observation_metric {
#define QN_OBSERVATION_ENUM(metric, failed_only) QN_OBSERVATION_##metric,
    QN_OBSERVATION_METRICS(QN_OBSERVATION_ENUM)
#undef QN_OBSERVATION_ENUM
        QN_OBSERVATION_COUNT
};

/* Indexed by enum qn_observation_metric; immutable. */
extern const struct qn_metric_of_calls qn_observation_metrics[QN_OBSERVATION_COUNT];

struct qn_observation {
    char label;           /* 'A', 'B' …; unique among the compared cells */
    uint32_t n_processes; /* that ended well: indices 0 .. n_processes - 1 of figures */
    double figures[QN_OBSERVATION_COUNT][QN_OBSERVATION_PROCESSES]; /* NAN: the process has none */
    uint64_t n_failed_calls;                                        /* of all processes */
    uint64_t n_without_error; /* of them, calls that returned none */
    /* PENDING; FAILED: a process failed, and none was started after it */
    enum qn_status status;
    char reason[QN_REASON_BYTES]; /* where FAILED */
};

/* Takes the rows of the next process. QN_ENOMEM; QN_ERANGE: more than QN_OBSERVATION_PROCESSES. */
int qn_observation_add(struct qn_observation *observation, const struct qn_trial *rows,
                       size_t n_rows) QN_MUST_CHECK;

#endif
