/*
 * What reach.c and work.c have to do with each other: a worker that enters a real blocking call, and
 * work that was ended from outside.
 */
#ifndef QN_STRATEGIES_REACH_H
#define QN_STRATEGIES_REACH_H

#include "strategies/call.h"

/*
 * Makes the worker reachable on the running thread, for calls of its kind; flag is what a signal sets,
 * or NULL. False: the executor can't, which makes the call void (call->broken). Does not block.
 */
bool qn_enter(struct qn_worker *worker, _Atomic uint32_t *flag) QN_MUST_CHECK;
void qn_leave(struct qn_worker *worker);

/* Stamps work that was ended at its last poll or inside a call, and returns its report. */
struct qn_report qn_cut_short(struct qn_worker *worker) QN_MUST_CHECK;

#endif
