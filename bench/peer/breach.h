/*
 * How a peer can break the contract of quench/peer.h, and how that is said; the last two are no fault of
 * its own. A breach voids the cell: its figures would be of something else.
 */
#ifndef QN_BENCH_PEER_BREACH_H
#define QN_BENCH_PEER_BREACH_H

#include <stddef.h>
#include <stdint.h>

/* X(symbol, text, rule): text is a format, whose %lld is the worker; rule: where quench/peer.h has it, and what
 * it allows; NULL: no fault of the peer's. */
#define QN_BREACHES(X) \
    X(RANGE, "quench_begin with worker %lld, but the call has no such worker", \
      "struct quench_call: indices are 0 to n - 1") \
    X(BEGIN_TWICE, "quench_begin twice for worker %lld", "quench_begin: once an index") \
    X(LATE_BEGIN, "quench_begin of worker %lld after settle() returned", \
      "settle: after it nothing of the call runs") \
    X(CROWD, \
      "worker %lld began while as many others as there are threads were between begin and end", \
      "quench_begin: at most call->threads workers between begin and end") \
    X(CALLER, "worker %lld began on the caller, but the peer doesn't say CALLER_WORKS", \
      "quench_begin: not on the caller, but where a peer says QUENCH_CALLER_WORKS") \
    X(NO_BEGIN, "quench_chunk or quench_end of a worker that was not begun", \
      "quench_begin: first thing of every worker") \
    X(CHUNK_LATE, "quench_chunk of worker %lld after settle() returned", \
      "settle: after it nothing of the call runs") \
    X(CHUNK_OVER, "quench_chunk of worker %lld after its work was over", \
      "quench_chunk: not after QUENCH_DONE or QUENCH_FAILED") \
    X(CHUNK_ENDED, "quench_chunk of worker %lld after quench_end", \
      "quench_end: last thing of a worker") \
    X(THREAD, "quench_chunk or quench_end of worker %lld on another thread than quench_begin", \
      "Threads: begin, chunk and end of a worker are called on one thread") \
    X(END_TWICE, "quench_end twice for worker %lld", "quench_end: once a worker") \
    X(END_LATE, "quench_end of worker %lld after settle() returned", \
      "quench_end: not when settle() has returned") \
    X(NO_END, "no quench_end of worker %lld", \
      "quench_end: to be left out only where QUENCH_STOPS_RUNNING, after QUENCH_MORE") \
    X(SEEN_TWICE, "quench_seen twice; the second time worker %lld", "quench_seen: once a call") \
    X(SEEN_RANGE, "quench_seen with worker %lld, but the call has no such worker", \
      "struct quench_call: indices are 0 to n - 1") \
    X(SEEN_LATE, "quench_seen of worker %lld after settle() returned", \
      "quench_seen: before call() returns") \
    X(SEEN_NOT_FAILED, "quench_seen of worker %lld, which had not failed then", \
      "quench_seen: a worker whose chunk said QUENCH_FAILED") \
    X(NO_SEEN, "call() returned an error without quench_seen", \
      "call: quench_seen comes before an error is returned") \
    X(RAISING_LATE, "quench_raising after settle() returned", \
      "quench_raising: before settle() returns") \
    X(RAISING_EARLY, "quench_raising before any worker had failed", \
      "quench_raising: when the chunk of a worker has said QUENCH_FAILED") \
    X(RETURN_RANGE, \
      "call() returned %lld as the worker whose error it returns; the call has none such", \
      "call: 0 to n - 1, QUENCH_NO_ERROR or QUENCH_OTHER_ERROR") \
    X(RETURN_NOT_FAILED, "call() returned the error of worker %lld, which had not failed then", \
      "call: the index of a worker whose chunk said QUENCH_FAILED") \
    X(RETURN_OTHER, "call() returned an error, but no worker had failed then", \
      "call: QUENCH_NO_ERROR if every worker has done its work") \
    X(RETURN_SWALLOWED, "call() returned no error, but worker %lld had failed", \
      "call: QUENCH_NO_ERROR only if every worker has done its work") \
    X(RETURN_UNFINISHED, "call() returned no error, but worker %lld had not done its work", \
      "call: QUENCH_NO_ERROR only if every worker has done its work") \
    X(NOT_SEEN, \
      "the peer says FIRST_BY_TIME, but call() returned another error than that of worker %lld, which quench_seen had named", \
      "enum quench_peer_flags") \
    X(NOT_FIRST, \
      "the peer says FIRST_BY_TIME, but call() returned a later error than that of worker %lld, which had failed on the same thread before", \
      "enum quench_peer_flags") \
    X(NOT_LOWEST, \
      "the peer says FIRST_BY_INDEX, but call() returned an error of a higher index than that of worker %lld, which had failed too", \
      "enum quench_peer_flags") \
    X(RETURN_RUNNING, \
      "the peer says WAITS_ALL, but worker %lld still ran when call() had returned", \
      "enum quench_peer_flags") \
    X(STOPPED, "worker %lld stopped at a poll, but the peer doesn't say STOPS_RUNNING", \
      "enum quench_peer_flags") \
    X(SKIPPED, "worker %lld never began, but the peer doesn't say SKIPS_QUEUED", \
      "enum quench_peer_flags") \
    X(UNBOUND, "the thread of worker %lld can't be bound to a core of the pool's", NULL) \
    X(UNSCHEDULED, "the thread of worker %lld can't be scheduled as the pool's threads are", NULL)

enum qn_breach {
    QN_BREACH_NONE,
#define QN_BREACH_ENUM(symbol, text, rule) QN_BREACH_##symbol,
    QN_BREACHES(QN_BREACH_ENUM)
#undef QN_BREACH_ENUM
        QN_BREACH_COUNT
};

/* Writes what a breach is, and the rule; worker: in RETURN_RANGE what call() returned, as a number without sign. */
void qn_breach_say(enum qn_breach breach, uint32_t worker, char *out, size_t bytes);

#endif
