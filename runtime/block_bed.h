/*
 * A pool whose threads block, and every way of waiting until one does: what the tests of blocking
 * calls share.
 *
 * Nothing is timed. Either the thread itself is made to do what reaches it at the injected step
 * right before its call, or one waits until the kernel says that it sleeps; and what is asserted is
 * what ended the call.
 */
#ifndef QN_RUNTIME_BLOCK_BED_H
#define QN_RUNTIME_BLOCK_BED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "runtime/pool/pool.h"

/* A plan that nobody lives to see, and one that is soon over. */
#define FAR_NS (600 * QN_NS_PER_S)
#define NEAR_NS (20 * QN_NS_PER_MS)

struct block_bed {
    struct qn_pool *pool;
    struct qn_exec *exec;
    const struct qn_blocking_ops *ops;
};

extern struct block_bed bed;

/* Who is about to block: 0 nobody, and its place in the pool. Written at the step. */
extern _Atomic int blocking_tid, blocking_index;
/* Done by the thread itself at the step, once. */
extern void (*_Atomic at_step)(struct qn_thread *thread);

/* What a program does first: sets the clock and the hook of injected steps. */
bool block_bed_init(void);

void begin_pool(unsigned n_threads);

/* Waits until the pool is at rest; asserts that nothing is left blocked or unclaimed. */
void quiesce(void);

void end_pool(void);

/* A thread says at the point "blocking" that it is about to block. */
void note_step(const char *point);

uint64_t ticks_from_now(uint64_t ns);

/* Waits until the thread that is about to block sleeps in its call. */
void await_asleep(void);

void spawn(qn_task_fn *fn, void *arg, uint32_t n);

#endif
