/*
 * Sequences of resources, which a worker takes step by step, and closes.
 *
 * A worker with resources takes number 0, does a share of its work, takes number 1, and so on, so
 * that at a failure at the end of step K, K of them are open. Each depends on the previous one: a
 * step uses only its own resource, but closing number i uses number i - 1. So closing in reverse
 * order uses nothing that is closed, and any other order is a use after close.
 *
 * This file handles single resources, and closes all of them correctly. Who closes when, and what
 * can go wrong, is up to the strategies: release_at_site.c, release_by_owner.c, and the misuses,
 * no_close.c to close_mixed.c. The misuses are wrong only on the path after an error: a worker that
 * succeeds closes everything, in reverse order, even if a close fails, since a bug on the path that
 * every call takes is soon found.
 *
 * A sequence belongs to its worker from the start of its work to its report, and to the owner
 * before the call begins and after it has returned; starting the workers and receiving a report
 * transfer ownership. Nothing here is shared or locked.
 *
 * Uses memory.
 */
#ifndef QN_STRATEGIES_RESOURCE_H
#define QN_STRATEGIES_RESOURCE_H

#include "strategies/types.h"

/*
 * The resources of one worker, on its own cache line; zeroed before the call. Figures read the
 * counts after the call has settled.
 */
struct qn_sequence {
    _Alignas(64) uint64_t taken; /* bit i: resource i was taken */
    uint64_t open;               /* bit i: resource i was taken and not closed since */
    uint64_t closing;            /* ticks that closing took; 0 without recorder */
    uint32_t n_closed_twice;     /* closes of a resource that was closed already */
    uint32_t n_used_after_close;
    uint32_t n_close_errors; /* closes that failed */
    void **blocks;           /* one per resource: its memory, or NULL */
};

/* Room for the blocks of n resources, in pointers: whole cache lines. */
static inline size_t qn_sequence_stride(size_t n)
{
    return (n + 7) / 8 * 8;
}

/*
 * Takes resource i of the worker unless it is taken already, and uses it; every step begins with
 * this. Computes for its acquire time and allocates its bytes, recorded in the running thread's
 * ledger; if out of memory, it is open without them (call->broken is set). Returns the nominal
 * acquire time in ns, 0 if it was taken already. Does not block.
 */
uint64_t qn_resource_need(struct qn_call *call, uint32_t worker, uint32_t i);

/*
 * Closes resource i, which was taken: computes for its close time and frees its bytes.
 * QN_ERROR_CLOSE: closing failed; the resource is closed nevertheless and its bytes are freed, as
 * with a file whose close(2) reports that an earlier write was lost. A resource that is closed
 * already is counted as closed twice, without further effect (with real descriptors it could be
 * another user's). Does not block.
 */
enum qn_error_kind qn_resource_close(struct qn_call *call, uint32_t worker,
                                     uint32_t i) QN_MUST_CHECK;

/* The number of resources that the worker has taken, which are 0 to n - 1. */
uint32_t qn_resources_taken(const struct qn_call *call, uint32_t worker);

/* Closes all that the worker has taken, the last first, continuing after failures. Returns how many
 * failed. */
uint32_t qn_resources_close_all(struct qn_call *call, uint32_t worker);

/* In a worker. */

/* The same in a worker; failures are added to its report. */
void qn_close_all(struct qn_worker *worker, struct qn_report *report);

/* Closes one in a worker; a failure is added to its report, and returned. */
enum qn_error_kind qn_close_one(struct qn_worker *worker, uint32_t i, struct qn_report *report);

#endif
