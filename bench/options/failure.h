/*
 * The key `failure-at`: where in its work a failing worker fails, or which workers do.
 */
#ifndef QN_BENCH_OPTIONS_FAILURE_H
#define QN_BENCH_OPTIONS_FAILURE_H

#include "bench/options/keys.h"

/* Sets the workload's failure_at from end, start, uniform, first=K or step=K. QN_EINVAL after a
 * complaint. */
int qn_key_failure_at(struct qn_workload *workload, const struct qn_key_value *v) QN_MUST_CHECK;

/* Holds K against the workers and resources of the whole set. QN_EINVAL after a complaint. */
int qn_key_check_failure_at(const struct qn_workload_set *set,
                            const struct qn_key_value *v) QN_MUST_CHECK;

#endif
