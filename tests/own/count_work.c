/*
 * Work that counts what is asked of it; and, by macros, modules that are wrong in one way each. What is to go
 * wrong only where calls are measured looks for QUENCH_PADDING, which only measuring processes have.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "quench/work.h"

#ifndef ABI
#define ABI QUENCH_WORK_ABI
#endif
#ifndef SIZE
#define SIZE sizeof(struct quench_work)
#endif
#ifndef NAME
#define NAME "count"
#endif
#ifndef UNIT
#define UNIT "turn of a loop"
#endif
#ifndef N_KINDS
#define N_KINDS 1
#endif
#ifndef TURNS
#define TURNS 2000
#endif

static atomic_ulong n_started, n_finished, n_units, longest;

static int is_measuring(void)
{
    return getenv("QUENCH_PADDING") != NULL;
}

static int count_open(void **work)
{
    *work = NULL;
#ifdef OPEN_FAILS
    return ENOENT;
#endif
    return 0;
}

static int count_start(void *work, uint32_t index, void **worker)
{
    (void)work;
#ifdef START_FAILS
    if (is_measuring())
        return EMFILE;
#endif
    atomic_fetch_add(&n_started, 1);
    *worker = malloc(index % 100 + 1); /* a leak or a double free is seen by a sanitizer */
    if (!*worker)
        return ENOMEM;
    *(unsigned char *)*worker = index % 4 != 0;
    return 0;
}

static enum quench_work_step count_chunk(void *worker, uint32_t units)
{
    unsigned long most = atomic_load(&longest);

#ifdef MOST_FAIL
    if (*(unsigned char *)worker)
        return QUENCH_WORK_FAILED;
#endif
    *(volatile char *)worker = 0;
#ifdef HANGS
    while (is_measuring())
        pause();
#endif
#ifdef CRASHES
    if (is_measuring())
        raise(SIGKILL);
#endif
#ifdef FAILS
    return QUENCH_WORK_FAILED;
#endif
    while (units > most && !atomic_compare_exchange_weak(&longest, &most, units))
        continue;
    atomic_fetch_add(&n_units, units);
    for (volatile uint64_t i = 0; i < (uint64_t)units * TURNS; i++)
        continue;
    return QUENCH_WORK_MORE;
}

static void count_finish(void *worker)
{
    free(worker);
    atomic_fetch_add(&n_finished, 1);
}

static void count_close(void *work)
{
    const char *path = is_measuring() ? getenv("COUNT_FILE") : NULL;
    FILE *f = path ? fopen(path, "a") : NULL;

    (void)work;
    if (!f)
        return;
    fprintf(f, "%lu %lu %lu %lu\n", n_started, n_finished, n_units, longest);
    fclose(f);
}

static const struct quench_work count = {
    .abi = ABI,
    .size = SIZE,
    .name = NAME,
    .summary = "counts what is asked of it",
    .unit = UNIT,
    .open = count_open,
    .start = count_start,
#ifndef NO_CHUNK
    .chunk = count_chunk,
#endif
    .finish = count_finish,
    .close = count_close,
};
static const struct quench_work other = {
    .abi = ABI,
    .size = SIZE,
    .name = "other",
    .unit = UNIT,
    .open = count_open,
    .start = count_start,
    .chunk = count_chunk,
    .finish = count_finish,
};

#ifdef NO_ENTRY
const struct quench_work *const its_kinds[] = {&count, &other};
#else
QUENCH_WORK_ENTRY(uint32_t i)
{
#ifdef ENTRY_CRASHES
    raise(SIGKILL);
#endif
#ifdef ENTRY_HANGS
    for (;;)
        pause();
#endif
#ifdef ENTRY_EXITS
    exit(7);
#endif
    return i >= N_KINDS ? NULL : i == 0 ? &count : &other;
}
#endif
