/*
 * A pool of POSIX threads as a peer. Its threads take workers from a counter until there are none left or one
 * has failed; those that run then look at every chunk. The caller returns when no thread is at work any more.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <pthread.h>
#include <quench/peer.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

struct pool {
    pthread_mutex_t opening; /* threads wait here until all are there … */
    bool is_open;            /* … or not */
    pthread_barrier_t begin, end;
    struct quench_call *call; /* NULL: the pool is closed */
    _Atomic uint32_t next;
    _Atomic int32_t error; /* of that worker; QUENCH_NO_ERROR: none has failed */
    uint32_t n_threads;
    pthread_t threads[];
};

static void work(struct pool *pool, uint32_t i)
{
    struct quench_worker worker;
    enum quench_step step;
    int32_t none = QUENCH_NO_ERROR;

    quench_begin(pool->call, i, &worker);
    do
        step = quench_chunk(&worker);
    while (step == QUENCH_MORE && pool->error == QUENCH_NO_ERROR);
    if (step == QUENCH_FAILED) {
        quench_raising(pool->call);
        atomic_compare_exchange_strong(&pool->error, &none, (int32_t)i);
    }
    quench_end(&worker);
}

static void *run(void *arg)
{
    struct pool *pool = arg;
    bool is_open;

    pthread_mutex_lock(&pool->opening);
    is_open = pool->is_open;
    pthread_mutex_unlock(&pool->opening);
    while (is_open && (pthread_barrier_wait(&pool->begin), pool->call)) {
        for (uint32_t i; pool->error == QUENCH_NO_ERROR && (i = pool->next++) < pool->call->n;)
            work(pool, i);
        pthread_barrier_wait(&pool->end);
    }
    return NULL;
}

/* Waits until its threads have ended. */
static void free_pool(struct pool *pool)
{
    for (uint32_t i = 0; i < pool->n_threads; i++)
        pthread_join(pool->threads[i], NULL);
    pthread_barrier_destroy(&pool->end);
    pthread_barrier_destroy(&pool->begin);
    pthread_mutex_destroy(&pool->opening);
    free(pool);
}

static void close_pool(void *peer)
{
    struct pool *pool = peer;

    pool->call = NULL;
    pthread_barrier_wait(&pool->begin);
    free_pool(pool);
}

/* Starts the threads: all of them, or an error, and those that were started end. */
static int start_threads(struct pool *pool, uint32_t threads)
{
    int error = 0;

    pthread_mutex_lock(&pool->opening);
    while (pool->n_threads < threads && error == 0)
        if ((error = pthread_create(&pool->threads[pool->n_threads], NULL, run, pool)) == 0)
            pool->n_threads++;
    pool->is_open = error == 0;
    pthread_mutex_unlock(&pool->opening);
    return error;
}

static int open_pool(uint32_t threads, void **peer)
{
    struct pool *pool = calloc(1, sizeof(*pool) + threads * sizeof(pool->threads[0]));
    int error;

    if (!pool)
        return ENOMEM;
    if ((error = pthread_mutex_init(&pool->opening, NULL)) != 0)
        goto no_mutex;
    if ((error = pthread_barrier_init(&pool->begin, NULL, threads + 1)) != 0)
        goto no_begin;
    if ((error = pthread_barrier_init(&pool->end, NULL, threads + 1)) != 0)
        goto no_end;
    if ((error = start_threads(pool, threads)) != 0)
        free_pool(pool);
    else
        *peer = pool;
    return error;
no_end:
    pthread_barrier_destroy(&pool->begin);
no_begin:
    pthread_mutex_destroy(&pool->opening);
no_mutex:
    free(pool);
    return error;
}

static int32_t call(void *peer, struct quench_call *call)
{
    struct pool *pool = peer;

    pool->call = call;
    pool->next = 0;
    pool->error = QUENCH_NO_ERROR;
    pthread_barrier_wait(&pool->begin);
    pthread_barrier_wait(&pool->end);
    if (pool->error != QUENCH_NO_ERROR)
        quench_seen(call, (uint32_t)pool->error);
    return pool->error;
}

static const struct quench_peer my_pool = {
    .abi = QUENCH_PEER_ABI,
    .size = sizeof(my_pool),
    .name = "my-pool",
    .summary = "threads take workers from a counter; the first error stops all",
    .library = "POSIX threads",
    .licence = "-",
    .reach = "a flag at every chunk",
    .flags = QUENCH_STOPS_RUNNING | QUENCH_SKIPS_QUEUED | QUENCH_WAITS_ALL | QUENCH_FIRST_BY_TIME,
    .open = open_pool,
    .call = call,
    .close = close_pool,
};

QUENCH_PEER_ENTRY(uint32_t i)
{
    return i == 0 ? &my_pool : NULL;
}
