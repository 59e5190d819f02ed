/*
 * Cancellation with a grace period: cancel, wait for all to stop as long as the policy's grace
 * lasts, then give up on the rest and return. Abandoned work keeps running with the memory it
 * holds, and its late report finds the channel closed; so nothing leaks, but the return does not
 * say which workers still run.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_something(w, scope->token);

    qn_raise_by(QN_CANCELLER_WORKER, scope, &report);
    qn_send_or_drop(scope, &report);
}

static const struct qn_report *run(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, 0, QN_SCOPE_TOKEN);
    uint64_t deadline = QN_NEVER;
    struct qn_report report;

    if (!scope)
        return NULL;
    if (qn_go(scope, worker) != QN_OK)
        return qn_finish(scope);
    for (uint32_t i = 0; i < call->n_workers; i++) {
        if (!qn_receive_until(scope, deadline, &report)) {
            qn_give_up(scope);
            break;
        }
        if (!qn_sink_take(call, &report) || deadline != QN_NEVER)
            continue;
        qn_raise_by(QN_CANCELLER_CALLER, scope, &call->sink.returned);
        deadline = qn_grace_ends(call);
    }
    return qn_finish(scope);
}

const struct qn_strategy qn_strategy_cancel_grace = {
    .name = "cancel-grace",
    .summary = "cancels, waits for all up to a grace period, then returns; the rest keep running",
    .source = "Kubernetes and systemd stop time-outs, Go http.Server.Shutdown with a deadline",
    .flags = QN_CANCELS | QN_POLLS | QN_ABANDONS,
    .canceller = QN_CANCELLER_WORKER,
    .run = run,
};
