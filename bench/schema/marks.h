/*
 * Marks: which blocks exceed a stated limit, and which one. A marked block is disclosed and counts
 * like any other; nothing is dropped.
 */
#ifndef QN_BENCH_SCHEMA_MARKS_H
#define QN_BENCH_SCHEMA_MARKS_H

#include <stddef.h>

#include "bench/schema/block.h"

/* X(symbol, name, meaning): reasons to mark a block. */
#define QN_MARKS(X) \
    X(DRIFT, "drift", "the work kernel ran slower or faster than calibrated") \
    X(STEAL, "steal", "the hypervisor took CPU time away") \
    X(PREEMPTIONS, "preemptions", "other threads preempted its threads") \
    X(UNSTEADY, "unsteady", "its times had not settled when the warm-up ended") \
    X(STOPPED, "stopped", "its process was stopped, or the machine suspended, while it measured")

enum qn_mark {
#define QN_MARK_ENUM(symbol, name, meaning) QN_MARK_##symbol,
    QN_MARKS(QN_MARK_ENUM)
#undef QN_MARK_ENUM
        QN_MARK_COUNT
};

struct qn_mark_info {
    const char *name, *meaning;
};

/* Indexed by enum qn_mark; immutable. */
extern const struct qn_mark_info qn_mark_infos[QN_MARK_COUNT];

/* A block exactly at a limit is not marked. */
struct qn_block_limits {
    double drift;         /* deviation of the quantum from its nominal time, a share, either way */
    double child_drift;   /* the same of a child, which calibrates itself in each process */
    double steal;         /* a share of all CPUs' time */
    double preemptions_s; /* per second; ignored for a block whose own threads outnumber its CPUs */
};

/* The limits for runs; see docs/figures.md. Immutable. */
extern const struct qn_block_limits qn_block_limits;

/* Room for all reasons. */
#define QN_MARK_BYTES 64

/* Writes the reasons, joined by ';', in the order of QN_MARKS; "" for none. QN_MARK_BYTES is always
 * enough. */
void qn_block_marks(const struct qn_block *block, const struct qn_block_limits *limits, char *out,
                    size_t bytes);

#endif
