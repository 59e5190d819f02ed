/*
 * quench/work.h: work of your own in the place of Quench's synthetic kernel (--work FILE.so[:NAME]).
 *
 * Work is a number of units of the same kind: blocks to compress, buffers to hash, virtual-machine
 * steps of a query. Quench draws how many units a worker does and whether it fails, runs them in
 * chunks as long as the poll interval, and polls between chunks; so every strategy and every peer
 * runs it, and `quench tune` says which chunk to take. What a unit takes is measured before the
 * run; the figures of such cells are wall time.
 *
 * The module needs nothing but this header: it is C11 and C++17, includes only headers of the C
 * library, and links with nothing of Quench. Its one symbol is QUENCH_WORK_ENTRY.
 *
 * Threads. open is called on one thread; start, chunk and finish of one worker on one thread,
 * several workers on several threads at once; close when no worker is left. A worker that a peer leaves
 * at a poll without its end is finished by the caller's thread, after the call.
 *
 * Versions: as in peer.h.
 */
#ifndef QUENCH_WORK_H
#define QUENCH_WORK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define QUENCH_WORK_ABI 1u

enum quench_work_step {
    QUENCH_WORK_MORE = 0,  /* the units are done; there could be more */
    QUENCH_WORK_DONE = 1,  /* the work is over, even if more units were drawn */
    QUENCH_WORK_FAILED = 2 /* the work is over and has failed by itself */
};

/* A kind of work: constant, static storage. Texts are one line of UTF-8. */
struct quench_work {
    uint32_t abi;        /* QUENCH_WORK_ABI */
    uint32_t size;       /* sizeof(struct quench_work) */
    const char *name;    /* after the colon of --work: a-z, 0-9 and '-', at most 31 bytes */
    const char *summary; /* one line */
    const char *unit;    /* one unit, in words: "block of 16 KiB" */

    /*
     * Takes what all workers share, such as data to work on. *work is handed to the functions
     * below. Returns 0 or an errno; nothing is to be closed then. May block.
     */
    int (*open)(void **work);

    /*
     * A worker begins: takes what it needs of its own. *worker is handed to chunk and finish. Returns
     * 0 or an errno, upon which the call is void.
     */
    int (*start)(void *work, uint32_t index, void **worker);

    /*
     * Does `units` >= 1 units. The time this takes should grow with their number alone: it decides
     * how late a stop is noticed.
     */
    enum quench_work_step (*chunk)(void *worker, uint32_t units);

    /* The worker has ended, whole or cut short: frees what it took. */
    void (*finish)(void *worker);

    /* Frees what open took. NULL: nothing to do. */
    void (*close)(void *work);
};

/*
 * The module's entry: its kinds of work one after the other, NULL after the last.
 *
 *   QUENCH_WORK_ENTRY(uint32_t i) { return i == 0 ? &mine : NULL; }
 */
#ifndef QUENCH_EXPORT
#if defined(__GNUC__)
#define QUENCH_EXPORT __attribute__((visibility("default")))
#else
#define QUENCH_EXPORT
#endif
#endif
#define QUENCH_WORK_SYMBOL "quench_work_entry"
QUENCH_EXPORT const struct quench_work *quench_work_entry(uint32_t i);
#define QUENCH_WORK_ENTRY(i) QUENCH_EXPORT const struct quench_work *quench_work_entry(i)

#ifdef __cplusplus
}
#endif

#endif
