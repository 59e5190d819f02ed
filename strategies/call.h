/*
 * A call: one fan-out, as a strategy sees it. The harness sets it up before the call and reads it
 * after the call has settled; in between it belongs to the strategy's code and what that calls here.
 *
 *   scope   what the call and its workers share on the heap, one block: channels, token, a count of
 *           references; the last one out releases it, whoever that is
 *   work    qn_do_something: a worker's planned work
 *   sink    what the caller does with each report: keeps results, chooses the error
 *
 * Ownership. A result belongs to its worker, travels with its report and belongs to whoever received
 * that; who drops a report frees its result. What the caller keeps it frees before it returns an
 * error; after a success it is the harness's.
 */
#ifndef QN_STRATEGIES_CALL_H
#define QN_STRATEGIES_CALL_H

#include "runtime/callback.h"
#include "runtime/cancel.h"
#include "runtime/chan.h"
#include "runtime/group.h"
#include "runtime/token.h"
#include "strategies/record.h"
#include "strategies/strategy.h"
#include "strategies/task.h"

struct qn_memory;
struct qn_scope;
struct qn_sequence;
struct qn_worker;

/* What a worker tells the caller, once. */
struct qn_report {
    int error;       /* QN_OK; QN_EFAILED; QN_ECANCELED: its work was cut short or never begun */
    uint32_t worker; /* index */
    uint64_t at;     /* ticks: when it failed; 0 if it didn't */
    void *result;    /* of the call's memory, or NULL */
    uint32_t n_close_errors; /* resources that it could not close */
};

/* An error that a joined one carries; of the call's memory, the returned error's. */
struct qn_joined {
    struct qn_joined *next;
    struct qn_report report;
};

/* The caller's one place for reports. */
struct qn_sink {
    struct qn_report returned; /* the error to return, by the policy; .error QN_OK: none so far */
    uint64_t error_seen;       /* ticks: the caller held the first error, one of closing alone
                                  apart; 0: none */
    uint32_t n_taken;          /* reports that the policy counts as errors */
    uint32_t n_carried;        /* workers' failures that the returned error or the log carries */
    uint32_t n_cancelled;      /* reports of being cancelled */
    uint32_t n_close_errors;   /* that came with reports */
    uint32_t n_close_carried;  /* of them, what the returned error or the log carries */
    uint32_t n_close_joined;   /* close_error=join: and those that are joined to it, one by one */
    struct qn_joined *joined;  /* error_policy=join-all, close_error=join */
    uint32_t n_joined;
    uint64_t joined_bytes;
    uint32_t next;             /* join_order=index: the worker whose report is looked at next */
};

/* A report that has come before its turn; join_order=index. */
struct qn_early {
    uint64_t call_id; /* it is there if this is its call's */
    struct qn_report report;
};

/* Set by the harness before the call and constant while it runs, but for the parts named otherwise. */
struct qn_call {
    struct qn_exec *exec;
    struct qn_memory *memory;
    const struct qn_strategy *strategy;
    struct qn_policy policy;
    const struct qn_task *tasks; /* n_workers */
    uint32_t n_workers;
    uint32_t tree_depth, tree_breadth; /* QN_TREE: n_workers is breadth ^ depth; else 0 */
    enum qn_kind kind;
    uint64_t memory_bytes, result_bytes;
    uint64_t poll_quanta;            /* >= 1: work between two polls */
    const uint32_t *gaps;            /* QN_N_GAPS, each >= 1: the same, one after the other and round
                                      * again, where polls are counted in items; NULL: poll_quanta */
    uint64_t poll_cost_ns;           /* nominal, of each poll: what an expensive check costs */
    uint64_t poll_iterations;        /* the same in iterations of the kernel */
    struct qn_worker_record *records; /* n_workers, zeroed; NULL: nothing is written down */
    const struct qn_resource *resources; /* that each worker takes, in that order */
    uint32_t n_resources;                /* 0 .. QN_MAX_RESOURCES */
    struct qn_sequence *sequences;       /* n_workers, with resources only (resource.h) */

    /* The caller's, and so on lines of their own: workers keep those above from call to call. */
    QN_ALIGNED struct qn_sink sink;
    uint64_t id; /* names the call in the ledgers; constant while the call runs */
    void **kept; /* room for n_workers results */
    struct qn_early *early; /* n_workers with join_order=index, else NULL */
    uint32_t n_kept;
    struct qn_scope *scope;

    uint64_t cancel_at; /* ticks: before the token or `closed` is raised; its raiser's, once */
    uint64_t cancelling; /* ticks that raising took; its raiser's */
    uint64_t settle_at; /* ticks: after the scope was released; the last one out's */

    /* Of the harness alone: set by the first worker that fails; no strategy sees it. */
    QN_ALIGNED _Atomic uint32_t error_word;
    /* An environment failure (QN_ENOMEM …) inside the call, which makes its figures void; 0: none. */
    QN_ALIGNED _Atomic int broken;
};

/* What the strategy's worker is: runs on a pool thread and reports exactly once. */
typedef void qn_worker_fn(struct qn_scope *scope, struct qn_worker *worker);

/* A worker as its own code sees it; on its thread's stack. */
struct qn_worker {
    struct qn_call *call;
    const struct qn_task *task;
    struct qn_worker_record *record; /* NULL: recorder off */
    void *working_set;               /* from the start of its work until its report is delivered */
    uint64_t began; /* its work, ticks; of kinds that wait, or with a record */
    uint32_t index;

    /* How its work can be ended from outside, besides the token; see reach.c. */
    struct qn_thread *thread;   /* that it can be reached on; NULL: it can't */
    struct qn_cancel *own;      /* a token of its own, which its work looks at; NULL without */
    struct qn_chan *until;      /* kind wait: the wait ends too when this is closed; NULL without */
    bool is_apart;              /* its work may be cancelled at every poll */
    uint32_t done, error_after; /* where it may be: quanta at the last poll; those when it saw an
                                 * error, UINT32_MAX before */
    uint32_t polls;             /* … and how many looks it had by then */
};

struct qn_scope {
    /* One line, which every worker reads. */
    struct qn_call *call;
    struct qn_chan *done;    /* carries reports; NULL without */
    struct qn_chan *closed;  /* carries nothing, is only closed; NULL without */
    struct qn_cancel *token; /* NULL without */
    struct qn_chan *todo;    /* carries indices of workers that have been submitted; NULL without */
    struct qn_callbacks *callbacks; /* run after the token is raised; NULL without */
    qn_worker_fn *fn;
    void *own;               /* the strategy's, which gives it back; NULL without */
    struct qn_report first;  /* the error it was raised for; read only once raised */
    struct qn_report recorded; /* by the first to record; read once every worker has reported */

    /* What workers write. */
    _Alignas(64) struct qn_group group; /* of the workers; for who joins instead of receiving */
    _Atomic uint32_t raised; /* somebody is raising or has */
    _Atomic uint32_t has_recorded; /* somebody is recording or has */
    _Atomic uint32_t refs;
};

/* What a scope has, besides a done channel of `capacity` (QN_NO_CHANNEL: none). */
#define QN_NO_CHANNEL UINT32_MAX
enum qn_scope_parts {
    QN_SCOPE_PLAIN = 0,
    QN_SCOPE_CLOSED = 1,
    QN_SCOPE_TOKEN = 2,
    QN_SCOPE_TODO = 4,
    QN_SCOPE_CALLBACKS = 8,
};

/* Scope. */

/*
 * Makes call->scope with references for the caller and for every worker. NULL: out of memory; nothing
 * is left behind. Does not block.
 */
struct qn_scope *qn_scope_create(struct qn_call *call, uint32_t capacity, unsigned parts)
    QN_MUST_CHECK;

/* Drops n references; the last one out drops undelivered reports and frees everything. */
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
 * Submits a worker, which waits for a runner that is free, or receives a report, whichever comes
 * first. True: the worker was submitted. False: *report is received.
 */
bool qn_submit_or_receive(struct qn_scope *scope, uint32_t worker, struct qn_report *report);

/* Lets the runners end. Once. */
void qn_submit_no_more(struct qn_scope *scope);

/* Sends the report; waits for its receiver, or for room. */
void qn_send(struct qn_scope *scope, struct qn_report *report);

/* Sends the report, or drops it if `closed` or the token is raised first. */
void qn_send_or_quit(struct qn_scope *scope, struct qn_report *report);

/* Sends the report, or drops it if the caller has given up. */
void qn_send_or_drop(struct qn_scope *scope, struct qn_report *report);

/* Receives a report; waits for one. */
struct qn_report qn_receive(struct qn_scope *scope);

/* The same until a deadline (ticks); false if that came first. */
bool qn_receive_until(struct qn_scope *scope, uint64_t deadline, struct qn_report *report);

/* When the policy's grace, from now on, will be over; ticks. */
uint64_t qn_grace_ends(const struct qn_call *call);

/* Receives no more: who still reports (qn_send_or_drop) is sent away. Once. */
void qn_give_up(struct qn_scope *scope);

/*
 * The same; where the failing worker raises (canceller=worker) it also ends when that has happened,
 * with the error it was raised for.
 */
struct qn_report qn_receive_or_raised(struct qn_scope *scope);

/* Raises the token, closes `closed` and runs the callbacks, whichever the scope has, for this error;
 * the first time. */
void qn_raise(struct qn_scope *scope, const struct qn_report *report);

/*
 * The same, if the report is an error and the policy says that this canceller raises. A failing
 * worker also puts its error on record, before or after by record_order; a cancelled one does so
 * where its report counts as an error (cancelled_reports=error). The first on record stays there.
 */
void qn_raise_by(enum qn_canceller canceller, struct qn_scope *scope,
                 const struct qn_report *report);

/* Frees the report's result, if it has one. */
void qn_drop(struct qn_scope *scope, struct qn_report *report);

/*
 * Frees what the caller kept if there is an error to return (but for partial_results=keep), and
 * returns that (QN_OK: none).
 */
int qn_conclude(struct qn_call *call) QN_MUST_CHECK;

/* The same, and drops the caller's reference: how a strategy that owns its scope returns. */
int qn_finish(struct qn_scope *scope) QN_MUST_CHECK;

/* Work. */

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
 * fails at the end of step K has taken K. Without a token: whoever began a sequence closes it.
 */
struct qn_report qn_do_sequence(struct qn_worker *worker);

/*
 * If the token is raised already: the worker never begins, and *report says so. False: it isn't.
 * For strategies that look at the token here and nowhere else.
 */
bool qn_skip(struct qn_worker *worker, struct qn_cancel *token, struct qn_report *report);

/*
 * The same as qn_do_something for work that is reached: reach(worker) is registered with the scope's
 * callbacks while the work lasts, and runs on the raiser's thread, or at once if that has been. Its
 * ways are the qn_reach_... below. In blocking kinds a way that the kind doesn't have does nothing.
 */
struct qn_report qn_do_reachable(struct qn_scope *scope, struct qn_worker *worker,
                                 qn_callback_fn *reach);

/*
 * The same, on a thread of its own, which qn_reach_cancel ends: at its polls, or inside a blocking
 * call. Then clean_up(worker) has run on that thread and given back what the work had taken; or, if
 * it is NULL, nobody has, and the working set is nobody's any more.
 */
struct qn_report qn_do_apart(struct qn_scope *scope, struct qn_worker *worker,
                             void (*clean_up)(struct qn_worker *worker));

/* Ways to reach a worker's work, for callbacks; each takes a struct qn_worker. */
void qn_reach_call(void *worker);       /* raises its own token, wakes the call it blocks in */
void qn_reach_signal(void *worker);     /* a signal: interrupts the call, sets the flag of its own */
void qn_reach_close(void *worker);      /* closes the descriptor that it reads */
void qn_reach_close_peer(void *worker); /* closes the other end of what it reads */
void qn_reach_cancel(void *worker);     /* pthread_cancel; with qn_do_apart */

/* Frees the working set now instead of with the report: what a cleanup handler does. */
void qn_free_working_set(struct qn_worker *worker);

/* Memory of the call, written into the running thread's ledger. NULL and call->broken: none left. */
void *qn_call_alloc(struct qn_call *call, size_t bytes, size_t align);

/* The same, aligned for anything and resident. */
void *qn_call_alloc_touched(struct qn_call *call, size_t bytes);
void qn_call_free(struct qn_call *call, void *ptr);

/* Sink. */

/*
 * Takes a report: keeps the result of a success and holds an error against the policies. True if it
 * was an error. With join_order=index it is looked at when its turn has come, which can be in a later
 * take, and the answer is about all that were looked at.
 */
bool qn_sink_take(struct qn_call *call, struct qn_report *report);

/*
 * Holds the error that was recorded first, if one was, against error_policy; once every worker has
 * reported.
 */
void qn_sink_take_record(struct qn_call *call, const struct qn_report *recorded);

/*
 * The same policies for the errors of closing, all of a call, that the owner sees after the return:
 * with replace it ends up with the last of them, beside the call's error.
 */
void qn_sink_take_owner_close(struct qn_call *call, uint32_t n_close_errors);

/* Gives back the errors joined to the returned one; its owner's, who has done with it. */
void qn_sink_free_joined(struct qn_call *call);

#endif
