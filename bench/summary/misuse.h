/*
 * Misuses: what a strategy gets wrong in closing resources, judged from a cell's trials alone.
 *
 * The verdict rests on what shows from outside a call: what it left open, closed twice or used
 * after closing, and how many closes failed. Names and flags of strategies don't matter, so a
 * user's strategy is judged like the built-in misuses.
 */
#ifndef QN_BENCH_SUMMARY_MISUSE_H
#define QN_BENCH_SUMMARY_MISUSE_H

#include <stddef.h>

#include "bench/schema/plan.h"
#include "bench/schema/trials.h"

/* X(symbol, name) */
#define QN_MISUSE_LIST(X) \
    X(SOUND, "sound") \
    X(NO_CLOSE, "no close on error") \
    X(TWICE, "closed twice") \
    X(UNORDERED, "closed out of order") \
    X(STOPS, "stopped at the first close error") \
    X(MIX, "a mix")

enum qn_misuse {
#define QN_MISUSE_ENUM(symbol, name) QN_MISUSE_##symbol,
    QN_MISUSE_LIST(QN_MISUSE_ENUM)
#undef QN_MISUSE_ENUM
        QN_MISUSE_COUNT
};

/* Indexed by enum qn_misuse; immutable. */
extern const char *const qn_misuse_names[QN_MISUSE_COUNT];

/* Sums over the failed calls of a cell. */
struct qn_misuse_sums {
    int64_t n_failed, n_leaking; /* calls; those that left resources open */
    int64_t taken, leaked, closed_twice, used_after_close, close_errors;
    int64_t leaked_bytes;
};

/* Whether the cell's calls have resources. */
bool qn_misuse_applies(const struct qn_trials *trials, size_t cell);

/*
 * Judges the trials of a cell with n_workers per call; *sums has the underlying figures. Sound if
 * nothing failed, or if a misuse had no occasion to show, such as a failing close.
 *
 * If there are only leaks: "no close" if every failed call left all that its failing workers had
 * taken; "stopped" if every call that left something had a close error and left less than was
 * taken. What failing workers took is known if some call had no failure or all its workers failed;
 * in a cell without either, leaks in every failed call count as "no close". QN_ENOMEM.
 */
int qn_misuse_of(const struct qn_trials *trials, size_t cell, uint32_t workers, enum qn_misuse *out,
                 struct qn_misuse_sums *sums) QN_MUST_CHECK;

/* Prints the misuses in a run's trials on stderr, a line per cell. QN_ENOMEM. */
int qn_misuse_say(const struct qn_plan *plan, const struct qn_trials *trials) QN_MUST_CHECK;

#endif
