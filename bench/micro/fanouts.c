/* Whole calls of strategies, until they return; memory 0, result 0. */
#include <stdlib.h>

#include "bench/cell/caller.h"
#include "bench/micro/micro.h"

#define WORK_QUANTA 40u /* 10 us */
#define MAX_THREADS 2

static void do_nothing(void *arg, uint32_t index)
{
    (void)arg;
    (void)index;
}

/*
 * Leaves the pool's threads awake: settling a recorded call takes longer than threads spin, and a
 * call on a sleeping pool would include the time to wake it.
 */
static void wake_pool(struct qn_exec *exec)
{
    struct qn_census census;

    if (exec->ops->spawn(exec, do_nothing, NULL, NULL, 1) == QN_OK)
        exec->ops->quiesce(exec, &census);
}

static void calls(gb_state *state, const struct micro_run *run, uint32_t quanta, bool record)
{
    struct qn_pool *pool = run->env->pool;
    struct qn_thread *threads[MAX_THREADS + 1];
    unsigned n_threads = run->env->exec->n_threads;
    struct qn_workload w = {
        .workers = (uint32_t)run->micro->n, .threads = n_threads, .poll_quanta = 8};
    struct qn_caller_config config = {.strategy = qn_strategy_find(run->micro->strategy),
                                      .workload = &w,
                                      .exec = run->env->exec,
                                      .threads = threads,
                                      .n_threads = n_threads + 1,
                                      .memory = run->env->memory,
                                      .record = record};
    struct qn_caller caller;
    uint64_t ticks = 0;

    for (unsigned i = 0; i <= n_threads; i++)
        threads[i] = qn_pool_thread(pool, i);
    qn_policy_default(config.strategy, &config.policy);
    if (qn_caller_init(&caller, &config) != QN_OK) {
        gb_skip_with_error(state, "out of memory");
        return;
    }
    for (uint32_t i = 0; i < w.workers; i++)
        caller.tasks[i] = (struct qn_task){.quanta = quanta};
    GB_LOOP (state) {
        wake_pool(config.exec);
        qn_caller_call(&caller);
        ticks += caller.observed.return_at - caller.observed.t0;
        if (qn_caller_settle(&caller) != QN_OK) {
            gb_skip_with_error(state, "a call did not settle");
            break;
        }
    }
    micro_set_ticks(state, ticks);
    qn_caller_fini(&caller);
}

static void run_empty(gb_state *state, void *user)
{
    calls(state, user, 0, false);
}

static void run_work(gb_state *state, void *user)
{
    calls(state, user, WORK_QUANTA, false);
}

static void run_recorded(gb_state *state, void *user)
{
    calls(state, user, WORK_QUANTA, true);
}

#define FANOUT(title, text, where, times, workers, operations, what_runs, the_floor, floors) \
    { \
        .name = title, .what = text, .pool = where, .iterations = times, .per = operations, \
        .fn = run_empty, .floor = the_floor, .floor_times = floors, .n = workers, \
        .strategy = what_runs \
    }

static const struct micro micros[] = {
    FANOUT("fanout-null", "1,024 workers without work, null, a worker", MICRO_CROSS, 200, 1024,
           1024, "null", "atomic", 1),
    FANOUT("fanout-buffered", "the same, buffered", MICRO_CROSS, 200, 1024, 1024, "buffered",
           "atomic", 2),
    FANOUT("fanout-drain", "the same, drain", MICRO_CROSS, 200, 1024, 1024, "drain", "spin", 1),
    FANOUT("fanout-close", "the same, close", MICRO_CROSS, 200, 1024, 1024, "close", "spin", 1),
    FANOUT("fanout-cancel", "the same, cancel", MICRO_CROSS, 200, 1024, 1024, "cancel", "spin", 1),
    FANOUT("fanout-null-8", "8 workers without work, null, the call", MICRO_CROSS, 2000, 8, 1,
           "null", "spin", 1),
    FANOUT("fanout-buffered-8", "8 workers without work, buffered, the call", MICRO_CROSS, 2000, 8,
           1, "buffered", "spin", 1),
    FANOUT("fanout-null-two", "1,024 workers, null, two threads and a sleeping caller, a worker",
           MICRO_TWO, 200, 1024, 1024, "null", "atomic", 1),
    FANOUT("fanout-buffered-two",
           "1,024 workers, buffered, two threads and a sleeping caller, a worker", MICRO_TWO, 200,
           1024, 1024, "buffered", "atomic", 2),
    {.name = "work-unrecorded",
     .what = "a call of 8 x 10 us, buffered, recorder off",
     .pool = MICRO_CROSS,
     .iterations = 200,
     .per = 1,
     .fn = run_work,
     .n = 8,
     .strategy = "buffered"},
    {.name = "work-recorded",
     .what = "the same, recorder on",
     .pool = MICRO_CROSS,
     .iterations = 200,
     .per = 1,
     .fn = run_recorded,
     .base = "work-unrecorded",
     .n = 8,
     .strategy = "buffered"},
};

const struct micro_group micro_fanouts = {"whole calls", micros, QN_ARRAY_LEN(micros)};
