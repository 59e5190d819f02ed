/*
 * Release at the site of the error: a worker that took resources closes them before it reports,
 * whether it failed or not, the last one first. The caller knows nothing about it, but waits for
 * it.
 */
#include "strategies/sequence.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_report report = qn_do_sequence(w);

    qn_close_all(w, &report);
    qn_send(scope, &report);
}

const struct qn_strategy qn_strategy_release_at_site = {
    .name = "release-at-site",
    .summary = "each worker closes what it took, in reverse order, before it reports",
    .source = "the article, release at the error",
    .flags = QN_SEQUENCE | QN_WAITS_ALL,
    .run = qn_sequence_run,
    .worker = worker,
};
