/*
 * The first listing, taken literally. Its worker has no return after sending an error, so a failing
 * worker sends its error and then nil as well: two reports. Shown on the listing's own channel, and
 * with the fixes of schemes 1 and 2, neither of which is then enough: a buffer with room for one
 * report per worker can be too small, and a caller that counts reports stops while workers are
 * still sending.
 */
#include "strategies/call.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_something(w, NULL);
    struct qn_report nil = {.worker = report.worker, .result = report.result};

    if (report.error != QN_ERROR_NONE)
        qn_send(scope, &report);
    qn_send(scope, &nil);
}

/* Receives as many reports as there are workers; until_error: at most to the first error. */
static const struct qn_report *run_with(struct qn_call *call, uint32_t capacity, bool until_error)
{
    struct qn_scope *scope = qn_scope_create(call, capacity, QN_SCOPE_PLAIN);

    if (!scope)
        return NULL;
    if (qn_go(scope, worker) != QN_OK)
        return qn_finish(scope);
    for (uint32_t i = 0; i < call->n_workers; i++) {
        struct qn_report report = qn_receive(scope);

        if (qn_sink_take(call, &report) && until_error)
            break;
    }
    return qn_finish(scope);
}

static const struct qn_report *run(struct qn_call *call)
{
    return run_with(call, 0, true);
}

static const struct qn_report *run_buffered(struct qn_call *call)
{
    return run_with(call, call->n_workers, true);
}

static const struct qn_report *run_wait(struct qn_call *call)
{
    return run_with(call, 0, false);
}

const struct qn_strategy qn_strategy_double_send = {
    .name = "double-send",
    .summary =
        "a failing worker sends its error and then nil; unbuffered, returns at the first error",
    .source = "the article, first listing to the letter",
    .flags = QN_LEAKS,
    .run = run,
};

const struct qn_strategy qn_strategy_double_send_buffered = {
    .name = "double-send-buffered",
    .summary = "the same with room for one report a worker",
    .source = "the article, first listing to the letter, with scheme 1",
    .flags = QN_LEAKS,
    .run = run_buffered,
};

const struct qn_strategy qn_strategy_double_send_wait = {
    .name = "double-send-wait",
    .summary = "the same, returns after receiving as many reports as there are workers",
    .source = "the article, first listing to the letter, with scheme 2",
    .flags = QN_LEAKS | QN_WAITS_ALL,
    .run = run_wait,
};
