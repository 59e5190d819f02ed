#include "runtime/exec.h"

#include "runtime/wait.h"

_Thread_local struct qn_thread *qn_self_ptr;

#ifdef QN_STEPS
void (*qn_step_hook)(const char *point);
#endif

void qn_thread_init(struct qn_thread *thread, struct qn_exec *exec, int index)
{
    thread->exec = exec;
    thread->index = index;
    thread->ledger = NULL;
    thread->rng = UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(index + 2);
    thread->n_locks = 0;
    atomic_init(&thread->token, 0);
    atomic_init(&thread->claim, QN_CLAIM_NONE);
}
