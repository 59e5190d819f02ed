/*
 * Scheme 3 to the letter: a second channel that is only ever closed. A worker that has finished its
 * work either delivers its report or sees `closed`; the caller closes at the first error and returns.
 * Closing frees a blocked worker. It stops no computation: nothing looks at `closed` while it works.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_something(w, NULL);

    qn_raise_by(QN_CANCELLER_WORKER, scope, &report);
    qn_send_or_quit(scope, &report);
}

static const struct qn_report *run(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, 0, QN_SCOPE_CLOSED);

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

const struct qn_strategy qn_strategy_close = {
    .name = "close",
    .summary =
        "closes `closed` at the first error and returns; the others finish their work, then see it",
    .source = "the article, scheme 3",
    .flags = QN_CANCELS,
    .canceller = QN_CANCELLER_CALLER,
    .run = run,
};
