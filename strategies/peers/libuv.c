/*
 * libuv: uv_queue_work. The pool is the process's, its size a variable that is read once. Errors
 * are seen on the loop alone, in the callbacks after the work. There uv_cancel takes back what has
 * not begun; what runs is UV_EBUSY to it, and polls a flag of the peer's own.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <uv.h>

#include "quench/peer.h"

struct peer {
    uv_loop_t loop; /* runs on the caller's thread */
    struct task *tasks;
    struct quench_call *call;
    int32_t error; /* the first that the loop has seen */
    atomic_bool stop;
};

struct task {
    uv_work_t request;
    struct peer *peer;
    bool failed;
};

static void work(uv_work_t *request)
{
    struct task *task = request->data;
    struct peer *peer = task->peer;
    enum quench_step step;
    struct quench_worker w;

    if (atomic_load_explicit(&peer->stop, memory_order_relaxed))
        return;
    quench_begin(peer->call, (uint32_t)(task - peer->tasks), &w);
    do
        step = quench_chunk(&w);
    while (step == QUENCH_MORE && !atomic_load_explicit(&peer->stop, memory_order_relaxed));
    quench_end(&w);
    task->failed = step == QUENCH_FAILED;
}

static void after_work(uv_work_t *request, int status)
{
    struct task *task = request->data;
    struct peer *peer = task->peer;

    if (status == UV_ECANCELED || !task->failed || peer->error != QUENCH_NO_ERROR)
        return;
    peer->error = (int32_t)(task - peer->tasks);
    quench_seen(peer->call, (uint32_t)peer->error);
    quench_raising(peer->call);
    atomic_store_explicit(&peer->stop, true, memory_order_relaxed);
    for (uint32_t i = 0; i < peer->call->n; i++)
        uv_cancel((uv_req_t *)&peer->tasks[i].request);
}

static int32_t run(void *data, struct quench_call *call)
{
    struct peer *peer = data;

    peer->call = call;
    peer->error = QUENCH_NO_ERROR;
    atomic_store(&peer->stop, false);
    peer->tasks = calloc(call->n, sizeof *peer->tasks);
    if (!peer->tasks)
        return QUENCH_OTHER_ERROR;
    for (uint32_t i = 0; i < call->n; i++) {
        peer->tasks[i].peer = peer;
        peer->tasks[i].request.data = &peer->tasks[i];
        uv_queue_work(&peer->loop, &peer->tasks[i].request, work, after_work);
    }
    uv_run(&peer->loop, UV_RUN_DEFAULT);
    free(peer->tasks);
    return peer->error;
}

static void nothing(uv_work_t *request)
{
    (void)request;
}

/* All threads are started with the first request. */
static int open_loop(uint32_t threads, void **data)
{
    struct peer *peer = calloc(1, sizeof *peer);
    uv_work_t request;

    (void)threads; /* UV_THREADPOOL_SIZE has said it */
    if (!peer)
        return ENOMEM;
    if (uv_loop_init(&peer->loop) != 0) {
        free(peer);
        return EAGAIN;
    }
    uv_queue_work(&peer->loop, &request, nothing, NULL);
    uv_run(&peer->loop, UV_RUN_DEFAULT);
    *data = peer;
    return 0;
}

/* The threads stay: the pool is the process's. */
static void close_loop(void *data)
{
    struct peer *peer = data;

    uv_loop_close(&peer->loop);
    free(peer);
}

static const char *const env[] = {"UV_THREADPOOL_SIZE=%P", NULL};

static const struct quench_peer libuv = {
    .abi = QUENCH_PEER_ABI,
    .size = sizeof libuv,
    .name = "libuv",
    .summary = "uv_queue_work; at the first error the loop cancels what is queued",
    .library = "libuv",
    .licence = "MIT",
    .reach = "a flag of the caller's: uv_cancel doesn't reach what runs",
    .flags = QUENCH_STOPS_RUNNING | QUENCH_SKIPS_QUEUED | QUENCH_WAITS_ALL | QUENCH_FIRST_BY_TIME |
             QUENCH_PROCESS_WIDE,
    .env = env,
    .version = uv_version_string,
    .open = open_loop,
    .call = run,
    .close = close_loop,
};

QUENCH_PEER_ENTRY(uint32_t i)
{
    return i == 0 ? &libuv : NULL;
}
