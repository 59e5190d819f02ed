/*
 * The peer of a measuring process: its module is loaded and opened before the caller is bound, and
 * its strategy takes the place of one of ours. None: the order names no module.
 */
#ifndef QN_BENCH_CELL_GUEST_H
#define QN_BENCH_CELL_GUEST_H

#include "bench/cell/caller.h"
#include "bench/cell/shared.h"
#include "include/quench/peer.h"

struct qn_host;
struct qn_place_ctx;

struct qn_guest {
    struct quench_peer peer;
    struct qn_strategy strategy;
    struct qn_host *host; /* NULL: there is no peer */
};

/* Loads and opens the peer that the order names. QN_EIO: shared->reason says why not; QN_ENOMEM. */
int qn_guest_open(struct qn_guest *guest, struct qn_shared *shared) QN_MUST_CHECK;

/* On the caller's thread, when the pool exists: makes it ready, and sets in *config what differs with a peer. */
int qn_guest_prepare(struct qn_guest *guest, const struct qn_order *order,
                     struct qn_place_ctx *place, struct qn_caller_config *config) QN_MUST_CHECK;

/* If it has broken its contract, says so in shared->reason. */
void qn_guest_say_breach(const struct qn_guest *guest, struct qn_shared *shared);

void qn_guest_close(struct qn_guest *guest);

#endif
