/*
 * Closing the other end of what a worker reads: the call ends with an end of file. What closing the
 * reader's own descriptor is often thought to do.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_reachable(scope, w, qn_reach_close_peer);

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

const struct qn_strategy qn_strategy_cancel_close_peer = {
    .name = "cancel-close-peer",
    .summary = "closes the writing ends of the pipes that workers read: they see the end of file",
    .source = "POSIX pipe, read; Go net.Conn closed by its peer",
    .flags = QN_WAITS_ALL | QN_CANCELS | QN_BLOCKING,
    .canceller = QN_CANCELLER_WORKER,
    .kinds = QN_KIND_BIT(QN_KIND_PIPE),
    .kinds_reason = "it closes the other end of what work reads: kind pipe has one",
    .run = run,
};
