/*
 * Tokens that know only their parents: alternative ways to raise a tree of tokens.
 *
 * A push (cancel.h) marks every token below at the raise. Here a raise marks one token, and whether
 * a token counts as raised is determined by climbing from it to the root. Nothing is registered: a
 * token costs a few words, creating and destroying one touches nothing shared, and one created
 * below a raised token counts as raised automatically. The price is paid by the poll:
 *
 *   walk         checks each ancestor, every time
 *   generation   (generation.h) checks one word of the tree, which changes at every raise in the
 *                tree, and climbs only if it has changed
 *
 * Waiting threads are in one queue for the whole tree. A raise traverses it and takes those whose
 * tokens are below the raised one: its cost is the number of waiting threads in the tree times
 * their depth, independent of the number of tokens.
 *
 * Overlaps: poll, raise, wait, init and fini with each other, on different tokens. fini may overlap
 * no operation on that token itself; it may overlap a raise of an ancestor, since that uses only
 * waiting threads' tokens. A token's children must be gone before it, all tokens before their tree.
 *
 * Locks: only the tree's. Held while a raise traverses the queue.
 *
 * Memory order: a raise sets the flag before it takes the lock. A waiter climbs and links itself in
 * one critical section: if that comes first, the raise finds it in the queue; if it comes second, it
 * sees the flag through the lock. Flags are read with acquire where a poll climbs on behalf of
 * generations, else relaxed: like a push, a poll that returns true orders nothing.
 *
 * A shield is a token without a parent (its tree is the same); deadlines are as in cancel.h.
 */
#ifndef QN_RUNTIME_WALK_H
#define QN_RUNTIME_WALK_H

#include "runtime/select.h"

/* What all tokens of a tree share; on the caller's storage. */
struct qn_token_tree {
    QN_ALIGNED _Atomic uint64_t
        generation;                 /* of raises; alone on its lines, which every worker caches */
    QN_ALIGNED struct qn_lock lock; /* guards the queue */
    struct qn_queue waiters;        /* of all tokens; nodes of cases */
    struct qn_exec *exec;           /* immutable after init */
};

struct qn_walk {
    _Atomic uint32_t raised;
    const struct qn_walk
        *parent; /* this and what follows: immutable after init; NULL: none above */
    struct qn_token_tree *tree;
    uint64_t deadline; /* the earliest on its path */
};

/* Sets up a tree without tokens. */
void qn_token_tree_init(struct qn_token_tree *tree, struct qn_exec *exec);

/* Sets up a token on the caller's storage below parent (NULL: a root or a shield). Touches nothing
 * that other threads write. */
void qn_walk_init(struct qn_walk *token, struct qn_token_tree *tree, const struct qn_walk *parent,
                  uint64_t deadline);

/* Destroys the token. */
static inline void qn_walk_fini(struct qn_walk *token)
{
    token->tree = NULL; /* later use crashes */
}

/* True if the token or one above it was raised; relaxed, a load for each. */
static inline bool qn_walk_poll(const struct qn_walk *token)
{
    for (; token; token = token->parent)
        if (atomic_load_explicit(&token->raised, memory_order_relaxed))
            return true;
    return false;
}

/* The same, and what the canceller wrote before raising is visible. */
static inline bool qn_walk_raised(const struct qn_walk *token)
{
    for (; token; token = token->parent)
        if (atomic_load_explicit(&token->raised, memory_order_acquire))
            return true;
    return false;
}

/* Raises the token and wakes threads that wait for it or for one below it. True if this call did
 * it, false if this token was raised already. Does not block. */
bool qn_walk_raise(struct qn_walk *token);

/* As qn_cancel_wait. */
int qn_walk_wait(struct qn_walk *token, uint64_t deadline) QN_MUST_CHECK;

/* A case for qn_select; comes to QN_ECANCELED. */
struct qn_case qn_case_walk(struct qn_walk *token);

#endif
