/*
 * Misuse: a cleanup at the error, and a deferred one that does not know about it. Nothing is left
 * open; but a second close of a descriptor can hit one that belongs to another user by then.
 */
#include "strategies/sequence.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_sequence(w);

    if (report.error != QN_ERROR_NONE)
        qn_close_all(w, &report);
    qn_close_all(w, &report);
    qn_send(scope, &report);
}

const struct qn_strategy qn_strategy_close_twice = {
    .name = "close-twice",
    .summary = "misuse: closes at the error, then the deferred cleanup closes again",
    .source = "the article, on whether to call close after an error",
    .flags = QN_SEQUENCE | QN_WAITS_ALL | QN_MISUSES,
    .run = qn_sequence_run,
    .worker = worker,
};
