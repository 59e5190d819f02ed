/*
 * Scheme 1: the first listing with a channel that has room for every worker, so that no send
 * blocks. The others run to completion, and their results are freed with the buffer.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_something(w, NULL);

    qn_send(scope, &report);
}

static const struct qn_report *run(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, call->n_workers, QN_SCOPE_PLAIN);

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

const struct qn_strategy qn_strategy_buffered = {
    .name = "buffered",
    .summary = "room for every report; returns at the first error, the others run to completion",
    .source = "the article, scheme 1",
    .flags = 0,
    .run = run,
};
