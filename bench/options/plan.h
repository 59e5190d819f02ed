/*
 * Turns options into a plan: which cells are measured, by how many processes, in what order.
 */
#ifndef QN_BENCH_OPTIONS_PLAN_H
#define QN_BENCH_OPTIONS_PLAN_H

#include "bench/options/parse.h"
#include "bench/schema/plan.h"

/*
 * Makes the cells (strategies × workloads × arrivals × workers × rates × policies; × polls for
 * strategies that poll; except combinations that a workload rules out) and their processes, each
 * pending. They are ordered in rounds: round i is process i of every cell, shuffled by the seed, so
 * that an interrupted run has data for every cell. Borrows the options' traces. QN_ENOMEM. On QN_OK
 * the caller gives *out to qn_plan_fini.
 */
int qn_plan_build(const struct qn_run_options *options, struct qn_plan *out) QN_MUST_CHECK;

#endif
