/*
 * Scheme 2: the caller receives every report before it returns, even after an error.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_something(w, NULL);

    qn_send(scope, &report);
}

static const struct qn_report *run(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, 0, QN_SCOPE_PLAIN);

    if (!scope)
        return NULL;
    if (qn_go(scope, worker) != QN_OK)
        return qn_finish(scope);
    for (uint32_t i = 0; i < call->n_workers; i++) {
        struct qn_report report = qn_receive(scope);

        qn_sink_take(call, &report);
    }
    return qn_finish(scope);
}

const struct qn_strategy qn_strategy_drain = {
    .name = "drain",
    .summary = "unbuffered, returns when every worker has reported",
    .source = "the article, scheme 2",
    .flags = QN_WAITS_ALL,
    .run = run,
};
