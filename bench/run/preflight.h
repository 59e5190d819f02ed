/*
 * What of the options this machine and its disk must be able to bear, looked at before anything
 * runs. Nothing is changed or made.
 */
#ifndef QN_BENCH_RUN_PREFLIGHT_H
#define QN_BENCH_RUN_PREFLIGHT_H

#include "bench/options/parse.h"

/*
 * QN_EINVAL after a complaint: a workload has more threads than this machine can start, or its calls hold
 * more memory than this machine or its cgroup has; calls that overlap (arrival back-to-back or poisson)
 * would take more than half of this machine's memory; the results folder is there and shouldn't be, or
 * isn't and should, or can't be written; the baseline isn't what is promised (bench/run/baseline.h).
 * QN_ENOMEM. Warns of an offered load of 1 or more, under which calls queue up without end.
 */
int qn_preflight(const struct qn_run_options *options) QN_MUST_CHECK;

#endif
