/*
 * Traces in the formats of Chrome and of OpenTelemetry, for `quench import`.
 */
#ifndef QN_BENCH_FANOUTS_TRACE_READER_H
#define QN_BENCH_FANOUTS_TRACE_READER_H

#include "bench/fanouts/reader.h"

extern const struct qn_fanouts_reader qn_traces;

#endif
