/*
 * Work: a file read and hashed, buffer by buffer. The file is a temporary one that nobody else sees; after
 * the first worker it is in the page cache, so that a unit is a system call, a copy and a hash.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "include/quench/work.h"

#define BUFFER_BYTES 4096
#define N_BUFFERS 2048

struct file {
    FILE *stream; /* owns the descriptor */
    int fd;
};

struct worker {
    int fd;
    uint32_t buffer;
    uint64_t hash;
    unsigned char bytes[BUFFER_BYTES];
};

static int fill(FILE *stream)
{
    uint64_t state = 1;

    for (size_t i = 0; i < (size_t)N_BUFFERS * BUFFER_BYTES / sizeof(state); i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        if (fwrite(&state, sizeof(state), 1, stream) != 1)
            return EIO;
    }
    return fflush(stream) == 0 ? 0 : errno;
}

static int scan_open(void **work)
{
    struct file *f = calloc(1, sizeof(*f));
    int error = 0;

    if (!f)
        return ENOMEM;
    f->stream = tmpfile();
    error = f->stream ? fill(f->stream) : errno;
    if (error) {
        if (f->stream)
            fclose(f->stream);
        free(f);
        return error;
    }
    f->fd = fileno(f->stream);
    *work = f;
    return 0;
}

static int scan_start(void *work, uint32_t index, void **out)
{
    const struct file *f = work;
    struct worker *w = malloc(sizeof(*w));

    if (!w)
        return ENOMEM;
    w->fd = f->fd;
    w->buffer = index * 97 % N_BUFFERS;
    w->hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    *out = w;
    return 0;
}

static enum quench_work_step scan_chunk(void *worker, uint32_t units)
{
    struct worker *w = worker;

    for (; units > 0; units--) {
        if (pread(w->fd, w->bytes, BUFFER_BYTES, (off_t)w->buffer * BUFFER_BYTES) != BUFFER_BYTES)
            return QUENCH_WORK_FAILED;
        for (size_t i = 0; i < BUFFER_BYTES; i++)
            w->hash = (w->hash ^ w->bytes[i]) * UINT64_C(0x100000001b3);
        w->buffer = (w->buffer + 1) % N_BUFFERS;
    }
    return QUENCH_WORK_MORE;
}

static void scan_finish(void *worker)
{
    struct worker *w = worker;

    __asm__ volatile("" : : "r"(w->hash)); /* the hash has a reader */
    free(w);
}

static void scan_close(void *work)
{
    struct file *f = work;

    fclose(f->stream);
    free(f);
}

static const struct quench_work work_scan = {
    .abi = QUENCH_WORK_ABI,
    .size = sizeof(struct quench_work),
    .name = "scan",
    .summary = "reads a temporary file and hashes it, buffer by buffer",
    .unit = "buffer of 4 KiB",
    .open = scan_open,
    .start = scan_start,
    .chunk = scan_chunk,
    .finish = scan_finish,
    .close = scan_close,
};

QUENCH_WORK_ENTRY(uint32_t i)
{
    return i == 0 ? &work_scan : NULL;
}
