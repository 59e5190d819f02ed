/*
 * One token for the whole tree: the failing worker reports its error to the root and raises the
 * root's token. The scopes in between only count children that have stopped.
 */
#include "strategies/tree.h"

static void worker(struct qn_scope *scope, struct qn_worker *w)
{
    struct qn_tree *tree = qn_tree_of(scope);
    struct qn_report report = qn_tree_work(tree, w);
    uint32_t at = qn_tree_of_worker(tree, w->index);

    qn_tree_tell(tree, QN_TREE_ROOT, &report);
    for (; qn_tree_stopped(tree, at); at = qn_tree_above(tree, at))
        if (at == QN_TREE_ROOT) {
            qn_tree_end(scope);
            return;
        }
}

const struct qn_strategy qn_strategy_tree_root = {
    .name = "tree-root",
    .summary = "nested scopes below one token: a failing worker reports to the root, which cancels "
               "everything",
    .source = "Go: one context handed down; oneTBB task_group_context",
    .flags = QN_WAITS_ALL | QN_CANCELS | QN_POLLS | QN_TREE,
    .canceller = QN_CANCELLER_WORKER,
    .run = qn_tree_run,
    .worker = worker,
};
