/*
 * The types of a call: one fan-out, as a strategy sees it.
 *
 *   report  what a worker sends to the caller, once
 *   worker  what runs on a pool thread, as its own code sees it
 *   sink    the result of the reports received so far
 *   call    everything together, and the harness's settings
 *
 * The harness sets a call up before it begins and reads it after it has settled; in between it
 * belongs to the strategy and the code it calls (call.h).
 *
 * Ownership. A result belongs to its worker, then to the receiver of its report; dropping a report
 * frees its result. The caller frees the results it kept before it returns an error; after a
 * success they belong to the harness.
 *
 * Only types; no functions.
 */
#ifndef QN_STRATEGIES_TYPES_H
#define QN_STRATEGIES_TYPES_H

#include "runtime/cancel.h"
#include "runtime/chan.h"
#include "strategies/record.h"
#include "strategies/strategy.h"
#include "strategies/task.h"

struct qn_memory;
struct qn_own;
struct qn_sequence;

/* The worker of a report that the caller made itself. */
#define QN_NO_WORKER UINT32_MAX

/* What a worker sends to the caller, once. */
struct qn_report {
    enum qn_error_kind error; /* of its work, as modified by close errors (policy close_error) */
    uint32_t worker;          /* index, or QN_NO_WORKER */
    uint64_t at;              /* ticks: when its work failed; 0 if it didn't */
    void *result;             /* of the call's memory, or NULL */
    uint32_t n_close_errors;  /* resources that failed to close */
};

/* An error that a joined error carries; in the call's memory, owned with the returned error. */
struct qn_joined {
    struct qn_joined *next;
    struct qn_report report;
};

/* Where the caller handles reports. */
struct qn_sink {
    struct qn_report returned; /* the error to return, by the policy; QN_ERROR_NONE: none so far */
    /* ticks: the caller received the first error, not counting close errors; 0: none */
    uint64_t error_seen;
    uint32_t n_taken;         /* reports that the policy counts as errors */
    uint32_t n_carried;       /* workers' failures that the returned error or the log carries */
    uint32_t n_cancelled;     /* reports of cancelled workers */
    uint32_t n_close_errors;  /* that came with reports */
    uint32_t n_close_carried; /* of them, those that the returned error or the log carries */
    uint32_t n_close_joined;  /* close_error=join: of them, those joined to the returned error */
    struct qn_joined *joined; /* error_policy=join-all, close_error=join */
    uint32_t n_joined;
    uint64_t joined_bytes;
    uint32_t next; /* join_order=index: the worker whose report is handled next */
};

/* A report that arrived before its turn; join_order=index. */
struct qn_early {
    uint64_t call_id; /* the entry is valid if this is the current call's */
    struct qn_report report;
};

/* Takes a report: see qn_sink_take. */
typedef bool qn_take_fn(struct qn_call *call, struct qn_report *report);

/* Set by the harness before the call and constant while it runs, except where noted. */
struct qn_call {
    struct qn_exec *exec;
    struct qn_memory *memory;
    const struct qn_strategy *strategy;
    struct qn_policy policy;
    const struct qn_task *tasks; /* n_workers */
    uint32_t n_workers;
    uint32_t tree_depth, tree_breadth; /* QN_TREE: n_workers is breadth ^ depth; else 0 */
    enum qn_kind kind;
    struct qn_own *own; /* kind own: what its quanta are units of (own.h); else NULL */
    uint64_t memory_bytes, result_bytes;
    uint64_t poll_quanta;                /* >= 1: work between two polls */
    const uint32_t *gaps;                /* QN_N_GAPS, each >= 1: the same, one after the other in a
                                      * circle, where polls are counted in items; NULL: poll_quanta */
    uint64_t poll_cost_ns;               /* nominal, of each poll: what an expensive check costs */
    uint64_t poll_iterations;            /* the same in iterations of the kernel */
    struct qn_worker_record *records;    /* n_workers, zeroed; NULL: nothing is recorded */
    const struct qn_resource *resources; /* that each worker takes, in that order */
    uint32_t n_resources;                /* 0 .. QN_MAX_RESOURCES */
    struct qn_sequence *sequences;       /* n_workers, with resources only (resource.h) */

    /* Used by the caller, and so on separate cache lines: workers keep those above cached. */
    QN_ALIGNED struct qn_sink sink;
    uint64_t id;            /* identifies the call in the ledgers; constant while the call runs */
    void **kept;            /* room for n_workers results */
    struct qn_early *early; /* n_workers with join_order=index, else NULL */
    qn_take_fn *take;       /* applies the policies (qn_sink_resolve); constant */
    uint32_t n_kept;
    struct qn_scope *scope;

    /* ticks: before the token or `closed` is raised; written once, by the raiser */
    uint64_t cancel_at;
    uint64_t cancelling; /* ticks that raising took; written by the raiser */
    uint64_t settle_at;  /* ticks: after the scope was released; written by whoever released it */
    /* QN_OWN_THREADS: as its host or its process stamped it; ticks, 0: as the caller sees it */
    uint64_t t0, return_at;
    uint32_t n_leaked;  /* QN_CHILD: workers that nothing could ever have freed */
    int64_t peer_bytes; /* QN_OWN_THREADS: of its own allocations; -1: not known */

    /* For the harness only: set by the first worker that fails; strategies don't use it. */
    QN_ALIGNED _Atomic uint32_t error_word;
    /* An environment failure (QN_ENOMEM …) inside the call, which voids its figures; 0: none. */
    QN_ALIGNED _Atomic int broken;
};

/* A worker as its own code sees it; on its thread's stack. */
struct qn_worker {
    struct qn_call *call;
    const struct qn_task *task;
    struct qn_worker_record *record; /* NULL: recorder off */
    void *working_set;               /* from the start of its work until its report is delivered */
    /* when its work began, ticks; for kinds that wait, or with a record */
    uint64_t began;
    uint32_t index;

    /* How its work can be ended from outside, other than by the token; see reach.c. */
    struct qn_thread *thread;   /* on which it can be reached; NULL: it can't be */
    struct qn_cancel *own;      /* its own token, which its work polls; NULL without */
    struct qn_chan *until;      /* kind wait: the wait ends too when this is closed; NULL without */
    void *own_work;             /* kind own: what start() gave, if has_own_work */
    bool has_own_work;          /* kind own: started, and not finished yet */
    bool has_failed;            /* its work is over, and has failed */
    bool on_dedicated_thread;   /* its work may be cancelled at any poll */
    uint32_t done, error_after; /* where it may be: quanta at the last poll; those when it saw an
                                 * error, UINT32_MAX before */
    uint32_t polls;             /* … and how many looks it had by then */
    uint32_t gap_at;            /* work in chunks: its place in the call's gaps */
};

/* What this worker does; in calls of kind mixed, its task says. */
static inline enum qn_kind qn_kind_of(const struct qn_worker *worker)
{
    return qn_task_kind(worker->task, worker->call->kind);
}

#endif
