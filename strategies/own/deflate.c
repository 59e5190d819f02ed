/*
 * Work: compressing with zlib, block by block, as a program that packs a stream does. Each worker has a
 * stream of its own and reads one text, which all share, from a place of its own.
 */
#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#include "include/quench/work.h"

#define BLOCK_BYTES 1024u
#define N_BLOCKS 4096u
#define OUT_BYTES (2u * BLOCK_BYTES)
#define LEVEL 6

struct worker {
    z_stream stream;
    const unsigned char *text;
    uint32_t block;
    unsigned char out[OUT_BYTES]; /* thrown away */
};

/* Words of a small vocabulary in an order drawn from a fixed seed: text that deflate has work with. */
static void write_text(unsigned char *text, size_t bytes)
{
    static const char words[] =
        "worker error cancel channel close drain caller return memory wait ";
    uint64_t state = 1;
    size_t at = 0;

    for (size_t i = 0; i < bytes; i++) {
        text[i] = (unsigned char)words[at];
        at = (at + 1) % (sizeof(words) - 1);
        if (text[i] != ' ')
            continue;
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        at = (state >> 33) % (sizeof(words) - 1);
        while (at > 0 && words[at - 1] != ' ')
            at--;
    }
}

static int deflate_open(void **work)
{
    unsigned char *text = malloc((size_t)N_BLOCKS * BLOCK_BYTES);

    if (!text)
        return ENOMEM;
    write_text(text, (size_t)N_BLOCKS * BLOCK_BYTES);
    *work = text;
    return 0;
}

static int deflate_start(void *work, uint32_t index, void **out)
{
    struct worker *w = calloc(1, sizeof(*w));

    if (!w)
        return ENOMEM;
    if (deflateInit(&w->stream, LEVEL) != Z_OK) {
        free(w);
        return ENOMEM;
    }
    w->text = work;
    w->block = index * 97 % N_BLOCKS;
    *out = w;
    return 0;
}

static enum quench_work_step deflate_chunk(void *worker, uint32_t units)
{
    struct worker *w = worker;

    for (; units > 0; units--) {
        w->stream.next_in = (unsigned char *)(uintptr_t)(w->text + (size_t)w->block * BLOCK_BYTES);
        w->stream.avail_in = BLOCK_BYTES;
        w->stream.next_out = w->out;
        w->stream.avail_out = OUT_BYTES;
        if (deflate(&w->stream, Z_SYNC_FLUSH) != Z_OK || w->stream.avail_in > 0)
            return QUENCH_WORK_FAILED;
        w->block = (w->block + 1) % N_BLOCKS;
    }
    return QUENCH_WORK_MORE;
}

static void deflate_finish(void *worker)
{
    struct worker *w = worker;

    deflateEnd(&w->stream);
    free(w);
}

static const struct quench_work work_deflate = {
    .abi = QUENCH_WORK_ABI,
    .size = sizeof(struct quench_work),
    .name = "deflate",
    .summary = "compresses text with zlib, block by block",
    .unit = "block of 1 KiB",
    .open = deflate_open,
    .start = deflate_start,
    .chunk = deflate_chunk,
    .finish = deflate_finish,
    .close = free,
};

QUENCH_WORK_ENTRY(uint32_t i)
{
    return i == 0 ? &work_deflate : NULL;
}
