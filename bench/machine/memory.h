/*
 * Whether a workload fits into memory: what its calls hold at once against what this machine or its
 * cgroup has.
 */
#ifndef QN_BENCH_MACHINE_MEMORY_H
#define QN_BENCH_MACHINE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/workload/spec.h"

/* The most bytes of working sets and results that a call holds: threads x memory + workers x
 * result. */
double qn_memory_needed(unsigned threads, uint64_t memory_bytes, unsigned workers,
                        uint64_t result_bytes);

/* Bytes that the machine has, or its cgroups allow if that is less; root as in
 * bench/machine/files.h. UINT64_MAX: neither is known. */
uint64_t qn_memory_there(const char *root);

/* Complains and returns QN_EINVAL if a workload needs more than there is. */
int qn_memory_check(const struct qn_workload *workload, unsigned workers) QN_MUST_CHECK;

/* Warns of a workload that needs more even without results. */
void qn_memory_warn(unsigned threads, uint64_t memory_bytes, unsigned workers);

#endif
