/*
 * summary.csv: what the trials of each cell come to.
 *
 * Metrics are the figures of trials.csv and what is derived from them: detection, return_latency,
 * stop_latency and settle_latency (the stamp less error_at, failed calls), overhead (calls without
 * failure: return_at beyond that of the null strategy in the same call, as a share of the latter),
 * theory_wasted and theory_error_at (closed forms; a mean only, nothing measured but the median delay
 * between error and cancelling where the caller raises), deviation_wasted and deviation_error_at (the
 * measured mean over the closed form, less 1, with the interval of the mean; the form counts as known).
 * Where a form applies: bench/theory/cell.h.
 */
#ifndef QN_BENCH_SUMMARY_WRITE_H
#define QN_BENCH_SUMMARY_WRITE_H

#include <stdio.h>

#include "bench/schema/cell.h"
#include "bench/schema/trials.h"
#include "bench/stats/interval.h"

/* Writes the rows of every cell of the plan from its trials. QN_ENOMEM, QN_EIO: file may hold a part of them. */
int qn_summary_make(const struct qn_plan *plan, const struct qn_trials *trials,
                    FILE *file) QN_MUST_CHECK;

/* Writes summary.csv of the folder from its trials and its blocks.csv. QN_EIO or QN_EINVAL after a complaint;
 * QN_ENOMEM. */
int qn_summary_write(const char *dir, const struct qn_plan *plan,
                     const struct qn_trials *trials) QN_MUST_CHECK;

#endif
