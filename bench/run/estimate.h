/*
 * How long measuring will take, estimated from the plan.
 *
 * A process takes QN_ESTIMATE_PROCESS_NS for starting, settling and writing its results, and then
 * its calls one after the other: each the planned work of its workers, divided among the threads
 * that can run at once. Not modelled: cancelled work (which shortens calls), queueing, memory,
 * polls, other programs on the machine, and plots.
 */
#ifndef QN_BENCH_RUN_ESTIMATE_H
#define QN_BENCH_RUN_ESTIMATE_H

#include "bench/options/parse.h"
#include "bench/schema/cell.h"

/* A process's time besides its calls, ns. */
#define QN_ESTIMATE_PROCESS_NS (30.0 * 1e6)
/* Assumed warm-up calls (at most QN_WARMUP_MAX_CALLS). */
#define QN_ESTIMATE_WARMUP_CALLS 12u

/* CPUs that this process may run on; >= 1. */
unsigned qn_estimate_cpus(void);

/* The time of one process of a cell, ns; > 0. */
double qn_estimate_process_ns(const struct qn_cell *cell, uint32_t trials, unsigned n_cpus);

/* The time that the plan's pending processes take, ns. */
double qn_estimate_plan_ns(const struct qn_plan *plan, uint32_t trials, unsigned n_cpus);

/* Prints on stderr how long the run will take, with a time budget at most; nothing when quiet, or
 * if nothing is pending. */
void qn_estimate_say(const struct qn_plan *plan, const struct qn_run_options *options);

#endif
