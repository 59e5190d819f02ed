/*
 * The words of a call: one fan-out, as a strategy sees it.
 *
 *   report  what a worker tells the caller, once
 *   worker  what runs on a pool thread, as its own code sees it
 *   sink    what the caller has made of the reports so far
 *   call    all of it, and what the harness asks of it
 *
 * The harness sets a call up before it begins and reads it after it has settled; in between it
 * belongs to the strategy's code and what that calls (call.h).
 *
 * Ownership. A result belongs to its worker, travels with its report and belongs to the receiver of
 * that; dropping a report frees its result. What the caller keeps it frees before it returns an
 * error; after a success it is the harness's.
 *
 * Types alone; nothing here is called.
 */
#ifndef QN_STRATEGIES_TYPES_H
#define QN_STRATEGIES_TYPES_H

#include "runtime/cancel.h"
#include "runtime/chan.h"
#include "strategies/record.h"
#include "strategies/strategy.h"
#include "strategies/task.h"

struct qn_memory;
struct qn_sequence;

/* A report of no worker's: what the caller itself found out. */
#define QN_NO_WORKER UINT32_MAX

/* What a worker tells the caller, once. */
struct qn_report {
    enum qn_error_kind
        error;               /* of its work, or what errors of closing make of that (close_error) */
    uint32_t worker;         /* index, or QN_NO_WORKER */
    uint64_t at;             /* ticks: when its work failed; 0 if it didn't */
    void *result;            /* of the call's memory, or NULL */
    uint32_t n_close_errors; /* resources that it could not close */
};

/* An error that a joined one carries; of the call's memory, the returned error's. */
struct qn_joined {
    struct qn_joined *next;
    struct qn_report report;
};

/* The caller's one place for reports. */
struct qn_sink {
    struct qn_report returned; /* the error to return, by the policy; QN_ERROR_NONE: none so far */
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
    uint32_t next; /* join_order=index: the worker whose report is looked at next */
};

/* A report that has come before its turn; join_order=index. */
struct qn_early {
    uint64_t call_id; /* it is there if this is its call's */
    struct qn_report report;
};

/* Takes a report: see qn_sink_take. */
typedef bool qn_take_fn(struct qn_call *call, struct qn_report *report);

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
    uint64_t poll_quanta;                /* >= 1: work between two polls */
    const uint32_t *gaps;                /* QN_N_GAPS, each >= 1: the same, one after the other in a
                                      * circle, where polls are counted in items; NULL: poll_quanta */
    uint64_t poll_cost_ns;               /* nominal, of each poll: what an expensive check costs */
    uint64_t poll_iterations;            /* the same in iterations of the kernel */
    struct qn_worker_record *records;    /* n_workers, zeroed; NULL: nothing is written down */
    const struct qn_resource *resources; /* that each worker takes, in that order */
    uint32_t n_resources;                /* 0 .. QN_MAX_RESOURCES */
    struct qn_sequence *sequences;       /* n_workers, with resources only (resource.h) */

    /* The caller's, and so on lines of their own: workers keep those above from call to call. */
    QN_ALIGNED struct qn_sink sink;
    uint64_t id;            /* names the call in the ledgers; constant while the call runs */
    void **kept;            /* room for n_workers results */
    struct qn_early *early; /* n_workers with join_order=index, else NULL */
    qn_take_fn *take;       /* the policies of the sink (qn_sink_resolve); constant */
    uint32_t n_kept;
    struct qn_scope *scope;

    uint64_t cancel_at;  /* ticks: before the token or `closed` is raised; its raiser's, once */
    uint64_t cancelling; /* ticks that raising took; its raiser's */
    uint64_t settle_at;  /* ticks: after the scope was released; the last one out's */

    /* The harness's alone: set by the first worker that fails; no strategy sees it. */
    QN_ALIGNED _Atomic uint32_t error_word;
    /* An environment failure (QN_ENOMEM …) inside the call, which makes its figures void; 0: none. */
    QN_ALIGNED _Atomic int broken;
};

/* A worker as its own code sees it; on its thread's stack. */
struct qn_worker {
    struct qn_call *call;
    const struct qn_task *task;
    struct qn_worker_record *record; /* NULL: recorder off */
    void *working_set;               /* from the start of its work until its report is delivered */
    uint64_t began;                  /* its work, ticks; of kinds that wait, or with a record */
    uint32_t index;

    /* How its work can be ended from outside, besides the token; see reach.c. */
    struct qn_thread *thread;   /* that it can be reached on; NULL: it can't */
    struct qn_cancel *own;      /* a token of its own, which its work looks at; NULL without */
    struct qn_chan *until;      /* kind wait: the wait ends too when this is closed; NULL without */
    bool on_dedicated_thread;   /* its work may be cancelled at every poll */
    uint32_t done, error_after; /* where it may be: quanta at the last poll; those when it saw an
                                 * error, UINT32_MAX before */
    uint32_t polls;             /* … and how many looks it had by then */
};

#endif
