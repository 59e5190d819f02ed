/*
 * gbench.json: the benchmark library's own output of every process, merged into one document with a
 * benchmark a cell, in which repetition_index is the process.
 */
#ifndef QN_BENCH_GBMERGE_H
#define QN_BENCH_GBMERGE_H

#include "bench/plan.h"

/*
 * Merges gbench-parts.jsonl (lines "cell_id process JSON") of the folder into gbench.json. Lines that
 * the plan doesn't call done are left out. QN_EIO after a complaint; QN_ENOMEM.
 */
int qn_gbmerge(const char *dir, const struct qn_plan *plan) QN_MUST_CHECK;

#endif
