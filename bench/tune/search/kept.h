/*
 * Kept strategies: what levers do for a program that is tied to a strategy, whatever the race says.
 *
 * A lever joins the race only where a candidate may be the best, yet it can help most where the caller
 * itself acts on the error, which is what costs a strategy the race. So after the race such strategies,
 * with their default policies and at the cheapest interval raced, are measured with each lever, and
 * compared with the same without it, process by process on the same calls. Only processes that the race
 * has not measured count: those of a round with a lever and without stand next to each other, while
 * those of the race may be older than a change in the load on the machine. Each interval is of 95 %
 * on its own: of forty levers without effect one looks as if it helped.
 */
#ifndef QN_BENCH_TUNE_SEARCH_KEPT_H
#define QN_BENCH_TUNE_SEARCH_KEPT_H

#include "bench/stats/effect.h"
#include "bench/tune/search/state.h"

/* Processes with and without a lever, next to each other: fewer are not judged, and every strategy gets
 * these before any gets more; the most. */
#define QN_TUNE_KEPT_LEAST 6u
#define QN_TUNE_KEPT_MOST 12u

/* X(symbol, name): what is shown of a lever. Names are outcomes in candidates.csv. */
#define QN_TUNE_KEPT_VERDICTS(X) \
    X(OPEN, "not-raced") /* fewer than QN_TUNE_KEPT_LEAST processes */ \
    X(HELPS, "helps")    /* a figure falls, and nothing is shown to cost more */ \
    X(COSTS, "costs")    /* a figure rises, or a call without failure takes longer */ \
    X(EQUAL, "no-difference")

enum qn_tune_kept_verdict {
#define QN_TUNE_KEPT_ENUM(symbol, name) QN_TUNE_KEPT_##symbol,
    QN_TUNE_KEPT_VERDICTS(QN_TUNE_KEPT_ENUM)
#undef QN_TUNE_KEPT_ENUM
        QN_TUNE_KEPT_VERDICT_COUNT
};

extern const char *const qn_tune_kept_names[QN_TUNE_KEPT_VERDICT_COUNT];

/* A figure with a lever and without it. */
struct qn_tune_kept_figure {
    double without, with;     /* means over the processes that have both */
    struct qn_effect effect;  /* with over without; n_a 0: no process has both */
    enum qn_effect_word word; /* whether its interval lies beyond the band */
};

/* The first error (QN_TUNE_FIRST_ERROR), and the objective. */
enum { QN_TUNE_KEPT_FIRST_ERROR, QN_TUNE_KEPT_OBJECTIVE, QN_TUNE_KEPT_FIGURES };

/* A lever on a kept strategy. */
struct qn_tune_kept_lever {
    size_t plain, lever; /* candidates */
    struct qn_tune_kept_figure figures[QN_TUNE_KEPT_FIGURES];
    struct qn_effect price; /* of a call without failure, by its time; n_a 0: every call fails */
    enum qn_effect_word price_word;
    enum qn_tune_kept_verdict verdict;
};

struct qn_tune_kept {
    struct qn_tune_kept_lever
        *list; /* owned; a strategy's levers follow each other, the yield first */
    size_t n;
};

/* Chooses the strategies, once the race has been judged; again: nothing changes. */
void qn_tune_kept_choose(struct qn_tune *tune);

/* Writes the cells that are measured next into cells (room for all); *n of them. False: none. */
bool qn_tune_kept_next(struct qn_tune *tune, uint32_t *cells, size_t *n);

/* Compares what has been measured. QN_ENOMEM. On QN_OK the caller gives *out to qn_tune_kept_fini. */
int qn_tune_kept_make(const struct qn_tune *tune, struct qn_tune_kept *out) QN_MUST_CHECK;
void qn_tune_kept_fini(struct qn_tune_kept *kept);

/* The lever that is compared as this candidate; NULL: none is. */
const struct qn_tune_kept_lever *qn_tune_kept_find(const struct qn_tune_kept *kept,
                                                   size_t candidate);

/* Writes in one line what is shown of a lever, with figures and intervals. */
void qn_tune_kept_reason(const struct qn_tune *tune, const struct qn_tune_kept_lever *lever,
                         char *out, size_t bytes);

#endif
