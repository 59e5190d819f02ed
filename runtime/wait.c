#include "runtime/wait.h"

void qn_queue_push(struct qn_queue *queue, struct qn_node *node)
{
    assert(!node->linked);
    node->next = NULL;
    node->prev = queue->tail;
    if (queue->tail)
        queue->tail->next = node;
    else
        queue->head = node;
    queue->tail = node;
    node->linked = true;
}

void qn_queue_remove(struct qn_queue *queue, struct qn_node *node)
{
    if (!node->linked)
        return;
    if (node->prev)
        node->prev->next = node->next;
    else
        queue->head = node->next;
    if (node->next)
        node->next->prev = node->prev;
    else
        queue->tail = node->prev;
    node->linked = false;
}

struct qn_node *qn_queue_claim(struct qn_queue *queue)
{
    struct qn_node *node;

    while ((node = queue->head)) {
        qn_queue_remove(queue, node);
        if (qn_wait_claim(node->thread, node->index))
            return node;
    }
    return NULL;
}

void qn_queue_claim_all(struct qn_queue *queue, int result, struct qn_wake_list *list)
{
    struct qn_node *node;

    while ((node = qn_queue_claim(queue))) {
        node->result = result;
        qn_wake_list_add(list, node);
    }
}

void qn_wake_list_run(struct qn_wake_list *list)
{
    struct qn_node *node = list->head;

    while (node) {
        /* the node belongs to its owner again after the unpark */
        struct qn_node *next = node->next;

        qn_unpark(node->thread);
        node = next;
    }
}

uint32_t qn_wait_finish(struct qn_thread *self, uint64_t deadline)
{
    uint32_t outcome;

    while (!qn_park(self, deadline)) {
        if (qn_wait_claim(self, QN_CLAIM_TIMED_OUT))
            return QN_CLAIM_TIMED_OUT;
        deadline = QN_NEVER; /* another thread has claimed the wait, and its token is coming */
    }
    outcome = atomic_load_explicit(&self->claim, memory_order_relaxed);
    assert(outcome != QN_CLAIM_WAITING);
    return outcome;
}

int qn_sleep_until(uint64_t deadline)
{
    struct qn_thread *self = qn_self();

    qn_wait_begin(self);
    while (qn_wait_finish(self, deadline) != QN_CLAIM_TIMED_OUT)
        assert(!"nobody can claim a wait without a node");
    return QN_ETIMEDOUT;
}
