/*
 * The call that all strategies share whose workers close.
 *
 * Uses scope and sink; its workers use work and resource.
 */
#ifndef QN_STRATEGIES_SEQUENCE_H
#define QN_STRATEGIES_SEQUENCE_H

#include "strategies/call.h"
#include "strategies/resource.h"

/* Starts strategy->worker and receives every report before it returns. Returns as a strategy's run. */
const struct qn_report *qn_sequence_run(struct qn_call *call) QN_MUST_CHECK;

#endif
