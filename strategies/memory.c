#include "strategies/memory.h"

#include <stdalign.h>
#include <stddef.h>

#include "runtime/ledger.h"
#include "runtime/memory.h"

#define PAGE_BYTES 4096u

void *qn_call_alloc(struct qn_call *call, size_t bytes, size_t align)
{
    size_t usable_bytes;
    void *ptr = qn_memory_alloc(call->memory, bytes, align, &usable_bytes);
    struct qn_ledger *ledger = qn_self()->ledger;

    if (!ptr) {
        atomic_store_explicit(&call->broken, QN_ENOMEM, memory_order_relaxed);
        return NULL;
    }
    if (ledger)
        qn_ledger_add(ledger, qn_exec_now(call->exec), ptr, (int64_t)usable_bytes, call->id);
    return ptr;
}

/* Pages are touched one by one, so that a working set is resident as it is in a real worker. */
void *qn_call_alloc_touched(struct qn_call *call, size_t bytes)
{
    unsigned char *block = qn_call_alloc(call, bytes, alignof(max_align_t));

    for (size_t i = 0; block && i < bytes; i += PAGE_BYTES)
        *(volatile unsigned char *)(block + i) = 1;
    return block;
}

void qn_call_free(struct qn_call *call, void *ptr)
{
    struct qn_ledger *ledger;

    if (!ptr)
        return;
    ledger = qn_self()->ledger;
    /* The stamp comes first: the block may be reused right after the free. */
    if (ledger)
        qn_ledger_add(ledger, qn_exec_now(call->exec), ptr, -(int64_t)qn_memory_usable(ptr),
                      call->id);
    qn_memory_free(call->memory, ptr);
}
