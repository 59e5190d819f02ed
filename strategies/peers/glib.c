/*
 * GLib: a GThreadPool of its own threads (one that isn't exclusive shares them with the process),
 * results through a GAsyncQueue, and a GCancellable that running work polls. What is queued can't
 * be taken back: its turn comes, and it finds itself cancelled.
 *
 * The caller pops as many results as there are workers, and cancels at the first error.
 */
#include <errno.h>
#include <gio/gio.h>

#include "quench/peer.h"

struct peer {
    GThreadPool *pool;
    GAsyncQueue *results; /* of struct task */
};

struct task {
    struct quench_call *call;
    GCancellable *cancellable;
    uint32_t index;
    gboolean failed;
};

/* The end comes before the result: the caller that has popped the last one returns. */
static void work(gpointer data, gpointer user_data)
{
    struct task *task = data;
    struct peer *peer = user_data;
    enum quench_step step;
    struct quench_worker w;

    if (!g_cancellable_is_cancelled(task->cancellable)) {
        quench_begin(task->call, task->index, &w);
        do
            step = quench_chunk(&w);
        while (step == QUENCH_MORE && !g_cancellable_is_cancelled(task->cancellable));
        quench_end(&w);
        task->failed = step == QUENCH_FAILED;
    }
    g_async_queue_push(peer->results, task);
}

static int32_t run(void *data, struct quench_call *call)
{
    struct peer *peer = data;
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autofree struct task *tasks = g_new0(struct task, call->n);
    int32_t error = QUENCH_NO_ERROR;

    for (uint32_t i = 0; i < call->n; i++) {
        tasks[i].call = call;
        tasks[i].cancellable = cancellable;
        tasks[i].index = i;
        g_thread_pool_push(peer->pool, &tasks[i], NULL);
    }
    for (uint32_t i = 0; i < call->n; i++) {
        const struct task *task = g_async_queue_pop(peer->results);

        if (!task->failed || error != QUENCH_NO_ERROR)
            continue;
        error = (int32_t)task->index;
        quench_seen(call, task->index);
        quench_raising(call);
        g_cancellable_cancel(cancellable);
    }
    return error;
}

static void close_pool(void *data)
{
    struct peer *peer = data;

    g_thread_pool_free(peer->pool, FALSE, TRUE);
    g_async_queue_unref(peer->results);
    g_free(peer);
}

/* An exclusive pool starts its threads when it is made. */
static int open_pool(uint32_t threads, void **data)
{
    struct peer *peer = g_new0(struct peer, 1);
    g_autoptr(GError) error = NULL;

    peer->results = g_async_queue_new();
    peer->pool = g_thread_pool_new(work, peer, (gint)threads, TRUE, &error);
    if (error) {
        close_pool(peer);
        return EAGAIN;
    }
    *data = peer;
    return 0;
}

static const char *version(void)
{
    static char text[32];

    g_snprintf(text, sizeof text, "%u.%u.%u", glib_major_version, glib_minor_version,
               glib_micro_version);
    return text;
}

static const struct quench_peer glib = {
    .abi = QUENCH_PEER_ABI,
    .size = sizeof glib,
    .name = "glib",
    .summary = "GThreadPool, results by GAsyncQueue; the caller cancels a GCancellable",
    .library = "GLib",
    .licence = "LGPL-2.1-or-later",
    .reach = "g_cancellable_is_cancelled()",
    .flags = QUENCH_STOPS_RUNNING | QUENCH_SKIPS_QUEUED | QUENCH_WAITS_ALL | QUENCH_FIRST_BY_TIME,
    .version = version,
    .open = open_pool,
    .call = run,
    .close = close_pool,
};

QUENCH_PEER_ENTRY(uint32_t i)
{
    return i == 0 ? &glib : NULL;
}
