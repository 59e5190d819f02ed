/*
 * The parts of the host that its two files share: host.c, what the caller runs, and callback.c, what the
 * peer's threads call. host.h has the reasons.
 */
#ifndef QN_BENCH_PEER_HOST_PARTS_H
#define QN_BENCH_PEER_HOST_PARTS_H

#include "bench/peer/adopt.h"
#include "bench/peer/breach.h"
#include "bench/peer/host.h"
#include "include/quench/peer.h"
#include "strategies/call.h"

/* What a worker has reached; it never goes back. */
enum state {
    STATE_NEW,
    STATE_BEGUN,
    STATE_MORE, /* its last chunk said so */
    STATE_DONE,
    STATE_FAILED,
    STATE_ENDED = 8, /* with one of the above */
};

/* A worker, on cache lines of its own. */
struct slot {
    QN_ALIGNED _Atomic uint32_t begun;
    _Atomic uint32_t state;
    void *_Atomic result;
    void *working_set;               /* guarded by state, as the worker's record */
    void *own_work;                  /* kind own, if has_own_work: started and not finished … */
    bool has_own_work;               /* … guarded likewise */
    const struct qn_adopted *thread; /* that began it: only to be compared; guarded likewise */
    struct qn_ledger ledger;         /* its thread's, while it runs */
};

/* A call as the peer has it, and who it is. */
struct host_call {
    struct quench_call seen; /* first: what the peer has a pointer to */
    _Atomic uint64_t id;     /* 0: closed */
    struct qn_host *host;
    struct qn_call *call;
};

struct qn_host {
    const struct quench_peer *peer; /* immutable */
    void *data;                     /* the peer's; immutable */
    uint32_t n_threads;             /* immutable */
    uint32_t n_slots;               /* the most workers of a call; immutable */
    uint32_t n_workers;             /* of the open call; the caller's */
    struct qn_host_config config;   /* immutable */
    bool is_ready;                  /* prepared */
    _Atomic uint32_t *step;
    struct slot *slots;
    struct qn_ledger **ledgers;
    struct qn_adoption adoption;
    struct host_call calls[QN_HOST_CALLS];
    QN_ALIGNED _Atomic uint32_t n_running; /* workers between begin and end */
    QN_ALIGNED _Atomic uint64_t seen_at;   /* ticks; 0: not yet */
    _Atomic uint32_t seen_worker;          /* whose error; set after seen_at */
    _Atomic uint64_t raised_at;
    _Atomic bool has_failed; /* a worker of the open call */
    _Atomic uint64_t
        breach; /* of enum qn_breach in the upper half, its worker in the lower; 0: none */
};

/* The process's, to which its strategy's functions have no other way; set while it is open. */
extern struct qn_host *qn_the_host;

/* The peer's calls back. */
extern const struct quench_host qn_calls_back;

/* Notes a breach; the first counts. Any thread. */
static inline void qn_host_note(struct qn_host *h, enum qn_breach breach, uint32_t worker)
{
    uint64_t none = 0, one = (uint64_t)breach << 32 | worker;

    atomic_compare_exchange_strong(&h->breach, &none, one);
}

/* A worker's state; what its thread wrote before it is seen. */
static inline uint32_t qn_slot_state(const struct slot *s)
{
    return atomic_load_explicit(&s->state, memory_order_acquire);
}

#endif
