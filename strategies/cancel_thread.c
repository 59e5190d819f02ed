/*
 * The C library's own answer: each work runs on a thread of its own that pthread_cancel ends, at
 * its polls or in a blocking call, and cleanup handlers give back what it held.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_apart(scope, w, qn_free_working_set);

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

const struct qn_strategy qn_strategy_cancel_thread = {
    .name = "cancel-thread",
    .summary = "runs each work on a thread that pthread_cancel ends; cleanup handlers free what it held",
    .source = "POSIX pthread_cancel, pthread_cleanup_push",
    .flags = QN_WAITS_ALL | QN_CANCELS | QN_POLLS | QN_BLOCKING | QN_APART,
    .canceller = QN_CANCELLER_WORKER,
    .run = run,
};
