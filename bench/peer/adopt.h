/*
 * Threads of a peer. The executor doesn't know them: each is adopted when it begins its first
 * worker. It is then bound to a place of the pool's, in the order in which they come (the one with
 * the fewest of them, so that P threads have the P places, whichever of the library's threads they
 * are), scheduled as the pool's threads are, and its allocations are counted from there on.
 *
 * A thread that ends gives up its place, so a peer that makes new threads for each call is bound as
 * one that keeps them. The caller is adopted too: bound to the first place if it is one of those
 * that compute, else left where it is.
 *
 * Concurrency. One mutex guards the list of threads and the places: taken once by each thread when
 * it is adopted and when it ends, and by the caller twice a call, when it reads the counters. A
 * counter is jemalloc's, written by its thread alone and read by the caller without order: a value
 * between two calls, when the threads are at rest, is the thread's last. It lives as long as its
 * thread, which leaves the list under the mutex before it ends.
 *
 * A thread may end while the adoption does, or afterwards: it is the library's, and a closed pool need
 * not have joined it. It may then be in its leave, at the mutex; so the mutex and the places are never
 * released, and stay with the host, one a process. A leave that comes after the end finds the key
 * gone, and isn't made. A thread that is first seen then has broken the contract and is turned away by
 * its call's number (host.h).
 */
#ifndef QN_BENCH_PEER_ADOPT_H
#define QN_BENCH_PEER_ADOPT_H

#include <pthread.h>

#include "bench/machine/place.h"
#include "bench/peer/breach.h"
#include "runtime/exec.h"
#include "runtime/sched.h"

/* A thread of a peer, or its caller; in the thread's own storage. */
struct qn_adopted {
    struct qn_adoption *by; /* NULL: not yet; only used by the thread */
    struct qn_thread *self; /* only used by the thread */
    struct qn_thread own;   /* what self points to, unless the thread was an executor's already */
    int place;              /* of the pool's threads; -1: the caller's; immutable once adopted */
    bool is_bound;          /* verified; immutable once adopted */
    enum qn_breach refusal; /* why it doesn't run as the pool's threads do; NONE; as place */
    uint64_t open_call;     /* the call of its worker that has no end yet; 0: none; the thread's */
    const uint64_t *allocated; /* bytes it has allocated; NULL: not counted; the thread writes it */
    uint64_t before;           /* … when the call began; the caller's */
    struct qn_adopted *next, **link; /* the list; guarded by its mutex */
};

struct qn_adoption {
    pthread_mutex_t mutex;
    pthread_key_t key;
    struct qn_exec *exec;
    struct qn_place_ctx *place; /* NULL: threads aren't bound */
    struct qn_sched sched;
    struct qn_adopted *list;      /* guarded by mutex */
    unsigned *n_at;               /* threads at each place; guarded by mutex */
    unsigned n_places;            /* immutable */
    unsigned n_bound, most_bound; /* threads, the caller apart, now and at most; guarded by mutex */
    uint64_t ended_bytes;         /* by threads that ended during the call; guarded by mutex */
};

/*
 * Adopts the calling thread, the caller; computes: it is one of those that compute. Threads are
 * bound by place (NULL: none is) and scheduled as sched says. QN_ENOMEM, QN_EAGAIN, or the error of
 * binding the caller; then nothing is left. One at a time a process.
 */
int qn_adoption_init(struct qn_adoption *a, struct qn_exec *exec, struct qn_place_ctx *place,
                     unsigned n_places, struct qn_sched sched, bool computes) QN_MUST_CHECK;

/* The most threads that were bound at the same time, the caller apart. */
unsigned qn_adoption_most_bound(struct qn_adoption *a);

/* No thread may begin a worker any more; some may be about to end. *a stays where it is until the process
 * ends, and keeps what they need. */
void qn_adoption_fini(struct qn_adoption *a);

/* The calling thread, adopted at its first call; after it qn_self() is its thread. Blocks only at the first. */
struct qn_adopted *qn_adopted_self(struct qn_adoption *a);

/* The calling thread, adopted or not: only to be compared. */
const struct qn_adopted *qn_adopted_here(void);

/* By the caller: begins to count, and returns the bytes that all of them have allocated since; -1:
 * not counted in this build. */
void qn_adoption_count(struct qn_adoption *a);
int64_t qn_adoption_counted(struct qn_adoption *a);

#endif
