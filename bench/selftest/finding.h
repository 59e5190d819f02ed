/*
 * Findings: what the program's ordinary checks find wrong with unknown cells, each compared with a
 * reference over the same calls: the status of its processes, with the reason as in plan.csv;
 * errors that failed calls do not return; effects (bench/stats/effect.h) on measured figures.
 */
#ifndef QN_BENCH_SELFTEST_FINDING_H
#define QN_BENCH_SELFTEST_FINDING_H

#include "bench/selftest/observation.h"
#include "bench/stats/effect.h"

#define QN_FINDING_TEXT_BYTES (QN_REASON_BYTES + 32)

/* What was found, and by what: "status", "error_returned", or the metric of an effect. */
struct qn_finding {
    char label;     /* of the cell */
    const char *by; /* static storage */
    char text[QN_FINDING_TEXT_BYTES];
    struct qn_effect effect; /* if by is a metric; else zeroed */
    double p;                /* of the effect, corrected (Holm) over all cells and metrics */
};

/* The effect on one metric, over the processes that have it in both. */
struct qn_effect qn_finding_effect(const struct qn_observation *reference,
                                   const struct qn_observation *cell,
                                   enum qn_observation_metric metric);

/* The most findings of one cell. */
#define QN_FINDINGS_PER_CELL (2 + QN_OBSERVATION_COUNT)

/*
 * Writes the findings of cells[0 .. n) into out, in order; out has room for QN_FINDINGS_PER_CELL
 * each. An effect counts if its corrected p is at most `level`, the probability that any is false.
 * Cells whose processes failed are not compared further. QN_ENOMEM.
 */
int qn_finding_all(const struct qn_observation *reference, const struct qn_observation *cells,
                   size_t n, double level, struct qn_finding *out, size_t *n_out) QN_MUST_CHECK;

#endif
