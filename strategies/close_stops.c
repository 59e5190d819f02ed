/*
 * Misuse: a close error is handled like any other, by returning. What would have been closed after
 * it stays open. A worker that succeeded continues closing (resource.h).
 */
#include "strategies/sequence.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_sequence(w);

    if (report.error == QN_ERROR_NONE)
        qn_close_all(w, &report);
    for (uint32_t i = w->task->n_steps; report.error != QN_ERROR_NONE && i-- > 0;)
        if (qn_close_one(w, i, &report) != QN_ERROR_NONE)
            break;
    qn_send(scope, &report);
}

const struct qn_strategy qn_strategy_close_stops = {
    .name = "close-stops",
    .summary = "misuse: after an error, stops closing at the first close that fails",
    .source = "the article, on what to do if close fails too",
    .flags = QN_SEQUENCE | QN_WAITS_ALL | QN_MISUSES | QN_LEAKS,
    .run = qn_sequence_run,
    .worker = worker,
};
