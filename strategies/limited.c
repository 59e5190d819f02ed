/*
 * A limit on concurrency: the caller submits its workers one by one and waits for a free runner
 * before each, as with a semaphore or errgroup's SetLimit. Whether work submitted after the first
 * error runs or is refused is a policy (golang/go#61611 and #54045 ask for refusal).
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_something(w, NULL);

    qn_send(scope, &report);
}

/* The number of runners: no more than there are workers. */
static uint32_t limit_of(const struct qn_call *call)
{
    uint32_t limit = call->policy.limit ? call->policy.limit : call->exec->n_threads;

    return limit < call->n_workers ? limit : call->n_workers;
}

/* Submits work as allowed and receives reports. Returns how many reports are outstanding. */
static uint32_t submit(struct qn_scope *scope)
{
    struct qn_call *call = scope->call;
    bool refuses = call->policy.late_work == QN_LATE_REFUSE;
    uint32_t n_submitted = 0, n_received = 0;

    while (n_submitted < call->n_workers && !(refuses && call->sink.n_taken > 0)) {
        struct qn_report report;

        if (qn_submit_or_receive(scope, n_submitted, &report)) {
            n_submitted++;
        } else {
            n_received++;
            qn_sink_take(call, &report);
        }
    }
    return n_submitted - n_received;
}

static const struct qn_report *run(struct qn_call *call)
{
    struct qn_scope *scope = qn_scope_create(call, 0, QN_SCOPE_TODO);
    uint32_t n_left;

    if (!scope)
        return NULL;
    if (qn_go_runners(scope, limit_of(call), worker) != QN_OK)
        return qn_finish(scope);
    n_left = submit(scope);
    qn_submit_no_more(scope);
    while (n_left-- > 0) {
        struct qn_report report = qn_receive(scope);

        qn_sink_take(call, &report);
    }
    return qn_finish(scope);
}

const struct qn_strategy qn_strategy_limited = {
    .name = "limited",
    .summary =
        "submits its workers as runners become free; returns when all submitted have reported",
    .source = "Go x/sync/errgroup with SetLimit; semaphores",
    .flags = QN_WAITS_ALL | QN_LIMITS,
    .run = run,
};
