/*
 * A pool whose threads block, and ways to wait until one does, for tests of blocking calls.
 *
 * Nothing is timed. Either the thread itself does what reaches it, at the injected step right
 * before its call, or the test waits until the kernel reports that it sleeps; assertions are about
 * what ended the call.
 */
#ifndef QN_RUNTIME_BLOCK_BED_H
#define QN_RUNTIME_BLOCK_BED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "runtime/pool/pool.h"

/* A plan that never ends within a test, and a short one. */
#define FAR_NS (600 * QN_NS_PER_S)
#define NEAR_NS (20 * QN_NS_PER_MS)

struct block_bed {
    struct qn_pool *pool;
    struct qn_exec *exec;
    const struct qn_blocking_ops *ops;
};

extern struct block_bed bed;

/* The thread that is about to block (0: none), and its index in the pool. Written at the step. */
extern _Atomic int blocking_tid, blocking_index;
/* Called once by the thread itself at the step. */
extern void (*_Atomic at_step)(struct qn_thread *thread);

/* To be called first: sets the clock and the hook of injected steps. */
bool block_bed_init(void);

void begin_pool(unsigned n_threads);

/* Waits until the pool is at rest; asserts that nothing is left blocked or unclaimed. */
void quiesce(void);

void end_pool(void);

/* Notes, at the point "blocking", that the thread is about to block. */
void note_step(const char *point);

uint64_t ticks_from_now(uint64_t ns);

/* Waits until the thread that is about to block sleeps in its call. */
void await_asleep(void);

void spawn(qn_task_fn *fn, void *arg, uint32_t n);

#endif
