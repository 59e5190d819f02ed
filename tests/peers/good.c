/*
 * The reference module of the tests: a pool of POSIX threads as three peers, which differ in who
 * computes and when the call returns.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "quench/peer.h"

struct pool {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    pthread_t *threads;
    uint32_t n_threads; /* of its own */
    bool is_over, returns_early;
    struct quench_call *call; /* NULL: none */
    uint32_t next, n_running; /* the next worker to begin, and those that have begun */
    int32_t error;            /* the first reported */
    atomic_bool stop;
};

/* Runs one worker; the mutex is held, but for its work. */
static void run_one(struct pool *p)
{
    struct quench_call *call = p->call;
    uint32_t i = p->next++;
    struct quench_worker w;
    enum quench_step step;

    p->n_running++;
    pthread_mutex_unlock(&p->mutex);
    quench_begin(call, i, &w);
    do
        step = quench_chunk(&w);
    while (step == QUENCH_MORE && !atomic_load(&p->stop));
    quench_end(&w);
    pthread_mutex_lock(&p->mutex);
    if (step == QUENCH_FAILED && p->error == QUENCH_NO_ERROR) {
        p->error = (int32_t)i;
        quench_seen(call, i);
        quench_raising(call);
        atomic_store(&p->stop, true);
        p->next = call->n;
    }
    p->n_running--;
    pthread_cond_broadcast(&p->changed);
}

static void *serve(void *arg)
{
    struct pool *p = arg;

    pthread_mutex_lock(&p->mutex);
    while (!p->is_over) {
        if (p->call && p->next < p->call->n)
            run_one(p);
        else
            pthread_cond_wait(&p->changed, &p->mutex);
    }
    pthread_mutex_unlock(&p->mutex);
    return NULL;
}

static int32_t run(struct pool *p, struct quench_call *call, bool computes)
{
    pthread_mutex_lock(&p->mutex);
    p->next = 0;
    p->error = QUENCH_NO_ERROR;
    atomic_store(&p->stop, false);
    p->call = call;
    pthread_cond_broadcast(&p->changed);
    while (computes && p->next < call->n)
        run_one(p);
    while ((p->next < call->n || p->n_running > 0) &&
           !(p->returns_early && p->error != QUENCH_NO_ERROR))
        pthread_cond_wait(&p->changed, &p->mutex);
    pthread_mutex_unlock(&p->mutex);
    return p->error;
}

static int32_t call_wait(void *peer, struct quench_call *call)
{
    return run(peer, call, false);
}

static int32_t call_working(void *peer, struct quench_call *call)
{
    return run(peer, call, true);
}

static void settle_pool(void *peer, struct quench_call *call)
{
    struct pool *p = peer;

    (void)call;
    pthread_mutex_lock(&p->mutex);
    while (p->n_running > 0)
        pthread_cond_wait(&p->changed, &p->mutex);
    p->call = NULL;
    pthread_mutex_unlock(&p->mutex);
}

static void close_pool(void *peer)
{
    struct pool *p = peer;

    pthread_mutex_lock(&p->mutex);
    p->is_over = true;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->mutex);
    for (uint32_t i = 0; i < p->n_threads; i++)
        pthread_join(p->threads[i], NULL);
    free(p->threads);
    free(p);
}

static int open_with(uint32_t n, bool returns_early, void **peer)
{
    struct pool *p = calloc(1, sizeof *p);

    if (!p || !(p->threads = calloc(n + 1, sizeof *p->threads)))
        return ENOMEM;
    p->returns_early = returns_early;
    pthread_mutex_init(&p->mutex, NULL);
    pthread_cond_init(&p->changed, NULL);
    while (p->n_threads < n && pthread_create(&p->threads[p->n_threads], NULL, serve, p) == 0)
        p->n_threads++;
    *peer = p;
    return p->n_threads == n ? 0 : EAGAIN;
}

/* Refuses a process whose environment isn't what the peer asks for. */
static bool has_environment(uint32_t threads)
{
    const char *said = getenv("GOOD_PEERS_THREADS");

    return said && strtoul(said, NULL, 10) == threads;
}

static int open_wait(uint32_t threads, void **peer)
{
    if (!has_environment(threads))
        return EINVAL;
    return open_with(threads, false, peer);
}

static int open_early(uint32_t threads, void **peer)
{
    return open_with(threads, true, peer);
}

static int open_working(uint32_t threads, void **peer)
{
    return open_with(threads - 1, false, peer);
}

static const char *version(void)
{
    return getenv("GOOD_PEERS_VERSION") ? getenv("GOOD_PEERS_VERSION") : "1.0";
}

#define STOPS (QUENCH_STOPS_RUNNING | QUENCH_SKIPS_QUEUED | QUENCH_FIRST_BY_TIME)

static const char *const env[] = {"GOOD_PEERS_THREADS=%P", "GOOD_PEERS_VERSION=1.0", NULL};

#define PEER(name_, summary_, flags_, open_, call_) \
    { \
        .abi = QUENCH_PEER_ABI, .size = sizeof(struct quench_peer), .name = name_, \
        .summary = summary_, .library = "POSIX threads", .licence = "MIT", \
        .reach = "an atomic flag, set by the failing worker", .flags = flags_, .env = env, \
        .version = version, .open = open_, .call = call_, .settle = settle_pool, \
        .close = close_pool, \
    }

static const struct quench_peer peers[] = {
    PEER("good-wait", "returns when all have stopped", STOPS | QUENCH_WAITS_ALL, open_wait,
         call_wait),
    PEER("good-early", "returns at the first error", STOPS, open_early, call_wait),
    PEER("good-working", "its caller computes too", STOPS | QUENCH_WAITS_ALL | QUENCH_CALLER_WORKS,
         open_working, call_working),
};

QUENCH_PEER_ENTRY(uint32_t i)
{
    return i < sizeof peers / sizeof *peers ? &peers[i] : NULL;
}
