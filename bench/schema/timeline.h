/*
 * The timeline: what the workers of a few calls did, for plots; a row of timeline.csv per worker.
 */
#ifndef QN_BENCH_SCHEMA_TIMELINE_H
#define QN_BENCH_SCHEMA_TIMELINE_H

#include <stdint.h>

#include "bench/schema/exemplar.h"

/* X(symbol, name): how a worker ended, in timeline.csv. */
#define QN_OUTCOMES(X) \
    X(OK, "ok") \
    X(FAILED, "failed") \
    X(CANCELLED, "cancelled") X(SKIPPED, "skipped") X(BLOCKED, "blocked") X(NEVER, "never")

enum qn_outcome {
#define QN_OUTCOME_ENUM(symbol, name) QN_OUTCOME_##symbol,
    QN_OUTCOMES(QN_OUTCOME_ENUM)
#undef QN_OUTCOME_ENUM
        QN_OUTCOME_COUNT
};

/* Indexed by enum qn_outcome; immutable. */
extern const char *const qn_outcome_names[QN_OUTCOME_COUNT];

/* One worker of one call; ns since the call began, QN_NONE: never. */
struct qn_timeline_row {
    uint32_t trial, worker;
    int32_t thread; /* -1: none ran it, or unknown */
    enum qn_outcome outcome;
    enum qn_exemplar kept_as; /* why the call's workers were kept */
    int64_t begin_ns, stop_ns, end_ns;
};

#endif
