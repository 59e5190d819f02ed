/*
 * How long measuring takes, estimated from what is planned before anything has run.
 *
 * A process takes QN_ESTIMATE_PROCESS_NS to be started, to settle and to be written down, and then its
 * calls one after the other: each the planned work of its workers spread over the threads that can work at
 * the same time. Left out are cancelled work (which makes it shorter) and what is not planned work: queueing,
 * memory, polls, other programs on the machine, and the plots.
 */
#ifndef QN_BENCH_RUN_ESTIMATE_H
#define QN_BENCH_RUN_ESTIMATE_H

#include "bench/options/parse.h"
#include "bench/schema/cell.h"

/* Beside its calls, ns. */
#define QN_ESTIMATE_PROCESS_NS (30.0 * 1e6)
/* Calls of warming up, of at most QN_WARMUP_MAX_CALLS. */
#define QN_ESTIMATE_WARMUP_CALLS 12u

/* CPUs that this process may run on; >= 1. */
unsigned qn_estimate_cpus(void);

/* One process of a cell with so many calls on a machine of so many CPUs, ns; > 0. */
double qn_estimate_process_ns(const struct qn_cell *cell, uint32_t trials, unsigned n_cpus);

/* What of the plan is pending, ns. */
double qn_estimate_plan_ns(const struct qn_plan *plan, uint32_t trials, unsigned n_cpus);

/* Says on stderr how long the run is going to take, or with a time budget how long at most; nothing
 * when quiet, or where the plan has nothing pending. */
void qn_estimate_say(const struct qn_plan *plan, const struct qn_run_options *options);

#endif
