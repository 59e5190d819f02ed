/*
 * The keys `resources` and `cleanup-defects`: what each worker takes one after the other, and what is
 * wrong with the cleanup of those that fail, where a strategy acts it out.
 */
#ifndef QN_BENCH_OPTIONS_RESOURCES_H
#define QN_BENCH_OPTIONS_RESOURCES_H

#include "bench/options/keys.h"

/*
 * Sets the workload's resources from ACQUIRE:CLOSE:SIZE:P items, each of which "Nx" before it repeats
 * (v->text NULL: none), and the weights of defects from INCOMPLETE:WRONG:NONE:UNORDERED[:SOUND]
 * (NULL: the mix that Tiwari et al. found, OSDI 2022). QN_EINVAL after a complaint; QN_ENOMEM.
 */
int qn_key_resources(struct qn_workload *workload, const struct qn_key_value *v,
                     const struct qn_key_value *defects) QN_MUST_CHECK;

#endif
