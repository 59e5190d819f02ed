/*
 * Waits: how a thread waits for one of several things, exactly one of which ends the wait.
 *
 * A thread that waits puts a node into the queue of each thing it waits for (channel, token, group;
 * each queue is guarded by its owner's lock) and parks. A thread that can end the wait takes a node
 * out of a queue and tries to claim the waiter's claim word with one compare-and-swap,
 *
 *     WAITING -> i         thing i has happened (the node's index)
 *     WAITING -> TIMED_OUT the waiter itself, its deadline having passed
 *     WAITING -> UNWOUND   the executor, which unwinds a thread that nothing can wake
 *
 * and only the winner completes the wait: it writes the outcome through the node, releases its
 * lock, and unparks the thread, once. Completing a wait never needs the locks of two queues.
 *
 * Lifetime. Nodes are on the waiter's stack. A claimed waiter returns only after it has taken the
 * winner's token, so the winner may use the node until it unparks, but no longer. A node whose
 * claim was lost is left unlinked and untouched: its owner may be gone after the unlock.
 *
 * Overlaps: qn_wait_claim with anything; the queue functions need their owner's lock; only the
 * waiting thread calls qn_wait_begin and qn_wait_finish.
 *
 * Memory order: claim is acq_rel; the waiter sees what the winner wrote through the token (release
 * in unpark, acquire in park).
 */
#ifndef QN_RUNTIME_WAIT_H
#define QN_RUNTIME_WAIT_H

#include "runtime/exec.h"

/* A claim: one of these, or a smaller number: the index of the thing that happened. */
#define QN_CLAIM_WAITING UINT32_MAX
#define QN_CLAIM_TIMED_OUT (UINT32_MAX - 1)
#define QN_CLAIM_UNWOUND (UINT32_MAX - 2)
#define QN_CLAIM_NONE (UINT32_MAX - 3) /* no wait in progress */

struct qn_node {
    struct qn_node *next, *prev; /* guarded by the queue's lock */
    struct qn_thread *thread;    /* the waiting thread; immutable while linked */
    void *message;               /* where a message comes from or goes to; the winner copies */
    int result;                  /* written by the winner before it unparks */
    uint32_t index;              /* which of the waiter's things this is; immutable while linked */
    bool linked;                 /* guarded by the queue's lock */
};

/* First in, first out. Zero-initialised is empty. Guarded by its owner's lock. */
struct qn_queue {
    struct qn_node *head, *tail;
};

/* Threads that are claimed but not yet woken, linked through their nodes' next. */
struct qn_wake_list {
    struct qn_node *head, **end;
};

/* Appends the node. It must not be linked. */
void qn_queue_push(struct qn_queue *queue, struct qn_node *node);

/* Unlinks the node if it is linked. */
void qn_queue_remove(struct qn_queue *queue, struct qn_node *node);

/*
 * Takes nodes from the front until one can be claimed with its index, and returns that one, unlinked
 * and won: the caller writes its message and result, unlocks and unparks node->thread. NULL: none.
 */
struct qn_node *qn_queue_claim(struct qn_queue *queue);

/* Claims every node of the queue with result for its waiters and adds them to the list. */
void qn_queue_claim_all(struct qn_queue *queue, int result, struct qn_wake_list *list);

static inline void qn_wake_list_init(struct qn_wake_list *list)
{
    list->head = NULL;
    list->end = &list->head;
}

/* Appends a node that was claimed and is unlinked. */
static inline void qn_wake_list_add(struct qn_wake_list *list, struct qn_node *node)
{
    node->next = NULL;
    *list->end = node;
    list->end = &node->next;
}

/* Unparks every thread of the list. No lock may be held. */
void qn_wake_list_run(struct qn_wake_list *list);

/* Tries to end the thread's wait with this outcome; true if this call did. */
static inline bool qn_wait_claim(struct qn_thread *thread, uint32_t outcome)
{
    uint32_t waiting = QN_CLAIM_WAITING;

    QN_STEP("claim");
    return atomic_compare_exchange_strong_explicit(&thread->claim, &waiting, outcome,
                                                   memory_order_acq_rel, memory_order_relaxed);
}

/* Opens a wait, before the first node is linked. */
static inline void qn_wait_begin(struct qn_thread *self)
{
    atomic_store_explicit(&self->claim, QN_CLAIM_WAITING, memory_order_relaxed);
}

/*
 * Parks until the wait is claimed or the deadline has passed, and returns the outcome: an index,
 * QN_CLAIM_TIMED_OUT or QN_CLAIM_UNWOUND. On the last two, and for every other node of a wait with
 * several, the caller unlinks its nodes; on UNWOUND it then calls the executor's unwind.
 */
uint32_t qn_wait_finish(struct qn_thread *self, uint64_t deadline) QN_MUST_CHECK;

/* Waits until the deadline. Returns QN_ETIMEDOUT. */
int qn_sleep_until(uint64_t deadline);

#endif
