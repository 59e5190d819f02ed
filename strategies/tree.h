/*
 * Nested fan-outs: what strategies with the flag QN_TREE are written against.
 *
 * A tree of scopes. Each has as many children as the tree is broad, which are scopes themselves,
 * or, at the bottom, the call's workers. Each scope has a token, its children's below its own, and
 * keeps the first error reported to it. A scope has no thread: it is a count of children still
 * running, and the thread that stops last in it continues with the scope's next step, up to the
 * root, in a loop. So a tree of any depth needs no additional threads, and none that waits.
 *
 * Scopes are numbered level by level, the root 0; the children of scope i begin at i * breadth + 1.
 *
 * Ownership: the tree is one block of the call's memory, owned by the caller during qn_tree_run.
 * That returns when every worker has stopped, and a worker does not touch the tree after it has
 * reported that.
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
    _Atomic uint32_t has_error;              /* writing the first error has begun */
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
    struct qn_report *reports;              /* one per worker, which owns it until it counts down */
    _Atomic uint64_t cancel_at, cancelling; /* ticks: the first raise; all that raises took */
};

/* The number of scopes of a tree, above its breadth ^ depth workers. Saturates at UINT32_MAX. */
uint32_t qn_tree_n_scopes(uint32_t depth, uint32_t breadth);

/* The number of its workers. Saturates at UINT32_MAX. */
uint32_t qn_tree_n_workers(uint32_t depth, uint32_t breadth);

/*
 * The call: creates the tree, starts strategy->worker, takes the root's error as soon as its token
 * is raised, cancels the root if its deadline passes first, waits until all have stopped. Returns
 * as a strategy's run; QN_ERROR_CANCELLED with QN_NO_WORKER: the deadline cut some work short, and
 * no worker failed.
 */
const struct qn_report *qn_tree_run(struct qn_call *call) QN_MUST_CHECK;

/* The tree of a running call. */
struct qn_tree *qn_tree_of(struct qn_scope *scope);

/* The scope that the worker is in, and the one above a scope, not the root. */
uint32_t qn_tree_of_worker(const struct qn_tree *tree, uint32_t worker);
uint32_t qn_tree_above(const struct qn_tree *tree, uint32_t scope);

/* Does the worker's work below its scope's token, keeps its report for the caller and returns it. */
struct qn_report qn_tree_work(struct qn_tree *tree, struct qn_worker *worker);

/* Reports a child's result to a scope. The scope's first error is recorded, then its token
 * raised. */
void qn_tree_tell(struct qn_tree *tree, uint32_t scope, const struct qn_report *report);

/* A child of the scope has stopped. True if it was the last: the scope's result is then final. */
bool qn_tree_stopped(struct qn_tree *tree, uint32_t scope);

/* The first error reported to the scope; read once it is final. */
const struct qn_report *qn_tree_first(const struct qn_tree *tree, uint32_t scope);

/* The root's children have all stopped: ends the caller's wait. The last thing done with the tree. */
void qn_tree_end(struct qn_scope *scope);

#endif
