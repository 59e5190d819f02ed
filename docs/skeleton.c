/*
 * A strategy to start from: copy this file to strategies/, rename everything called skeleton, and
 * add its line to list.h (add-a-strategy.md). It is not one of the program's strategies;
 * strategies/strategies_test.c compiles and runs it, so that it stays correct.
 *
 * What each function may do:
 *
 *   worker   runs once per worker, on a pool thread, with a reference to the scope and no lock held.
 *            May block: in the work, in a send, in a select. Reports exactly once. Its working set is
 *            freed after it returns; it drops a report that it can't deliver.
 *   acquire  optional; the caller's thread, before run, no lock held. May allocate, must not block.
 *   run      the caller's thread, no lock held. May block on channels, tokens and groups. Owns its
 *            reference to the scope until qn_finish.
 *   release  with QN_OWNER_RELEASES; the caller's thread, owner_delay after run has returned. Must not
 *            block.
 *
 * None of them spins, sleeps, locks, reads a clock or calls pthread: see runtime/exec.h. All
 * allocation goes through the scope and qn_call_alloc, so that the ledger sees it.
 */
#include "strategies/call.h"

extern const struct qn_strategy qn_strategy_skeleton; /* list.h declares the listed ones */

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    /* scope->token in place of NULL: work not begun is skipped, running work polls. */
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

        qn_sink_take(call, &report);
    }
    return qn_finish(scope);
}

const struct qn_strategy qn_strategy_skeleton = {
    .name = "skeleton",
    .summary = "one line for the listing",
    .source = "where it comes from",
    .flags = QN_WAITS_ALL,
    .run = run,
};
