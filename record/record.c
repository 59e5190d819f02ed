/*
 * libquench-record: see quench/record.h for what it does, format.h for what it writes.
 *
 * A thread stores events into its own buffer and publishes each by a release store of its first
 * word; nobody in the process reads them. Everything else, taking a buffer and giving it back, is
 * behind one lock, on the slow path: a thread's first event, a full buffer, a thread's end, a fork.
 *
 * A buffer that a thread leaves unfilled goes to the next new thread, so that programs that make a
 * thread for every task need no more buffers than they have threads at once. A thread that fills a
 * buffer which others began goes on in a fresh one; one that fills a fresh one stops. What it
 * records after its end, in destructors of its other data, takes a buffer for one event at a time,
 * since nothing says which of these is the last.
 *
 * A child after a fork has none of the parent's buffers (MADV_DONTFORK), and what points into them
 * reads as zeros there (MADV_WIPEONFORK), so that every event takes the slow path. That begins anew
 * in a child of fork(), and does nothing in one of _Fork() or clone(), where locks and the allocator
 * may be in any state.
 *
 * Licence: MIT, as all of Quench. No dependency but libc and pthreads.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "quench/record.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "start.h"

#define MAX_BUFFERS 1024u /* of a process: 1 GiB of default ones */
#define NO_NUMBER UINT32_MAX

/* A buffer of this process. Guarded by the lock, but for next and end, which are its thread's while
 * one has it. Two cache lines, since processors fetch them in pairs. */
struct slot {
    _Alignas(128) struct quench_record_event *next; /* where the next event goes; end: nowhere */
    struct quench_record_event *end;
    struct quench_record_buffer *buffer;
    bool is_held, is_shared; /* shared: threads before its holder have recorded in it */
};

/* All zeros in a child, whatever made that. */
struct own {
    uint32_t is_here; /* constant: this process records */
    struct slot slots[MAX_BUFFERS];
};

uint32_t quench_record_is_on_; /* atomic */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t at_exit_of_thread;
static struct own *own;                     /* constant after load */
static struct quench_record_header *header; /* NULL: no file yet; set once, under the lock */
static uint32_t n_threads;                  /* under the lock */
static uint32_t last_call;                  /* atomic */

/* The calling thread's. */
static struct slot none; /* always full */
static _Thread_local struct slot *mine = &none;
static _Thread_local uint32_t number = NO_NUMBER; /* in the file */
static _Thread_local bool is_refused;             /* it gets no buffer any more */
static _Thread_local bool is_ending;              /* end_thread has run */
static _Thread_local bool is_forking;             /* … and has the lock */

static void store(struct slot *slot, uint32_t kind, uint32_t call, uint32_t value)
{
    struct quench_record_event *event = slot->next++;
    struct timespec t;
    uint64_t ns;

    event->call = call;
    event->value = value;
    clock_gettime(CLOCK_MONOTONIC, &t);
    ns = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
    __atomic_store_n(&event->when, ns << QUENCH_RECORD_KIND_BITS | kind, __ATOMIC_RELEASE);
}

/* Buffers. */

static struct quench_record_event *events_of(const struct slot *slot)
{
    return (struct quench_record_event *)(slot->buffer + 1);
}

/* A buffer that nobody has had. NULL: there can be no more. */
static struct slot *make_slot(void)
{
    struct slot *slot = &own->slots[header->n_buffers];

    if (header->n_buffers == MAX_BUFFERS || !(slot->buffer = quench_record_file_grow_()))
        return NULL;
    slot->next = events_of(slot);
    slot->end = quench_record_end_of_(slot->buffer);
    return slot;
}

/* One with room for a thread's first event and another; any: one that others began will do. */
static struct slot *find_slot(bool any)
{
    struct quench_record_header *made = header ? header : quench_record_file_header_();

    if (!made)
        return NULL; /* header isn't stored to: miss() reads it without the lock */
    if (!header)
        header = made;
    for (struct slot *s = own->slots; any && s < own->slots + header->n_buffers; s++)
        if (!s->is_held && s->next + 2 <= s->end)
            return s;
    return make_slot();
}

/* Takes the buffer from the calling thread, which may get another. Under the lock. */
static void leave_slot(void)
{
    mine->is_held = false;
    mine = &none;
}

/* Gives the calling thread a buffer, in the place of a full one if it has that. Under the lock.
 * False: there is none, and it keeps the full one. */
static bool take_slot(void)
{
    struct slot *slot = find_slot(mine == &none);

    if (!slot)
        return false;
    if (mine != &none)
        leave_slot();
    slot->is_shared = slot->next != events_of(slot);
    slot->is_held = true;
    mine = slot;
    if (number == NO_NUMBER)
        number = n_threads++;
    if (!is_ending)
        pthread_setspecific(at_exit_of_thread, slot);
    store(slot, QUENCH_RECORD_KIND_THREAD, (uint32_t)syscall(SYS_gettid), number);
    return true;
}

/* Counts an event for which there is no room. */
static void miss(uint32_t call)
{
    if (mine != &none) {
        mine->buffer->n_missing++;
        if (call < mine->buffer->missing_since)
            mine->buffer->missing_since = call;
        return;
    }
    if (!header)
        return;
    __atomic_fetch_add(&header->n_missing, 1, __ATOMIC_RELAXED);
    for (uint32_t since = __atomic_load_n(&header->missing_since, __ATOMIC_RELAXED);
         call < since && !__atomic_compare_exchange_n(&header->missing_since, &since, call, true,
                                                      __ATOMIC_RELAXED, __ATOMIC_RELAXED);)
        continue;
}

/* An event for which the thread has no room: its first one, or its buffer is full. */
static void record_slowly(uint32_t kind, uint32_t call, uint32_t value)
{
    bool has_room = false;
    int state, saved = errno;

    if (!own->is_here)
        return;
    if (!is_refused && (mine == &none || mine->is_shared)) {
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
        pthread_mutex_lock(&lock);
        has_room = take_slot();
        if (has_room)
            store(mine, kind, call, value);
        if (has_room && is_ending)
            leave_slot();
        pthread_mutex_unlock(&lock);
        pthread_setcancelstate(state, &state);
        is_refused = !has_room;
    }
    if (!has_room)
        miss(call);
    errno = saved;
}

/* A buffer that counts what is missing is kept: the count is of its last thread. */
static void end_thread(void *slot)
{
    (void)slot;
    is_ending = true;
    if (!own->is_here)
        return;
    pthread_mutex_lock(&lock);
    if (mine != &none && mine->buffer->n_missing == 0)
        leave_slot();
    pthread_mutex_unlock(&lock);
}

/* Forks. A child of a process that doesn't record doesn't either. */

static void before_fork(void)
{
    is_forking = own->is_here;
    if (is_forking)
        pthread_mutex_lock(&lock);
}

static void after_fork_in_parent(void)
{
    if (is_forking)
        pthread_mutex_unlock(&lock);
}

static void after_fork_in_child(void)
{
    if (!is_forking)
        return;
    if (own->is_here) /* Linux before 4.14 */
        memset(own, 0, sizeof(*own));
    own->is_here = true;
    quench_record_file_forget_();
    header = NULL;
    n_threads = 0;
    number = NO_NUMBER;
    mine = &none;
    is_refused = false;
    pthread_setspecific(at_exit_of_thread, NULL);
    pthread_mutex_unlock(&lock);
}

/* What the header calls. */

void quench_record_event_(uint32_t kind, uint32_t call, uint32_t value)
{
    struct slot *slot = mine;

    if (__builtin_expect(slot->next == slot->end, 0))
        record_slowly(kind, call, value);
    else
        store(slot, kind, call, value);
}

struct quench_recorded quench_record_call_(uint32_t n)
{
    struct quench_recorded call = {__atomic_add_fetch(&last_call, 1, __ATOMIC_RELAXED)};

    quench_record_event_(QUENCH_RECORD_KIND_CALL, call.id, n);
    return call;
}

void quench_record_name_(const char *name)
{
    int saved = errno, state;

    if (!own->is_here)
        return;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    pthread_mutex_lock(&lock);
    quench_record_file_name_(name);
    pthread_mutex_unlock(&lock);
    pthread_setcancelstate(state, &state);
    errno = saved;
}

static int start(const char *folder, const char *events)
{
    own = mmap(NULL, sizeof(*own), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (own == MAP_FAILED || quench_record_file_begin_(folder, events) != 0 ||
        pthread_key_create(&at_exit_of_thread, end_thread) != 0 ||
        pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) != 0)
        return -1;
    madvise(own, sizeof(*own), MADV_WIPEONFORK); /* without it, such children must not record */
    own->is_here = true;
    __atomic_store_n(&quench_record_is_on_, 1, __ATOMIC_RELAXED);
    return 0;
}

int quench_record_start_(const char *folder)
{
    return start(folder, NULL);
}

/* Before main and, but for the runtime's own, before any constructor of the program. */
__attribute__((constructor(101))) static void load(void)
{
    const char *folder = &quench_record_by_hand_ ? NULL : secure_getenv("QUENCH_RECORD_DIR");

    if (folder && *folder && start(folder, secure_getenv("QUENCH_RECORD_EVENTS")) != 0)
        fprintf(stderr, "libquench-record: out of memory; nothing is recorded\n");
}
