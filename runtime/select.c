#include "runtime/select.h"

/* A random permutation of 0 .. n-1: the order in which a select looks at its cases. */
static void shuffle(uint8_t *order, unsigned n, uint64_t *rng)
{
    for (unsigned i = 0; i < n; i++) {
        unsigned j;

        *rng = *rng * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        j = (unsigned)((*rng >> 33) % (i + 1));
        order[i] = order[j];
        order[j] = (uint8_t)i;
    }
}

/* The indices of the cases sorted by their locks' ranks: the locking order. */
static void sort_by_lock(const struct qn_case *cases, uint8_t *order, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        struct qn_lock *lock = cases[i].ops->lock(cases[i].object);
        unsigned j = i;

        for (; j > 0; j--) {
            const struct qn_case *before = &cases[order[j - 1]];

            if (!qn_lock_precedes(lock, before->ops->lock(before->object)))
                break;
            order[j] = order[j - 1];
        }
        order[j] = (uint8_t)i;
    }
}

/* Locks (or unlocks) each object once, though several cases may name it. */
static void lock_all(struct qn_exec *exec, const struct qn_case *cases, const uint8_t *order,
                     unsigned n)
{
    struct qn_lock *last = NULL;

    for (unsigned i = 0; i < n; i++) {
        struct qn_lock *lock = cases[order[i]].ops->lock(cases[order[i]].object);

        if (lock != last)
            qn_lock(exec, lock);
        last = lock;
    }
}

static void unlock_all(struct qn_exec *exec, const struct qn_case *cases, const uint8_t *order,
                       unsigned n)
{
    struct qn_lock *last = NULL;

    for (unsigned i = n; i-- > 0;) {
        struct qn_lock *lock = cases[order[i]].ops->lock(cases[order[i]].object);

        if (lock != last)
            qn_unlock(exec, lock);
        last = lock;
    }
}

static void dequeue(struct qn_exec *exec, struct qn_case *c)
{
    struct qn_lock *lock = c->ops->lock(c->object);

    qn_lock(exec, lock);
    qn_queue_remove(c->ops->queue(c), &c->node);
    qn_unlock(exec, lock);
}

static void enqueue(struct qn_thread *self, struct qn_case *c, uint32_t index)
{
    c->node.thread = self;
    c->node.index = index;
    c->node.linked = false;
    qn_queue_push(c->ops->queue(c), &c->node);
}

int qn_try_case(struct qn_case *c)
{
    struct qn_exec *exec = qn_self()->exec;
    struct qn_lock *lock = c->ops->lock(c->object);
    struct qn_thread *wake = NULL;
    int result;

    qn_lock(exec, lock);
    result = c->ops->attempt(c, &wake);
    qn_unlock(exec, lock);
    if (wake)
        qn_unpark(wake);
    return result;
}

/* After the wait: the outcome of a claimed, timed-out or unwound select. */
static int conclude(struct qn_thread *self, struct qn_case *cases, unsigned n, uint32_t outcome,
                    unsigned *chosen)
{
    for (unsigned i = 0; i < n; i++)
        if (i != outcome) /* the winner unlinked the node it won with */
            dequeue(self->exec, &cases[i]);
    if (outcome == QN_CLAIM_UNWOUND)
        self->exec->ops->unwind(self);
    if (outcome == QN_CLAIM_TIMED_OUT)
        return QN_ETIMEDOUT;
    *chosen = outcome;
    return cases[outcome].node.result;
}

int qn_wait_case(struct qn_case *c, uint64_t deadline)
{
    struct qn_thread *self = qn_self();
    struct qn_lock *lock = c->ops->lock(c->object);
    struct qn_thread *wake = NULL;
    unsigned chosen;
    int result;

    qn_lock(self->exec, lock);
    result = c->ops->attempt(c, &wake);
    if (result == QN_EAGAIN) {
        qn_wait_begin(self);
        enqueue(self, c, 0);
    }
    qn_unlock(self->exec, lock);
    if (wake)
        qn_unpark(wake);
    if (result != QN_EAGAIN)
        return result;
    return conclude(self, c, 1, qn_wait_finish(self, deadline), &chosen);
}

int qn_wait_case_within(struct qn_case *c, uint64_t deadline, uint64_t limit)
{
    int rc = qn_wait_case(c, limit < deadline ? limit : deadline);

    return rc == QN_ETIMEDOUT && limit < deadline ? QN_EDEADLINE : rc;
}

int qn_select(struct qn_case *cases, unsigned n, uint64_t deadline, unsigned *chosen)
{
    struct qn_thread *self = qn_self();
    uint8_t order[QN_SELECT_MAX] = {0}, by_lock[QN_SELECT_MAX];
    struct qn_thread *wake = NULL;
    int result = QN_EAGAIN;

    assert(n >= 1 && n <= QN_SELECT_MAX);
    shuffle(order, n, &self->rng);
    for (unsigned i = 0; i < n; i++) {
        struct qn_case *c = &cases[order[i]];

        if (c->ops->maybe_ready && !c->ops->maybe_ready(c))
            continue;
        result = qn_try_case(c);
        if (result != QN_EAGAIN) {
            *chosen = order[i];
            return result;
        }
    }

    sort_by_lock(cases, by_lock, n);
    lock_all(self->exec, cases, by_lock, n);
    for (unsigned i = 0; i < n && result == QN_EAGAIN; i++) {
        *chosen = order[i];
        result = cases[order[i]].ops->attempt(&cases[order[i]], &wake);
    }
    if (result == QN_EAGAIN) {
        qn_wait_begin(self);
        for (unsigned i = 0; i < n; i++)
            enqueue(self, &cases[i], i);
    }
    unlock_all(self->exec, cases, by_lock, n);
    if (wake)
        qn_unpark(wake);
    if (result != QN_EAGAIN)
        return result;
    return conclude(self, cases, n, qn_wait_finish(self, deadline), chosen);
}
