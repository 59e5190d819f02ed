/*
 * The result of a search: the outcome of every candidate and why, and whether one is recommended
 * and with what certainty.
 */
#ifndef QN_BENCH_TUNE_SEARCH_VERDICT_H
#define QN_BENCH_TUNE_SEARCH_VERDICT_H

#include "bench/tune/search/stages.h"

/* X(symbol, name): the outcome of a candidate. */
#define QN_OUTCOMES_OF_TUNING(X) \
    X(RECOMMENDED, "recommended") \
    X(PROVISIONAL, "provisional") \
    X(TIED, "tied") \
    X(UNDECIDED, "undecided") \
    X(LOST, "lost") \
    X(BREAKS, "breaks") X(FAILED, "failed") X(LEFT_OUT, "left-out") X(NOT_RACED, "not-raced")

enum qn_tune_outcome {
#define QN_TUNE_OUTCOME_ENUM(symbol, name) QN_TUNE_##symbol,
    QN_OUTCOMES_OF_TUNING(QN_TUNE_OUTCOME_ENUM)
#undef QN_TUNE_OUTCOME_ENUM
        QN_TUNE_OUTCOME_COUNT
};

extern const char *const qn_tune_outcome_names[QN_TUNE_OUTCOME_COUNT];

enum qn_tune_verdict {
    QN_TUNE_FOUND,      /* one is left */
    QN_TUNE_TIE,        /* those that are left can't be distinguished, or need not be */
    QN_TUNE_CUT_SHORT,  /* the time ended while several were left */
    QN_TUNE_LIKELY,     /* none is shown to keep every bound, but the choice's figures do */
    QN_TUNE_NONE,       /* each breaks a bound, or its figures do */
    QN_TUNE_TOO_FEW,    /* too few calls failed to judge */
    QN_TUNE_NO_TIME,    /* the time ended before a first judgement */
    QN_TUNE_ALL_FAILED, /* a process of every candidate failed, or of the floor */
};

/* " A longer --time-budget would tell.", if the time has been used up; else "". Static storage. */
const char *qn_tune_more_time(const struct qn_tune *tune);

/* Something is recommended, even if only provisionally. */
bool qn_tune_is_answer(enum qn_tune_verdict verdict);

enum qn_tune_verdict qn_tune_verdict_of(const struct qn_tune *tune);

enum qn_tune_outcome qn_tune_outcome_of(const struct qn_tune *tune, size_t candidate);

/* Writes the reason in one line, with figures and intervals. */
void qn_tune_reason(const struct qn_tune *tune, size_t candidate, char *out, size_t bytes);

/* Writes a runner's figure for a bound: "2.1 [1.9, 2.3] ms", or "0.8 [0.2, 1.9] % of calls beyond 2
 * ms". */
void qn_tune_say_held(const struct qn_tune *tune, const struct qn_runner *runner, size_t bound,
                      char *out, size_t bytes);

#endif
