/*
 * A worker's planned work.
 *
 * Uses memory, resources (a sequence's) and block.
 */
#ifndef QN_STRATEGIES_WORK_H
#define QN_STRATEGIES_WORK_H

#include "runtime/token.h"
#include "strategies/types.h"

/*
 * Does the worker's planned work and returns its report. With a token, work not begun when it is
 * raised never begins, and running work responds to it (kind cpu: at the next poll; kind wait: at
 * once; kind deaf and those that block in real calls: never). Blocks only for kinds that wait.
 * Allocates the working set and, on success, the result.
 */
struct qn_report qn_do_something(struct qn_worker *worker, struct qn_cancel *token);

/* The same with a token of any kind; .at NULL: none. A token's own deadline also cuts kind wait short. */
struct qn_report qn_do_something_below(struct qn_worker *worker, struct qn_token token);

/*
 * The same step by step, for workloads with resources: each step begins by taking the worker's next
 * resource (unless it is taken already), and does an equal share of the work; a worker that fails
 * at the end of step K has taken K. There is no token: a sequence that was begun is closed.
 */
struct qn_report qn_do_sequence(struct qn_worker *worker);

/* How a chunk of work ends. */
enum qn_chunk {
    QN_CHUNK_MORE,  /* a poll is due */
    QN_CHUNK_DONE,  /* the work is over, and has succeeded */
    QN_CHUNK_FAILED /* … and has failed */
};

/*
 * The same work in chunks, for workers that poll by themselves, as a peer's do: from one poll to the next
 * (polls false: to the end). Each chunk stamps the end of what is done so far, so that a worker that
 * gets no further one has ended at its last. *report is set when the work is over; with its result,
 * which is then the caller's. The kind must compute, or be own.
 */
void qn_begin_chunks(struct qn_worker *worker);
enum qn_chunk qn_do_chunk(struct qn_worker *worker, bool polls, struct qn_report *report);

/*
 * True if the token is raised already: the worker never begins, and *report says so. For strategies
 * that check the token only here.
 */
bool qn_skip(struct qn_worker *worker, struct qn_cancel *token, struct qn_report *report);

/* Stamps work that was ended at its last poll or inside a call, and returns its report. */
struct qn_report qn_cut_short(struct qn_worker *worker) QN_MUST_CHECK;

#endif
