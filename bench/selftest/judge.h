/*
 * The judge: holds what was found wrong with cells against the faults that were put into them.
 */
#ifndef QN_BENCH_SELFTEST_JUDGE_H
#define QN_BENCH_SELFTEST_JUDGE_H

#include <stdbool.h>

#include "bench/cell/faulty.h"
#include "bench/selftest/finding.h"

/* What a cell is, and whether that was found. */
struct qn_judgement {
    char label;
    enum qn_faulty fault;
    /* The finding that names the fault, or, of a sound cell, the first that was found all the same;
     * NULL: none. Borrowed. */
    const struct qn_finding *by;
    bool is_right; /* a fault was found; a sound cell was left alone */
};

/*
 * Fills by and is_right of judgements[0 .. n), whose labels and faults are set. A fault is found by
 * a finding of its cell that is of its kind: SLOW by return_at, worse; LOSE by error_returned or
 * errors_lost; LEAK, DIE and HANG by the status, with a reason that says so. Whatever else is found
 * with the cell of a fault neither helps nor harms.
 */
void qn_judge(const struct qn_finding *findings, size_t n_findings, struct qn_judgement *judgements,
              size_t n);

#endif
