/*
 * The A/A test: the same strategy under two names, measured and compared as two would be. Every
 * verdict of "different" is then false, and their share shows whether a comparison's level is
 * correct: over many comparisons it must be 5 %, neither more nor less.
 *
 * Fixed before anything is measured. A comparison: two cells of one strategy under two names,
 * QN_SAMENESS_TRIALS calls a process, a seed of its own; the figure is a process's median of
 * return_latency; the cells' processes meet the same calls, so they are paired; noise 0, no
 * correction. Agreement: the count of verdicts lies in the central 99 % of the binomial
 * distribution, so one self-test in a hundred of a perfect program disagrees.
 */
#ifndef QN_BENCH_SELFTEST_SAMENESS_H
#define QN_BENCH_SELFTEST_SAMENESS_H

#include <stdbool.h>

#include "bench/selftest/rig.h"

#define QN_SAMENESS_LEVEL 0.05
#define QN_SAMENESS_AGREES_WITHIN 0.99
#define QN_SAMENESS_TRIALS 60u

/* X(symbol): the strategies used in turn, one of each kind: waits, returns early, cancels, does
 * both. */
#define QN_SAMENESS_STRATEGIES(X) X(drain) X(buffered) X(cancel) X(cancel_wait)

enum {
#define QN_SAMENESS_ENUM(symbol) QN_SAMENESS_##symbol,
    QN_SAMENESS_STRATEGIES(QN_SAMENESS_ENUM)
#undef QN_SAMENESS_ENUM
        QN_SAMENESS_COUNT
};

struct qn_sameness_count {
    const char *strategy;
    size_t n, n_different;
};

struct qn_sameness {
    uint32_t processes;    /* of each cell */
    size_t n, n_different; /* comparisons */
    double lo, hi;         /* 95 % interval of the share */
    size_t least, most;    /* counts that agree with the level */
    bool agrees;
    struct qn_sameness_count of[QN_SAMENESS_COUNT];
};

/*
 * Makes n comparisons of `processes` processes per cell, 2 .. QN_OBSERVATION_PROCESSES. QN_EIO
 * after a complaint: a process failed; else as qn_rig_measure.
 */
int qn_sameness_run(struct qn_rig *rig, size_t n, uint32_t processes, uint64_t seed,
                    struct qn_sameness *out) QN_MUST_CHECK;

#endif
