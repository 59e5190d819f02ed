#include "strategies/resource.h"

#include <stdalign.h>
#include <stddef.h>

#include "runtime/kernel.h"
#include "strategies/memory.h"

static void spend(struct qn_call *call, uint64_t ns, uint64_t state)
{
    if (ns == 0)
        return;
    state =
        qn_exec_work(call->exec, ns * call->exec->iterations_per_quantum / QN_QUANTUM_NS, state);
    __asm__ volatile("" : : "r"(state)); /* the work has a reader */
}

static void use(struct qn_sequence *sequence, uint32_t i)
{
    sequence->n_used_after_close += !(sequence->open >> i & 1);
}

uint64_t qn_resource_need(struct qn_call *call, uint32_t worker, uint32_t i)
{
    struct qn_sequence *sequence = &call->sequences[worker];
    const struct qn_resource *resource = &call->resources[i];
    bool is_new = !(sequence->taken >> i & 1);

    if (is_new) {
        spend(call, resource->acquire_ns, i + 1);
        if (resource->bytes > 0)
            sequence->blocks[i] = qn_call_alloc_touched(call, resource->bytes);
        sequence->taken |= UINT64_C(1) << i;
        sequence->open |= UINT64_C(1) << i;
    }
    use(sequence, i);
    return is_new ? resource->acquire_ns : 0;
}

enum qn_error_kind qn_resource_close(struct qn_call *call, uint32_t worker, uint32_t i)
{
    struct qn_sequence *sequence = &call->sequences[worker];
    uint64_t began_at = call->records ? qn_exec_now(call->exec) : 0;

    assert(sequence->taken >> i & 1);
    if (!(sequence->open >> i & 1)) {
        sequence->n_closed_twice++;
        return QN_ERROR_NONE;
    }
    if (i > 0)
        use(sequence, i - 1);
    spend(call, call->resources[i].close_ns, i + 1);
    qn_call_free(call, sequence->blocks[i]);
    sequence->blocks[i] = NULL;
    sequence->open &= ~(UINT64_C(1) << i);
    if (call->records)
        sequence->closing += qn_exec_now(call->exec) - began_at;
    if (!(call->tasks[worker].failing_closes >> i & 1))
        return QN_ERROR_NONE;
    sequence->n_close_errors++;
    return QN_ERROR_CLOSE;
}

uint32_t qn_resources_taken(const struct qn_call *call, uint32_t worker)
{
    return (uint32_t)__builtin_popcountll(call->sequences[worker].taken);
}

uint32_t qn_resources_close_all(struct qn_call *call, uint32_t worker)
{
    uint32_t n_failed = 0;

    for (uint32_t i = qn_resources_taken(call, worker); i-- > 0;)
        n_failed += qn_resource_close(call, worker, i) != QN_ERROR_NONE;
    return n_failed;
}

void qn_close_all(struct qn_worker *w, struct qn_report *report)
{
    report->n_close_errors += qn_resources_close_all(w->call, w->index);
}

enum qn_error_kind qn_close_one(struct qn_worker *w, uint32_t i, struct qn_report *report)
{
    enum qn_error_kind error = qn_resource_close(w->call, w->index, i);

    report->n_close_errors += error != QN_ERROR_NONE;
    return error;
}
