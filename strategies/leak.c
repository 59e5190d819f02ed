/*
 * The first listing: an unbuffered channel, and a caller that returns at the first error. A worker
 * that has not reported by then blocks in its send forever.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_something(w, NULL);

    qn_send(scope, &report);
}

static const struct qn_report *run(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, 0, QN_SCOPE_PLAIN);

    if (!scope)
        return NULL;
    if (qn_go(scope, worker) != QN_OK)
        return qn_finish(scope);
    for (uint32_t i = 0; i < call->n_workers; i++) {
        struct qn_report report = qn_receive(scope);

        if (qn_sink_take(call, &report))
            break;
    }
    return qn_finish(scope);
}

const struct qn_strategy qn_strategy_leak = {
    .name = "leak",
    .summary = "unbuffered, returns at the first error; the others block forever",
    .source = "the article, first listing",
    .flags = QN_LEAKS,
    .run = run,
};
