/*
 * quench/record.h: what your own pool does, recorded for `quench import`.
 *
 * Put a call at each of these points of a fan-out, as far as your code has them:
 *
 *   quench_record_call      the caller is about to start n workers
 *   quench_record_begin     worker i begins its work; first thing in its task
 *   quench_record_end       … has ended it: before its result or error is handed to anybody
 *   quench_record_seen      the caller, or whatever reports to it, holds the first error
 *   quench_record_raising   right before the workers are told to stop
 *   quench_record_returned  the call is about to return
 *   quench_record_poll      optional: a worker looks whether to stop
 *
 * so that a fan-out is
 *
 *   struct quench_recorded call = quench_record_call(n);
 *
 *   in the task of worker i:
 *       quench_record_begin(call, i);
 *       rc = work(…);
 *       quench_record_end(call, i, rc == 0 ? QUENCH_RECORD_OK : QUENCH_RECORD_FAILED);
 *       report(rc);
 *
 *   quench_record_returned(call, QUENCH_RECORD_NO_ERROR);
 *
 * and link with libquench-record. Then run the program with QUENCH_RECORD_DIR=DIR; it writes a file
 * of events to DIR, and `quench import DIR` makes a results folder of it: trials, a timeline,
 * statistics, plots and a page, as of a measured run.
 *
 * Cost. Without QUENCH_RECORD_DIR each call is a branch on one word. With it an event is a read of
 * CLOCK_MONOTONIC and 16 bytes stored in a buffer of the thread's own, which is mapped and touched at
 * the thread's first event: 20 to 40 ns (`quench micro` says how much here). It takes a lock, and may map
 * a new buffer, only at a thread's first event, at its end, and where a thread has been given the rest
 * of a buffer that others began, which is full. The kernel writes the file's pages to disk when it likes,
 * and the first store to a page after that takes longer: a folder in /dev/shm has no such writes.
 *
 * Threads. Any thread may record anything of any call, and threads may come and go. What belongs
 * to one worker must be ordered by your own code, as begin and end of a task are; nothing else need
 * be. Not to be called in a signal handler.
 *
 * Nothing is lost when the program crashes or is killed: the buffers are shared mappings of the
 * file. A thread whose buffer is full stops recording, and the file says how many of its events are
 * missing.
 *
 * Forks. The child of fork() records into a file of its own; workers of calls that were made before
 * are unknown there. A child that _Fork() or clone() makes records nothing, nor do its own children:
 * its events are dropped, and nothing reaches its parent's buffers. Before Linux 4.14, which can't
 * tell such a child, it would crash at its first event. The child of vfork() runs in its parent's
 * memory, and what it records counts as its parent's.
 *
 * Environment, read before main():
 *   QUENCH_RECORD_DIR     the folder for the files PROGRAM-PID.qrec; made if it isn't there. Unset or
 *                         empty: nothing is recorded.
 *   QUENCH_RECORD_EVENTS  events that a thread's buffer holds, 64 to 16777216 (65536: 1 MiB)
 * Neither is read in a program that runs with more rights than its user has, as one with set-user-ID.
 *
 * Versions. QUENCH_RECORD_ABI changes when a program must be built again, and then so does the number
 * in the library's name; functions are only added.
 *
 * docs/record-format.md describes the files. C11 and C++17 of GCC or Clang, for their __atomic_load_n;
 * no other header than the C library's.
 */
#ifndef QUENCH_RECORD_H
#define QUENCH_RECORD_H

#include <stdint.h>

#define QUENCH_RECORD_ABI 1

#ifdef __cplusplus
extern "C" {
#endif

/* A recorded call: passed by value, nothing to free. All zeros: recording is off. */
struct quench_recorded {
    uint32_t id;
};

/* How a worker ended. */
enum quench_record_how {
    QUENCH_RECORD_OK = 0,
    QUENCH_RECORD_FAILED = 1,   /* its own work failed */
    QUENCH_RECORD_CANCELLED = 2 /* it was cut short, since it was told to stop */
};

/* What a call returns, if not the index of the worker whose error it returns. */
#define QUENCH_RECORD_NO_ERROR (-1)
#define QUENCH_RECORD_OTHER_ERROR (-2) /* an error, but not known of which worker */

/* For the functions below only; the kinds of events are those of the file. */
extern uint32_t quench_record_is_on_;
struct quench_recorded quench_record_call_(uint32_t n);
void quench_record_event_(uint32_t kind, uint32_t call, uint32_t value);
void quench_record_name_(const char *name);
enum quench_record_kind_ {
    QUENCH_RECORD_KIND_THREAD = 1,
    QUENCH_RECORD_KIND_CALL = 2,
    QUENCH_RECORD_KIND_BEGIN = 3,
    QUENCH_RECORD_KIND_OK = 4,
    QUENCH_RECORD_KIND_FAILED = 5,
    QUENCH_RECORD_KIND_CANCELLED = 6,
    QUENCH_RECORD_KIND_SEEN = 7,
    QUENCH_RECORD_KIND_RAISING = 8,
    QUENCH_RECORD_KIND_RETURNED = 9,
    QUENCH_RECORD_KIND_POLL = 10
};

/*
 * Names what is recorded, such as "errgroup" or "new pool": the cells of the import have it where a
 * strategy's name stands. At most 31 bytes; the rest is cut. The last name counts for the whole
 * process; without one it is `recorded`. Blocks briefly.
 */
static inline void quench_record_name(const char *name)
{
    if (__atomic_load_n(&quench_record_is_on_, __ATOMIC_RELAXED))
        quench_record_name_(name);
}

/* A call of n >= 1 workers begins: stamps its begin. The handle may be copied and outlive the call;
 * hand it to the tasks. */
static inline struct quench_recorded quench_record_call(uint32_t n)
{
    struct quench_recorded off = {0};

    return __atomic_load_n(&quench_record_is_on_, __ATOMIC_RELAXED) ? quench_record_call_(n) : off;
}

/* Worker `worker`, 0 .. n-1, begins on the calling thread. Once a worker; one that must not run any
 * more simply never begins. */
static inline void quench_record_begin(struct quench_recorded call, uint32_t worker)
{
    if (call.id)
        quench_record_event_(QUENCH_RECORD_KIND_BEGIN, call.id, worker);
}

/* The worker's work has ended. Once a worker that began; before anybody can know of its error.
 * What is neither OK nor CANCELLED, such as an error's number, counts as FAILED. */
static inline void quench_record_end(struct quench_recorded call, uint32_t worker,
                                     enum quench_record_how how)
{
    uint32_t kind = how == QUENCH_RECORD_OK          ? QUENCH_RECORD_KIND_OK
                    : how == QUENCH_RECORD_CANCELLED ? QUENCH_RECORD_KIND_CANCELLED
                                                     : QUENCH_RECORD_KIND_FAILED;

    if (call.id)
        quench_record_event_(kind, call.id, worker);
}

/* The call holds its first error, that of the worker, and could return it. The first counts. */
static inline void quench_record_seen(struct quench_recorded call, uint32_t worker)
{
    if (call.id)
        quench_record_event_(QUENCH_RECORD_KIND_SEEN, call.id, worker);
}

/* The workers are about to be told to stop. The first counts. */
static inline void quench_record_raising(struct quench_recorded call)
{
    if (call.id)
        quench_record_event_(QUENCH_RECORD_KIND_RAISING, call.id, 0);
}

/* The call is about to return the error of a worker, or QUENCH_RECORD_NO_ERROR or
 * QUENCH_RECORD_OTHER_ERROR. Once. Workers may go on and record their ends later. */
static inline void quench_record_returned(struct quench_recorded call, int32_t error)
{
    if (call.id)
        quench_record_event_(QUENCH_RECORD_KIND_RETURNED, call.id, (uint32_t)error);
}

/* The worker looks whether to stop. Each takes an event: for looks that are some µs apart or more. */
static inline void quench_record_poll(struct quench_recorded call, uint32_t worker)
{
    if (call.id)
        quench_record_event_(QUENCH_RECORD_KIND_POLL, call.id, worker);
}

#ifdef __cplusplus
}
#endif

#endif
