/*
 * A strategy: what a fan-out's caller and workers do about a failure.
 *
 * Each is a constant struct, listed in list.h; nothing registers itself and nothing writes to the
 * list. What a hook may do is documented here, and shown in docs/skeleton.c.
 */
#ifndef QN_STRATEGIES_STRATEGY_H
#define QN_STRATEGIES_STRATEGY_H

#include <stddef.h>

#include "strategies/list.h"
#include "strategies/policy.h"

struct qn_call;
struct qn_report;
struct qn_scope;
struct qn_worker;

/* A worker: runs on a pool thread and reports exactly once. */
typedef void qn_worker_fn(struct qn_scope *scope, struct qn_worker *worker);

/* Properties of a strategy, used by checks, policies and the page. X(symbol, word, meaning) */
#define QN_STRATEGY_FLAGS(X) \
    X(LEAKS, "LEAKS", "can leave workers blocked forever, or memory behind") \
    X(WAITS_ALL, "WAITS_ALL", "returns only when every worker has reported") \
    X(CANCELS, "CANCELS", "raises a token or closes `closed` on a failure") \
    X(POLLS, "POLLS", "running work looks at the token") \
    X(OWNER_RELEASES, "OWNER", "the owner closes after the return") \
    X(RETURNS_NO_ERROR, "FLOOR", "the floor: no error reaches the caller") \
    X(MISUSES, "MISUSES", "releases incorrectly on purpose, to be detected") \
    X(SEQUENCE, "SEQUENCE", "its workers take and close resources; needs resources") \
    X(TREE, "TREE", "nested fan-outs; needs a tree") \
    X(BLOCKING, "BLOCKING", "reaches workers in ways that need support from the executor") \
    X(ABANDONS, "ABANDONS", "gives up on workers that have not stopped in time") \
    X(LIMITS, "LIMITS", "submits its workers one by one, a limited number") \
    X(SHORT_BUFFER, "SHORT", "its channel's capacity is a choice") \
    X(DEDICATED_THREAD, "APART", \
      "runs each worker's work on a dedicated thread, which pthread_cancel may end") \
    X(OWN_THREADS, "PEER", "not one of ours: runs its workers on threads of its own") \
    X(CHILD, "CHILD", "runs in a process of its own")

enum qn_strategy_flag_bits {
#define QN_STRATEGY_FLAG_BIT(symbol, word, meaning) QN_BIT_OF_##symbol,
    QN_STRATEGY_FLAGS(QN_STRATEGY_FLAG_BIT)
#undef QN_STRATEGY_FLAG_BIT
        QN_N_STRATEGY_FLAGS
};

enum qn_strategy_flags {
#define QN_STRATEGY_FLAG(symbol, word, meaning) QN_##symbol = 1u << QN_BIT_OF_##symbol,
    QN_STRATEGY_FLAGS(QN_STRATEGY_FLAG)
#undef QN_STRATEGY_FLAG
};

/* Word and meaning of each flag, for `quench list`; by bit; immutable. */
extern const struct qn_strategy_flag_info {
    const char *word, *meaning;
} qn_strategy_flags[QN_N_STRATEGY_FLAGS];

struct qn_strategy {
    const char *name;            /* as in --strategies */
    const char *summary;         /* one line, for `quench list` */
    const char *source;          /* where it comes from */
    unsigned flags;              /* enum qn_strategy_flags */
    enum qn_canceller canceller; /* the default, where QN_CANCELS */
    unsigned kinds;              /* kinds of work that it supports, QN_KIND_BIT each; 0: all */
    const char *kinds_reason;    /* why no others; if kinds is set */

    /*
     * Takes what the call needs before it begins; optional. Runs on the caller's thread with no
     * lock held; may allocate, must not block. Returns QN_OK or an error, after which nothing is to
     * be released.
     */
    int (*acquire)(struct qn_call *call) QN_MUST_CHECK;

    /*
     * The call: starts the workers and returns the error that the caller is given (qn_conclude), or
     * NULL: there is none, or the call is void (call->broken). Runs on the caller's thread with no
     * lock held; may block on channels and tokens.
     */
    const struct qn_report *(*run)(struct qn_call *call);

    /*
     * Waits until nothing of the call runs, and sets its settle_at; only with QN_OWN_THREADS, whose
     * threads the executor doesn't know. Runs on the caller's thread after run. Returns QN_OK, or an
     * error, upon which the call is void.
     */
    int (*settle)(struct qn_call *call) QN_MUST_CHECK;

    /* For a `run` that several strategies share (delivery.c, sequence.h, tree.h): this strategy's
     * worker, and, in delivery.c, the parts of its scope; else unused. */
    qn_worker_fn *worker;
    unsigned parts; /* enum qn_scope_parts */

    /*
     * Releases what acquire took; only with QN_OWNER_RELEASES. Runs on the caller's thread,
     * owner_delay after run returned, error or not; must not block.
     */
    void (*release)(struct qn_call *call);
};

#define QN_STRATEGY_DECLARE(symbol) extern const struct qn_strategy qn_strategy_##symbol;
QN_STRATEGY_LIST(QN_STRATEGY_DECLARE)
#undef QN_STRATEGY_DECLARE

/* Every strategy in the order of the listing; qn_n_strategies of them; immutable. */
extern const struct qn_strategy *const qn_strategies[];
extern const size_t qn_n_strategies;

/* Returns the strategy of that name, ours or a foreign one (foreign.h), or NULL. */
const struct qn_strategy *qn_strategy_find(const char *name);

#endif
