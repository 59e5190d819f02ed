/*
 * How keys are read that are more than one value (PARTS of bench/workload/keys.h), and what holds them against one
 * another. A line in the table names one of each; keys.h says what they return and own.
 */
#ifndef QN_BENCH_OPTIONS_KEY_TAKES_H
#define QN_BENCH_OPTIONS_KEY_TAKES_H

#include "bench/options/keys.h"

/* key_lists.c: each different item once, where it first stands. */
qn_key_take_fn qn_key_take_workers, qn_key_take_trees, qn_key_take_rates, qn_key_take_polls,
    qn_key_take_arrivals;
qn_key_settle_fn qn_key_settle_trees;

/* service.c: distributions and traces. A trace is loaded when all is known of it. */
qn_key_take_fn qn_key_take_service, qn_key_take_item, qn_key_take_scale, qn_key_take_cap;
qn_key_settle_fn qn_key_settle_service, qn_key_settle_failed_column, qn_key_settle_cap;

/* Makes the path in the text of a trace, which is relative to dir (NULL: the working folder), absolute. QN_ENOMEM: *text
 * stays. */
int qn_key_absolute_trace(const char *dir, char **text) QN_MUST_CHECK;

/* failure.c: which workers fail, and where in their work. */
qn_key_take_fn qn_key_take_failure_at;
qn_key_settle_fn qn_key_settle_rates, qn_key_settle_failure_at;

/* resources.c: ACQUIRE:CLOSE:SIZE:P items, each of which "Nx" before it repeats, and the weights of defects
 * INCOMPLETE:WRONG:NONE:UNORDERED[:SOUND] (else the mix that Tiwari et al. found, OSDI 2022). */
qn_key_take_fn qn_key_take_resources, qn_key_take_defects;
qn_key_settle_fn qn_key_settle_defects;

#endif
