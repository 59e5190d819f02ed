/*
 * Each worker registers with the token how it is to be woken: a flag of its own, which its work
 * polls and its waits end by, and whatever it blocks in. The canceller wakes them one by one.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_reachable(scope, w, qn_reach_call);

    qn_raise_by(QN_CANCELLER_WORKER, scope, &report);
    qn_send(scope, &report);
}

static int run(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, 0, QN_SCOPE_TOKEN | QN_SCOPE_CALLBACKS);

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

const struct qn_strategy qn_strategy_cancel_callback = {
    .name = "cancel-callback",
    .summary = "as cancel-wait, but each worker registers a callback that wakes it, in blocking calls too",
    .source = "C++20 std::stop_callback, .NET CancellationToken.Register, Go context.AfterFunc",
    .flags = QN_WAITS_ALL | QN_CANCELS | QN_POLLS,
    .canceller = QN_CANCELLER_WORKER,
    .run = run,
};
