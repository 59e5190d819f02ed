/*
 * The scope: what the call and its workers share, one block of memory: channels, token, a reference
 * count; whoever drops the last reference frees it.
 *
 * Uses memory and, when the call returns, the sink.
 */
#ifndef QN_STRATEGIES_SCOPE_H
#define QN_STRATEGIES_SCOPE_H

#include "runtime/callback.h"
#include "runtime/cancel.h"
#include "runtime/chan.h"
#include "runtime/group.h"
#include "strategies/types.h"

struct qn_scope {
    /* One cache line, which every worker reads. */
    struct qn_call *call;
    struct qn_chan *done;    /* carries reports; NULL without */
    struct qn_chan *closed;  /* carries no messages, is only closed; NULL without */
    struct qn_cancel *token; /* NULL without */
    struct qn_chan *todo;    /* carries indices of workers that have been submitted; NULL without */
    struct qn_callbacks *callbacks; /* run after the token is raised; NULL without */
    qn_worker_fn *fn;
    void *own;                 /* the strategy's, which frees it; NULL without */
    struct qn_report first;    /* the error it was raised for; read only once raised */
    struct qn_report recorded; /* the first recorded error; read once every worker has reported */

    /* Written by workers. */
    _Alignas(64) struct qn_group group; /* of the workers; for callers that join */
    _Atomic uint32_t raised;            /* raising has begun */
    _Atomic uint32_t has_recorded;      /* recording has begun */
    _Atomic uint32_t refs;
};

/* Parts of a scope, besides a done channel of `capacity` (QN_NO_CHANNEL: none). */
#define QN_NO_CHANNEL UINT32_MAX
enum qn_scope_parts {
    QN_SCOPE_PLAIN = 0,
    QN_SCOPE_CLOSED = 1,
    QN_SCOPE_TOKEN = 2,
    QN_SCOPE_TODO = 4,
    QN_SCOPE_CALLBACKS = 8,
};

/*
 * Creates call->scope with references for the caller and every worker. NULL: out of memory; nothing
 * is left behind. Does not block.
 */
struct qn_scope *qn_scope_create(struct qn_call *call, uint32_t capacity,
                                 unsigned parts) QN_MUST_CHECK;

/* Drops n references; dropping the last one also drops undelivered reports and frees everything. */
void qn_scope_release(struct qn_scope *scope, uint32_t n);

/*
 * Starts every worker: fn runs once with each index. Each holds a reference. QN_EAGAIN: the executor
 * has no room; no worker runs, and their references are dropped. Does not block.
 */
int qn_go(struct qn_scope *scope, qn_worker_fn *fn) QN_MUST_CHECK;

/*
 * Starts n runners, 1 to n_workers, instead of the workers: each runs fn once for every worker that
 * the caller submits, and ends when it has submitted its last (qn_submit_no_more). Needs
 * QN_SCOPE_TODO. Errors as of qn_go.
 */
int qn_go_runners(struct qn_scope *scope, uint32_t n, qn_worker_fn *fn) QN_MUST_CHECK;

/*
 * Submits a worker to a free runner or receives a report, whichever is possible first; waits for
 * either. True: the worker was submitted. False: *report was received.
 */
bool qn_submit_or_receive(struct qn_scope *scope, uint32_t worker, struct qn_report *report);

/* Lets the runners end. Once. */
void qn_submit_no_more(struct qn_scope *scope);

/* Sends the report; waits for a receiver or for room. */
void qn_send(struct qn_scope *scope, struct qn_report *report);

/* Sends the report, or drops it if `closed` or the token is raised first. */
void qn_send_or_quit(struct qn_scope *scope, struct qn_report *report);

/* Sends the report, or drops it if the caller has given up. */
void qn_send_or_drop(struct qn_scope *scope, struct qn_report *report);

/* Receives a report; waits for one. */
struct qn_report qn_receive(struct qn_scope *scope);

/* The same until a deadline (ticks); false if that passes first. */
bool qn_receive_until(struct qn_scope *scope, uint64_t deadline, struct qn_report *report);

/* When the policy's grace period, beginning now, will end; ticks. */
uint64_t qn_grace_ends(const struct qn_call *call);

/* Receives no more: later reports are dropped (qn_send_or_drop). Once. */
void qn_give_up(struct qn_scope *scope);

/*
 * Receives a report; if the failing worker raises (canceller=worker), this also returns on the
 * raise, with the error it was raised for.
 */
struct qn_report qn_receive_or_raised(struct qn_scope *scope);

/* Raises the token, closes `closed` and runs the callbacks, whichever the scope has, for this
 * error; only the first call does. */
void qn_raise(struct qn_scope *scope, const struct qn_report *report);

/*
 * Raises for an error, according to the policies. A failing worker also records its error, before
 * or after by record_order; a cancelled one does so if its report counts as an error
 * (cancelled_reports=error). Only the first record is kept.
 */
void qn_raise_by_policy(struct qn_scope *scope, const struct qn_report *report);

/* The same, if the report is an error and the policy says that this canceller raises. */
static inline void qn_raise_by(enum qn_canceller canceller, struct qn_scope *scope,
                               const struct qn_report *report)
{
    if (report->error != QN_ERROR_NONE && scope->call->policy.canceller == canceller)
        qn_raise_by_policy(scope, report);
}

/* Frees the report's result, if it has one. */
void qn_drop(struct qn_scope *scope, struct qn_report *report);

/*
 * Frees the results that the caller kept if there is an error to return (except with
 * partial_results=keep), and returns that error's report: the sink's, valid until the next call.
 * NULL: none.
 */
const struct qn_report *qn_conclude(struct qn_call *call) QN_MUST_CHECK;

/* The same, and drops the caller's reference: a strategy that owns its scope returns with this. */
const struct qn_report *qn_finish(struct qn_scope *scope) QN_MUST_CHECK;

#endif
