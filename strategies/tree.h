/*
 * Nested fan-outs: what the strategies with the flag QN_TREE are written in.
 *
 * A tree of scopes. Each has as many children as the tree is broad, which are scopes themselves,
 * or, at the bottom, the call's workers. Each scope has a token, its children's below its own, and
 * keeps the first error that it is told of. A scope runs on no thread: it is a countdown of
 * children still to stop, and the thread that stops last in it goes on with what it would have done
 * then, up to the root, in a loop. So a tree of any depth needs no more threads than any other, and
 * none that waits.
 *
 * Scopes are numbered level by level, the root 0; below scope i are i * breadth + 1 and those after
 * it.
 *
 * Ownership: the tree is one block of the call's memory, the caller's from qn_tree_run's beginning
 * to its end; it returns when every worker has stopped, and a worker touches nothing of the tree
 * after it has said so.
 *
 * Memory order: an error is written before its scope's token is raised, and before its writer
 * counts down; its reader has seen the token raised (acquire) or counted down last (acq_rel).
 */
#ifndef QN_STRATEGIES_TREE_H
#define QN_STRATEGIES_TREE_H

#include "runtime/token.h"
#include "strategies/call.h"

#define QN_TREE_ROOT 0u

struct qn_tree_scope {
    _Alignas(64) _Atomic uint32_t n_running; /* children that have not stopped */
    _Atomic uint32_t has_error;              /* somebody writes the first error, or has */
    struct qn_report first;                  /* QN_ERROR_NONE: none */
};

struct qn_tree {
    struct qn_token_tree shared;
    struct qn_call *call; /* this and what follows: immutable while workers run */
    uint32_t breadth, n_scopes;
    enum qn_token_kind kind;
    size_t token_stride;
    struct qn_tree_scope *scopes;           /* n_scopes */
    unsigned char *tokens;                  /* n_scopes */
    struct qn_report *reports;              /* of each worker: its own until it counts down */
    _Atomic uint64_t cancel_at, cancelling; /* ticks: the first raise; all that raises took */
};

/* Scopes of a tree: those above its breadth ^ depth workers. Saturates at UINT32_MAX. */
uint32_t qn_tree_n_scopes(uint32_t depth, uint32_t breadth);

/* Its workers. Saturates at UINT32_MAX. */
uint32_t qn_tree_n_workers(uint32_t depth, uint32_t breadth);

/*
 * The call: makes the tree, starts strategy->worker, takes the root's error as soon as its token is raised,
 * cancels the root when its deadline comes first, waits until all have stopped. Returns as a
 * strategy's run; QN_ERROR_CANCELLED of QN_NO_WORKER: the deadline cut some work short, and no worker failed.
 */
const struct qn_report *qn_tree_run(struct qn_call *call) QN_MUST_CHECK;

/* The tree of a call whose workers run. */
struct qn_tree *qn_tree_of(struct qn_scope *scope);

/* The scope that the worker is in, and the one above a scope, not the root. */
uint32_t qn_tree_of_worker(const struct qn_tree *tree, uint32_t worker);
uint32_t qn_tree_above(const struct qn_tree *tree, uint32_t scope);

/* Does the worker's work below its scope's token, keeps its report for the caller and returns it. */
struct qn_report qn_tree_work(struct qn_tree *tree, struct qn_worker *worker);

/* Tells a scope of what a child came to. An error that is its first is recorded, then raises the token. */
void qn_tree_tell(struct qn_tree *tree, uint32_t scope, const struct qn_report *report);

/* A child of the scope has stopped. True if it was the last: what the scope came to is then settled. */
bool qn_tree_stopped(struct qn_tree *tree, uint32_t scope);

/* The first error that the scope was told of; read once settled. */
const struct qn_report *qn_tree_first(const struct qn_tree *tree, uint32_t scope);

/* The root's children have all stopped: ends the caller's wait. The last thing done with the tree. */
void qn_tree_end(struct qn_scope *scope);

#endif
