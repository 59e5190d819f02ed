/*
 * Checks, before anything runs, that this machine and its disk can do what the options ask for.
 * Changes nothing.
 */
#ifndef QN_BENCH_RUN_PREFLIGHT_H
#define QN_BENCH_RUN_PREFLIGHT_H

#include "bench/options/parse.h"

/*
 * QN_EINVAL after a complaint: a workload has more threads than this machine can start, or its
 * calls hold more memory than this machine or its cgroup has; the kernel doesn't schedule threads as a policy
 * asks; calls that overlap (arrival
 * back-to-back or poisson) would take more than half of this machine's memory; the results folder
 * exists but shouldn't, or doesn't but should, or isn't writable; the baseline is unusable
 * (bench/run/baseline.h). QN_ENOMEM. Warns of an offered load of 1 or more, under which the queue
 * of calls grows without bound.
 */
int qn_preflight(const struct qn_run_options *options) QN_MUST_CHECK;

#endif
