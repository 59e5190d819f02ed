/*
 * Scheme 3 as it is usually meant: a token that the work itself polls. Running work stops at its
 * next poll, and work that has not begun never begins.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_something(w, scope->token);

    qn_raise_by(QN_CANCELLER_WORKER, scope, &report);
    qn_send_or_quit(scope, &report);
}

static const struct qn_report *run(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, 0, QN_SCOPE_TOKEN);

    if (!scope)
        return NULL;
    if (qn_go(scope, worker) != QN_OK)
        return qn_finish(scope);
    for (uint32_t i = 0; i < call->n_workers; i++) {
        struct qn_report report = qn_receive_or_raised(scope);

        if (qn_sink_take(call, &report)) {
            qn_raise_by(QN_CANCELLER_CALLER, scope, &report);
            break;
        }
    }
    return qn_finish(scope);
}

const struct qn_strategy qn_strategy_cancel = {
    .name = "cancel",
    .summary = "raises a token that the work polls at the first error, and returns",
    .source = "the article, scheme 3, with a context",
    .flags = QN_CANCELS | QN_POLLS,
    .canceller = QN_CANCELLER_CALLER,
    .run = run,
};
