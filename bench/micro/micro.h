/*
 * `quench micro`: what the runtime's own parts cost, each compared with a floor or an alternative.
 *
 * Several processes measure every benchmark once, each in its own order; a figure is the median
 * over processes of a process's median, its interval is over processes, and ratios are formed
 * within a process. For every benchmark a process opens the pool it needs, and closes it
 * afterwards.
 */
#ifndef QN_BENCH_MICRO_MICRO_H
#define QN_BENCH_MICRO_MICRO_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/gbench/gbench.h"
#include "runtime/memory.h"
#include "runtime/pool/pool.h"

/* Which pool a benchmark runs on. */
enum micro_pool {
    MICRO_NO_POOL,
    MICRO_CROSS,        /* one thread, the caller on a core of its own: they spin for each other */
    MICRO_CROSS_PARKED, /* the same, but waiting threads sleep at once */
    MICRO_SAME_CORE,    /* one thread on the caller's core: waiting threads sleep at once */
    MICRO_TWO,          /* two threads, the caller on any core */
    MICRO_MANY,         /* MICRO_MANY_THREADS threads, unbound: most of them sleep */
};

#define MICRO_MANY_THREADS 16u

struct micro {
    const char *name, *what; /* what an operation is */
    enum micro_pool pool;
    int64_t iterations; /* per run */
    double per;         /* operations an iteration */
    gb_fn *fn;          /* its user pointer is a micro_run */
    const char *floor;  /* the floor that bounds it, or NULL */
    double floor_times; /* floors per operation */
    const char *base;   /* another benchmark it is compared with, or NULL */
    int64_t n;          /* parameter that varies between benchmarks of one function */
    const char *strategy;
    size_t bytes;          /* size of one object that it creates, or 0 */
    bool is_library_timed; /* the library's real time, not one that the function sets */
};

struct micro_group {
    const char *title;
    const struct micro *micros;
    unsigned n;
};

extern const struct micro_group micro_floors, micro_loops, micro_tokens, micro_trees,
    micro_channels, micro_hand_offs, micro_deliveries, micro_dispatches, micro_memories,
    micro_fanouts, micro_records;

/* A process's environment for its benchmarks. */
struct micro_env {
    struct qn_pool *pool; /* that of the running benchmark, or NULL */
    struct qn_exec *exec;
    struct qn_memory *memory;
};

/* A benchmark in a process: what its function is given. */
struct micro_run {
    const struct micro *micro;
    struct micro_env *env;
};

/* Sets the time of the current iteration. */
void micro_set_ticks(gb_state *state, uint64_t ticks);

/* Starts fn(arg, 0 … n-1) on the run's pool; skips the run and returns false if it can't. */
bool micro_spawn(gb_state *state, const struct micro_run *run, qn_task_fn *fn, void *arg,
                 uint32_t n);

/* Waits until the pool is at rest. */
void micro_rest(const struct micro_run *run);

/* Waits until n of the pool's threads sleep in a wait. */
void micro_wait_blocked(const struct micro_run *run, uint32_t n);

/* Registers loop-cpp, in loop_cpp.cc: the loop of the library's own language. */
void micro_register_cpp_loop(int64_t iterations, int repetitions);

#endif
