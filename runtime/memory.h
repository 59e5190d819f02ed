/*
 * Memory of calls: a jemalloc arena of its own, so that what a call holds can be told to the byte.
 *
 * Allocations go straight to the arena (no thread cache, whose cached free blocks count as
 * allocated), about 110 ns a pair. Sizes are usable bytes: what the size class gives, not what was
 * asked for. Built without jemalloc (the sanitizers bring their own malloc and do not see mallocx)
 * the arena is plain malloc, and what only jemalloc can tell returns QN_ENOTSUP.
 *
 * alloc and free may overlap anything; live and stats need no allocation under way to be exact.
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

/* Gives the arena back with all that is left in it (with plain malloc: not that); NULL is nothing.
 * Overlaps nothing. */
void qn_memory_destroy(struct qn_memory *memory);

/*
 * Takes bytes >= 1, aligned to align (a power of two). *usable_bytes is what was given. NULL: out
 * of memory, or the failure that was injected; *usable_bytes is unchanged then.
 */
void *qn_memory_alloc(struct qn_memory *memory, size_t bytes, size_t align, size_t *usable_bytes);

/* Gives a block back, from any thread; NULL is nothing. */
void qn_memory_free(struct qn_memory *memory, void *ptr);

/* Usable bytes of a block. */
size_t qn_memory_usable(const void *ptr);

/* For tests: the nth allocation from now (1: the next) fails, once, whichever thread makes it. 0:
 * none. */
void qn_memory_fail_at(struct qn_memory *memory, uint32_t nth);

/* True if live and stats are to be had. */
bool qn_memory_is_exact(void);

/* Bytes allocated in the arena now, exact when nothing is being allocated. About 25 us. QN_ENOTSUP.
 */
int qn_memory_live(struct qn_memory *memory, uint64_t *bytes) QN_MUST_CHECK;

struct qn_memory_stats {
    uint64_t live_bytes;     /* allocated */
    uint64_t dirty_bytes;    /* freed, not yet given back to the system */
    uint64_t resident_bytes; /* in physical memory, the arena's own data included */
};

/* QN_ENOTSUP without jemalloc. */
int qn_memory_stats(struct qn_memory *memory, struct qn_memory_stats *out) QN_MUST_CHECK;

/* What governs how long freed memory stays resident; fixed for the arena, told in the manifest. */
struct qn_memory_settings {
    const char *allocator; /* "jemalloc 5.3.0-…" or "malloc" */
    int64_t dirty_decay_ms, muzzy_decay_ms;
    bool background_thread;
};

/* Reads them. memory NULL: what every arena is given. Decays that can't be had are -1. */
void qn_memory_settings(struct qn_memory *memory, struct qn_memory_settings *out);

#endif
