/*
 * Baselines: runs saved under a name, to compare later runs with.
 *
 * baselines/NAME where results go (folder/make.h) has copies of a run's tables and manifest. It is a
 * results folder itself: compare and report read it.
 */
#ifndef QN_BENCH_RUN_BASELINE_H
#define QN_BENCH_RUN_BASELINE_H

#include "bench/options/parse.h"

/*
 * Checks --baseline and --fail-on before anything runs. QN_EINVAL after a complaint: there is no
 * such baseline, it can't be read, the run has no drain to compare with, or --fail-on has no
 * baseline; QN_ENOMEM.
 */
int qn_baseline_check(const struct qn_run_options *options) QN_MUST_CHECK;

/*
 * After the run in dir: compares it with the baseline (text to stderr, compare.csv into the
 * folder), then saves it atomically as a baseline if it was measured completely and --fail-on found
 * nothing. code: the run's exit code, 0 on success; after an interruption (130) nothing is
 * compared. Returns code; if it is 0, instead 1 for --fail-on regression (some row is worse, or no
 * row could be judged), or 3 after a complaint if something can't be written.
 */
int qn_baseline_conclude(const struct qn_run_options *options, const char *dir, int code);

#endif
