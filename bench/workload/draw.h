/*
 * Schedules: the tasks of a call, drawn before timing starts from a counter-based generator keyed
 * by (seed, workload name, process, call, worker). The key excludes strategy and policy, so all
 * strategies get the same calls, and the failure rate, so workers that fail at a low rate also fail
 * at every higher one, if calls are drawn plainly.
 *
 * Where failures are rare, plain draws are nearly all alike and tell nothing about failed calls. With
 * draw = conditional the odd trials of a process are drawn given that a worker fails, and the even
 * ones given that none does; each counts as many plain draws as its weight says, so that weighed
 * figures estimate the same (stratified sampling; Cochran, Sampling Techniques, 1977, ch. 5). A
 * failed call follows one without failure, as it does where failures are rare.
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
    uint32_t n_trials; /* per process: a trace continues where the previous process ended */
};

/*
 * Draws the tasks of one call into tasks[0 .. workload->workers). A service time is rounded to
 * whole quanta of QN_QUANTUM_NS, or to units of own work, at least one. A worker that fails does so after all its quanta
 * (end), none of them (start), a uniform share of them (uniform) or those of its first K steps
 * (step=K). Which closes fail, and the kind of cleanup, come from separate streams. If the workload
 * has items, each worker begins at its own place in the process's gaps. A trace gives worker i of
 * the run's call c = process * n_trials + trial the row (c * workers + i) mod rows. Sets *n_capped
 * to the number of draws cut to the cap. Pure; calls may overlap.
 */
void qn_schedule_draw(const struct qn_workload *workload, const struct qn_call_key *key,
                      struct qn_task *tasks, uint32_t *n_capped);

/* The probability that a call fails: 1 - (1 - rate)^workers; NAN: unknown. */
double qn_workload_fails(const struct qn_workload *workload);

/*
 * How the calls of a cell are drawn: plain or conditional. Conditional only if some calls fail and
 * others don't, by chance alone, and calls are isolated; AUTO: and if fewer than 1 % fail.
 */
enum qn_draw qn_schedule_settle_draw(const struct qn_workload *workload);

/* What a trial counts among the n_trials of its process, > 0; 1: drawn plainly. The weights of a
 * process sum to n_trials. */
double qn_schedule_weight(const struct qn_workload *workload, const struct qn_call_key *key);

/*
 * Draws the gaps between polls that are counted in items: each the sum of qn_workload_items_a_poll
 * items, rounded to whole quanta, at least one. Depends only on (seed, workload name, process) and
 * the poll interval. The workload must have items with a finite mean.
 */
void qn_schedule_gaps(const struct qn_workload *workload, uint64_t seed, uint32_t process,
                      uint32_t gaps[QN_N_GAPS]);

#endif
