#include "runtime/group.h"

#include <string.h>

void qn_group_init(struct qn_group *group, struct qn_exec *exec, uint32_t n)
{
    memset(group, 0, sizeof(*group));
    group->exec = exec;
    qn_lock_init(&group->lock, QN_RANK_OBJECT);
    atomic_init(&group->count, n);
}

void qn_group_done(struct qn_group *group)
{
    struct qn_wake_list list;

    if (atomic_fetch_sub_explicit(&group->count, 1, memory_order_acq_rel) != 1)
        return;
    QN_STEP("group-zero");
    qn_wake_list_init(&list);
    qn_lock(group->exec, &group->lock);
    qn_queue_claim_all(&group->waiters, QN_OK, &list);
    qn_unlock(group->exec, &group->lock);
    qn_wake_list_run(&list);
}

static int attempt_join(struct qn_case *c, struct qn_thread **wake)
{
    struct qn_group *group = c->object;

    (void)wake;
    return atomic_load_explicit(&group->count, memory_order_acquire) == 0 ? QN_OK : QN_EAGAIN;
}

static struct qn_lock *lock_of(void *object)
{
    return &((struct qn_group *)object)->lock;
}

static struct qn_queue *waiters_of(struct qn_case *c)
{
    return &((struct qn_group *)c->object)->waiters;
}

static const struct qn_case_ops join_ops = {
    .lock = lock_of,
    .attempt = attempt_join,
    .queue = waiters_of,
};

int qn_group_wait(struct qn_group *group, uint64_t deadline)
{
    struct qn_case c = {.ops = &join_ops, .object = group};

    return qn_wait_case(&c, deadline);
}
