/*
 * pthread_cancel as it is often used: without cleanup handlers. The thread is gone and was joined,
 * so no worker is left behind; what it held is.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_apart(scope, w, NULL);

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

const struct qn_strategy qn_strategy_cancel_thread_bare = {
    .name = "cancel-thread-bare",
    .summary = "the same without cleanup handlers: whoever is cancelled leaks its working set",
    .source = "POSIX pthread_cancel",
    .flags = QN_LEAKS | QN_WAITS_ALL | QN_CANCELS | QN_POLLS | QN_BLOCKING | QN_APART,
    .canceller = QN_CANCELLER_WORKER,
    .run = run,
};
