/*
 * Closing the descriptor that a worker reads. On Linux this wakes nobody who is in the call
 * already: the call holds the file, not the number. Who comes later is told (EBADF).
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_reachable(scope, w, qn_reach_close);

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

const struct qn_strategy qn_strategy_cancel_close_fd = {
    .name = "cancel-close-fd",
    .summary = "closes the descriptors under their readers, which on Linux does not wake them",
    .source = "Linux close(2), Multithreaded processes and close()",
    .flags = QN_WAITS_ALL | QN_CANCELS | QN_BLOCKING,
    .canceller = QN_CANCELLER_WORKER,
    .kinds = QN_KIND_BIT(QN_KIND_PIPE) | QN_KIND_BIT(QN_KIND_EVENTFD),
    .kinds_reason = "it closes the descriptor that work reads: kinds pipe and eventfd have one",
    .run = run,
};
