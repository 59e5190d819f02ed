/*
 * The floor of the harness: workers do their work and fail as planned, the caller joins them, and
 * nothing is reported. The time of another strategy beyond this is its own cost.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_something(w, NULL);

    qn_drop(scope, &report);
    qn_group_done(&scope->group);
}

static const struct qn_report *run(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, QN_NO_CHANNEL, QN_SCOPE_PLAIN);

    if (!scope)
        return NULL;
    if (qn_go(scope, worker) == QN_OK && qn_group_wait(&scope->group, QN_NEVER) != QN_OK)
        assert(!"a wait without deadline ends by its group");
    return qn_finish(scope);
}

const struct qn_strategy qn_strategy_null = {
    .name = "null",
    .summary = "the floor: runs the plan, joins the workers, reports nothing",
    .source = "the harness",
    .flags = QN_RETURNS_NO_ERROR,
    .run = run,
};
