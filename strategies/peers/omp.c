/*
 * OpenMP: `cancel for` and `cancel taskgroup`. A thread that meets a cancellation point after that
 * leaves the construct at once, so its worker ends without quench_end. The point must stand in the
 * construct itself: compilers refuse it in a function that is called there.
 *
 * Cancellation is off, without a word, unless OMP_CANCELLATION is set when the library is loaded.
 * It carries no error, so the peer keeps the first. Idle threads spin; those of -passive are asked
 * to sleep. Built by GCC for libgomp, and by clang for libomp (-llvm).
 */
#include <errno.h>
#include <omp.h>
#include <stddef.h>

#include "quench/peer.h"

#ifdef __clang__
#define SUFFIX "-llvm"
#define LIBRARY "OpenMP (libomp)"
#define LICENCE "Apache-2.0 with the LLVM exception"
#define COMPILER __VERSION__
#define SCHEDULE static /* a cancelled dynamic one breaks later ones: docs/libomp_cancel.c */
#else
#define SUFFIX ""
#define LIBRARY "OpenMP (libgomp)"
#define LICENCE "GPL-3.0 with the GCC runtime exception"
#define COMPILER "GCC " __VERSION__
#define SCHEDULE dynamic
#endif

/* Keeps the error of worker i in *first if there is none yet. */
static void keep(int32_t *first, uint32_t i)
{
#pragma omp critical
    if (*first == QUENCH_NO_ERROR)
        *first = (int32_t)i;
}

static int32_t conclude(struct quench_call *call, int32_t first)
{
    if (first != QUENCH_NO_ERROR)
        quench_seen(call, (uint32_t)first);
    return first;
}

static int32_t run_for(void *peer, struct quench_call *call)
{
    int32_t first = QUENCH_NO_ERROR;

    (void)peer;
#pragma omp parallel num_threads((int)call->threads)
#pragma omp for schedule(SCHEDULE, 1)
    for (uint32_t i = 0; i < call->n; i++) {
        struct quench_worker w;
        enum quench_step step;

#pragma omp cancellation point for /* iterations go on being handed out */
        quench_begin(call, i, &w);
        while ((step = quench_chunk(&w)) == QUENCH_MORE) {
#pragma omp cancellation point for
        }
        quench_end(&w); /* first, since what cancels leaves at once as well */
        if (step == QUENCH_FAILED) {
            keep(&first, i);
            quench_raising(call);
#pragma omp cancel for
        }
    }
    return conclude(call, first);
}

static int32_t run_taskgroup(void *peer, struct quench_call *call)
{
    int32_t first = QUENCH_NO_ERROR;

    (void)peer;
#pragma omp parallel num_threads((int)call->threads)
#pragma omp single
#pragma omp taskgroup
    for (uint32_t i = 0; i < call->n; i++) {
#pragma omp task shared(first)
        {
            struct quench_worker w;
            enum quench_step step;

            quench_begin(call, i, &w);
            while ((step = quench_chunk(&w)) == QUENCH_MORE) {
#pragma omp cancellation point taskgroup
            }
            quench_end(&w);
            if (step == QUENCH_FAILED) {
                keep(&first, i);
                quench_raising(call);
#pragma omp cancel taskgroup
            }
        }
    }
    return conclude(call, first);
}

/* The threads of the first region are kept for those that follow. */
static int open_pool(uint32_t threads, void **peer)
{
    int n = 0;

    *peer = NULL;
#pragma omp parallel num_threads((int)threads)
#pragma omp single
    n = omp_get_num_threads();
    if (!omp_get_cancellation())
        return ENOTSUP;
    return n == (int)threads ? 0 : EAGAIN;
}

static void close_pool(void *peer)
{
    (void)peer;
    omp_pause_resource_all(omp_pause_soft);
}

static const char *version(void)
{
    return COMPILER; /* neither library has one to ask for */
}

static const char *const env[] = {"OMP_CANCELLATION=true", NULL};
static const char *const passive[] = {"OMP_CANCELLATION=true", "OMP_WAIT_POLICY=passive", NULL};

#define PEER(name_, summary_, construct, env_, call_) \
    { \
        .abi = QUENCH_PEER_ABI, .size = sizeof(struct quench_peer), .name = name_ SUFFIX, \
        .summary = summary_, .library = LIBRARY, .licence = LICENCE, \
        .reach = "#pragma omp cancellation point " construct, \
        .flags = QUENCH_CALLER_WORKS | QUENCH_STOPS_RUNNING | QUENCH_SKIPS_QUEUED | \
                 QUENCH_WAITS_ALL | QUENCH_FIRST_BY_TIME, \
        .env = env_, .version = version, .open = open_pool, .call = call_, .close = close_pool, \
    }

static const struct quench_peer peers[] = {
    PEER("omp-for", "a for loop that is cancelled", "for", env, run_for),
    PEER("omp-for-passive", "as omp-for; idle threads sleep", "for", passive, run_for),
    PEER("omp-taskgroup", "tasks whose group is cancelled", "taskgroup", env, run_taskgroup),
    PEER("omp-taskgroup-passive", "as omp-taskgroup; idle threads sleep", "taskgroup", passive,
         run_taskgroup),
};

QUENCH_PEER_ENTRY(uint32_t i)
{
    return i < sizeof peers / sizeof peers[0] ? &peers[i] : NULL;
}
