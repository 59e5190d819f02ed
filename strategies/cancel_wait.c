/*
 * Structured concurrency (errgroup, nurseries, task groups): the first failure cancels the others, and
 * the call returns only when every worker has stopped.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_something(w, scope->token);

    qn_raise_by(QN_CANCELLER_WORKER, scope, &report);
    qn_send(scope, &report);
}

static int run(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, 0, QN_SCOPE_TOKEN);

    if (!scope)
        return QN_ENOMEM;
    if (qn_go(scope, worker) != QN_OK)
        return qn_finish(scope);
    for (uint32_t i = 0; i < call->n_workers; i++) {
        struct qn_report report = qn_receive(scope);

        if (qn_sink_take(call, &report))
            qn_raise_by(QN_CANCELLER_CALLER, scope, &call->sink.returned);
    }
    return qn_finish(scope);
}

const struct qn_strategy qn_strategy_cancel_wait = {
    .name = "cancel-wait",
    .summary = "raises the token at the first failure, returns when every worker has stopped",
    .source = "Go x/sync/errgroup, Trio nurseries, Kotlin coroutineScope",
    .flags = QN_WAITS_ALL | QN_CANCELS | QN_POLLS,
    .canceller = QN_CANCELLER_WORKER,
    .run = run,
};
