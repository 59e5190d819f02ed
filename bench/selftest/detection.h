/*
 * The blind test: cells of sound and of faulty strategies in an order that the comparing code does
 * not know, held against a reference that is known to be sound, and what is found held against what
 * was put in.
 *
 * Times need more processes the noisier the machine is: the cells are looked at after 12, 24, 48,
 * 96 and 192 processes, until every fault is found or a sound cell gives a false alarm. A false
 * alarm over all cells, metrics and looks has a chance of QN_DETECTION_LEVEL at most, which the looks
 * share.
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
/* Sound cells, besides the reference. */
#define QN_DETECTION_SOUND 2u
#define QN_DETECTION_MAX_CELLS (QN_DETECTION_SOUND + QN_FAULTY_COUNT - 1)

/* What a cell is, and whether that was found. */
struct qn_judgement {
    char label;
    enum qn_faulty fault;
    /* The finding that names the fault, or, of a sound cell, the first that was found all the same;
     * NULL: none. Borrowed. */
    const struct qn_finding *by;
    bool is_right; /* a fault was found; a sound cell was left alone */
};

struct qn_detection {
    uint32_t processes; /* of each cell that did not fail */
    size_t n_cells;
    struct qn_judgement cells[QN_DETECTION_MAX_CELLS];  /* by label */
    struct qn_effect return_at[QN_DETECTION_MAX_CELLS]; /* of each cell, whatever came of it */
    struct qn_finding findings[QN_DETECTION_MAX_CELLS * QN_FINDINGS_PER_CELL];
    size_t n_findings;
    size_t n_missed, n_false; /* faults not found; sound cells with a finding */
};

/*
 * Fills by and is_right of judgements[0 .. n), whose labels and faults are set. A fault is found by
 * a finding of its cell that is of its kind: SLOW by return_at, worse; LOSE by error_returned or
 * errors_lost; LEAK, DIE and HANG by the status, with a reason that says so. Whatever else is found
 * with the cell of a fault neither helps nor harms.
 */
void qn_judge(const struct qn_finding *findings, size_t n_findings, struct qn_judgement *judgements,
              size_t n);

/*
 * Runs the test; is_quick: one look after few processes, without QN_FAULTY_SLOW, whose finding is a
 * matter of noise. Processes are given up as hung once nothing has moved for 2 s. QN_EIO after a
 * complaint: a process of the reference failed; else as qn_rig_measure.
 */
int qn_detection_run(struct qn_rig *rig, bool is_quick, uint64_t seed,
                     struct qn_detection *out) QN_MUST_CHECK;

#endif
