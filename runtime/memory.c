#include "runtime/memory.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/err.h"

/* jemalloc's own default, set explicitly so that no environment variable can change it. */
#define DIRTY_DECAY_MS 10000
#define MUZZY_DECAY_MS 0

#ifdef QN_HAVE_JEMALLOC

#include <jemalloc/jemalloc.h>

enum { MIB_SMALL, MIB_LARGE, MIB_DIRTY, MIB_RESIDENT, N_MIBS };

#define MIB_LEN 8

static const char *const mib_names[N_MIBS] = {
    "stats.arenas.0.small.allocated",
    "stats.arenas.0.large.allocated",
    "stats.arenas.0.pdirty",
    "stats.arenas.0.resident",
};

/* The arena's number in every name above. */
#define MIB_ARENA_AT 2

struct qn_memory {
    unsigned arena; /* immutable */
    struct {
        size_t mib[MIB_LEN];
        size_t len;
    } mibs[N_MIBS];           /* immutable */
    _Atomic uint32_t fail_in; /* allocations until the injected failure; 0: none */
};

const uint64_t *qn_memory_thread_allocated(void)
{
    uint64_t *at = NULL;
    size_t len = sizeof(at);

    return mallctl("thread.allocatedp", &at, &len, NULL, 0) == 0 ? at : NULL;
}

static int set_decay(unsigned arena, const char *what, ssize_t ms)
{
    size_t mib[3], len = 3;

    if (mallctlnametomib(what, mib, &len) != 0)
        return QN_EIO;
    mib[1] = arena;
    return mallctlbymib(mib, len, NULL, NULL, &ms, sizeof(ms)) == 0 ? QN_OK : QN_EIO;
}

/* No thread is ever bound to our arenas, which could prevent their destruction. */
static void destroy_arena(unsigned arena)
{
    size_t mib[3], len = 3;

    if (mallctlnametomib("arena.0.destroy", mib, &len) != 0)
        return;
    mib[1] = arena;
    (void)mallctlbymib(mib, len, NULL, NULL, NULL, 0);
}

int qn_memory_create(struct qn_memory **out)
{
    struct qn_memory *m = calloc(1, sizeof(*m));
    size_t len = sizeof(m->arena);
    int rc = QN_EIO;

    if (!m)
        return QN_ENOMEM;
    /* the only possible failure */
    if (mallctl("arenas.create", &m->arena, &len, NULL, 0) != 0) {
        rc = QN_ENOMEM;
        goto free_memory;
    }
    for (int i = 0; i < N_MIBS; i++) {
        m->mibs[i].len = MIB_LEN;
        if (mallctlnametomib(mib_names[i], m->mibs[i].mib, &m->mibs[i].len) != 0)
            goto destroy_arena;
        m->mibs[i].mib[MIB_ARENA_AT] = m->arena;
    }
    if ((rc = set_decay(m->arena, "arena.0.dirty_decay_ms", DIRTY_DECAY_MS)) != QN_OK ||
        (rc = set_decay(m->arena, "arena.0.muzzy_decay_ms", MUZZY_DECAY_MS)) != QN_OK)
        goto destroy_arena;
    *out = m;
    return QN_OK;
destroy_arena:
    destroy_arena(m->arena);
free_memory:
    free(m);
    return rc;
}

void qn_memory_destroy(struct qn_memory *m)
{
    if (!m)
        return;
    destroy_arena(m->arena);
    free(m);
}

static void *take(struct qn_memory *m, size_t bytes, size_t align)
{
    return mallocx(bytes, MALLOCX_ARENA(m->arena) | MALLOCX_TCACHE_NONE | MALLOCX_ALIGN(align));
}

void qn_memory_free(struct qn_memory *m, void *ptr)
{
    (void)m;
    if (ptr)
        dallocx(ptr, MALLOCX_TCACHE_NONE);
}

size_t qn_memory_usable(const void *ptr)
{
    return sallocx(ptr, 0);
}

bool qn_memory_is_exact(void)
{
    return true;
}

/* The statistics are a snapshot, taken anew when the epoch is written. */
static int refresh(void)
{
    uint64_t epoch = 1;
    size_t len = sizeof(epoch);

    return mallctl("epoch", &epoch, &len, &epoch, len) == 0 ? QN_OK : QN_EIO;
}

static int read_stat(const struct qn_memory *m, int which, uint64_t *out)
{
    size_t value, len = sizeof(value);

    if (mallctlbymib(m->mibs[which].mib, m->mibs[which].len, &value, &len, NULL, 0) != 0)
        return QN_EIO;
    *out = value;
    return QN_OK;
}

int qn_memory_live(struct qn_memory *m, uint64_t *bytes)
{
    uint64_t small_bytes, large_bytes;

    if (refresh() != QN_OK || read_stat(m, MIB_SMALL, &small_bytes) != QN_OK ||
        read_stat(m, MIB_LARGE, &large_bytes) != QN_OK)
        return QN_EIO;
    *bytes = small_bytes + large_bytes;
    return QN_OK;
}

int qn_memory_stats(struct qn_memory *m, struct qn_memory_stats *out)
{
    uint64_t dirty_pages;
    size_t page_bytes, len = sizeof(page_bytes);

    if (qn_memory_live(m, &out->live_bytes) != QN_OK ||
        read_stat(m, MIB_DIRTY, &dirty_pages) != QN_OK ||
        read_stat(m, MIB_RESIDENT, &out->resident_bytes) != QN_OK ||
        mallctl("arenas.page", &page_bytes, &len, NULL, 0) != 0)
        return QN_EIO;
    out->dirty_bytes = dirty_pages * page_bytes;
    return QN_OK;
}

/* The arena's own settings; without one, those that all of ours are given. */
static int64_t read_decay(const struct qn_memory *m, const char *what, ssize_t ms)
{
    size_t mib[3], len = 3, value_len = sizeof(ms);

    if (!m)
        return ms;
    if (mallctlnametomib(what, mib, &len) != 0)
        return -1;
    mib[1] = m->arena;
    return mallctlbymib(mib, len, &ms, &value_len, NULL, 0) == 0 ? ms : -1;
}

void qn_memory_settings(struct qn_memory *m, struct qn_memory_settings *out)
{
    const char *version = "?";
    size_t len = sizeof(version);
    bool is_on = false;

    if (mallctl("version", &version, &len, NULL, 0) != 0)
        version = "?";
    len = sizeof(is_on);
    if (mallctl("background_thread", &is_on, &len, NULL, 0) != 0)
        is_on = false;
    *out = (struct qn_memory_settings){
        .allocator = version,
        .dirty_decay_ms = read_decay(m, "arena.0.dirty_decay_ms", DIRTY_DECAY_MS),
        .muzzy_decay_ms = read_decay(m, "arena.0.muzzy_decay_ms", MUZZY_DECAY_MS),
        .background_thread = is_on,
    };
}

#else

#include <malloc.h>

struct qn_memory {
    _Atomic uint32_t fail_in;
};

int qn_memory_create(struct qn_memory **out)
{
    *out = calloc(1, sizeof(**out));
    return *out ? QN_OK : QN_ENOMEM;
}

void qn_memory_destroy(struct qn_memory *m)
{
    free(m);
}

static void *take(struct qn_memory *m, size_t bytes, size_t align)
{
    (void)m;
    if (bytes > PTRDIFF_MAX - align) /* nor may rounding up wrap round */
        return NULL;
    return aligned_alloc(align, (bytes + align - 1) / align * align);
}

void qn_memory_free(struct qn_memory *m, void *ptr)
{
    (void)m;
    free(ptr);
}

size_t qn_memory_usable(const void *ptr)
{
    return malloc_usable_size((void *)(uintptr_t)ptr);
}

bool qn_memory_is_exact(void)
{
    return false;
}

const uint64_t *qn_memory_thread_allocated(void)
{
    return NULL;
}

int qn_memory_live(struct qn_memory *m, uint64_t *bytes)
{
    (void)m;
    (void)bytes;
    return QN_ENOTSUP;
}

int qn_memory_stats(struct qn_memory *m, struct qn_memory_stats *out)
{
    (void)m;
    (void)out;
    return QN_ENOTSUP;
}

void qn_memory_settings(struct qn_memory *m, struct qn_memory_settings *out)
{
    (void)m;
    *out = (struct qn_memory_settings){"malloc", -1, -1, false};
}

#endif

/* Counts down to the injected failure; true if this is it. */
static bool must_fail(struct qn_memory *m)
{
    uint32_t left = atomic_load_explicit(&m->fail_in, memory_order_relaxed);

    while (QN_UNLIKELY(left > 0))
        if (atomic_compare_exchange_weak_explicit(&m->fail_in, &left, left - 1,
                                                  memory_order_relaxed, memory_order_relaxed))
            return left == 1;
    return false;
}

void *qn_memory_alloc(struct qn_memory *m, size_t bytes, size_t align, size_t *usable_bytes)
{
    void *ptr = must_fail(m) ? NULL : take(m, bytes, align);

    if (ptr)
        *usable_bytes = qn_memory_usable(ptr);
    return ptr;
}

void qn_memory_fail_at(struct qn_memory *m, uint32_t nth)
{
    atomic_store_explicit(&m->fail_in, nth, memory_order_relaxed);
}
