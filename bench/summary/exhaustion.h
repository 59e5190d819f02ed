/*
 * How long a pool lasts under strategies that leak: calls that returned before it had no thread
 * left; one figure per process in which that happened.
 */
#ifndef QN_BENCH_SUMMARY_EXHAUSTION_H
#define QN_BENCH_SUMMARY_EXHAUSTION_H

#include "bench/folder/blocks.h"
#include "bench/schema/plan.h"
#include "bench/summary/samples.h"

/* Writes calls_to_exhaustion of all cells; sorts blocks. samples has room for n values. */
void qn_summarise_exhaustion(const struct qn_plan *plan, struct qn_block_row *blocks, size_t n,
                             struct qn_samples *samples, FILE *file);

#endif
