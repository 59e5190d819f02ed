/*
 * Whether a workload's memory is there: what its calls hold at once against what this machine, or
 * the cgroup that the program runs in, has.
 */
#ifndef QN_BENCH_MACHINE_MEMORY_H
#define QN_BENCH_MACHINE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/workload/spec.h"

/* Bytes of working sets and results that a call holds at most: threads x memory + workers x result.
 */
double qn_memory_needed(unsigned threads, uint64_t memory_bytes, unsigned workers,
                        uint64_t result_bytes);

/* Bytes that the machine has, or its cgroups grant if that is less; below root, as
 * bench/machine/files.h has it. UINT64_MAX: neither is known. */
uint64_t qn_memory_there(const char *root);

/* Complains of a workload that needs more than there is; QN_EINVAL then. */
int qn_memory_check(const struct qn_workload *workload, unsigned workers) QN_MUST_CHECK;

/* Warns of one that needs more, with results of nothing. */
void qn_memory_warn(unsigned threads, uint64_t memory_bytes, unsigned workers);

#endif
