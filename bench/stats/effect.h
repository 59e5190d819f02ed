/*
 * Effects: whether one cell differs from another, by how much, and with what certainty.
 *
 * A sample has one figure per process (a median or mean of its calls), because calls within a
 * process are not independent. Figures are times, bytes or counts, all above 0, and the effect is
 * the ratio b / a, so computations use logarithms: intervals are for the ratio of geometric means,
 * by Student's t. The noise band is a share such as 0.05: ratios within it are of no interest, and
 * a verdict needs evidence that the ratio is outside (two one-sided tests against the edges of the
 * band; noise 0: against equality).
 */
#ifndef QN_BENCH_STATS_EFFECT_H
#define QN_BENCH_STATS_EFFECT_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base.h"

struct qn_effect {
    double ratio, lo, hi; /* b / a with its 95 % interval */
    bool has_interval;    /* false: fewer than 2 figures on a side, or a figure not above 0; p is 1
                        * then */
    double p;             /* for the ratio being within the noise band, two-sided */
    size_t n_a, n_b;      /* figures */
};

/* X(symbol, text) */
#define QN_EFFECT_WORDS(X) X(NONE, "no difference shown") X(BETTER, "better") X(WORSE, "worse")

enum qn_effect_word {
#define QN_EFFECT_ENUM(symbol, text) QN_EFFECT_##symbol,
    QN_EFFECT_WORDS(QN_EFFECT_ENUM)
#undef QN_EFFECT_ENUM
};

/* Pairs (a[i], b[i]) over the same calls: t over the differences of logarithms. n >= 0, noise in
 * [0, 1). */
struct qn_effect qn_effect_paired(const double *a, const double *b, size_t n, double noise);

/* Samples of two runs: Welch's t over logarithms, with Satterthwaite's degrees of freedom. */
struct qn_effect qn_effect_unpaired(const double *a, size_t n_a, const double *b, size_t n_b,
                                    double noise);

/* Holm's step-down adjusted p-values (Holm, Scand. J. Statist. 6, 1979): adjusted[i] >= p[i], at
 * most 1. NAN stays NAN and is not counted. QN_ENOMEM. adjusted may be p. */
int qn_effect_holm(const double *p, size_t n, double *adjusted) QN_MUST_CHECK;

/* The verdict at a level: NONE unless p_adjusted <= level; else WORSE if the ratio is above 1
 * (lower is better), BETTER if below; the opposite if is_higher_better. */
enum qn_effect_word qn_effect_judge(const struct qn_effect *effect, double p_adjusted, double level,
                                    bool is_higher_better);
const char *qn_effect_text(enum qn_effect_word word); /* static storage */

#endif
