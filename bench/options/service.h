/*
 * The keys `service` and `item`: a distribution and its parameters, or, of the former, a trace.
 */
#ifndef QN_BENCH_OPTIONS_SERVICE_H
#define QN_BENCH_OPTIONS_SERVICE_H

#include "bench/options/keys.h"

/*
 * Sets the service time of set from text such as exp:100us or trace:FILE.csv:COLUMN[:UNIT]; a trace's
 * path is relative to dir (NULL: the working folder), and failed_column, whose text may be NULL, names
 * its column of failures. QN_EINVAL after a complaint; QN_ENOMEM.
 */
int qn_key_service(struct qn_workload_set *set, const struct qn_key_value *v, const char *dir,
                   const struct qn_key_value *failed_column) QN_MUST_CHECK;

/* Puts the text of a trace with its path made absolute into *out, in place of what stood there, which is
 * freed. QN_ENOMEM: *out stays. */
int qn_key_absolute_trace(const char *text, const char *dir, char **out) QN_MUST_CHECK;

/*
 * Sets the longest draw; text NULL: 1000 times the distribution's own scale, at most QN_MAX_WORK_NS.
 * Needs service and scale. QN_EINVAL after a complaint: also where the service time itself is longer
 * than work can be and no cap was said to be wanted.
 */
int qn_key_cap(struct qn_workload *workload, const struct qn_key_value *v,
               const struct qn_key_value *service) QN_MUST_CHECK;

/*
 * Sets what an item of the workload's work costs; text NULL: it has no items. QN_EINVAL after a complaint;
 * QN_ENOMEM.
 */
int qn_key_item(struct qn_workload *workload, const struct qn_key_value *v) QN_MUST_CHECK;

#endif
