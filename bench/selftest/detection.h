/*
 * The detection test: cells of sound and of faulty strategies, in an order unknown to the comparing
 * code, are compared with a reference known to be sound; the findings are then checked against the
 * faults that were injected.
 *
 * The noisier the machine, the more processes are needed: cells are compared after 12, 24, 48, 96
 * and 192 processes, until every fault is found or a sound cell causes a false alarm. The
 * probability of a false alarm over all cells, metrics and looks is at most QN_DETECTION_LEVEL,
 * which is divided among the looks.
 */
#ifndef QN_BENCH_SELFTEST_DETECTION_H
#define QN_BENCH_SELFTEST_DETECTION_H

#include <stdbool.h>

#include "bench/cell/faulty.h"
#include "bench/selftest/finding.h"
#include "bench/selftest/rig.h"

#define QN_DETECTION_LEVEL 0.001
#define QN_DETECTION_LOOKS 5u
#define QN_DETECTION_MIN_PROCESSES 12u
/* Sound cells, in addition to the reference. */
#define QN_DETECTION_SOUND 2u
#define QN_DETECTION_MAX_CELLS (QN_DETECTION_SOUND + QN_FAULTY_COUNT - 1)

/* What a cell is, and whether the findings say so. */
struct qn_judgement {
    char label;
    enum qn_faulty fault;
    /* The finding that identifies the fault, or the first false one of a sound cell; NULL: none.
     * Borrowed. */
    const struct qn_finding *by;
    bool is_right; /* the fault was found; the sound cell has no finding */
};

struct qn_detection {
    uint32_t processes; /* of each cell that did not fail */
    size_t n_cells;
    struct qn_judgement cells[QN_DETECTION_MAX_CELLS];  /* by label */
    struct qn_effect return_at[QN_DETECTION_MAX_CELLS]; /* of each cell, found or not */
    struct qn_finding findings[QN_DETECTION_MAX_CELLS * QN_FINDINGS_PER_CELL];
    size_t n_findings;
    size_t n_missed, n_false; /* faults not found; sound cells with a finding */
};

/*
 * Sets by and is_right of judgements[0 .. n), whose labels and faults are given. A fault is found
 * if its cell has a finding of the right kind: SLOW by return_at, worse; LOSE by error_returned or
 * errors_lost; LEAK, DIE and HANG by the status with a matching reason. Other findings of a faulty
 * cell are ignored.
 */
void qn_judge(const struct qn_finding *findings, size_t n_findings, struct qn_judgement *judgements,
              size_t n);

/*
 * Runs the test; is_quick: a single look after few processes, without QN_FAULTY_SLOW, whose
 * detection depends on noise. Processes without progress for 2 s count as hung. QN_EIO after a
 * complaint: a process of the reference failed; else as qn_rig_measure.
 */
int qn_detection_run(struct qn_rig *rig, bool is_quick, uint64_t seed,
                     struct qn_detection *out) QN_MUST_CHECK;

#endif
