#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "quench/record.h"

#define DEFAULT_EVENTS 65536u
#define MIN_EVENTS 64u
#define MAX_EVENTS 16777216u
#define MAX_FILES 10000u /* of a program and pid in one folder */

static const char *dir;                 /* constant after begin */
static size_t page_bytes, buffer_bytes; /* the same */
static char path[4096];                 /* of the process's file; the rest is under the lock */
static dev_t device;                    /* … and what the path must lead to */
static ino_t inode;
static struct quench_record_header *header; /* the pointer; NULL: no file yet */
static char name_now[sizeof(header->name)];

/* Nothing more is recorded in this process; says why, once. */
static void give_up(void)
{
    fprintf(stderr, "libquench-record: %s: %s; nothing is recorded\n", path, strerror(errno));
    __atomic_store_n(&quench_record_is_on_, 0, __ATOMIC_RELAXED);
}

/* The program's name as a part of a file's name. */
static void name_program(char *out, size_t bytes)
{
    snprintf(out, bytes, "%s", program_invocation_short_name);
    for (char *c = out; *c; c++)
        if (*c == '/' || (unsigned char)*c <= ' ')
            *c = '_';
}

/*
 * Opens `path`, but never as a standard stream: what the program writes to one that it has closed
 * would go into the recording. Descriptors that can't be written to hold their places meanwhile.
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

/* Maps bytes of the file at offset that are on disk, so that no store can fail. To allocate any past
 * RLIMIT_FSIZE would send SIGXFSZ. */
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

static uint64_t now_ns(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
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

/* What the recorder asks for. */

struct quench_record_header *quench_record_file_header_(void)
{
    struct stat s;
    int fd;

    if (header)
        return header;
    if (!__atomic_load_n(&quench_record_is_on_, __ATOMIC_RELAXED))
        return NULL;
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
    return header;
}

struct quench_record_buffer *quench_record_file_grow_(void)
{
    uint32_t number = header->n_buffers;
    struct quench_record_buffer *buffer = NULL;
    int fd = reopen();

    if (fd >= 0) {
        buffer = map(fd, page_bytes + number * buffer_bytes, buffer_bytes);
        close(fd);
    }
    if (!buffer)
        return NULL;
    for (size_t at = 0; at < buffer_bytes; at += page_bytes)
        *((volatile char *)buffer + at) = 0;
    buffer->number = number;
    buffer->missing_since = UINT32_MAX;
    __atomic_store_n(&header->n_buffers, number + 1, __ATOMIC_RELEASE);
    return buffer;
}

struct quench_record_event *quench_record_end_of_(const struct quench_record_buffer *buffer)
{
    size_t n = (buffer_bytes - sizeof(*buffer)) / sizeof(struct quench_record_event);

    return (struct quench_record_event *)(buffer + 1) + n;
}

void quench_record_file_name_(const char *name)
{
    snprintf(name_now, sizeof(name_now), "%s", name ? name : "");
    if (header)
        memcpy(header->name, name_now, sizeof(header->name));
}

void quench_record_file_forget_(void)
{
    header = NULL;
}

static size_t round_up(size_t bytes)
{
    return (bytes + page_bytes - 1) / page_bytes * page_bytes;
}

/* Events a buffer holds, by the environment's text. */
static unsigned long choose_events(const char *text)
{
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

int quench_record_file_begin_(const char *folder, const char *events)
{
    page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    buffer_bytes = round_up(sizeof(struct quench_record_buffer) +
                            choose_events(events) * sizeof(struct quench_record_event));
    dir = absolute(folder);
    return dir ? 0 : -1;
}
