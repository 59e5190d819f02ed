/*
 * A worker that enters a real blocking call, so that it can be reached there.
 *
 * Uses none of the other files of strategies/; the operations are the executor's (runtime/block.h).
 */
#ifndef QN_STRATEGIES_BLOCK_H
#define QN_STRATEGIES_BLOCK_H

#include "strategies/types.h"

/*
 * Makes the worker reachable on the running thread, for calls of its kind; flag is what a signal
 * sets, or NULL. False: the executor can't, which voids the call (call->broken). Does not block.
 */
bool qn_enter(struct qn_worker *worker, _Atomic uint32_t *flag) QN_MUST_CHECK;
void qn_leave(struct qn_worker *worker);

/* The executor's blocking operations. */
static inline const struct qn_blocking_ops *qn_blocking_of(const struct qn_worker *worker)
{
    return worker->call->exec->ops->blocking;
}

#endif
