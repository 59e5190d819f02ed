/*
 * quench/peer.h: a fan-out of your own, measured by Quench beside its strategies.
 *
 * A peer is a shared object that runs N workers on P threads in its own way: with its own pool,
 * its own channels, its own idea of what happens when a worker fails. Quench loads it, hands it
 * the same drawn calls as every strategy, and takes the same stamps. All that a peer must do is
 * to call Quench at five points:
 *
 *   quench_begin     in the task of worker i, first thing: adopts the thread, stamps the begin
 *   quench_chunk     works until the next poll: QUENCH_MORE, QUENCH_DONE or QUENCH_FAILED
 *   quench_end       in the same task, last thing
 *   quench_seen      the caller, or whatever reports to it, holds the first error
 *   quench_raising   right before the peer tells the other workers to stop
 *
 * so that a worker is
 *
 *   struct quench_worker w;
 *   enum quench_step step;
 *
 *   quench_begin(call, i, &w);
 *   do
 *       step = quench_chunk(&w);
 *   while (step == QUENCH_MORE && !should_stop());
 *   quench_end(&w);
 *   if (step == QUENCH_FAILED) report the error of worker i;
 *
 * The module needs nothing but this header: it is C11 and C++17, includes only headers of the C
 * library, and links with nothing of Quench. Its one symbol is QUENCH_PEER_ENTRY.
 *
 * Threads. open, call, settle and close are called on one thread, the caller's, one at a time: open
 * once, then call and settle in turns, one call at a time, then close once. All may block, but a
 * process that makes no progress for QUENCH_PATIENCE (30 s) beyond what its calls are planned to take
 * is killed, and its cell fails. begin, chunk and end of one worker are called on one thread, several
 * workers on several threads at once; a thread has one worker at a time: it begins the next when it
 * has ended the one before, or left it as quench_end allows. Threads may start and end at any time;
 * one may not be cancelled or jumped out of within a function of Quench's. seen may be called on any
 * thread, at the same time as everything else, from the QUENCH_FAILED of its worker on until call()
 * returns; raising likewise from the first QUENCH_FAILED on, until settle() returns.
 *
 * Breaches. What contradicts this header is noticed where it happens, and does no harm but to the
 * figures: a worker that must not begin is void, its chunks say QUENCH_DONE at once, its end does
 * nothing. The cell fails and its reason says what was seen. `quench check FILE.so` looks for
 * breaches. A module that crashes or hangs costs its cell; processes that it leaves are killed.
 *
 * Versions. QUENCH_PEER_ABI changes when a module must be built again; fields are only added at the
 * end of structs, whose `size` says which of them there are: Quench ignores those it doesn't
 * know, and takes those that a module doesn't have for zero.
 */
#ifndef QUENCH_PEER_H
#define QUENCH_PEER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define QUENCH_PEER_ABI 1u

enum quench_step {
    QUENCH_MORE = 0,  /* a poll is due: look whether to stop, then go on */
    QUENCH_DONE = 1,  /* the work is over */
    QUENCH_FAILED = 2 /* the work is over and has failed: its error is to be reported */
};

/* What call() returns, if not the index of the worker whose error it returns. */
#define QUENCH_NO_ERROR (-1)
#define QUENCH_OTHER_ERROR (-2) /* an error, but it doesn't say of which worker */

struct quench_host;

/*
 * One fan-out. Made by Quench and owned by it; valid from the begin of call() until settle() has
 * returned: a thread that may be later must not use it. The peer reads it, on any thread, and changes
 * nothing.
 */
struct quench_call {
    const struct quench_host *host;
    uint32_t n;       /* workers: each index 0 .. n-1 begins at most once */
    uint32_t threads; /* that compute: as open() was told; n may be less or more */
};

/*
 * A worker at work: storage for Quench alone, on the task's stack; not to be copied or moved between
 * quench_begin and quench_end. It needs no initialisation, and nothing has to be released.
 */
struct quench_worker {
    const struct quench_host *host;
    uint64_t storage[31];
};

/* The calls back into Quench; use the functions below. Made by Quench; constant. */
struct quench_host {
    uint32_t abi, size;
    void (*begin)(struct quench_call *call, uint32_t index, struct quench_worker *worker);
    enum quench_step (*chunk)(struct quench_worker *worker);
    void (*end)(struct quench_worker *worker);
    void (*seen)(struct quench_call *call, uint32_t index);
    void (*raising)(struct quench_call *call);
};

/*
 * Begins worker `index` on the calling thread, which is adopted at its first worker: it is bound to a
 * core of the pool's, scheduled as the pool's threads are, and its memory is watched, until it ends.
 * Not on the caller's thread, unless the peer says QUENCH_CALLER_WORKS. Not to be called twice for an
 * index. At most call->threads workers may be between begin and end at once. A worker that must not
 * run any more simply never begins. Doesn't block, but for the start of work of the user's own
 * (quench/work.h) and, once a thread, to be adopted.
 */
static inline void quench_begin(struct quench_call *call, uint32_t index,
                                struct quench_worker *worker)
{
    call->host->begin(call, index, worker);
}

/*
 * Works until the next poll is due or the work is over, and says which. Don't call it again after
 * QUENCH_DONE or QUENCH_FAILED. Blocks only as long as the work takes. Work that doesn't poll (kind
 * deaf), or all where the peer doesn't say QUENCH_STOPS_RUNNING, is done in one chunk. What a worker
 * that is done would hand over is made here, and taken by Quench.
 */
static inline enum quench_step quench_chunk(struct quench_worker *worker)
{
    return worker->host->chunk(worker);
}

/*
 * Ends the worker: whole if its last chunk said so, cut short if that was QUENCH_MORE. To be called
 * once, on the thread that began it, when the worker is done with everything, the report of its error
 * included; right before the report if that is what call() or settle() waits for (a future, a queue),
 * since it must not be called once settle() has returned. Where that can't be (a construct that is
 * left at once, as by OpenMP's cancellation points), it may be left out after QUENCH_MORE, by a peer
 * that says QUENCH_STOPS_RUNNING: the worker then ended at its last chunk, and *worker may go.
 */
static inline void quench_end(struct quench_worker *worker)
{
    worker->host->end(worker);
}

/*
 * The call holds its first error, that of worker `index`, whose chunk has said QUENCH_FAILED, and
 * could return it. At most once a call, before call() returns, and needed wherever that returns an
 * error; any thread, which has been told of the failure by the worker's own (a lock, a queue, an
 * atomic). Doesn't block.
 */
static inline void quench_seen(struct quench_call *call, uint32_t index)
{
    call->host->seen(call, index);
}

/*
 * The peer is about to tell its workers to stop, one having failed: too early, before any chunk has
 * said QUENCH_FAILED, it is a breach. The first time of a call counts, more do no harm; any thread. A
 * peer that tells nobody never calls it. Doesn't block. Where the failing worker itself tells them,
 * it does so before its quench_end if it can: others compute for nothing while it lets go of its
 * memory.
 */
static inline void quench_raising(struct quench_call *call)
{
    call->host->raising(call);
}

/*
 * Properties, printed with the figures, and checked. Who says FIRST_BY_TIME returns the error that
 * quench_seen named, and of two that failed on one thread the first: a thread reports a worker
 * before it begins the next. Who says FIRST_BY_INDEX returns the lowest index of all that have failed
 * when settle() has returned. Who says SKIPS_QUEUED does skip: on one thread, now and then.
 */
enum quench_peer_flags {
    QUENCH_CALLER_WORKS = 1u << 0,   /* the caller is one of the `threads` threads that compute */
    QUENCH_STOPS_RUNNING = 1u << 1,  /* running workers see that they are to stop, at their polls */
    QUENCH_SKIPS_QUEUED = 1u << 2,   /* workers that have not begun are dropped */
    QUENCH_WAITS_ALL = 1u << 3,      /* call() returns only when no worker runs any more */
    QUENCH_FIRST_BY_TIME = 1u << 4,  /* the error that came first is returned … */
    QUENCH_FIRST_BY_INDEX = 1u << 5, /* … or that of the lowest index; neither: any */
    QUENCH_PROCESS_WIDE = 1u << 6    /* its pool is shared with everything else in the process */
};

/* A peer: constant, static storage, as are all that it points to. Texts are one line of UTF-8; but for the name
 * they may be NULL. */
struct quench_peer {
    uint32_t abi;     /* QUENCH_PEER_ABI */
    uint32_t size;    /* sizeof(struct quench_peer) */
    const char *name; /* as in --strategies: a-z, 0-9 and '-', at most 31 bytes; none of Quench's */
    const char *summary; /* one line for `quench list peers` */
    const char *library; /* what it stands on: "oneTBB" */
    const char *licence; /* of that library: "Apache-2.0" */
    const char *reach;   /* how a stop reaches running work: "is_current_task_group_canceling()" */
    uint32_t flags;      /* enum quench_peer_flags */
    uint32_t reserved;   /* 0 */

    /* NAME=VALUE, without blanks, ended by NULL; at most 511 bytes in all: set before the process starts, since
     * many libraries read theirs when they are loaded. %P in a value becomes the number of threads. NULL: none. */
    const char *const *env;

    /* The library's version at run time, static storage; NULL: not known. Called when the module is inspected,
     * in a process in which open is not called. */
    const char *(*version)(void);

    /*
     * Makes the pool: `threads` threads that compute, the caller included where QUENCH_CALLER_WORKS.
     * *peer, NULL before, is handed to the functions below. Returns 0 or an errno; with an errno
     * nothing is to be closed, and no other function is called. `threads` is >= 1. NULL: nothing to
     * do. May block.
     */
    int (*open)(uint32_t threads, void **peer);

    /*
     * Runs one fan-out and returns when its caller would: the index of the worker whose error it
     * returns, or QUENCH_OTHER_ERROR if it doesn't know whose, after quench_seen; QUENCH_NO_ERROR if
     * every worker has done its work. An error of the peer's own, as for want of memory, voids the
     * cell. Workers may still run then, unless the peer says QUENCH_WAITS_ALL. Like all functions
     * here it must not let an exception out. *call is the same for settle(). May block.
     */
    int32_t (*call)(void *peer, struct quench_call *call);

    /*
     * Waits in the peer's own way until nothing of the call runs or will run, and frees what it left.
     * Called once after each call(), whatever that returned; until it has returned, workers may
     * begin, work and end. NULL: there is nothing to wait for (QUENCH_WAITS_ALL). May block.
     */
    void (*settle)(void *peer, struct quench_call *call);

    /* Ends the pool. Not called after a breach, nor in a process that is killed. NULL: nothing to do. May block. */
    void (*close)(void *peer);
};

/*
 * The module's entry: its peers, i from 0 on, NULL after the last; at most 64. Called before open, as
 * often as Quench likes and in more than one process: when the module is inspected, where the
 * environment isn't set yet, and in each that measures. Define it with QUENCH_PEER_ENTRY:
 *
 *   QUENCH_PEER_ENTRY(uint32_t i) { return i == 0 ? &mine : NULL; }
 */
#if defined(__GNUC__)
#define QUENCH_EXPORT __attribute__((visibility("default")))
#else
#define QUENCH_EXPORT
#endif
#define QUENCH_PEER_SYMBOL "quench_peer_entry"
QUENCH_EXPORT const struct quench_peer *quench_peer_entry(uint32_t i);
#define QUENCH_PEER_ENTRY(i) QUENCH_EXPORT const struct quench_peer *quench_peer_entry(i)

#ifdef __cplusplus
}
#endif

#endif
