/*
 * Peers that break the contract of quench/peer.h, each in one way, named after it. Their caller computes,
 * alone, so that each breach happens in every run; where it takes a second thread, that is joined at
 * once or, where something must go on after the return, in settle().
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "quench/peer.h"

#define CALLER (QUENCH_CALLER_WORKS | QUENCH_FIRST_BY_INDEX)
#define STOPS (CALLER | QUENCH_WAITS_ALL | QUENCH_STOPS_RUNNING | QUENCH_SKIPS_QUEUED)
#define BY_TIME (QUENCH_CALLER_WORKS | QUENCH_WAITS_ALL | QUENCH_FIRST_BY_TIME)

/* X(symbol, name, flags) */
#define BREACHES(X) \
    X(RANGE, "range", STOPS) \
    X(BEGIN_TWICE, "begin-twice", STOPS) \
    X(LATE_BEGIN, "late-begin", STOPS) \
    X(CROWD, "crowd", STOPS) \
    X(NO_BEGIN, "no-begin", STOPS) \
    X(CHUNK_LATE, "chunk-late", STOPS) \
    X(CHUNK_OVER, "chunk-over", STOPS) \
    X(CHUNK_ENDED, "chunk-ended", STOPS) \
    X(CHUNK_THREAD, "chunk-thread", STOPS) \
    X(END_THREAD, "end-thread", STOPS) \
    X(END_TWICE, "end-twice", STOPS) \
    X(END_LATE, "end-late", STOPS) \
    X(NO_END, "no-end", STOPS) \
    X(SEEN_TWICE, "seen-twice", STOPS) \
    X(SEEN_RANGE, "seen-range", STOPS) \
    X(SEEN_LATE, "seen-late", STOPS) \
    X(SEEN_NOT_FAILED, "seen-not-failed", STOPS) \
    X(NO_SEEN, "no-seen", STOPS) \
    X(RAISING_LATE, "raising-late", STOPS) \
    X(RAISING_EARLY, "raising-early", STOPS) \
    X(LIAR, "caller-works", STOPS & ~(uint32_t)QUENCH_CALLER_WORKS) \
    X(RETURN_RANGE, "return-range", STOPS) \
    X(RETURN_LEAST, "return-least", STOPS) \
    X(RETURN_NOT_FAILED, "return-not-failed", STOPS) \
    X(RETURN_OTHER, "return-other", STOPS) \
    X(SWALLOWED, "swallowed", STOPS) \
    X(UNFINISHED, "unfinished", STOPS) \
    X(RUNNING, "running", STOPS) \
    X(NOT_SEEN, "not-seen", BY_TIME) \
    X(NOT_FIRST, "not-first", BY_TIME) \
    X(NOT_LOWEST, "not-lowest", CALLER | QUENCH_WAITS_ALL) \
    X(NEVER_SKIPS, "never-skips", STOPS) \
    X(STOPPED, "stopped", CALLER | QUENCH_WAITS_ALL) \
    X(SKIPPED, "skipped", CALLER | QUENCH_WAITS_ALL | QUENCH_STOPS_RUNNING) \
    X(OPEN_ERROR, "open-error", STOPS) \
    X(OPEN_HANGS, "open-hangs", STOPS) \
    X(CALL_DIES, "call-dies", STOPS) \
    X(SETTLE_HANGS, "settle-hangs", STOPS) \
    X(CLOSE_BEGINS, "close-begins", STOPS) \
    X(CLOSE_DIES, "close-dies", STOPS)

enum breach {
#define BREACH_ENUM(symbol, name, flags) symbol,
    BREACHES(BREACH_ENUM)
#undef BREACH_ENUM
};

static struct quench_call *last;  /* of the call before */
static struct quench_worker kept; /* a worker of a call before */
static pthread_t runner;          /* of RUNNING; joined by settle */
static int runs;
static sem_t begun, returned; /* RUNNING: the runner has begun; call() has returned */

/* What another thread does. */
struct errand {
    enum { BEGIN, CHUNK, END, RUN } what;
    struct quench_call *call;
    struct quench_worker *worker;
};

static void work(struct quench_worker *w)
{
    while (quench_chunk(w) == QUENCH_MORE)
        continue;
}

static void *go(void *arg)
{
    struct errand *e = arg;
    struct quench_worker w;

    switch (e->what) {
    case BEGIN:
        quench_begin(e->call, 1, &w);
        work(&w);
        quench_end(&w);
        break;
    case CHUNK:
        quench_chunk(e->worker);
        break;
    case END:
        quench_end(e->worker);
        break;
    case RUN:
        quench_begin(e->call, e->call->n - 1, &w);
        sem_post(&begun);
        sem_wait(&returned);
        work(&w);
        quench_end(&w);
        break;
    }
    return NULL;
}

static void elsewhere(struct errand errand)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, go, &errand) == 0)
        pthread_join(thread, NULL);
}

/* Leaves the last worker begun, on a thread that goes on when settle() says so. */
static void leave_running(struct quench_call *call)
{
    static struct errand errand;

    errand = (struct errand){RUN, call, NULL};
    sem_init(&begun, 0, 0);
    sem_init(&returned, 0, 0);
    runs = pthread_create(&runner, NULL, go, &errand) == 0;
    if (runs)
        sem_wait(&begun);
}

/* Before the workers of a call. */
static void at_first(enum breach b, struct quench_call *call)
{
    struct quench_worker w;

    if (b == RANGE)
        quench_begin(call, call->n, &w);
    if (b == LATE_BEGIN && last)
        quench_begin(last, 0, &w);
    if (b == NO_BEGIN) {
        memset(&w, 0, sizeof w);
        w.host = call->host;
        quench_chunk(&w);
    }
    if (b == CHUNK_LATE && last)
        quench_chunk(&kept);
    if (b == END_LATE && last)
        quench_end(&kept);
    if (b == SEEN_LATE && last)
        quench_seen(last, 0);
    if (b == RAISING_LATE && last)
        quench_raising(last);
    if (b == RAISING_EARLY)
        quench_raising(call);
    if (b == SEEN_RANGE)
        quench_seen(call, call->n);
    if (b == CALL_DIES)
        raise(SIGSEGV);
}

/* One worker, with the breaches of a worker. Returns its last step. */
static enum quench_step run_one(enum breach b, struct quench_call *call, uint32_t i)
{
    enum quench_step step;
    struct quench_worker w;

    quench_begin(call, i, &w);
    if (b == CROWD && i == 0)
        elsewhere((struct errand){BEGIN, call, NULL});
    if (b == CHUNK_THREAD)
        elsewhere((struct errand){CHUNK, call, &w});
    if (b == SEEN_NOT_FAILED && i == 0)
        quench_seen(call, i);
    if (b == STOPPED && i == 1) {
        quench_end(&w);
        return QUENCH_DONE;
    }
    do
        step = quench_chunk(&w);
    while (step == QUENCH_MORE);
    if (b == CHUNK_OVER)
        quench_chunk(&w);
    if (b == END_THREAD)
        elsewhere((struct errand){END, call, &w});
    if (b != NO_END)
        quench_end(&w);
    if (b == END_TWICE)
        quench_end(&w);
    if (b == CHUNK_ENDED)
        quench_chunk(&w);
    if (b == BEGIN_TWICE) {
        struct quench_worker again;

        quench_begin(call, i, &again);
    }
    kept = w;
    return step;
}

/* Runs every worker, and returns the wrong one of several errors; or, if it never skips, the right one. */
static int32_t run_all(enum breach b, struct quench_call *call)
{
    int32_t first = QUENCH_NO_ERROR, latest = QUENCH_NO_ERROR, error;

    for (uint32_t i = 0; i < call->n; i++) {
        if (run_one(b, call, i) != QUENCH_FAILED)
            continue;
        latest = (int32_t)i;
        if (first == QUENCH_NO_ERROR)
            first = latest;
    }
    error = b == NEVER_SKIPS ? first : latest;
    if (first != QUENCH_NO_ERROR)
        quench_seen(call, (uint32_t)(b == NOT_SEEN ? first : error));
    return error;
}

static int32_t run(enum breach b, struct quench_call *call)
{
    if (b >= NOT_SEEN && b <= NEVER_SKIPS)
        return run_all(b, call);
    at_first(b, call);
    last = call;
    if (b == STOPPED && call->n > 1)
        run_one(b, call, 1);
    for (uint32_t i = 0; i < call->n; i++) {
        enum quench_step step;

        if (b == UNFINISHED && i == call->n - 1)
            break;
        if ((b == CROWD || b == STOPPED) && i == 1)
            continue;
        step = run_one(b, call, i);
        if (step != QUENCH_FAILED)
            continue;
        if (b == SWALLOWED)
            continue;
        if (b != NO_SEEN)
            quench_seen(call, i);
        if (b == SEEN_TWICE)
            quench_seen(call, i);
        quench_raising(call);
        if (b == RUNNING)
            leave_running(call);
        if (b == RETURN_RANGE)
            return (int32_t)call->n;
        if (b == RETURN_LEAST)
            return INT32_MIN;
        if (b == RETURN_NOT_FAILED)
            return i == 0 ? 1 : 0;
        return (int32_t)i;
    }
    return b == RETURN_OTHER ? QUENCH_OTHER_ERROR : QUENCH_NO_ERROR;
}

static void settle_call(enum breach b)
{
    if (runs) {
        sem_post(&returned);
        pthread_join(runner, NULL);
    }
    runs = 0;
    while (b == SETTLE_HANGS)
        pause();
}

static int open_peer(enum breach b)
{
    while (b == OPEN_HANGS)
        pause();
    return b == OPEN_ERROR ? ENOSPC : 0;
}

#define FUNCTIONS(symbol, name, flags) \
    static int open_##symbol(uint32_t threads, void **peer) \
    { \
        (void)threads; \
        (void)peer; \
        return open_peer(symbol); \
    } \
    static int32_t call_##symbol(void *peer, struct quench_call *call) \
    { \
        (void)peer; \
        return run(symbol, call); \
    } \
    static void settle_##symbol(void *peer, struct quench_call *call) \
    { \
        (void)peer; \
        (void)call; \
        settle_call(symbol); \
    } \
    static void close_##symbol(void *peer) \
    { \
        (void)peer; \
        if (symbol == CLOSE_DIES) \
            raise(SIGSEGV); \
        if (symbol == CLOSE_BEGINS) { \
            struct quench_worker w; \
\
            quench_begin(last, 0, &w); \
        } \
    }
BREACHES(FUNCTIONS)

#define PEER(symbol, name_, flags_) \
    {.abi = QUENCH_PEER_ABI, \
     .size = sizeof(struct quench_peer), \
     .name = "bad-" name_, \
     .flags = flags_, \
     .open = open_##symbol, \
     .call = call_##symbol, \
     .settle = settle_##symbol, \
     .close = close_##symbol},
static const struct quench_peer peers[] = {BREACHES(PEER)};

QUENCH_PEER_ENTRY(uint32_t i)
{
    return i < sizeof peers / sizeof *peers ? &peers[i] : NULL;
}
