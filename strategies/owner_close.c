/*
 * Release outside the call: the owner creates the channels and starts the workers, the call only
 * receives, and the owner closes after the call has returned, error or not.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_something(w, NULL);

    qn_send_or_quit(scope, &report);
}

static int acquire(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, 0, QN_SCOPE_CLOSED);

    if (!scope)
        return QN_ENOMEM;
    if (qn_go(scope, worker) != QN_OK) {
        qn_scope_release(scope, 1);
        return QN_EAGAIN;
    }
    return QN_OK;
}

static const struct qn_report *run(struct qn_call *call)
{
    for (uint32_t i = 0; i < call->n_workers; i++) {
        struct qn_report report = qn_receive(call->scope);

        if (qn_sink_take(call, &report))
            break;
    }
    return qn_conclude(call);
}

static void release(struct qn_call *call)
{
    qn_raise(call->scope, &call->sink.returned);
    qn_scope_release(call->scope, 1);
}

const struct qn_strategy qn_strategy_owner_close = {
    .name = "owner-close",
    .summary = "as close, but the owner closes after the call has returned, error or not",
    .source = "the article, release kept apart from errors",
    .flags = QN_CANCELS | QN_OWNER_RELEASES,
    .canceller = QN_CANCELLER_CALLER,
    .acquire = acquire,
    .release = release,
    .run = run,
};
