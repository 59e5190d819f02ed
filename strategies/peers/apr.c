/*
 * APR: apr_thread_pool, of apr-util. apr_thread_pool_tasks_cancel takes back the queued tasks of an
 * owner and waits for those that run. A task must not call it, since it would wait for itself; so
 * the caller does, once it has been told of an error. Running work isn't reached by it, and polls a
 * flag of the peer's own.
 */
#include <errno.h>
#include <stdlib.h>

#include <apr_atomic.h>
#include <apr_general.h>
#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>
#include <apr_thread_pool.h>
#include <apu_version.h>

#include "quench/peer.h"

struct peer {
    apr_pool_t *memory;
    apr_thread_pool_t *threads;
    apr_thread_mutex_t *mutex;
    apr_thread_cond_t *changed;
    uint32_t left;              /* workers that have not reported; guarded by mutex */
    int32_t error;              /* the first that was reported; guarded by mutex */
    volatile apr_uint32_t stop; /* atomic */
};

struct task {
    struct peer *peer;
    struct quench_call *call;
    uint32_t index;
};

static void *APR_THREAD_FUNC work(apr_thread_t *thread, void *data)
{
    const struct task *task = data;
    struct peer *peer = task->peer;
    enum quench_step step;
    struct quench_worker w;

    (void)thread;
    if (apr_atomic_read32(&peer->stop))
        return NULL;
    quench_begin(task->call, task->index, &w);
    do
        step = quench_chunk(&w);
    while (step == QUENCH_MORE && !apr_atomic_read32(&peer->stop));
    quench_end(&w);
    apr_thread_mutex_lock(peer->mutex);
    if (step == QUENCH_FAILED && peer->error == QUENCH_NO_ERROR)
        peer->error = (int32_t)task->index;
    if (--peer->left == 0 || step == QUENCH_FAILED)
        apr_thread_cond_signal(peer->changed);
    apr_thread_mutex_unlock(peer->mutex);
    return NULL;
}

static int32_t wait_for_error_or_all(struct peer *peer)
{
    int32_t error;

    apr_thread_mutex_lock(peer->mutex);
    while (peer->left > 0 && peer->error == QUENCH_NO_ERROR)
        apr_thread_cond_wait(peer->changed, peer->mutex);
    error = peer->error;
    apr_thread_mutex_unlock(peer->mutex);
    return error;
}

static int32_t run(void *data, struct quench_call *call)
{
    struct task *tasks = malloc(call->n * sizeof *tasks);
    struct peer *peer = data;
    int32_t error;

    if (!tasks)
        return QUENCH_OTHER_ERROR;
    peer->left = call->n;
    peer->error = QUENCH_NO_ERROR;
    apr_atomic_set32(&peer->stop, 0);
    for (uint32_t i = 0; i < call->n; i++) {
        tasks[i] = (struct task){peer, call, i};
        if (apr_thread_pool_push(peer->threads, work, &tasks[i], APR_THREAD_TASK_PRIORITY_NORMAL,
                                 call) != APR_SUCCESS)
            abort(); /* no memory, and others may run */
    }
    error = wait_for_error_or_all(peer);
    if (error != QUENCH_NO_ERROR) {
        quench_seen(call, (uint32_t)error);
        quench_raising(call);
        apr_atomic_set32(&peer->stop, 1);
        apr_thread_pool_tasks_cancel(peer->threads, call);
    }
    free(tasks);
    return error;
}

static void close_pool(void *data)
{
    struct peer *peer = data;

    apr_thread_pool_destroy(peer->threads);
    apr_pool_destroy(peer->memory); /* and with it the peer */
    apr_terminate();
}

static int open_pool(uint32_t threads, void **data)
{
    apr_pool_t *memory;
    struct peer *peer;

    if (apr_initialize() != APR_SUCCESS)
        return ENOMEM;
    if (apr_pool_create(&memory, NULL) != APR_SUCCESS)
        goto no_memory;
    peer = apr_pcalloc(memory, sizeof *peer);
    peer->memory = memory;
    if (apr_thread_mutex_create(&peer->mutex, APR_THREAD_MUTEX_DEFAULT, memory) != APR_SUCCESS ||
        apr_thread_cond_create(&peer->changed, memory) != APR_SUCCESS ||
        apr_thread_pool_create(&peer->threads, threads, threads, memory) != APR_SUCCESS)
        goto no_threads;
    *data = peer;
    return 0;
no_threads:
    apr_pool_destroy(memory);
no_memory:
    apr_terminate();
    return EAGAIN;
}

static const struct quench_peer apr = {
    .abi = QUENCH_PEER_ABI,
    .size = sizeof apr,
    .name = "apr",
    .summary = "apr_thread_pool; the caller cancels its tasks, which also waits for them",
    .library = "APR-util",
    .licence = "Apache-2.0",
    .reach = "a flag of the caller's: tasks_cancel only waits for what runs",
    .flags = QUENCH_STOPS_RUNNING | QUENCH_SKIPS_QUEUED | QUENCH_WAITS_ALL | QUENCH_FIRST_BY_TIME,
    .version = apu_version_string,
    .open = open_pool,
    .call = run,
    .close = close_pool,
};

QUENCH_PEER_ENTRY(uint32_t i)
{
    return i == 0 ? &apr : NULL;
}
