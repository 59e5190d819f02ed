/*
 * The sink: what the caller does with each report. It keeps results and chooses the error to return.
 *
 * Uses memory. Everything here is the caller's alone, and nothing blocks.
 */
#ifndef QN_STRATEGIES_SINK_H
#define QN_STRATEGIES_SINK_H

#include "strategies/types.h"

/*
 * Sets call->take to what its strategy and policy ask for: of the defaults, where workers close
 * nothing, a few lines; else all that policies can ask for. Before the call; once for all calls of a
 * strategy and policy.
 */
void qn_sink_resolve(struct qn_call *call);

/*
 * Takes a report: keeps the result of a success and holds an error against the policies. True if it
 * was an error. With join_order=index it is looked at when its turn has come, which can be in a later
 * take, and the answer is about all that were looked at.
 */
static inline bool qn_sink_take(struct qn_call *call, struct qn_report *report)
{
    return call->take(call, report);
}

/*
 * Holds the error that was recorded first, if one was, against error_policy; once every worker has
 * reported.
 */
void qn_sink_take_record(struct qn_call *call, const struct qn_report *recorded);

/*
 * The same policies for the errors of closing, all of a call, that the owner sees after the return:
 * with replace it ends up with the last of them, beside the call's error.
 */
void qn_sink_take_owner_close(struct qn_call *call, uint32_t n_close_errors);

/* Gives back the errors joined to the returned one, once its owner has read them. */
void qn_sink_free_joined(struct qn_call *call);

#endif
