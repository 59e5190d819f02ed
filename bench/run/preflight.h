/*
 * What of the options this machine and its disk must be able to bear, looked at before anything
 * runs. Nothing is changed or made.
 */
#ifndef QN_BENCH_RUN_PREFLIGHT_H
#define QN_BENCH_RUN_PREFLIGHT_H

#include "bench/options/parse.h"

/* QN_EINVAL after a complaint: a workload has more threads than this machine can start. */
int qn_check_threads(const struct qn_run_options *options) QN_MUST_CHECK;

/* QN_EINVAL after a complaint: a workload's calls hold more memory than this machine or its cgroup
 * has. */
int qn_check_memory(const struct qn_run_options *options) QN_MUST_CHECK;

/*
 * QN_EINVAL after a complaint: calls that overlap (arrival back-to-back or poisson) would take more
 * than half of this machine's memory. Warns of an offered load of 1 or more, under which calls
 * queue up without end.
 */
int qn_check_arrivals(const struct qn_run_options *options) QN_MUST_CHECK;

/* QN_EINVAL after a complaint: the results folder is there and shouldn't be, or isn't and should,
 * or can't be written. QN_ENOMEM. */
int qn_check_out(const struct qn_run_options *options) QN_MUST_CHECK;

#endif
