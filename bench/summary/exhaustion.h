/*
 * How long a pool lasts under strategies that leak: calls that returned before no thread of it was left; one figure a
 * process, of those in which that happened.
 */
#ifndef QN_BENCH_SUMMARY_EXHAUSTION_H
#define QN_BENCH_SUMMARY_EXHAUSTION_H

#include "bench/folder/blocks.h"
#include "bench/schema/plan.h"
#include "bench/summary/samples.h"

/* Writes the calls_to_exhaustion of all cells; blocks end up sorted. samples has room for n values.
 */
void qn_summarise_exhaustion(const struct qn_plan *plan, struct qn_block_row *blocks, size_t n,
                             struct qn_samples *samples, FILE *file);

#endif
