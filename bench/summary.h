/*
 * summary.csv: what the trials of each cell come to.
 *
 * Metrics are the figures of trials.csv and what is derived from them: detection, return_latency,
 * stop_latency and settle_latency (the stamp less error_at, failed calls), overhead (calls without
 * failure: return_at beyond that of the null strategy in the same call, as a share of the latter),
 * theory_wasted and theory_error_at (closed forms; a mean only, nothing measured but the median delay
 * between error and cancelling where the caller raises), deviation_wasted and deviation_error_at (the
 * measured mean over the closed form, less 1, with the interval of the mean; the form counts as known).
 *
 * Theory applies to kind cpu without poll cost, failures at the end of the work, a rate between 0 and
 * 1, and service times that are no trace and reach the draw cap less than once in 10^9 draws:
 *   theory_error_at  exponential service: exact; one thread: exact; else the general approximation, if
 *                    E[K] >= 4 P and its second term is at most a quarter of its first
 *   theory_wasted    everyone runs to the end (buffered, drain, close, owner-close, null): exponential
 *                    service; strategies that poll (cancel, cancel-wait): exponential or not, polls well
 *                    below the service time (at most a tenth), the failing worker raising without delay,
 *                    the caller after the measured one
 * The models know no time but the service time: dispatch, wake-ups and switches are what the
 * measurement adds.
 */
#ifndef QN_BENCH_SUMMARY_H
#define QN_BENCH_SUMMARY_H

#include <stdio.h>

#include "bench/cell.h"
#include "bench/stats.h"
#include "bench/trial.h"

/*
 * Writes the rows of every cell. rows[cell] are its n[cell] trials in any order, each (process, trial)
 * once; they are sorted in place. QN_ENOMEM, QN_EIO: file may hold a part of them.
 */
int qn_summary_make(const struct qn_plan *plan, struct qn_trial *const *rows, const size_t *n,
                    FILE *file) QN_MUST_CHECK;

/* Reads trials.csv of the folder and writes its summary.csv. QN_EIO or QN_EINVAL after a complaint;
 * QN_ENOMEM. */
int qn_summary_write(const char *dir, const struct qn_plan *plan) QN_MUST_CHECK;

/* What theory says of a cell, ns; NAN where no form applies. cancel_delay_ns: the measured median of
 * cancel_at - error_at, NAN if there is none. */
double qn_theory_error_at(const struct qn_cell *cell);
double qn_theory_wasted(const struct qn_cell *cell, double cancel_delay_ns);


/* The measured mean over the closed form (> 0), less 1, with the mean's interval carried over. */
struct qn_estimate qn_theory_deviation(const struct qn_estimate *mean, double theory);

#endif
