/*
 * Policies: choices within a strategy that a user can change without writing another one.
 *
 * These are the values that code uses; their names, their descriptions, and which strategy supports
 * which are in bench/options/policy. What handling reports needs of them is resolved once, before a
 * call begins (qn_sink_resolve).
 */
#ifndef QN_STRATEGIES_POLICY_H
#define QN_STRATEGIES_POLICY_H

#include <stdint.h>

#include "runtime/base.h"
#include "runtime/sched.h"

struct qn_strategy;

/* Who raises the token or closes `closed`. */
enum qn_canceller { QN_CANCELLER_CALLER, QN_CANCELLER_WORKER };

/* Which error a call returns when it receives several. */
enum qn_error_policy {
    QN_ERRORS_FIRST_RECEIVED,
    QN_ERRORS_FIRST_IN_TIME,
    QN_ERRORS_FIRST_BY_INDEX,
    QN_ERRORS_LAST,
    QN_ERRORS_JOIN_ALL,
    QN_ERRORS_LOG,
};

/* What a worker that was cut short, or never began, reports. */
enum qn_cancelled_reports { QN_CANCELLED_SILENT, QN_CANCELLED_CODE, QN_CANCELLED_ERROR };

/* If the failing worker raises: whether it records its error first. */
enum qn_record_order { QN_RECORD_FIRST, QN_CANCEL_FIRST };

/* The order in which the caller handles reports. */
enum qn_join_order { QN_JOIN_COMPLETION, QN_JOIN_INDEX };

/* What happens to an error of closing a resource. */
enum qn_close_error { QN_CLOSE_DROP, QN_CLOSE_REPLACE, QN_CLOSE_ATTACH, QN_CLOSE_JOIN };

/* What happens to work submitted after the first error. */
enum qn_late_work { QN_LATE_RUN, QN_LATE_REFUSE };

/* What happens to results received before the error. */
enum qn_partial_results { QN_PARTIAL_DISCARD, QN_PARTIAL_KEEP };

/* How a token of a tree learns of its ancestors. */
enum qn_token_policy { QN_TOKEN_PUSH, QN_TOKEN_WALK, QN_TOKEN_GENERATION };

/* What the work between two polls is counted in. */
enum qn_stride { QN_STRIDE_TIME, QN_STRIDE_ITEMS };

/* What a failing worker's thread does once its report is delivered or queued. */
enum qn_after_error { QN_AFTER_GO_ON, QN_AFTER_YIELD };

/* Default of join_limit. */
#define QN_JOIN_LIMIT 16u

struct qn_policy {
    enum qn_canceller canceller;
    enum qn_error_policy error_policy;
    enum qn_cancelled_reports cancelled_reports; /* default code */
    enum qn_record_order record_order;           /* default record-then-cancel */
    enum qn_join_order join_order;
    enum qn_close_error close_error; /* default attach */
    enum qn_late_work late_work;
    enum qn_partial_results partial_results;
    enum qn_token_policy token;
    enum qn_stride stride;
    enum qn_after_error after_error;
    enum qn_sched_class worker_sched;
    int32_t worker_nice; /* of the pool's threads, 0 .. QN_NICE_MAX; 0 (default): the process's */
    int32_t caller_nice; /* QN_NICE_MIN .. QN_NICE_MAX; 0 (default): the process's */
    uint32_t join_limit; /* the most errors that a joined one carries; default QN_JOIN_LIMIT */
    uint32_t limit;    /* workers that run at once; 0 (default): as many as the pool has threads */
    uint32_t capacity; /* of a short buffer, in reports; 0 (default): half of the workers */
    uint32_t shield;   /* subtrees below the root that a cancel does not reach; default 0 */
    uint64_t owner_delay_ns; /* between the return and the owner's release; default 0 */
    uint64_t grace_ns;    /* between cancelling and giving up on running workers; default 100 us */
    uint64_t deadline_ns; /* after which the root is cancelled; 0 (default): none */
    uint64_t caller_slice_ns; /* the caller's time slice; 0 (default): the kernel's */
};

/* How the pool's threads are scheduled, and how the caller is. */
static inline struct qn_sched qn_policy_workers(const struct qn_policy *p)
{
    return (struct qn_sched){.nice = p->worker_nice, .class = p->worker_sched};
}

static inline struct qn_sched qn_policy_caller(const struct qn_policy *p)
{
    return (struct qn_sched){.nice = p->caller_nice, .slice_ns = p->caller_slice_ns};
}

/* Sets *out to the strategy's defaults. */
void qn_policy_default(const struct qn_strategy *strategy, struct qn_policy *out);

#endif
