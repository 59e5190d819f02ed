/*
 * summary.csv: statistics over the trials of each cell.
 *
 * Metrics are the columns of trials.csv and figures derived from them: see bench/schema/metrics.h.
 * Closed forms (theory_…) have only a mean; the one measured input is the median delay between
 * error and cancel if the caller raises. Deviations have the interval of the measured mean; the
 * form counts as exact. Where a form applies: bench/theory/cell.h.
 */
#ifndef QN_BENCH_SUMMARY_WRITE_H
#define QN_BENCH_SUMMARY_WRITE_H

#include <stdio.h>

#include "bench/schema/cell.h"
#include "bench/schema/trials.h"
#include "bench/stats/interval.h"

/* Writes the rows of every cell of the plan from its trials. QN_ENOMEM, QN_EIO: file may have some
 * of them. */
int qn_summary_make(const struct qn_plan *plan, const struct qn_trials *trials,
                    FILE *file) QN_MUST_CHECK;

/* Writes the folder's summary.csv from its trials and its blocks.csv. QN_EIO or QN_EINVAL after a
 * complaint; QN_ENOMEM. */
int qn_summary_write(const char *dir, const struct qn_plan *plan,
                     const struct qn_trials *trials) QN_MUST_CHECK;

#endif
