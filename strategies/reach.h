/*
 * Work that does not poll the call's token, and is ended by reaching the thread it runs on.
 *
 * Uses work, block and memory; of the scope it reads the token and the callbacks.
 */
#ifndef QN_STRATEGIES_REACH_H
#define QN_STRATEGIES_REACH_H

#include "runtime/callback.h"
#include "strategies/scope.h"

/*
 * As qn_do_something, for work that is reached: reach(worker), one of the qn_reach_... functions
 * below, is registered with the scope's callbacks while the work lasts, and runs on the raising
 * thread, or at once if the token is raised already. A way that a blocking kind doesn't support
 * does nothing.
 */
struct qn_report qn_do_reachable(struct qn_scope *scope, struct qn_worker *worker,
                                 qn_callback_fn *reach);

/*
 * The same on a dedicated thread, which qn_reach_cancel ends at its polls or inside a blocking
 * call. Then clean_up(worker) has run on that thread and freed what the work had taken; if it is
 * NULL, nothing was freed, and the working set has no owner any more.
 */
struct qn_report qn_do_on_dedicated_thread(struct qn_scope *scope, struct qn_worker *worker,
                                           void (*clean_up)(struct qn_worker *worker));

/* Ways to reach a worker's work, as callbacks; each takes a struct qn_worker. */
void qn_reach_call(void *worker);       /* raises its own token and wakes the call it blocks in */
void qn_reach_signal(void *worker);     /* a signal: interrupts the call and sets its own flag */
void qn_reach_close(void *worker);      /* closes the descriptor that it reads */
void qn_reach_close_peer(void *worker); /* closes the other end of what it reads */
void qn_reach_cancel(void *worker);     /* pthread_cancel; with qn_do_on_dedicated_thread */

/* Frees the working set now instead of with the report: for cleanup handlers. */
void qn_free_working_set(struct qn_worker *worker);

#endif
