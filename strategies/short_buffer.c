/*
 * Scheme 1 done wrong: room for half of the workers, or for policy capacity. It works as long as
 * the reports that remain at the first error fit, and otherwise leaks like the first listing.
 */
#include "strategies/call.h"

/* Workers per slot of the buffer. */
#define SHORTFALL 2u

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_something(w, NULL);

    qn_send(scope, &report);
}

static const struct qn_report *run(struct qn_call *call)
{
    uint32_t capacity = call->policy.capacity ? call->policy.capacity : call->n_workers / SHORTFALL;
    struct qn_scope *scope = qn_scope_create(call, capacity, QN_SCOPE_PLAIN);

    if (!scope)
        return NULL;
    if (qn_go(scope, worker) != QN_OK)
        return qn_finish(scope);
    for (uint32_t i = 0; i < call->n_workers; i++) {
        struct qn_report report = qn_receive(scope);

        if (qn_sink_take(call, &report))
            break;
    }
    return qn_finish(scope);
}

const struct qn_strategy qn_strategy_short_buffer = {
    .name = "short-buffer",
    .summary = "room for half of the reports; returns at the first error, leaks what does not fit",
    .source = "the article, scheme 1, with too small a capacity",
    .flags = QN_LEAKS | QN_SHORT_BUFFER,
    .run = run,
};
