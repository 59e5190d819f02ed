#include "runtime/callback.h"

#include <string.h>

void qn_callbacks_init(struct qn_callbacks *set, struct qn_exec *exec)
{
    memset(set, 0, sizeof(*set));
    set->exec = exec;
    qn_lock_init(&set->lock, QN_RANK_OBJECT);
}

static void unlink_callback(struct qn_callback *callback)
{
    *callback->place = callback->next;
    if (callback->next)
        callback->next->place = callback->place;
    callback->linked = false;
}

void qn_callback_add(struct qn_callbacks *set, struct qn_callback *callback, qn_callback_fn *fn,
                     void *arg)
{
    bool is_raised;

    *callback = (struct qn_callback){.fn = fn, .arg = arg};
    /* Checked and linked in one critical section: a raise comes either before and is seen here, or
     * after and finds the callback. */
    qn_lock(set->exec, &set->lock);
    is_raised = set->raiser != NULL;
    if (!is_raised) {
        callback->next = set->first;
        callback->place = &set->first;
        if (callback->next)
            callback->next->place = &callback->next;
        set->first = callback;
        callback->linked = true;
    }
    qn_unlock(set->exec, &set->lock);
    if (is_raised)
        fn(arg);
}

/* Waiting for a callback to return: a case whose message names it. */

static struct qn_lock *lock_of(void *object)
{
    return &((struct qn_callbacks *)object)->lock;
}

static int attempt_returned(struct qn_case *c, struct qn_thread **wake)
{
    const struct qn_callbacks *set = c->object;

    (void)wake;
    return set->running == c->node.message ? QN_EAGAIN : QN_OK;
}

static struct qn_queue *waiters_of(struct qn_case *c)
{
    return &((struct qn_callbacks *)c->object)->waiters;
}

static const struct qn_case_ops returned_ops = {
    .lock = lock_of,
    .attempt = attempt_returned,
    .queue = waiters_of,
};

void qn_callback_remove(struct qn_callbacks *set, struct qn_callback *callback)
{
    struct qn_case returned = {.ops = &returned_ops, .object = set, .node = {.message = callback}};
    bool is_elsewhere = false;

    qn_lock(set->exec, &set->lock);
    if (callback->linked)
        unlink_callback(callback);
    else
        is_elsewhere = set->running == callback && set->raiser != qn_self();
    qn_unlock(set->exec, &set->lock);
    if (is_elsewhere && qn_wait_case(&returned, QN_NEVER) != QN_OK)
        assert(!"a wait without deadline ends by the callback's return");
}

/* Under the lock: removes the next callback and marks it as running. */
static struct qn_callback *take(struct qn_callbacks *set)
{
    struct qn_callback *callback = set->first;

    if (callback)
        unlink_callback(callback);
    set->running = callback;
    return callback;
}

bool qn_callbacks_raise(struct qn_callbacks *set)
{
    struct qn_callback *callback;

    qn_lock(set->exec, &set->lock);
    if (set->raiser) {
        qn_unlock(set->exec, &set->lock);
        return false;
    }
    set->raiser = qn_self();
    callback = take(set);
    qn_unlock(set->exec, &set->lock);
    while (callback) {
        struct qn_wake_list list;

        QN_STEP("callback");
        callback->fn(callback->arg);
        /* It may have removed itself and been freed: from here on only its address is compared. */
        qn_wake_list_init(&list);
        qn_lock(set->exec, &set->lock);
        qn_queue_claim_all(&set->waiters, QN_OK, &list);
        callback = take(set);
        qn_unlock(set->exec, &set->lock);
        qn_wake_list_run(&list);
    }
    return true;
}
