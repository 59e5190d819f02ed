/*
 * Parts of link.c: spans that lie on tracks. Used only there.
 */
#ifndef QN_BENCH_FANOUTS_TRACE_LINK_PARTS_H
#define QN_BENCH_FANOUTS_TRACE_LINK_PARTS_H

#include "bench/fanouts/trace/spans.h"

/* How many spans a search goes outwards: more are not nested in one another, and a file made to have them can't hold up
 * the reader. */
#define QN_LINK_MAX_LOOK 256

/* Spans on tracks by track and begin; of those of a thread that begin together, the longest first; of those of an id, as
 * they are in the file. */
struct qn_span_order {
    uint32_t *spans;
    size_t n;
};

/* Links them: on each track, and across tracks. Returns as qn_spans_link. */
int qn_spans_link_tracks(struct qn_spans *spans, const char *const *callers,
                         size_t n_callers) QN_MUST_CHECK;

/* A part: on asynchronous ids, of which the order has at least one. QN_ENOMEM. */
int qn_spans_link_ids(struct qn_spans *spans, const struct qn_span_order *order) QN_MUST_CHECK;

/* The last part: spans have their parents on their own tracks; those with a parent's key are left alone. */
int qn_spans_link_across(struct qn_spans *spans, const struct qn_span_order *order,
                         const char *const *callers, size_t n_callers) QN_MUST_CHECK;

/* A part: gives the spans at both ends of an arrow each other's keys. Whether there were any. */
bool qn_spans_link_flows(struct qn_spans *spans, const struct qn_span_order *order);

/* The place in the order of the first span that is on a later track, or on this one and begins after a time. */
size_t qn_spans_after(const struct qn_spans *spans, const struct qn_span_order *order,
                      uint32_t track, int64_t now_ns);

/* The innermost span of a track that is open at a time; QN_SPAN_NONE: none is, or it wasn't found. */
uint32_t qn_spans_innermost(const struct qn_spans *spans, const struct qn_span_order *order,
                            uint32_t track, int64_t now_ns);

/* Spans that are open, those that end soonest first. */
struct qn_open_spans {
    uint32_t *heap; /* room for all */
    size_t n;
};

void qn_open_spans_add(struct qn_open_spans *open, const struct qn_span *spans, uint32_t span);

/* Removes those that end at or before a time. */
void qn_open_spans_end(struct qn_open_spans *open, const struct qn_span *spans, int64_t now_ns);

#endif
