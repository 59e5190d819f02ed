/*
 * How a peer can break the contract of quench/peer.h, and how that is said; the last two are no fault of
 * its own. A breach voids the cell: its figures would be of something else.
 */
#ifndef QN_BENCH_PEER_BREACH_H
#define QN_BENCH_PEER_BREACH_H

#include <stddef.h>
#include <stdint.h>

/* X(symbol, text): text is a format; %u is the worker. */
#define QN_BREACHES(X) \
    X(RANGE, "quench_begin with worker %u, but the call has no such worker") \
    X(BEGIN_TWICE, "quench_begin twice for worker %u") \
    X(LATE_BEGIN, "quench_begin of worker %u after settle() returned") \
    X(CROWD, \
      "worker %u began while as many others as there are threads were between begin and end") \
    X(CALLER, "worker %u began on the caller, but the peer doesn't say CALLER_WORKS") \
    X(NO_BEGIN, "quench_chunk or quench_end of a worker that was not begun") \
    X(CHUNK_LATE, "quench_chunk of worker %u after settle() returned") \
    X(CHUNK_OVER, "quench_chunk of worker %u after its work was over") \
    X(CHUNK_ENDED, "quench_chunk of worker %u after quench_end") \
    X(THREAD, "quench_chunk or quench_end of worker %u on another thread than quench_begin") \
    X(END_TWICE, "quench_end twice for worker %u") \
    X(END_LATE, "quench_end of worker %u after settle() returned") \
    X(NO_END, "no quench_end of worker %u") \
    X(SEEN_TWICE, "quench_seen twice; the second time worker %u") \
    X(SEEN_RANGE, "quench_seen with worker %u, but the call has no such worker") \
    X(SEEN_LATE, "quench_seen of worker %u after settle() returned") \
    X(SEEN_NOT_FAILED, "quench_seen of worker %u, which had not failed then") \
    X(NO_SEEN, "call() returned an error without quench_seen") \
    X(RAISING_LATE, "quench_raising after settle() returned") \
    X(RAISING_EARLY, "quench_raising before any worker had failed") \
    X(RETURN_RANGE, \
      "call() returned %u as the worker whose error it returns; the call has none such") \
    X(RETURN_NOT_FAILED, "call() returned the error of worker %u, which had not failed then") \
    X(RETURN_OTHER, "call() returned an error, but no worker had failed then") \
    X(RETURN_SWALLOWED, "call() returned no error, but worker %u had failed") \
    X(RETURN_UNFINISHED, "call() returned no error, but worker %u had not done its work") \
    X(NOT_SEEN, \
      "the peer says FIRST_BY_TIME, but call() returned another error than that of worker %u, which " \
      "quench_seen had named") \
    X(NOT_FIRST, \
      "the peer says FIRST_BY_TIME, but call() returned a later error than that of worker %u, which " \
      "had failed on the same thread before") \
    X(NOT_LOWEST, \
      "the peer says FIRST_BY_INDEX, but call() returned an error of a higher index than that of worker " \
      "%u, which had failed too") \
    X(RETURN_RUNNING, "the peer says WAITS_ALL, but worker %u still ran when call() had returned") \
    X(STOPPED, "worker %u stopped at a poll, but the peer doesn't say STOPS_RUNNING") \
    X(SKIPPED, "worker %u never began, but the peer doesn't say SKIPS_QUEUED") \
    X(UNBOUND, "the thread of worker %u can't be bound to a core of the pool's") \
    X(UNSCHEDULED, "the thread of worker %u can't be scheduled as the pool's threads are")

enum qn_breach {
    QN_BREACH_NONE,
#define QN_BREACH_ENUM(symbol, text) QN_BREACH_##symbol,
    QN_BREACHES(QN_BREACH_ENUM)
#undef QN_BREACH_ENUM
        QN_BREACH_COUNT
};

/* Writes what a breach is. */
void qn_breach_say(enum qn_breach breach, uint32_t worker, char *out, size_t bytes);

#endif
