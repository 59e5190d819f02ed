/*
 * A pool of POSIX threads as a peer. Its threads take workers from a counter until there are none left or one
 * has failed; those that run then look at every chunk. The caller returns when no thread is at work any more.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <pthread.h>
#include <quench/peer.h>
#include <stdatomic.h>
#include <stdlib.h>

struct pool {
    pthread_mutex_t is_opening; /* threads wait here until there are barriers */
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

    pthread_mutex_lock(&pool->is_opening);
    pthread_mutex_unlock(&pool->is_opening);
    while (pthread_barrier_wait(&pool->begin), pool->call) {
        for (uint32_t i; pool->error == QUENCH_NO_ERROR && (i = pool->next++) < pool->call->n;)
            work(pool, i);
        pthread_barrier_wait(&pool->end);
    }
    return NULL;
}

static void close_pool(void *peer)
{
    struct pool *pool = peer;

    pool->call = NULL;
    pthread_barrier_wait(&pool->begin);
    for (uint32_t i = 0; i < pool->n_threads; i++)
        pthread_join(pool->threads[i], NULL);
    pthread_barrier_destroy(&pool->begin);
    pthread_barrier_destroy(&pool->end);
    free(pool);
}

static int open_pool(uint32_t threads, void **peer)
{
    struct pool *pool = calloc(1, sizeof(*pool) + threads * sizeof(pool->threads[0]));
    int error = 0;

    if (!pool)
        return ENOMEM;
    pthread_mutex_init(&pool->is_opening, NULL);
    pthread_mutex_lock(&pool->is_opening);
    while (pool->n_threads < threads && error == 0)
        if ((error = pthread_create(&pool->threads[pool->n_threads], NULL, run, pool)) == 0)
            pool->n_threads++;
    pthread_barrier_init(&pool->begin, NULL, pool->n_threads + 1);
    pthread_barrier_init(&pool->end, NULL, pool->n_threads + 1);
    pthread_mutex_unlock(&pool->is_opening);
    if (error != 0)
        close_pool(pool);
    *peer = pool;
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
