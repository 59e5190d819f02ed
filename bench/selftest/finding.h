/*
 * Findings: what the program's ordinary means find wrong with cells of which nothing else is
 * known, each held against a reference that met the same calls. By the status of its processes,
 * with the reason as plan.csv has it; by errors that failed calls do not return; by effects
 * (bench/stats/effect.h) on what was measured.
 */
#ifndef QN_BENCH_SELFTEST_FINDING_H
#define QN_BENCH_SELFTEST_FINDING_H

#include "bench/selftest/observation.h"
#include "bench/stats/effect.h"

#define QN_FINDING_TEXT_BYTES (QN_REASON_BYTES + 32)

/* By what it was found: "status", "error_returned", or the metric of an effect. */
struct qn_finding {
    char label;     /* of the cell */
    const char *by; /* static storage */
    char text[QN_FINDING_TEXT_BYTES];
    struct qn_effect effect; /* where by names a metric; else zeroed */
    double p;                /* of the effect, corrected (Holm) over all cells and metrics */
};

/* The effect on one metric, over the processes in which both have it. */
struct qn_effect qn_finding_effect(const struct qn_observation *reference,
                                   const struct qn_observation *cell,
                                   enum qn_observation_metric metric);

/* Findings of one cell at most. */
#define QN_FINDINGS_PER_CELL (2 + QN_OBSERVATION_COUNT)

/*
 * Finds the findings of cells[0 .. n), in their order; out has room for QN_FINDINGS_PER_CELL
 * each. An effect counts where its corrected p is at most `level`: the chance that any of them is
 * false. Cells whose processes failed are not compared further. QN_ENOMEM.
 */
int qn_finding_all(const struct qn_observation *reference, const struct qn_observation *cells,
                   size_t n, double level, struct qn_finding *out, size_t *n_out) QN_MUST_CHECK;

#endif
