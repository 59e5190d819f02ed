/*
 * What the article's second channel can do if the work itself waits on it: closing wakes every
 * worker that blocks reading `closed`, all at once, and the call waits for them.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report;

    w->until = scope->closed;
    report = qn_do_something(w, NULL);
    qn_raise_by(QN_CANCELLER_WORKER, scope, &report);
    qn_send(scope, &report);
}

static int run(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, 0, QN_SCOPE_CLOSED);

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

const struct qn_strategy qn_strategy_close_wakes = {
    .name = "close-wakes",
    .summary = "workers wait in a select with `closed`; one close wakes them all; waits for all",
    .source = "Go, select with <-done; a close as a broadcast",
    .flags = QN_WAITS_ALL | QN_CANCELS,
    .canceller = QN_CANCELLER_WORKER,
    .kinds = QN_KIND_BIT(QN_KIND_WAIT),
    .kinds_reason = "its work blocks reading a channel: kind wait does",
    .run = run,
};
