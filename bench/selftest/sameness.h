/*
 * The A/A test: the same strategy under two names, measured and compared as two would be. A verdict
 * of "different" is wrong then, and the share of them says whether the level of a comparison is
 * what it is said to be: over many comparisons it must be 5 %, no less than no more.
 *
 * Fixed before anything is measured. A comparison: two cells of one strategy under two names,
 * QN_SAMENESS_TRIALS calls a process, a seed of its own; the figure is a process's median of
 * return_latency; the cells' processes meet the same calls, so they are paired; noise 0, no
 * correction. Agreement: the count of verdicts lies in the central 99 % of the binomial
 * distribution, so that one self-test in a hundred of a perfect program disagrees.
 */
#ifndef QN_BENCH_SELFTEST_SAMENESS_H
#define QN_BENCH_SELFTEST_SAMENESS_H

#include <stdbool.h>

#include "bench/selftest/rig.h"

#define QN_SAMENESS_LEVEL 0.05
#define QN_SAMENESS_AGREES_WITHIN 0.99
#define QN_SAMENESS_TRIALS 60u

/* X(symbol): the strategies that take turns; of each kind one: who waits, who returns early, who
 * cancels, who does both. */
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
    double lo, hi;         /* of the share, at 95 % */
    size_t least, most;    /* counts that agree with the level */
    bool agrees;
    struct qn_sameness_count of[QN_SAMENESS_COUNT];
};

/*
 * Makes n comparisons with so many processes a cell, 2 .. QN_OBSERVATION_PROCESSES. QN_EIO after a
 * complaint: a process failed; else as qn_rig_measure.
 */
int qn_sameness_run(struct qn_rig *rig, size_t n, uint32_t processes, uint64_t seed,
                    struct qn_sameness *out) QN_MUST_CHECK;

#endif
