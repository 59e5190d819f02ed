/*
 * Nested structured concurrency (an errgroup in an errgroup, nested nurseries): a scope that
 * receives an error cancels everything below it, waits until that has stopped, and only then
 * reports to the scope above. The error climbs level by level, while cancellation goes down.
 */
#include "strategies/tree.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_tree *tree = qn_tree_of(scope);
    struct qn_report report = qn_tree_work(tree, w);
    uint32_t at = qn_tree_of_worker(tree, w->index);

    qn_tree_tell(tree, at, &report);
    while (qn_tree_stopped(tree, at)) {
        uint32_t above;

        if (at == QN_TREE_ROOT) {
            qn_tree_end(scope);
            return;
        }
        above = qn_tree_above(tree, at);
        qn_tree_tell(tree, above, qn_tree_first(tree, at));
        at = above;
    }
}

const struct qn_strategy qn_strategy_tree_climb = {
    .name = "tree-climb",
    .summary =
        "nested scopes: each cancels its own workers at an error, and reports up when all have "
        "stopped",
    .source = "nested Go x/sync/errgroup, Trio nurseries, Kotlin coroutineScope",
    .flags = QN_WAITS_ALL | QN_CANCELS | QN_POLLS | QN_TREE,
    .canceller = QN_CANCELLER_WORKER,
    .run = qn_tree_run,
    .worker = worker,
};
