/*
 * A token that is looked at only where work is taken up: what has not begun is dropped, what runs
 * goes on to its end. Work queues that can take a request back, but not a running one, are like
 * this.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report;

    if (!qn_skip(w, scope->token, &report))
        report = qn_do_something(w, NULL);
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

const struct qn_strategy qn_strategy_cancel_dequeue = {
    .name = "cancel-dequeue",
    .summary = "looks at the token only where work is taken up; running work goes on; waits for all",
    .source = "libuv uv_cancel, Java Future.cancel(false)",
    .flags = QN_WAITS_ALL | QN_CANCELS,
    .canceller = QN_CANCELLER_WORKER,
    .run = run,
};
