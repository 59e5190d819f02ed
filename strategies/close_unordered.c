/*
 * Misuse: the wrong order. What was taken first is closed first, although what was built on it
 * still needs it to close.
 */
#include "strategies/sequence.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_sequence(w);

    if (report.error == QN_ERROR_NONE)
        qn_close_all(w, &report);
    for (uint32_t i = 0; report.error != QN_ERROR_NONE && i < w->task->n_steps; i++)
        (void)qn_close_one(w, i, &report);
    qn_send(scope, &report);
}

const struct qn_strategy qn_strategy_close_unordered = {
    .name = "close-unordered",
    .summary = "misuse: after an error, closes in the order of taking",
    .source = "OSDI 2022, Cancellation in Systems: cleanup out of order",
    .flags = QN_SEQUENCE | QN_WAITS_ALL | QN_MISUSES,
    .run = qn_sequence_run,
    .worker = worker,
};
