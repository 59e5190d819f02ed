/*
 * Whether a peer keeps the contract (quench/peer.h): every pattern of failures of up to six workers,
 * which fail at once, with the others or after them, of work that polls and of work that doesn't; then
 * drawn calls of up to QN_CONFORM_WORKERS. Each call is checked by the host (bench/peer/host.h), and its
 * figures against the invariants that hold for every strategy.
 */
#ifndef QN_BENCH_CELL_CONFORM_H
#define QN_BENCH_CELL_CONFORM_H

#include "bench/cell/caller.h"
#include "bench/cell/shared.h"

struct qn_guest;

/* The workers for which the caller must have room. */
#define QN_CONFORM_WORKERS 32u

/* Runs the calls and counts them in shared->n_rows. QN_EBREACH: shared->reason says of which call, and what was
 * wrong; or as qn_caller_settle. */
int qn_conform_run(struct qn_caller *caller, struct qn_guest *guest,
                   struct qn_shared *shared) QN_MUST_CHECK;

#endif
