#include "runtime/exec.h"

#include "runtime/wait.h"

_Thread_local struct qn_thread *qn_self_ptr;

#ifdef QN_STEPS
void (*qn_step_hook)(const char *point);

void qn_lock_wanted(const struct qn_lock *lock)
{
    assert(lock->rank > 0); /* else it was not initialised */
    assert(!qn_self_ptr || !qn_self_ptr->last_lock ||
           qn_lock_precedes(qn_self_ptr->last_lock, lock));
}

void qn_lock_taken(struct qn_lock *lock)
{
    if (!qn_self_ptr)
        return;
    lock->below = qn_self_ptr->last_lock;
    qn_self_ptr->last_lock = lock;
}

void qn_lock_left(const struct qn_lock *lock)
{
    if (!qn_self_ptr)
        return;
    assert(qn_self_ptr->last_lock == lock);
    qn_self_ptr->last_lock = lock->below;
}
#endif

void qn_thread_init(struct qn_thread *thread, struct qn_exec *exec, int index)
{
    thread->exec = exec;
    thread->index = index;
    thread->ledger = NULL;
    thread->rng = UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(index + 2);
    thread->last_lock = NULL;
    atomic_init(&thread->token, 0);
    atomic_init(&thread->claim, QN_CLAIM_NONE);
}
