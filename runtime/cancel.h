/*
 * Cancellation tokens: one per scope of work, raised once, polled often.
 *
 * A poll is one relaxed load of a line that is written once. Tokens form a tree: raising one raises
 * all below it (push down), so that a poll never climbs; a child made while its parent is being
 * raised is raised too. A thread may also wait for a token, alone or in a select.
 *
 * Overlaps: poll, raise, wait, and init/fini of children with each other. fini of a token may
 * overlap no operation on that token itself except its parent's raise: it takes the parent's lock,
 * and so waits until a raise that is using this token has finished with it. A token's children must
 * be gone before it.
 *
 * Locks rank by depth: a parent's before its child's, in a select too. A raise traverses the tree
 * depth first and holds the locks of one path, from the token that is raised to the current one. So
 * tokens that it will return to can't be removed; it navigates by the tokens' own pointers, and
 * needs neither recursion nor memory, however deep or wide the tree. Two raises can't deadlock, and
 * neither can a raise and a select, since all lock downwards; where the later raise meets a token
 * that the other has raised, it skips it and leaves what is below to the other. The lock of a token
 * with many below it is held until all of them are raised; init and fini of its children wait that
 * long. Threads are woken after the last lock is released, so a raise makes at most one system call
 * per sleeping thread, and none for a token without waiters.
 *
 * A shield is a token without a parent, so no raise and no deadline from above reaches it or what
 * is created below it (Trio's shielded scopes, Go's WithoutCancel).
 *
 * Deadlines are inherited: a token's is the earlier of its own and its parent's, fixed at init. A
 * wait on the token ends at the deadline with QN_EDEADLINE, which distinguishes it from a raise. A
 * poll reads no clock and ignores deadlines: the thread that waits for the deadline
 * (qn_cancel_wait, or a select until qn_cancel_deadline) raises the token, which polling threads
 * then see.
 *
 * Memory order: the flag is set with sequential consistency before the lock is taken and the
 * waiters are claimed; a waiter checks it again under the same lock that links it, so either it
 * sees the flag or the raise sees the waiter. A poll that returns true orders nothing; call
 * qn_cancel_raised, which acquires, before reading what the canceller wrote.
 */
#ifndef QN_RUNTIME_CANCEL_H
#define QN_RUNTIME_CANCEL_H

#include "runtime/select.h"

struct qn_cancel {
    QN_ALIGNED _Atomic uint32_t raised; /* alone on its lines, which every worker caches */
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

/* The same with a deadline; the parent's applies if it is earlier. */
void qn_cancel_init_until(struct qn_cancel *token, struct qn_exec *exec, struct qn_cancel *parent,
                          uint64_t deadline);

/* Removes the token from the tree. Waits for a raise of the parent that is using it. */
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
 * was raised already. If another call is raising a token, what is below that may not be raised yet
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
