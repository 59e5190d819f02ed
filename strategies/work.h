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
 * raised never begins, and running work looks at it (kind cpu: every poll; kind wait: at once; kind
 * deaf and those that block in real calls: never). Blocks for kinds that wait only. Allocates the working set and, on success, the result.
 */
struct qn_report qn_do_something(struct qn_worker *worker, struct qn_cancel *token);

/* The same with a token of any kind; .at NULL: none. A token's own deadline also cuts kind wait short. */
struct qn_report qn_do_something_below(struct qn_worker *worker, struct qn_token token);

/*
 * The same step by step, where the workload has resources: each step begins with the worker's next
 * resource, which is taken unless it is there, and does an even share of the work; a worker that
 * fails at the end of step K has taken K. Without a token: a sequence that was begun is closed.
 */
struct qn_report qn_do_sequence(struct qn_worker *worker);

/*
 * If the token is raised already: the worker never begins, and *report says so. False: it isn't.
 * For strategies that look at the token here and nowhere else.
 */
bool qn_skip(struct qn_worker *worker, struct qn_cancel *token, struct qn_report *report);

/* Stamps work that was ended at its last poll or inside a call, and returns its report. */
struct qn_report qn_cut_short(struct qn_worker *worker) QN_MUST_CHECK;

#endif
