/*
 * The sink: what the caller does with each report. It keeps results and chooses the error to return.
 *
 * Uses memory. Only the caller uses this, and nothing blocks.
 */
#ifndef QN_STRATEGIES_SINK_H
#define QN_STRATEGIES_SINK_H

#include "strategies/types.h"

/*
 * Sets call->take according to strategy and policy: a short path for the defaults if workers close
 * nothing, else the general one. Before the call; once for all calls of a strategy and policy.
 */
void qn_sink_resolve(struct qn_call *call);

/*
 * Takes a report: keeps the result of a success and applies the policies to an error. True if it
 * was an error. With join_order=index a report is handled in its turn, perhaps in a later take, and
 * the result is about all that were handled.
 */
static inline bool qn_sink_take(struct qn_call *call, struct qn_report *report)
{
    return call->take(call, report);
}

/*
 * Applies error_policy to the first recorded error, if any; once every worker has reported.
 */
void qn_sink_take_record(struct qn_call *call, const struct qn_report *recorded);

/*
 * Applies close_error to the close errors that the owner sees after the return, all of a call: with
 * replace it keeps the last of them, next to the call's error.
 */
void qn_sink_take_owner_close(struct qn_call *call, uint32_t n_close_errors);

/* Frees the errors joined to the returned one, once their owner has read them. */
void qn_sink_free_joined(struct qn_call *call);

#endif
