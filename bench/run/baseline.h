/*
 * Baselines: runs kept under a name, for later ones to be compared with.
 *
 * results/baselines/NAME in the data folder holds copies of a run's tables and its manifest, and is
 * a results folder itself: compare and report read it.
 */
#ifndef QN_BENCH_RUN_BASELINE_H
#define QN_BENCH_RUN_BASELINE_H

#include "bench/options/parse.h"

/*
 * Checks what --baseline and --fail-on promise, before anything runs. QN_EINVAL after a complaint:
 * there is no such baseline, it can't be read, the run has no drain to compare by, or --fail-on has
 * nothing to fail on; QN_ENOMEM.
 */
int qn_baseline_check(const struct qn_run_options *options) QN_MUST_CHECK;

/*
 * After the run in dir: compares it with the baseline (text to stderr, compare.csv into the
 * folder), then saves it as one, in one step, if all of it was measured and --fail-on has found
 * nothing. code: the run's exit code, 0 if all went well; after an interruption (130) nothing is
 * compared. Returns it, or, where it is 0: 1 if --fail-on regression asks for it (some row is
 * worse, or there is nothing to judge by), 3 if something can't be written, after a complaint.
 */
int qn_baseline_conclude(const struct qn_run_options *options, const char *dir, int code);

#endif
