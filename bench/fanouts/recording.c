#include "bench/fanouts/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/base/cause.h"
#include "bench/base/complain.h"
#include "bench/base/text.h"
#include "bench/fanouts/names.h"
#include "bench/fanouts/recording_parts.h"

/* As docs/record-format.md has them. */
_Static_assert(sizeof(struct quench_record_header) == 232, "header");
_Static_assert(offsetof(struct quench_record_header, program) == 72, "header");
_Static_assert(sizeof(struct quench_record_buffer) == 64, "buffer");
_Static_assert(sizeof(struct quench_record_event) == 16, "event");

/* Ticks of 2^-10 to 2^10 ns. */
#define LEAST_SCALE (UINT64_C(1) << (QUENCH_RECORD_SCALE_SHIFT - 10))
#define MOST_SCALE (UINT64_C(1) << (QUENCH_RECORD_SCALE_SHIFT + 10))

static bool is_recording(const char *beginning, size_t bytes)
{
    size_t n = strlen(QUENCH_RECORD_MAGIC);

    return bytes >= n && memcmp(beginning, QUENCH_RECORD_MAGIC, n) == 0;
}

/* Maps the file. QN_EINVAL after a complaint. */
static int map(struct qn_recording *r)
{
    int fd = open(r->path, O_RDONLY | O_CLOEXEC);
    struct stat s;

    if (fd < 0 || fstat(fd, &s) != 0) {
        qn_complain("%s can't be read: %s", r->path, qn_cause(errno));
        if (fd >= 0)
            close(fd);
        return QN_EINVAL;
    }
    r->bytes = (size_t)s.st_size;
    r->file = MAP_FAILED;
    if (r->bytes > sizeof(r->header))
        r->file = mmap(NULL, r->bytes, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (r->file != MAP_FAILED) {
        memcpy(&r->header, r->file, sizeof(r->header));
        return QN_OK;
    }
    qn_complain("%s is cut: a recording has a header of %zu bytes, and buffers after it", r->path,
                sizeof(r->header));
    return QN_EINVAL;
}

static bool is_text(const char *text, size_t bytes)
{
    return memchr(text, '\0', bytes) != NULL;
}

static int check_header(const struct qn_recording *r)
{
    const struct quench_record_header *h = &r->header;
    const size_t page = 512; /* the least: what it must be aligned to is that of the recorder */

    if (h->byte_order == __builtin_bswap32(QUENCH_RECORD_BYTE_ORDER))
        qn_complain("%s was recorded on a machine of the other byte order: import it on one like "
                    "it",
                    r->path);
    else if (h->byte_order == QUENCH_RECORD_BYTE_ORDER && h->version != QUENCH_RECORD_VERSION)
        qn_complain("%s: its format has version %u; this program reads version %u", r->path,
                    h->version, QUENCH_RECORD_VERSION);
    else if (h->byte_order != QUENCH_RECORD_BYTE_ORDER || h->clock != QUENCH_RECORD_MONOTONIC ||
             h->scale < LEAST_SCALE || h->scale > MOST_SCALE || h->header_bytes % page ||
             h->header_bytes < sizeof(*h) || h->buffer_bytes % page || h->buffer_bytes == 0 ||
             !is_text(h->program, sizeof(h->program)) || !is_text(h->name, sizeof(h->name)) ||
             !is_text(h->host, sizeof(h->host)))
        qn_complain("%s is damaged: its header makes no sense", r->path);
    else
        return QN_OK;
    return QN_EINVAL;
}

/* The events of the buffer at `at`, of `bytes`, up to the first that isn't there. */
static struct qn_recorded_buffer buffer_at(const char *at, size_t bytes)
{
    struct qn_recorded_buffer b = {.head = (const void *)at};
    size_t room = (bytes - sizeof(*b.head)) / sizeof(*b.events);

    b.events = (const void *)(b.head + 1);
    while (b.n < room && b.events[b.n].when != 0)
        b.n++;
    return b;
}

static int find_buffers(struct qn_recording *r)
{
    const struct quench_record_header *h = &r->header;
    size_t n_there = 0;

    if (r->bytes > h->header_bytes)
        n_there = (r->bytes - h->header_bytes + h->buffer_bytes - 1) / h->buffer_bytes;
    if (n_there > h->n_buffers)
        n_there = h->n_buffers;
    r->buffers = calloc(n_there + 1, sizeof(*r->buffers));
    if (!r->buffers)
        return QN_ENOMEM;
    r->n_cut = h->n_buffers - n_there;
    for (size_t i = 0; i < n_there; i++) {
        size_t at = h->header_bytes + i * h->buffer_bytes, left = r->bytes - at;

        r->n_cut += left < h->buffer_bytes;
        if (left < sizeof(struct quench_record_buffer))
            break;
        r->buffers[r->n_buffers++] =
            buffer_at((const char *)r->file + at, left < h->buffer_bytes ? left : h->buffer_bytes);
    }
    return QN_OK;
}

/* Hands the right calls over. */
static int hand_over(struct qn_recording *r, const struct qn_import_request *request,
                     struct qn_fanouts *list)
{
    char name[QN_FANOUT_NAME_BYTES];
    const char *strategy, *workload, *host;
    char host_text[sizeof(r->header.host)];
    uint32_t process;

    strategy = qn_fanouts_word(list, request->name ? request->name
                                                   : qn_fanout_strategy(r->header.name, name));
    workload = qn_fanouts_word(list, r->header.program);
    qn_text_copy(host_text, sizeof(host_text), r->header.host);
    qn_text_mend(host_text);
    host = qn_fanouts_word(list, host_text);
    if (!strategy || !workload || !host)
        return QN_ENOMEM;
    process = qn_fanouts_process(list);
    list->host = process == 0 || list->host == host ? host : NULL;
    for (size_t i = 0; i < r->n_calls; i++) {
        struct qn_fanout *call = &r->calls[i].call;

        if (r->calls[i].fault)
            continue;
        call->strategy = strategy;
        call->workload = workload;
        call->process = process;
        for (uint32_t w = 0; w < call->n_begun; w++)
            call->has_polls |= call->workers[w].polls > 0;
        if (qn_fanouts_add(list, call) != QN_OK)
            return QN_ENOMEM;
    }
    return QN_OK;
}

static int read_mapped(struct qn_recording *r, const struct qn_import_request *request,
                       struct qn_fanouts *list)
{
    int rc = check_header(r);

    if (rc == QN_OK)
        rc = find_buffers(r);
    if (rc == QN_OK)
        rc = qn_recorded_calls_make(r);
    if (rc != QN_OK)
        return rc;
    if (r->n_right == 0) {
        qn_recording_refuse(r);
        return QN_EINVAL;
    }
    qn_recording_warn(r);
    return hand_over(r, request, list);
}

static int read_recording(const char *path, const struct qn_import_request *request,
                          struct qn_fanouts *list)
{
    struct qn_recording r = {.path = path};
    int rc = map(&r);

    if (rc != QN_OK)
        return rc;
    rc = read_mapped(&r, request, list);
    qn_recorded_calls_fini(&r);
    free(r.buffers);
    munmap(r.file, r.bytes);
    return rc;
}

const struct qn_fanouts_reader qn_recordings = {"a recording", is_recording, read_recording};
