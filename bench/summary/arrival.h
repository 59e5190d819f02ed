/*
 * Metrics of calls that follow one another (bench/workload/arrival.h), for summary.csv.
 *
 *   goodput              calls that no worker failed in, a second, from the first begin to the last
 * return; one figure a process; not where calls are isolated, whose pauses are the harness's
 *   next_return          return_at of the call after a failed one: what the orphans cost it
 *   response_time        open loop: from the intended start to the return, waiting for the caller
 * included; return_at beside it is the service time error_response       open loop: from the
 * intended start until the caller held the first error calls_to_exhaustion  calls that returned
 * before no thread of the pool was left; one figure a process, of those in which that happened
 */
#ifndef QN_BENCH_SUMMARY_ARRIVAL_H
#define QN_BENCH_SUMMARY_ARRIVAL_H

#include "bench/folder/blocks.h"
#include "bench/schema/plan.h"
#include "bench/schema/trial.h"
#include "bench/summary/samples.h"

/* Writes the rows of one cell, but for calls_to_exhaustion; rows sorted by process and trial. */
void qn_summarise_arrival(const struct qn_cell *cell, const struct qn_trial *rows, size_t n,
                          struct qn_samples *samples, FILE *file);

/* Writes the calls_to_exhaustion of all cells; blocks end up sorted. samples has room for n values.
 */
void qn_summarise_exhaustion(const struct qn_plan *plan, struct qn_block_row *blocks, size_t n,
                             struct qn_samples *samples, FILE *file);

#endif
