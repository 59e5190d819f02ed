/*
 * timeline.json: the kept calls of timeline.csv as a Chrome trace, which Perfetto and chrome://tracing open.
 *
 * The format is the Trace Event Format (Google, "Trace Event Format", JSON Object Format): times in µs with decimals,
 * so that whole ns stay exact. What stands for what:
 *
 *   process      a (cell, process): pid counts those with kept calls from 1, in the plan's order of cells
 *   thread       tid 1: the caller; tid k + 2: thread k of the pool; after these, what doesn't fit on them because imported
 *                calls overlap, and workers whose threads aren't known (bench/folder/tracks.h)
 *   span "X"     category "call": a kept call, from 0 to return_at, on the caller's thread; args are its row of
 *                trials.csv. Category "worker": a row of timeline.csv, from begin to end or, if it has no end, to its
 *                stop; args are the row, and after_error_ns, the part of begin to stop that lies after error_at;
 *                args.error is true where it failed, args["error.type"] "cancelled" where it was cut short
 *   instant "i"  category "stamp": error_at, error_seen, cancel_at, return_at, stop_at and settle_at, on the caller's
 *                thread. Category "worker": a worker that never began
 *
 * Calls lie where begin_at_ns has them; where that is unknown, one after the other.
 */
#ifndef QN_BENCH_FOLDER_TRACE_H
#define QN_BENCH_FOLDER_TRACE_H

#include "bench/folder/timeline.h"
#include "bench/schema/trials.h"

#define QN_TRACE_NAME "timeline.json"

/*
 * Writes the folder's timeline.json, replacing it in one step. entries: qn_timeline_read's, n of them. The text
 * depends on nothing but these tables. QN_EIO after a complaint; QN_ENOMEM.
 */
int qn_trace_write(const char *dir, const struct qn_plan *plan, const struct qn_trials *trials,
                   const struct qn_timeline_entry *entries, size_t n) QN_MUST_CHECK;

/* The same, reading timeline.csv. Also QN_EINVAL after a complaint: it can't be read. */
int qn_trace_make(const char *dir, const struct qn_plan *plan,
                  const struct qn_trials *trials) QN_MUST_CHECK;

#endif
