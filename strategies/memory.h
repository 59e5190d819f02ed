/*
 * Memory of a call: every byte that it takes and gives back, written into the running thread's ledger.
 *
 * The bottom of strategies/: uses none of its other files.
 */
#ifndef QN_STRATEGIES_MEMORY_H
#define QN_STRATEGIES_MEMORY_H

#include "strategies/types.h"

/* Memory of the call, written into the running thread's ledger. NULL and call->broken: none left. */
void *qn_call_alloc(struct qn_call *call, size_t bytes, size_t align);

/* The same, aligned for anything and resident. */
void *qn_call_alloc_touched(struct qn_call *call, size_t bytes);
void qn_call_free(struct qn_call *call, void *ptr);

#endif
