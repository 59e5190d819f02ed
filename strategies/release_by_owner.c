/*
 * Release separate from the error: the owner takes everything that the workers will need before the
 * call, the call uses it and never closes, and the owner closes after the call has returned, error
 * or not. Everything is taken, even what a failing worker never reaches; closing delays no error,
 * and everything stays open until the owner closes it (owner_delay).
 */
#include "strategies/sequence.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_sequence(w);

    qn_send(scope, &report);
}

static int acquire(struct qn_call *call)
{
    if (!qn_scope_create(call, 0, QN_SCOPE_PLAIN))
        return QN_ENOMEM;
    for (uint32_t i = 0; i < call->n_workers; i++)
        for (uint32_t j = 0; j < call->n_resources; j++)
            qn_resource_need(call, i, j);
    return QN_OK;
}

static const struct qn_report *run(struct qn_call *call)
{
    if (qn_go(call->scope, worker) != QN_OK)
        return qn_conclude(call);
    for (uint32_t i = 0; i < call->n_workers; i++) {
        struct qn_report report = qn_receive(call->scope);

        qn_sink_take(call, &report);
    }
    return qn_conclude(call);
}

static void release(struct qn_call *call)
{
    uint32_t n_failed = 0;

    for (uint32_t i = call->n_workers; i-- > 0;)
        n_failed += qn_resources_close_all(call, i);
    qn_sink_take_owner_close(call, n_failed);
    qn_scope_release(call->scope, 1);
}

const struct qn_strategy qn_strategy_release_by_owner = {
    .name = "release-by-owner",
    .summary = "the owner takes all before the call and closes all after it, error or not",
    .source = "the article, release kept apart from errors",
    .flags = QN_SEQUENCE | QN_WAITS_ALL | QN_OWNER_RELEASES,
    .acquire = acquire,
    .release = release,
    .run = run,
};
