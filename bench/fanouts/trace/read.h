/*
 * A trace's file to linked spans and their fan-outs.
 */
#ifndef QN_BENCH_FANOUTS_TRACE_READ_H
#define QN_BENCH_FANOUTS_TRACE_READ_H

#include "bench/fanouts/trace/parse.h"

struct qn_trace_options {
    struct qn_trace_names cancelled; /* by which cancelled spans are known */
    struct qn_trace_names
        callers; /* patterns of spans whose children are on other threads; none: found */
};

/*
 * Reads a file, plain or compressed with gzip, and links its spans, which the caller gives to qn_spans_fini in any case.
 * QN_EINVAL after a complaint; QN_ENOMEM. Warns of what is left out. Shows progress: the program's first thread only.
 */
int qn_trace_read(const char *path, const struct qn_trace_options *options,
                  struct qn_spans *spans) QN_MUST_CHECK;

#endif
