#include "runtime/cancel.h"

#include <string.h>

/* Links the token below its parent. */
static void join(struct qn_cancel *token, struct qn_cancel *parent)
{
    qn_lock(token->exec, &parent->lock);
    token->next = parent->first_child;
    token->place = &parent->first_child;
    if (token->next)
        token->next->place = &token->next;
    parent->first_child = token;
    /* Linked and checked in one critical section: a raise either came before and is seen here, or
     * waits for the lock and then finds the child. */
    if (atomic_load_explicit(&parent->raised, memory_order_seq_cst))
        atomic_store_explicit(&token->raised, 1, memory_order_seq_cst);
    qn_unlock(token->exec, &parent->lock);
}

void qn_cancel_init(struct qn_cancel *token, struct qn_exec *exec, struct qn_cancel *parent)
{
    qn_cancel_init_until(token, exec, parent, QN_NEVER);
}

void qn_cancel_init_until(struct qn_cancel *token, struct qn_exec *exec, struct qn_cancel *parent,
                          uint64_t deadline)
{
    memset(token, 0, sizeof(*token));
    token->exec = exec;
    token->parent = parent;
    token->deadline = parent && parent->deadline < deadline ? parent->deadline : deadline;
    qn_lock_init(&token->lock, parent ? parent->lock.rank + 1 : QN_RANK_TOKEN);
    if (parent)
        join(token, parent);
}

void qn_cancel_fini(struct qn_cancel *token)
{
    struct qn_lock *lock;

    assert(!token->first_child && !token->waiters.head);
    if (!token->parent)
        return;
    lock = &token->parent->lock;
    qn_lock(token->exec, lock);
    *token->place = token->next;
    if (token->next)
        token->next->place = token->place;
    qn_unlock(token->exec, lock);
}

/* Raises one token, takes its waiters and keeps its lock; false: it was raised already. */
static bool enter(struct qn_cancel *token, struct qn_wake_list *list)
{
    if (atomic_exchange_explicit(&token->raised, 1, memory_order_seq_cst))
        return false;
    QN_STEP("raised");
    qn_lock(token->exec, &token->lock);
    qn_queue_claim_all(&token->waiters, QN_ECANCELED, list);
    return true;
}

/*
 * Raises the token and those below it, depth first, each under the locks of the path from the token
 * to it. Navigation is by parent and sibling pointers, so nothing grows with the tree except the
 * list of waiters, which are on their own stacks.
 */
static bool raise_tree(struct qn_cancel *top, struct qn_wake_list *list)
{
    struct qn_cancel *at = top, *child;

    if (!enter(top, list))
        return false;
    child = top->first_child;
    for (;;) {
        while (child && !enter(child, list))
            child = child->next;
        if (child) {
            at = child;
            child = at->first_child;
            continue;
        }
        qn_unlock(at->exec, &at->lock);
        if (at == top)
            return true;
        child = at->next; /* the parent is locked, so the token exists and stays in place */
        at = at->parent;
    }
}

bool qn_cancel_raise(struct qn_cancel *token)
{
    struct qn_wake_list list;
    bool first;

    qn_wake_list_init(&list);
    first = raise_tree(token, &list);
    qn_wake_list_run(&list);
    return first;
}

static int attempt_cancelled(struct qn_case *c, struct qn_thread **wake)
{
    const struct qn_cancel *token = c->object;

    (void)wake;
    return atomic_load_explicit(&token->raised, memory_order_seq_cst) ? QN_ECANCELED : QN_EAGAIN;
}

static struct qn_lock *lock_of(void *object)
{
    return &((struct qn_cancel *)object)->lock;
}

static struct qn_queue *waiters_of(struct qn_case *c)
{
    return &((struct qn_cancel *)c->object)->waiters;
}

static bool maybe_cancelled(const struct qn_case *c)
{
    return qn_cancel_poll(c->object);
}

static const struct qn_case_ops cancelled_ops = {
    .lock = lock_of,
    .attempt = attempt_cancelled,
    .queue = waiters_of,
    .maybe_ready = maybe_cancelled,
};

struct qn_case qn_case_cancelled(struct qn_cancel *token)
{
    return (struct qn_case){.ops = &cancelled_ops, .object = token};
}

int qn_cancel_wait(struct qn_cancel *token, uint64_t deadline)
{
    struct qn_case c = qn_case_cancelled(token);

    return qn_wait_case_within(&c, deadline, token->deadline);
}
