/*
 * Threads for children whose source names none: as few lanes as there are children at once.
 */
#ifndef QN_BENCH_FANOUTS_TRACE_LANES_H
#define QN_BENCH_FANOUTS_TRACE_LANES_H

#include "bench/fanouts/trace/gather.h"

/* Writes a lane for each child of the group, from 0, so that no two overlap on one. QN_ENOMEM. */
int qn_spans_lanes(const struct qn_spans *spans, const struct qn_span_groups *groups,
                   const struct qn_span_group *group, uint32_t *lanes) QN_MUST_CHECK;

#endif
