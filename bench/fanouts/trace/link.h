/*
 * Who is whose child, for all spans of a trace.
 *
 *   OTLP           by parentSpanId
 *   a thread       of Chrome's: the innermost span that contains it
 *   an id          (Chrome's asynchronous events): the innermost open span of another name that contains it, or in
 *                  which children of its name are known to overlap, since children may outlive their parent; that of a
 *                  span of its own name that is open, since parallel children share an id and a name
 *   arrows         (Chrome's flow events): the span at an arrow's end belongs to the one at its begin
 *   other threads  if no arrow is there, Chrome's format has no parents across threads. An outermost span of one
 *                  belongs to the innermost span of a caller that is open when it begins, if all callers that are busy
 *                  then lie around one another; else to none. A caller is a track most of whose outermost spans begin
 *                  while no outermost span of another track is open that began before; or, if they are named, a span
 *                  of such a name.
 */
#ifndef QN_BENCH_FANOUTS_TRACE_LINK_H
#define QN_BENCH_FANOUTS_TRACE_LINK_H

#include "bench/fanouts/trace/spans.h"

/*
 * Sets every span's parent, and counts what can't be linked in n_faults. callers: patterns of names (fnmatch), n of
 * them; 0: the callers are found. Takes O(n log n). QN_ENOMEM.
 */
int qn_spans_link(struct qn_spans *spans, const char *const *callers,
                  size_t n_callers) QN_MUST_CHECK;

#endif
