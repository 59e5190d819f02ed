#include "strategies/resource.h"

#include <stdalign.h>
#include <stddef.h>

#include "runtime/kernel.h"
#include "strategies/memory.h"

static void spend(struct qn_call *call, uint64_t ns, uint64_t state)
{
    if (ns == 0)
        return;
    state = qn_exec_work(call->exec, ns * call->exec->iterations_per_quantum / QN_QUANTUM_NS,
                         state);
    __asm__ volatile("" : : "r"(state)); /* the work has a reader */
}

static void use(struct qn_sequence *s, uint32_t i)
{
    s->n_used_after_close += !(s->open >> i & 1);
}

uint64_t qn_resource_need(struct qn_call *call, uint32_t worker, uint32_t i)
{
    struct qn_sequence *s = &call->sequences[worker];
    const struct qn_resource *r = &call->resources[i];
    bool is_new = !(s->taken >> i & 1);

    if (is_new) {
        spend(call, r->acquire_ns, i + 1);
        if (r->bytes > 0)
            s->blocks[i] = qn_call_alloc_touched(call, r->bytes);
        s->taken |= UINT64_C(1) << i;
        s->open |= UINT64_C(1) << i;
    }
    use(s, i);
    return is_new ? r->acquire_ns : 0;
}

int qn_resource_close(struct qn_call *call, uint32_t worker, uint32_t i)
{
    struct qn_sequence *s = &call->sequences[worker];
    uint64_t began_at = call->records ? qn_exec_now(call->exec) : 0;

    assert(s->taken >> i & 1);
    if (!(s->open >> i & 1)) {
        s->n_closed_twice++;
        return QN_OK;
    }
    if (i > 0)
        use(s, i - 1);
    spend(call, call->resources[i].close_ns, i + 1);
    qn_call_free(call, s->blocks[i]);
    s->blocks[i] = NULL;
    s->open &= ~(UINT64_C(1) << i);
    if (call->records)
        s->closing += qn_exec_now(call->exec) - began_at;
    if (!(call->tasks[worker].failing_closes >> i & 1))
        return QN_OK;
    s->n_close_errors++;
    return QN_ERELEASE;
}

uint32_t qn_resources_taken(const struct qn_call *call, uint32_t worker)
{
    return (uint32_t)__builtin_popcountll(call->sequences[worker].taken);
}

uint32_t qn_resources_close_all(struct qn_call *call, uint32_t worker)
{
    uint32_t n_failed = 0;

    for (uint32_t i = qn_resources_taken(call, worker); i-- > 0;)
        n_failed += qn_resource_close(call, worker, i) != QN_OK;
    return n_failed;
}

void qn_close_all(struct qn_worker *w, struct qn_report *report)
{
    report->n_close_errors += qn_resources_close_all(w->call, w->index);
}

int qn_close_one(struct qn_worker *w, uint32_t i, struct qn_report *report)
{
    int rc = qn_resource_close(w->call, w->index, i);

    report->n_close_errors += rc != QN_OK;
    return rc;
}
