/*
 * Memory of calls: a separate jemalloc arena, so that what a call holds is known to the byte.
 *
 * Allocations go straight to the arena (no thread cache, whose cached free blocks count as
 * allocated), about 110 ns a pair. Sizes are usable bytes: that of the size class, not the
 * requested size. Built without jemalloc (the sanitizers have their own malloc and don't support
 * mallocx) the arena is plain malloc, and functions that need jemalloc return QN_ENOTSUP.
 *
 * alloc and free may overlap anything; live and stats are exact only while nothing is being
 * allocated.
 */
#ifndef QN_RUNTIME_MEMORY_H
#define QN_RUNTIME_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base.h"

struct qn_memory;

/*
 * Makes an arena, which the caller gives to qn_memory_destroy. QN_ENOMEM; QN_EIO if the allocator
 * refuses one. Nothing is left behind after an error.
 */
int qn_memory_create(struct qn_memory **out) QN_MUST_CHECK;

/* Destroys the arena with everything still in it (with plain malloc, that leaks); NULL is ignored.
 * Must not overlap anything. */
void qn_memory_destroy(struct qn_memory *memory);

/*
 * Allocates bytes >= 1, aligned to align (a power of two). *usable_bytes is the usable size. NULL:
 * out of memory, or an injected failure; then *usable_bytes is unchanged.
 */
void *qn_memory_alloc(struct qn_memory *memory, size_t bytes, size_t align, size_t *usable_bytes);

/* Frees a block, from any thread; NULL is ignored. */
void qn_memory_free(struct qn_memory *memory, void *ptr);

/* Usable bytes of a block. */
size_t qn_memory_usable(const void *ptr);

/* For tests: the nth allocation from now (1: the next) fails once, in any thread. 0: none. */
void qn_memory_fail_at(struct qn_memory *memory, uint32_t nth);

/* True if live and stats are supported. */
bool qn_memory_is_exact(void);

/* Bytes allocated in the arena now, exact when nothing is being allocated. About 25 us. QN_ENOTSUP.
 */
int qn_memory_live(struct qn_memory *memory, uint64_t *bytes) QN_MUST_CHECK;

/*
 * The bytes that the calling thread has allocated since it began, in any arena: the allocator's own
 * counter, which the thread updates and which lives as long as it. NULL without jemalloc.
 */
const uint64_t *qn_memory_thread_allocated(void);

struct qn_memory_stats {
    uint64_t live_bytes;     /* allocated */
    uint64_t dirty_bytes;    /* freed, not yet given back to the system */
    uint64_t resident_bytes; /* in physical memory, the arena's own data included */
};

/* QN_ENOTSUP without jemalloc. */
int qn_memory_stats(struct qn_memory *memory, struct qn_memory_stats *out) QN_MUST_CHECK;

/* What determines how long freed memory stays resident; fixed for the arena, written to the
 * manifest. */
struct qn_memory_settings {
    const char *allocator; /* "jemalloc 5.3.0-…" or "malloc" */
    int64_t dirty_decay_ms, muzzy_decay_ms;
    bool background_thread;
};

/* Reads the settings. memory NULL: those of every arena. Unknown decays are -1. */
void qn_memory_settings(struct qn_memory *memory, struct qn_memory_settings *out);

#endif
