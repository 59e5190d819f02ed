/*
 * The fields of one event or span, as texts, while a trace is read; and the two kinds of spans made of them.
 */
#ifndef QN_BENCH_FANOUTS_TRACE_FIELDS_H
#define QN_BENCH_FANOUTS_TRACE_FIELDS_H

#include "bench/fanouts/trace/spans.h"

enum qn_span_field {
    QN_FIELD_NAME,
    QN_FIELD_CATEGORY, /* from here to FLOW_OUT: Chrome's cat, ph, pid, tid, id, id2.local, scope, ts, dur, bp, bind_id,
                          flow_in, flow_out */
    QN_FIELD_PHASE,
    QN_FIELD_PROCESS,
    QN_FIELD_THREAD,
    QN_FIELD_ID,
    QN_FIELD_LOCAL_ID,
    QN_FIELD_SCOPE,
    QN_FIELD_TIME,
    QN_FIELD_DURATION,
    QN_FIELD_BINDING_POINT,
    QN_FIELD_BIND_ID,
    QN_FIELD_FLOW_IN,
    QN_FIELD_FLOW_OUT,
    QN_FIELD_TRACE, /* from here on OTLP's traceId, spanId, parentSpanId, start- and endTimeUnixNano */
    QN_FIELD_SPAN,
    QN_FIELD_PARENT,
    QN_FIELD_START,
    QN_FIELD_END,
    QN_FIELD_COUNT
};

struct qn_span_fields {
    struct {
        char *text; /* "" if the event hasn't got it */
        size_t cap;
    } at[QN_FIELD_COUNT];
    bool
        has_error; /* Chrome: args.error is neither absent nor false, null, 0 or empty; OTLP: status ERROR */
    bool is_cancelled; /* one of the values that a cancellation is known by is that of its error */
};

/* Empties all. QN_ENOMEM, only the first time. */
int qn_fields_clear(struct qn_span_fields *fields) QN_MUST_CHECK;

/* Sets one to n bytes; what follows a NUL among them is dropped. QN_ENOMEM. */
int qn_fields_set(struct qn_span_fields *fields, enum qn_span_field field, const char *text,
                  size_t n) QN_MUST_CHECK;

void qn_fields_fini(struct qn_span_fields *fields);

/*
 * Take an event of Chrome's format, and a span of OTLP. cancelled: n names by which cancellations are known, of which
 * a span's own may be one. What is wrong is counted in spans->n_faults. QN_ENOMEM.
 */
int qn_chrome_event(struct qn_spans *spans, const struct qn_span_fields *fields,
                    const char *const *cancelled, size_t n_cancelled) QN_MUST_CHECK;
int qn_otlp_span(struct qn_spans *spans, const struct qn_span_fields *fields,
                 const char *const *cancelled, size_t n_cancelled) QN_MUST_CHECK;

/* The outcome that the fields say. */
enum qn_span_outcome qn_fields_outcome(const struct qn_span_fields *fields,
                                       const char *const *cancelled, size_t n_cancelled);

/* True if one of n names is the text. */
bool qn_is_named(const char *const *names, size_t n, const char *text);

#endif
