/*
 * The host: Quench's side of quench/peer.h in a measuring process. It runs a peer's calls in the place of
 * a strategy's, from the same drawn tasks, into the same records; so figures, tables and page are
 * made from a peer's calls as from ours. One a process, as the environment that peers need is.
 *
 * A call. run() opens it, calls the peer's call() and takes what that returns; settle() calls the
 * peer's, closes the call, and completes the records: a worker that never began was skipped, one that
 * was cut short and left where quench_end can't follow ended at its last chunk. The executor's pool
 * sleeps meanwhile.
 *
 * Breaches (breach.h). Each is noted where it happens, the first of a process counts, and the next
 * settle() returns QN_EBREACH. Nothing of ours crashes on one: a worker that must not run is void,
 * its chunks do nothing.
 *
 * Concurrency. The host relies on nothing that the peer synchronises, since that is what it checks, and
 * since race detectors don't see into foreign libraries:
 *
 *   - begin reads the call's number with acquire; run() has stored it with release after it prepared
 *     everything that a worker reads. 0: the call is closed. A number that another call has taken
 *     over in the meantime would pass for it, so calls take turns in QN_HOST_CALLS of them.
 *   - a worker's record, working set and result are written by its thread alone, which then stores
 *     the worker's state with release; the caller reads them after it has read the state with
 *     acquire, when call() or settle() has returned. A thread that still runs then has broken the contract.
 *   - `begun` of a worker is exchanged: of two begins one wins. Its result belongs to who exchanges
 *     the pointer for NULL: the caller that returns an error, the owner after a success, or settle().
 *   - the number of workers between begin and end is one atomic counter, on a line of its own: it is
 *     exact in the order in which a peer hands its places over, which stamps of two cores are not.
 *   - seen and raising are stamped first, then exchanged into one word each.
 */
#ifndef QN_BENCH_PEER_HOST_H
#define QN_BENCH_PEER_HOST_H

#include "bench/machine/place.h"
#include "runtime/exec.h"
#include "runtime/ledger.h"
#include "runtime/sched.h"
#include "strategies/strategy.h"

struct quench_peer;
struct qn_host;

/* Which of a peer's functions runs, for whoever finds the process dead or hung. X(symbol, text) */
#define QN_PEER_STEPS(X) \
    X(NONE, "") \
    X(LOAD, "loading the peer's module") \
    X(OPEN, "the peer's open()") \
    X(CALL, "the peer's call()") \
    X(SETTLE, "the peer's settle()") \
    X(CLOSE, "the peer's close()")

enum qn_peer_step {
#define QN_PEER_STEP_ENUM(symbol, text) QN_PEER_STEP_##symbol,
    QN_PEER_STEPS(QN_PEER_STEP_ENUM)
#undef QN_PEER_STEP_ENUM
        QN_PEER_STEP_COUNT
};

/* Indexed by enum qn_peer_step; immutable. */
extern const char *const qn_peer_step_texts[QN_PEER_STEP_COUNT];

/* Calls that may be confused with one another only by a thread that is as many of them late. */
#define QN_HOST_CALLS 64u

/*
 * Opens the peer, borrowed, with that many threads that compute; to be called before the caller is bound,
 * so that the threads that it makes are not bound to the caller's core. Blocks as the peer's open().
 * step: where the running function is stored, for other processes; not NULL. *error: what open()
 * returned, if that is the reason. QN_ENOMEM; QN_EIO: see *error. On QN_OK the caller gives *out to
 * qn_host_close.
 */
int qn_host_open(const struct quench_peer *peer, uint32_t n_threads, _Atomic uint32_t *step,
                 struct qn_host **out, int *error) QN_MUST_CHECK;

struct qn_host_config {
    struct qn_exec *exec;
    struct qn_place_ctx *place; /* NULL: no thread is bound */
    struct qn_sched sched;      /* of threads that compute, but for the caller */
    uint32_t n_workers;
};

/* Makes it ready to run calls of up to n_workers workers; the calling thread becomes the caller. QN_ENOMEM,
 * QN_EAGAIN, or the error of binding the caller. */
int qn_host_prepare(struct qn_host *host, const struct qn_host_config *config) QN_MUST_CHECK;

/* The ledgers of its workers, for whoever evaluates their memory events: *n of them. */
struct qn_ledger *const *qn_host_ledgers(const struct qn_host *host, unsigned *n);

/* The most of its threads that were bound to a core at the same time, the caller apart. */
unsigned qn_host_n_bound(struct qn_host *host);

/* A peer's run and settle, as those of a strategy (strategies/strategy.h). */
const struct qn_report *qn_host_run(struct qn_call *call);
int qn_host_settle(struct qn_call *call) QN_MUST_CHECK;

/* True if the peer has broken the contract; then out says how. */
bool qn_host_breach(const struct qn_host *host, char *out, size_t bytes);

/* Closes the peer, when no call is open. Blocks as the peer's close(). NULL is ignored. */
void qn_host_close(struct qn_host *host);

#endif
