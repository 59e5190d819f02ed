/*
 * The ledger: allocations and frees, with their times.
 *
 * Each thread appends events to its own log with plain stores, into storage that was touched
 * before; no line is shared. After the call has settled, when the executor's quiesce orders every
 * append before the reader, the logs are merged in order of time and evaluated.
 */
#ifndef QN_RUNTIME_LEDGER_H
#define QN_RUNTIME_LEDGER_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/base.h"

struct qn_ledger_event {
    uint64_t ticks; /* of an allocation: after it; of a free: before it */
    void *ptr;
    int64_t bytes; /* usable; > 0 allocated, < 0 freed */
    uint64_t call;
};

/* One thread's log. */
struct qn_ledger {
    struct qn_ledger_event *events;
    size_t n, capacity;
    size_t dropped; /* events that found no room: then figures can't be computed */
};

/* Makes room for capacity >= 1 events and touches it. QN_ENOMEM: *ledger owns nothing. */
int qn_ledger_init(struct qn_ledger *ledger, size_t capacity) QN_MUST_CHECK;
void qn_ledger_fini(struct qn_ledger *ledger);

static inline void qn_ledger_reset(struct qn_ledger *ledger)
{
    ledger->n = 0;
    ledger->dropped = 0;
}

/* Appends an event; only its own thread may call. */
static inline void qn_ledger_add(struct qn_ledger *ledger, uint64_t ticks, void *ptr, int64_t bytes,
                                 uint64_t call)
{
    if (QN_UNLIKELY(ledger->n == ledger->capacity)) {
        ledger->dropped++;
        return;
    }
    ledger->events[ledger->n++] = (struct qn_ledger_event){ticks, ptr, bytes, call};
}

/*
 * Copies the events of one call out of all logs into out[0 .. cap), in order of time; allocations
 * first where stamps are equal. QN_ERANGE: more than cap, or some log has dropped events; then
 * *n_out is 0. Must not overlap appends.
 */
int qn_ledger_merge(const struct qn_ledger *const logs[], size_t n_logs, uint64_t call,
                    struct qn_ledger_event *out, size_t cap, size_t *n_out) QN_MUST_CHECK;

/*
 * The same for all calls at once: grouped by call, ascending, each in order of time.
 */
int qn_ledger_merge_all(const struct qn_ledger *const logs[], size_t n_logs,
                        struct qn_ledger_event *out, size_t cap, size_t *n_out) QN_MUST_CHECK;

/* Sorts events by time; allocations first where stamps are equal. */
void qn_ledger_sort(struct qn_ledger_event *events, size_t n);

/* Of merged events: bytes live after everything up to and including ticks. */
int64_t qn_ledger_live_at(const struct qn_ledger_event *events, size_t n, uint64_t ticks);

/* The most bytes that were live at once. */
int64_t qn_ledger_peak(const struct qn_ledger_event *events, size_t n);

/*
 * Byte-ticks between two stamps, from <= to. Exact while the live bytes stay below 2^63: the sum is
 * then below 2^127. A block whose free is stamped before its allocation, because of a clock offset,
 * counts negative in between, so that the total stays the sum over blocks; if there is nothing else
 * between the stamps, the total is negative.
 */
qn_i128 qn_ledger_integral(const struct qn_ledger_event *events, size_t n, uint64_t from,
                           uint64_t to);

/*
 * Copies the allocations that were never freed into out[0 .. cap), by ascending address. A block
 * that was freed and reused, by any thread, is live if it was allocated once more than it was
 * freed; stamps need not show the order. QN_ERANGE: more than cap; QN_ENOMEM.
 */
int qn_ledger_live_set(const struct qn_ledger_event *events, size_t n, struct qn_ledger_event *out,
                       size_t cap, size_t *n_out) QN_MUST_CHECK;

#endif
