/*
 * Work of one's own (quench/work.h), as workers of kind own do it: units of a module's, in the place of
 * quanta.
 *
 * Uses none of the other files of strategies/.
 */
#ifndef QN_STRATEGIES_OWN_H
#define QN_STRATEGIES_OWN_H

#include <stdatomic.h>

#include "include/quench/work.h"
#include "strategies/types.h"

/*
 * An opened kind of work, shared by all workers of a process.
 *
 * Concurrency: constant while a call runs, but for start_error, which any worker may set; it is read when
 * the call has settled.
 */
struct qn_own {
    struct quench_work kind;
    void *work;              /* what its open() gave */
    _Atomic int start_error; /* errno of a start() that failed, which voids the call; 0: none */
};

/* Begins the worker's work. False: its start() failed, and the call is void (call->broken is QN_EWORK);
 * nothing is to be finished then. Blocks only as long as start() does. */
bool qn_own_start(struct qn_worker *worker) QN_MUST_CHECK;

/*
 * Does the worker's units from `done` to `until` (> done), or fewer if its work is over before.
 * QUENCH_WORK_MORE for work that didn't start. Blocks as long as they take.
 */
enum quench_work_step qn_own_chunk(struct qn_worker *worker, uint32_t done, uint32_t until);

/* Ends what qn_own_start began; does nothing if it isn't, or is ended already. */
void qn_own_finish(struct qn_worker *worker);

#endif
