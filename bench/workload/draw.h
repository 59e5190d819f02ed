/*
 * Schedules: the tasks of a call, drawn from a counter-based generator of (seed, workload name,
 * process, call, worker) before timing starts. Never of the strategy or policy, so all strategies
 * face the same calls; nor of the failure rate, so workers that fail at a low rate also fail at every
 * higher one.
 */
#ifndef QN_BENCH_WORKLOAD_DRAW_H
#define QN_BENCH_WORKLOAD_DRAW_H

#include <stdint.h>

#include "bench/workload/spec.h"
#include "strategies/task.h"

/* Names one call of a run. */
struct qn_call_key {
    uint64_t seed;
    uint32_t process;
    uint32_t trial;    /* within the process, from 0 */
    uint32_t n_trials; /* a process's trials: a trace goes on where the process before it ended */
};

/*
 * Draws the tasks of one call into tasks[0 .. workload->workers).
 * A service time is rounded to whole quanta of QN_QUANTUM_NS, at least one. A worker that fails does
 * so after all its quanta (end), none of them (start), a uniform share of them (uniform) or those of
 * its first K steps (step=K). Which closes fail, and what the cleanup is like, come from streams of
 * their own.
 * Where the workload has items, each worker has a place of its own to begin in the process's gaps.
 * A trace gives worker i of the run's call c = process * n_trials + trial the row (c * workers + i)
 * mod rows. Sets *n_capped to the number of draws cut to the cap. Pure; any number may run at once.
 */
void qn_schedule_draw(const struct qn_workload *workload, const struct qn_call_key *key,
                      struct qn_task *tasks, uint32_t *n_capped);

/*
 * Draws the gaps between polls that are counted in items: each the sum of qn_workload_items_a_poll items,
 * rounded to whole quanta, at least one. Of (seed, workload name, process) and the poll interval alone.
 * The workload has items with a finite mean.
 */
void qn_schedule_gaps(const struct qn_workload *workload, uint64_t seed, uint32_t process,
                      uint32_t gaps[QN_N_GAPS]);

#endif
