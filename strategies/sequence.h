/*
 * The call of all strategies that close in the worker.
 *
 * On top of everything else: uses scope and sink; its workers use work and resource.
 */
#ifndef QN_STRATEGIES_SEQUENCE_H
#define QN_STRATEGIES_SEQUENCE_H

#include "strategies/call.h"
#include "strategies/resource.h"

/* Starts the workers and receives every report before it returns. */
int qn_sequence_run(struct qn_call *call, qn_worker_fn *fn) QN_MUST_CHECK;

#endif
