/*
 * gbench.json: the benchmark library's output of all processes, merged into one document with a
 * benchmark per cell; repetition_index is the process.
 */
#ifndef QN_BENCH_FOLDER_GBENCH_H
#define QN_BENCH_FOLDER_GBENCH_H

#include "bench/schema/plan.h"

#define QN_GBENCH_NAME_BYTES 512

/* Writes a cell's name, "STRATEGY/WORKLOAD/KIND/workers:N/…": the same in every run of the same
 * options, so that two runs can be compared by name; no two cells of a run have the same. */
void qn_gbench_name(const struct qn_cell *cell, char *out, size_t bytes);

/*
 * Merges the folder's gbench-parts.jsonl (lines "cell_id process JSON") into gbench.json. Leaves
 * out lines of processes that are not done. QN_EIO after a complaint; QN_ENOMEM.
 */
int qn_gbmerge(const char *dir, const struct qn_plan *plan) QN_MUST_CHECK;

#endif
