/*
 * Misuses: what a strategy gets wrong about closing resources, told from the trials of a cell alone.
 *
 * It is found out by what is seen from outside of a call: what it left open, closed twice and used
 * after closing, and how many closes failed. No name or flag of a strategy is looked at, so that a
 * strategy of one's own is judged as the built-in misuses are.
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
    int64_t n_failed, n_leaking; /* calls; those that left something open */
    int64_t taken, leaked, closed_twice, used_after_close, close_errors;
    int64_t leaked_bytes;
};

/* The cell's calls have resources. */
bool qn_misuse_applies(const struct qn_trials *trials, size_t cell);

/*
 * What the trials of a cell with so many workers a call show, in *out; *sums: what it is told from. Sound also
 * where nothing failed, and where what is wrong never had its occasion, such as a close that fails.
 *
 * Of leaks alone: "no close" if in each failed call all was left that the failing workers had taken;
 * "stopped" if whatever left something had an error of closing, and less was left than was taken.
 * What failing workers took is known where some call had no failure, or all its workers failed; in a
 * cell without either, leaks in every failed call count as "no close". QN_ENOMEM.
 */
int qn_misuse_of(const struct qn_trials *trials, size_t cell, uint32_t workers, enum qn_misuse *out,
                 struct qn_misuse_sums *sums) QN_MUST_CHECK;

/* Says on stderr, a line a cell, what misuses the trials of a run show; nothing where there are none. QN_ENOMEM. */
int qn_misuse_say(const struct qn_plan *plan, const struct qn_trials *trials) QN_MUST_CHECK;

#endif
