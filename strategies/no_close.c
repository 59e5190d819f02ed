/*
 * Misuse: the early return. The close is at the end of the function, and the error path returns
 * before it.
 */
#include "strategies/sequence.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_sequence(w);

    if (report.error == QN_ERROR_NONE)
        qn_close_all(w, &report);
    qn_send(scope, &report);
}

const struct qn_strategy qn_strategy_no_close = {
    .name = "no-close",
    .summary = "misuse: returns at the error without closing anything",
    .source = "OSDI 2022, Cancellation in Systems: no cleanup",
    .flags = QN_SEQUENCE | QN_WAITS_ALL | QN_MISUSES | QN_LEAKS,
    .run = qn_sequence_run,
    .worker = worker,
};
