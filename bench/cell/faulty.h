/*
 * Faulty strategies, for the self-test: strategies with a known fault, and aliases of sound ones.
 * They are `drain` except for the fault, are not listed, and --strategies doesn't accept them; only
 * a measuring process finds them by name.
 */
#ifndef QN_BENCH_CELL_FAULTY_H
#define QN_BENCH_CELL_FAULTY_H

#include "bench/cell/warmup.h"
#include "strategies/strategy.h"

/* X(symbol, text): its description. */
#define QN_FAULTYS(X) \
    X(NONE, "sound") \
    X(SLOW, "3 % slower") \
    X(LEAK, "leaks") \
    X(LOSE, "loses an error") \
    X(DIE, "dies") \
    X(HANG, "hangs")

enum qn_faulty {
#define QN_FAULTY_ENUM(symbol, text) QN_FAULTY_##symbol,
    QN_FAULTYS(QN_FAULTY_ENUM)
#undef QN_FAULTY_ENUM
        QN_FAULTY_COUNT
};

/* Indexed by enum qn_faulty; immutable. */
extern const char *const qn_faulty_texts[QN_FAULTY_COUNT];

/* The process's call, counted from 1, in which it dies or hangs: after any warm-up. */
#define QN_FAULTY_CALL (QN_WARMUP_MAX_CALLS + 2)
/* Trials enough for that call to come, however short the warm-up. */
#define QN_FAULTY_TRIALS (QN_FAULTY_CALL - 2 * QN_WARMUP_WINDOW)

/*
 * The strategy with a fault: static storage. SLOW does 3 % more work, before its own, in each
 * worker. LEAK returns at the first error and leaves the others blocked in their sends, without
 * QN_LEAKS. LOSE drops the first error of every call. DIE is killed in the middle of
 * QN_FAULTY_CALL, HANG waits there for a report that never comes. NONE is `drain` itself.
 */
const struct qn_strategy *qn_faulty_strategy(enum qn_faulty fault);

/*
 * The strategy with that name, listed or faulty, or NULL. "NAME@ANYTHING" is an alias of the listed
 * strategy NAME.
 */
const struct qn_strategy *qn_faulty_find(const char *name);

#endif
