/*
 * Work that does not look at the call's token, and is ended by reaching the thread it runs on.
 *
 * Uses work, block and memory; of the scope it reads the token and the callbacks.
 */
#ifndef QN_STRATEGIES_REACH_H
#define QN_STRATEGIES_REACH_H

#include "runtime/callback.h"
#include "strategies/scope.h"

/*
 * The same as qn_do_something for work that is reached: reach(worker) is registered with the
 * scope's callbacks while the work lasts, and runs on the raiser's thread, or at once if it has
 * been raised. The ways are the qn_reach_... below. In blocking kinds a way that the kind doesn't
 * have does nothing.
 */
struct qn_report qn_do_reachable(struct qn_scope *scope, struct qn_worker *worker,
                                 qn_callback_fn *reach);

/*
 * The same, on a thread of its own, which qn_reach_cancel ends: at its polls, or inside a blocking
 * call. Then clean_up(worker) has run on that thread and given back what the work had taken; or, if
 * it is NULL, nothing was given back, and the working set has no owner any more.
 */
struct qn_report qn_do_on_dedicated_thread(struct qn_scope *scope, struct qn_worker *worker,
                                           void (*clean_up)(struct qn_worker *worker));

/* Ways to reach a worker's work, for callbacks; each takes a struct qn_worker. */
void qn_reach_call(void *worker);   /* raises its own token, wakes the call it blocks in */
void qn_reach_signal(void *worker); /* a signal: interrupts the call, sets the flag of its own */
void qn_reach_close(void *worker);  /* closes the descriptor that it reads */
void qn_reach_close_peer(void *worker); /* closes the other end of what it reads */
void qn_reach_cancel(void *worker);     /* pthread_cancel; with qn_do_on_dedicated_thread */

/* Frees the working set now instead of with the report: what a cleanup handler does. */
void qn_free_working_set(struct qn_worker *worker);

#endif
