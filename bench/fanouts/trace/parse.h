/*
 * A trace's JSON to spans, in one pass and in memory that grows with the spans alone. The format is told by the
 * content: an object with traceEvents, or an array of events, is Chrome's; one with resourceSpans is OTLP's, of which a
 * file may have one after the other, a line each. Chrome's array may lack its end, as the format allows.
 */
#ifndef QN_BENCH_FANOUTS_TRACE_PARSE_H
#define QN_BENCH_FANOUTS_TRACE_PARSE_H

#include "bench/fanouts/trace/fields.h"

struct qn_trace_names {
    const char *const *names;
    size_t n;
};

/* What a reader of bytes needs of a parser; opaque. */
struct qn_trace_parser;

/* Begins a text; spans and the names, by which cancellations are known, must outlive it. NULL: out of memory. */
struct qn_trace_parser *qn_trace_parser_create(struct qn_spans *spans,
                                               const struct qn_trace_names *cancelled);
void qn_trace_parser_destroy(struct qn_trace_parser *parser);

/* What was wrong: where, and what in words. */
struct qn_trace_error {
    unsigned long line; /* from 1 */
    size_t offset;      /* in bytes, of the text without compression */
    char what[160];
};

/* Takes the next n bytes. QN_EINVAL: it is not JSON, see *error, and nothing more can be taken; QN_ENOMEM. */
int qn_trace_parser_take(struct qn_trace_parser *parser, const char *bytes, size_t n,
                         struct qn_trace_error *error) QN_MUST_CHECK;

/*
 * Ends the text. *is_cut: it ended in the middle of a value. QN_EINVAL: it is not JSON, or JSON of neither format, see
 * *error; QN_ENOMEM.
 */
int qn_trace_parser_end(struct qn_trace_parser *parser, bool *is_cut,
                        struct qn_trace_error *error) QN_MUST_CHECK;

#endif
