/*
 * What a call records while it runs: plain stores of stamps and counts, each by one thread, into
 * storage allocated before. Figures are computed from it after the call has settled
 * (bench/cell/figures.h).
 *
 * Stamps are ticks of qn_exec_now; 0 is none. Writers and readers are ordered by the executor's
 * quiesce: nothing is read while a worker may still write.
 */
#ifndef QN_STRATEGIES_RECORD_H
#define QN_STRATEGIES_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "strategies/error.h"

enum qn_worker_flags {
    QN_WORKER_BEGUN = 1u << 0,       /* its work began */
    QN_WORKER_LATE = 1u << 1,        /* … when the first error had already happened */
    QN_WORKER_SAW_ERROR = 1u << 2,   /* quanta_at_error counts */
    QN_WORKER_FELL_ASLEEP = 1u << 3, /* kind wait */
};

/* One worker, a cache line of its own. Written by the thread that runs it. */
struct qn_worker_record {
    _Alignas(64) uint64_t begin; /* its work began */
    uint64_t stop;               /* its work ended, as `error` says */
    /* it released its thread, after its report was delivered or dropped */
    uint64_t end;
    uint32_t quanta;          /* done; kind own: units asked for */
    uint32_t quanta_at_error; /* done when it first saw that an error had happened */
    uint32_t flags;           /* enum qn_worker_flags */
    enum qn_error_kind error; /* how its work ended */
    int32_t thread;           /* index in the pool of the thread that ran it */
    uint32_t polls;           /* polls of its token while it computed */
};

/* True if it was cancelled before it began. */
static inline bool qn_record_skipped(const struct qn_worker_record *record)
{
    return record->error == QN_ERROR_CANCELLED && !(record->flags & QN_WORKER_BEGUN);
}

/* True if it did all its planned work, whether it then succeeded or failed. */
static inline bool qn_record_finished(const struct qn_worker_record *record)
{
    return record->stop != 0 && record->error != QN_ERROR_CANCELLED;
}

/* When its work failed; 0: it didn't. */
static inline uint64_t qn_record_failed_at(const struct qn_worker_record *record)
{
    return record->error == QN_ERROR_WORKER ? record->stop : 0;
}

#endif
