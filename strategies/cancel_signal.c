/*
 * A signal to each worker's thread: a blocking system call ends with EINTR, computing work polls
 * the flag that the handler sets. A wait on a condition goes on, for POSIX forbids it to say EINTR.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_reachable(scope, w, qn_reach_signal);

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

const struct qn_strategy qn_strategy_cancel_signal = {
    .name = "cancel-signal",
    .summary = "sends each worker a signal: interrupts system calls, sets a flag that work polls",
    .source = "POSIX pthread_kill and EINTR; Java Thread.interrupt on Linux",
    .flags = QN_WAITS_ALL | QN_CANCELS | QN_POLLS | QN_BLOCKING,
    .canceller = QN_CANCELLER_WORKER,
    .run = run,
};
