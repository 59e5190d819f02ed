/*
 * Cancellation tokens: one per scope of work, raised once, looked at often.
 *
 * A poll is one relaxed load of a line that is written once. Tokens form a tree: raising one raises
 * all below it (push down), so that a poll never climbs; a child made while its parent is being
 * raised is raised too. A thread may also wait for a token, alone or in a select.
 *
 * Who may overlap: poll, raise, wait, and init/fini of children with all of each other. fini of a
 * token may overlap no operation on that token itself except its parent's raise: it takes the
 * parent's lock, and so waits until a raise that is touching this token has let go of it. A token's
 * children must be gone before it.
 *
 * Locks rank by depth: a parent's before its child's, in a select too. A raise goes through the tree depth first and holds the locks of
 * one path, from the token that is raised to the one it stands at: so whatever it may still come back
 * to can't be taken out of the tree, it finds its way by the tokens' own pointers, and it needs
 * neither recursion nor memory, however deep or wide the tree. Two raises can't block each other for
 * ever, and neither can a raise and a select, since all lock downwards; where the later one meets a token that the other has raised, it
 * passes it by and leaves what is below to the other. The lock of a token with many below it is held
 * until all of them are raised; init and fini of its children wait so long. Threads are woken after
 * the last lock is given back, so a raise makes one system call at most for each thread that sleeps,
 * and none for a token that nobody waits for.
 *
 * A shield is a token without a parent: it is below nothing, so nothing that is raised and no
 * deadline above reaches it or what is made below it (Trio's shielded scopes, Go's WithoutCancel).
 *
 * Deadlines travel down: a token's is the earlier of its own and its parent's, settled at init. A
 * wait on the token ends by it with QN_EDEADLINE, which tells it from a raise. A poll reads no clock
 * and knows no deadline: whoever waits for the deadline (qn_cancel_wait, or a select until
 * qn_cancel_deadline) raises the token, and by that tells those who poll.
 *
 * Memory order: the flag is set with sequential consistency before the lock is taken and the waiters
 * are claimed; a waiter looks at it again under the lock after which it is linked, so either it sees
 * the flag or the raise sees it. A poll that returns true orders nothing; call qn_cancel_raised,
 * which acquires, before reading what the canceller wrote.
 */
#ifndef QN_RUNTIME_CANCEL_H
#define QN_RUNTIME_CANCEL_H

#include "runtime/select.h"

struct qn_cancel {
    QN_ALIGNED _Atomic uint32_t raised; /* alone on its lines: every worker keeps them */
    QN_ALIGNED struct qn_lock lock;     /* guards what follows */
    struct qn_queue waiters;
    struct qn_cancel *first_child;
    struct qn_exec *exec;            /* immutable after init */
    struct qn_cancel *parent;        /* immutable after init; NULL for a root */
    uint64_t deadline;               /* the earliest on its path; immutable after init */
    struct qn_cancel *next, **place; /* among the parent's children; guarded by the parent's lock */
};

/* Sets up a token on the caller's storage below parent (NULL: a root). Cost: the parent's lock. */
void qn_cancel_init(struct qn_cancel *token, struct qn_exec *exec, struct qn_cancel *parent);

/* The same with a deadline, of which the parent's may be the earlier. */
void qn_cancel_init_until(struct qn_cancel *token, struct qn_exec *exec, struct qn_cancel *parent,
                          uint64_t deadline);

/* Takes the token out of the tree. Waits for a raise of the parent that is touching it. */
void qn_cancel_fini(struct qn_cancel *token);

/* True once the token is raised; relaxed, one load. */
static inline bool qn_cancel_poll(const struct qn_cancel *token)
{
    return atomic_load_explicit(&token->raised, memory_order_relaxed);
}

/* The same, and what the canceller wrote before raising is visible. */
static inline bool qn_cancel_raised(const struct qn_cancel *token)
{
    return atomic_load_explicit(&token->raised, memory_order_acquire);
}

/* When a wait on the token ends at the latest; QN_NEVER without a deadline. */
static inline uint64_t qn_cancel_deadline(const struct qn_cancel *token)
{
    return token->deadline;
}

/*
 * Raises the token and all below it and wakes their waiters. True if this call did it, false if it
 * was raised already. What is below a token that another call is raising may still be being raised
 * when this returns. Does not block. Cost: two atomic operations and a lock for each token below.
 */
bool qn_cancel_raise(struct qn_cancel *token);

/*
 * Waits until the token is raised (QN_ECANCELED), its own deadline has passed (QN_EDEADLINE) or, where
 * that is not later, the one given here (QN_ETIMEDOUT).
 */
int qn_cancel_wait(struct qn_cancel *token, uint64_t deadline) QN_MUST_CHECK;

/* A case for qn_select; comes to QN_ECANCELED. */
struct qn_case qn_case_cancelled(struct qn_cancel *token);

#endif
