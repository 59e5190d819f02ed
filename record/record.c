/*
 * libquench-record: see quench/record.h for what it does, format.h for what it writes.
 *
 * A thread stores events into its own buffer and publishes each by a release store of its first
 * word; nobody in the process reads them. Everything else, taking a buffer and giving it back, is
 * behind one lock, on the slow path: a thread's first event, a full buffer, a thread's end, a fork.
 *
 * A buffer that a thread leaves unfilled goes to the next new thread, so that programs that make a
 * thread for every task need no more buffers than they have threads at once. A thread that fills a
 * buffer which others began goes on in a fresh one; one that fills a fresh one stops.
 *
 * Buffers aren't mapped in a child after fork (MADV_DONTFORK), whose only thread begins anew.
 *
 * Licence: MIT, as all of Quench. No dependency but libc and pthreads.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "quench/record.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "format.h"
#include "start.h"

#define DEFAULT_EVENTS 65536u
#define MIN_EVENTS 64u
#define MAX_EVENTS 16777216u
#define MAX_BUFFERS 1024u /* of a process: 1 GiB of default ones */
#define MAX_FILES 10000u  /* of a program and pid in one folder */

/* A buffer of this process; all are in one list. Guarded by the lock, but for what its thread
 * stores in the buffer. */
struct slot {
    struct slot *link;
    struct quench_record_buffer *buffer;
    struct quench_record_event *next; /* while no thread has it: where the next one goes on */
    bool is_held, is_shared;          /* shared: threads before its holder have recorded in it */
};

uint32_t quench_record_is_on_; /* atomic */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t at_exit_of_thread;
static const char *dir;                 /* constant after load */
static size_t page_bytes, buffer_bytes; /* the same */
static char path[4096]; /* of the process's file; this and those up to name_now: under the lock */
static dev_t device;    /* … and what the path must lead to */
static ino_t inode;
static struct quench_record_header *header; /* the pointer; NULL: no file yet */
static struct slot *slots;
static uint32_t n_threads;
static char name_now[sizeof(header->name)];
static uint32_t last_call; /* atomic */

/* The calling thread's. next == end: see make_room. */
static _Thread_local struct quench_record_event *next, *end;
static _Thread_local struct slot *mine;
static _Thread_local bool is_refused; /* it gets no buffer */

static uint64_t now_ns(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void switch_off(void)
{
    __atomic_store_n(&quench_record_is_on_, 0, __ATOMIC_RELAXED);
}

/* Nothing more is recorded in this process; says why, once. */
static void give_up(void)
{
    fprintf(stderr, "libquench-record: %s: %s; nothing is recorded\n", path, strerror(errno));
    switch_off();
}

/* The file. */

/* The program's name as a part of a file's name. */
static void name_program(char *out, size_t bytes)
{
    snprintf(out, bytes, "%s", program_invocation_short_name);
    for (char *c = out; *c; c++)
        if (*c == '/' || (unsigned char)*c <= ' ')
            *c = '_';
}

/*
 * Opens `path`, but never as a standard stream: what the program writes to one that it has closed would go
 * into the recording. Descriptors that can't be written to hold their places meanwhile.
 */
static int open_above_streams(int flags)
{
    int held[STDERR_FILENO + 1], n_held = 0, fd, error;

    while (n_held <= STDERR_FILENO && (fd = open("/", O_PATH | O_CLOEXEC)) >= 0) {
        if (fd > STDERR_FILENO) {
            close(fd);
            break;
        }
        held[n_held++] = fd;
    }
    fd = open(path, flags | O_RDWR | O_CLOEXEC, 0666);
    error = errno;
    while (n_held > 0)
        close(held[--n_held]);
    errno = error;
    return fd;
}

/* Makes a file of the process's own; its path goes to `path`. */
static int create(void)
{
    char program[sizeof(header->program)];
    int fd = -1;

    name_program(program, sizeof(program));
    snprintf(path, sizeof(path), "%s", dir);
    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return -1;
    errno = EEXIST;
    for (unsigned i = 1; i <= MAX_FILES && fd < 0 && errno == EEXIST; i++) {
        char suffix[16] = "";

        if (i > 1)
            snprintf(suffix, sizeof(suffix), "-%u", i);
        if (snprintf(path, sizeof(path), "%s/%s-%ld%s.qrec", dir, program, (long)getpid(),
                     suffix) >= (int)sizeof(path))
            errno = ENAMETOOLONG;
        else
            fd = open_above_streams(O_CREAT | O_EXCL);
    }
    return fd;
}

/* Opens it again: it isn't kept open, since programs close descriptors that they don't know. */
static int reopen(void)
{
    int fd = open_above_streams(O_NOFOLLOW);
    struct stat s;

    if (fd < 0 || (fstat(fd, &s) == 0 && s.st_dev == device && s.st_ino == inode))
        return fd;
    close(fd);
    errno = ENOENT; /* it is another's now */
    return -1;
}

/* Maps bytes of the file at offset that are on disk, so that no store can fail. Past RLIMIT_FSIZE: SIGXFSZ. */
static void *map(int fd, size_t offset, size_t bytes)
{
    struct rlimit most;
    void *memory;

    errno = !getrlimit(RLIMIT_FSIZE, &most) && offset + bytes > most.rlim_cur ? EFBIG : EINTR;
    while (errno == EINTR)
        errno = posix_fallocate(fd, (off_t)offset, (off_t)bytes);
    if (errno)
        return NULL;
    memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
    if (memory == MAP_FAILED)
        return NULL;
    madvise(memory, bytes, MADV_DONTFORK);
    return memory;
}

static void fill_header(struct quench_record_header *h)
{
    h->byte_order = QUENCH_RECORD_BYTE_ORDER;
    h->version = QUENCH_RECORD_VERSION;
    h->header_bytes = (uint32_t)page_bytes;
    h->buffer_bytes = (uint32_t)buffer_bytes;
    h->clock = QUENCH_RECORD_MONOTONIC;
    h->scale = (uint64_t)1 << QUENCH_RECORD_SCALE_SHIFT;
    h->pid = (uint32_t)getpid();
    h->missing_since = UINT32_MAX;
    h->began = now_ns(CLOCK_MONOTONIC);
    h->began_unix_ns = now_ns(CLOCK_REALTIME);
    snprintf(h->program, sizeof(h->program), "%s", program_invocation_short_name);
    memcpy(h->name, name_now, sizeof(h->name));
    gethostname(h->host, sizeof(h->host) - 1);
    memcpy(h->magic, QUENCH_RECORD_MAGIC, sizeof(h->magic));
}

/* Makes the process's file, if it has none. Under the lock. False: there is none. */
static bool have_file(void)
{
    struct stat s;
    int fd;

    if (header)
        return true;
    if (!__atomic_load_n(&quench_record_is_on_, __ATOMIC_RELAXED))
        return false;
    fd = create();
    if (fd >= 0 && fstat(fd, &s) == 0) {
        device = s.st_dev;
        inode = s.st_ino;
        header = map(fd, 0, page_bytes);
    }
    if (header)
        fill_header(header);
    else
        give_up();
    if (fd >= 0) {
        close(fd);
        if (!header)
            unlink(path);
    }
    return header != NULL;
}

/* Buffers. */

static struct quench_record_event *events_of(const struct slot *slot)
{
    return (struct quench_record_event *)(slot->buffer + 1);
}

static struct quench_record_event *end_of(const struct slot *slot)
{
    return events_of(slot) +
           (buffer_bytes - sizeof(*slot->buffer)) / sizeof(struct quench_record_event);
}

/* A buffer at the end of the file, touched. NULL: there can be no more. */
static struct slot *make_slot(void)
{
    uint32_t number = header->n_buffers;
    struct slot *slot = number < MAX_BUFFERS ? calloc(1, sizeof(*slot)) : NULL;
    int fd;

    if (!slot)
        return NULL;
    fd = reopen();
    if (fd >= 0) {
        slot->buffer = map(fd, page_bytes + number * buffer_bytes, buffer_bytes);
        close(fd);
    }
    if (!slot->buffer) {
        free(slot);
        return NULL;
    }
    for (size_t at = 0; at < buffer_bytes; at += page_bytes)
        *((volatile char *)slot->buffer + at) = 0;
    slot->buffer->number = number;
    slot->buffer->missing_since = UINT32_MAX;
    slot->next = events_of(slot);
    slot->link = slots;
    slots = slot;
    __atomic_store_n(&header->n_buffers, number + 1, __ATOMIC_RELEASE);
    return slot;
}

/* One with room for a thread's first event and another; any: one that others began will do. */
static struct slot *find_slot(bool any)
{
    for (struct slot *s = slots; s && any; s = s->link)
        if (!s->is_held && s->next + 2 <= end_of(s))
            return s;
    return make_slot();
}

static void store(uint32_t kind, uint32_t call, uint32_t value)
{
    struct quench_record_event *event = next++;

    event->call = call;
    event->value = value;
    __atomic_store_n(&event->when, now_ns(CLOCK_MONOTONIC) << QUENCH_RECORD_KIND_BITS | kind,
                     __ATOMIC_RELEASE);
}

/* Gives the calling thread a buffer. Under the lock. */
static bool take_slot(bool any, uint32_t thread)
{
    struct slot *slot = have_file() ? find_slot(any) : NULL;

    if (!slot)
        return false;
    slot->is_shared = slot->next != events_of(slot);
    slot->is_held = true;
    mine = slot;
    next = slot->next;
    end = end_of(slot);
    pthread_setspecific(at_exit_of_thread, slot);
    store(QUENCH_RECORD_KIND_THREAD, (uint32_t)syscall(SYS_gettid), thread);
    return true;
}

/* Takes the buffer from the calling thread, which may get another. Under the lock. */
static void leave_slot(void)
{
    mine->next = next;
    mine->is_held = mine->buffer->n_missing > 0; /* that count is the last thread's */
    mine = NULL;
    next = end = NULL;
}

/* The number that a thread has in the file, from the first event that it stored in its buffer. */
static uint32_t thread_of(const struct slot *slot)
{
    const struct quench_record_event *e = end_of(slot);

    while ((--e)->when % (1u << QUENCH_RECORD_KIND_BITS) != QUENCH_RECORD_KIND_THREAD)
        continue;
    return e->value;
}

/* Counts an event for which there is no room. */
static void miss(uint32_t call)
{
    if (mine) {
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

/* For next == end: the thread's first event, or its buffer is full. False: the event is missing. */
static bool make_room(uint32_t call)
{
    bool is_full = mine != NULL, has_room = false;
    int state, saved = errno;

    if (!is_refused && (!is_full || mine->is_shared)) {
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
        pthread_mutex_lock(&lock);
        if (is_full) {
            uint32_t thread = thread_of(mine);

            leave_slot();
            has_room = take_slot(false, thread);
        } else {
            has_room = take_slot(true, n_threads);
            n_threads += has_room;
        }
        is_refused = !has_room;
        pthread_mutex_unlock(&lock);
        pthread_setcancelstate(state, &state);
    }
    if (!has_room)
        miss(call);
    errno = saved;
    return has_room;
}

static void end_thread(void *slot)
{
    (void)slot;
    pthread_mutex_lock(&lock);
    if (mine)
        leave_slot();
    pthread_mutex_unlock(&lock);
}

/* Forks. */

static void before_fork(void)
{
    pthread_mutex_lock(&lock);
}

static void after_fork_in_parent(void)
{
    pthread_mutex_unlock(&lock);
}

/* The child has none of the parent's mappings. */
static void after_fork_in_child(void)
{
    while (slots) {
        struct slot *slot = slots;

        slots = slot->link;
        free(slot);
    }
    header = NULL;
    n_threads = 0;
    mine = NULL;
    next = end = NULL;
    is_refused = false;
    pthread_setspecific(at_exit_of_thread, NULL);
    pthread_mutex_unlock(&lock);
}

/* What the header calls. */

void quench_record_event_(uint32_t kind, uint32_t call, uint32_t value)
{
    if (__builtin_expect(next == end, 0) && !make_room(call))
        return;
    store(kind, call, value);
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

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    pthread_mutex_lock(&lock);
    snprintf(name_now, sizeof(name_now), "%s", name ? name : "");
    if (header)
        memcpy(header->name, name_now, sizeof(header->name));
    pthread_mutex_unlock(&lock);
    pthread_setcancelstate(state, &state);
    errno = saved;
}

static size_t round_up(size_t bytes)
{
    return (bytes + page_bytes - 1) / page_bytes * page_bytes;
}

/* Events a buffer holds, by the environment. */
static unsigned long choose_events(void)
{
    const char *text = getenv("QUENCH_RECORD_EVENTS");
    char *rest = NULL;
    unsigned long n;

    if (!text || !*text)
        return DEFAULT_EVENTS;
    n = strtoul(text, &rest, 10);
    if (*text < '0' || *text > '9' || *rest || n < MIN_EVENTS || n > MAX_EVENTS) {
        fprintf(stderr,
                "libquench-record: QUENCH_RECORD_EVENTS: '%s' is not allowed: %u to %u; %u are "
                "taken\n",
                text, MIN_EVENTS, MAX_EVENTS, DEFAULT_EVENTS);
        return DEFAULT_EVENTS;
    }
    return n;
}

/* The folder's absolute path, since the program may change its own; never freed. NULL: no memory,
 * or it has no current folder. */
static char *absolute(const char *folder)
{
    char *base = *folder == '/' ? strdup("") : getcwd(NULL, 0), *whole = NULL;

    if (base && asprintf(&whole, "%s%s%s", base, *base ? "/" : "", folder) < 0)
        whole = NULL;
    free(base);
    return whole;
}

int quench_record_start_(const char *folder)
{
    page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    buffer_bytes = round_up(sizeof(struct quench_record_buffer) +
                            choose_events() * sizeof(struct quench_record_event));
    dir = absolute(folder);
    if (!dir || pthread_key_create(&at_exit_of_thread, end_thread) != 0 ||
        pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) != 0)
        return -1;
    __atomic_store_n(&quench_record_is_on_, 1, __ATOMIC_RELAXED);
    return 0;
}

/* Before main and, but for the runtime's own, before any constructor of the program. */
__attribute__((constructor(101))) static void load(void)
{
    const char *folder = getenv("QUENCH_RECORD_DIR");

    if (folder && *folder && quench_record_start_(folder) != 0)
        fprintf(stderr, "libquench-record: out of memory; nothing is recorded\n");
}
