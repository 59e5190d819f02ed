/*
 * Memory of a call: every allocation and free is recorded in the running thread's ledger.
 *
 * The bottom of strategies/: uses no other file of it.
 */
#ifndef QN_STRATEGIES_MEMORY_H
#define QN_STRATEGIES_MEMORY_H

#include "strategies/types.h"

/* Allocates memory of the call, recorded in the running thread's ledger. NULL: out of memory, and
 * call->broken is set. */
void *qn_call_alloc(struct qn_call *call, size_t bytes, size_t align);

/* The same, with the largest alignment, and resident. */
void *qn_call_alloc_touched(struct qn_call *call, size_t bytes);
void qn_call_free(struct qn_call *call, void *ptr);

#endif
