/*
 * Sequences of resources: what a worker takes step by step, and closes.
 *
 * A worker with resources takes number 0, does a share of its work, takes number 1, and so on, so
 * that a failure at the end of step K finds K of them open. Each one depends on the one before it:
 * using it in a step uses it alone, closing number i uses number i - 1. So closing in the reverse
 * order of taking uses nothing that is closed, and closing in any other is a use after close.
 *
 * Here is one resource at a time, and the one right way to close them all. What closes when, and
 * what can be got wrong about it, is up to the strategies: release_at_site.c, release_by_owner.c,
 * and the misuses, no_close.c to close_mixed.c. Those get the path after an error wrong and only
 * that: where a worker succeeds each closes everything, in reverse order, whatever a close says,
 * since a bug on the path that every call takes is soon found.
 *
 * A sequence belongs to its worker from the start of its work to its report, and to the owner
 * before the call begins and after it has returned; receiving a report, and starting the workers,
 * hands it over. Nothing here is shared or locked.
 *
 * Uses memory.
 */
#ifndef QN_STRATEGIES_RESOURCE_H
#define QN_STRATEGIES_RESOURCE_H

#include "strategies/types.h"

/*
 * The resources of one worker, a cache line of its own; zeroed before the call. What is counted is
 * read by figures after the call has settled.
 */
struct qn_sequence {
    _Alignas(64) uint64_t taken; /* bit i: resource i was taken */
    uint64_t open;               /* bit i: and not closed since */
    uint64_t closing;            /* ticks that closing took; 0 without recorder */
    uint32_t n_closed_twice;     /* closes of what was closed already */
    uint32_t n_used_after_close;
    uint32_t n_close_errors; /* closes that failed */
    void **blocks;           /* one a resource: its bytes, NULL without */
};

/* Room for the blocks of n resources, in pointers: whole cache lines. */
static inline size_t qn_sequence_stride(size_t n)
{
    return (n + 7) / 8 * 8;
}

/*
 * Takes resource i of the worker unless it is there already, and uses it: what a step begins with.
 * Computes for its acquire time and takes its bytes into the running thread's ledger; out of memory
 * it is open without them (call->broken says so). Returns the nominal ns of the acquire time, 0 of a
 * resource that was there. Does not block.
 */
uint64_t qn_resource_need(struct qn_call *call, uint32_t worker, uint32_t i);

/*
 * Closes resource i, which was taken: computes for its close time and gives its bytes back.
 * QN_ERROR_CLOSE: closing failed; the resource is closed all the same and its bytes are back, as with a
 * file whose close(2) reports that an earlier write was lost. What is closed already is counted as
 * closed twice, costs nothing and does no other harm: in a program with descriptors it would be
 * somebody else's. Does not block.
 */
enum qn_error_kind qn_resource_close(struct qn_call *call, uint32_t worker,
                                     uint32_t i) QN_MUST_CHECK;

/* Resources that the worker has taken; they are numbers 0 to n - 1. */
uint32_t qn_resources_taken(const struct qn_call *call, uint32_t worker);

/* Closes all that the worker has taken, the last first, going on where one fails. Returns how many
 * failed. */
uint32_t qn_resources_close_all(struct qn_call *call, uint32_t worker);

/* In a worker. */

/* The same, by a worker of its own; what failed goes with its report. */
void qn_close_all(struct qn_worker *worker, struct qn_report *report);

/* Closes one of the worker's own; what failed goes with its report, and comes back. */
enum qn_error_kind qn_close_one(struct qn_worker *worker, uint32_t i, struct qn_report *report);

#endif
