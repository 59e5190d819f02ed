/*
 * What a measuring process runs that isn't ours, in the place of a strategy of ours: a peer, whose module
 * is loaded and opened before the caller is bound, or a strategy of the user's own. None: the order
 * names no module.
 */
#ifndef QN_BENCH_CELL_GUEST_H
#define QN_BENCH_CELL_GUEST_H

#include "bench/cell/caller.h"
#include "bench/cell/shared.h"
#include "include/quench/peer.h"

struct qn_host;
struct qn_place_ctx;

struct qn_guest {
    const struct qn_strategy *own; /* the user's strategy, in its module; NULL: it is none */
    struct quench_peer peer;
    struct qn_strategy strategy;
    struct qn_host *host; /* NULL: there is no peer, or it is a program's */
    bool is_child;        /* it runs in a process of its own (bench/peer/outside.h) */
};

/* Loads, and opens if it is a peer, what the order names; a program is started, and bound to the places of
 * the pool's threads. QN_EIO: shared->reason says why not; QN_ENOMEM. */
int qn_guest_open(struct qn_guest *guest, struct qn_shared *shared,
                  const struct qn_place_ctx *place) QN_MUST_CHECK;

/* On the caller's thread, when the pool exists: makes it ready, and sets in *config what differs with a peer. */
int qn_guest_prepare(struct qn_guest *guest, const struct qn_order *order,
                     struct qn_place_ctx *place, struct qn_caller_config *config) QN_MUST_CHECK;

/* How it has broken its contract; unchanged if it hasn't. */
void qn_guest_breach(const struct qn_guest *guest, char *out, size_t bytes);

/* The same in shared->reason. */
void qn_guest_say_breach(const struct qn_guest *guest, struct qn_shared *shared);

/* After the last call, of a program: sets what of the block is its, not this process's. QN_EBREACH: as
 * above. */
int qn_guest_fill_block(const struct qn_guest *guest, struct qn_block *block) QN_MUST_CHECK;

void qn_guest_close(struct qn_guest *guest);

#endif
