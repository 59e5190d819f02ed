/*
 * A strategy: what a fan-out's caller and its workers do about a failure.
 *
 * Each is one constant struct in a file of its own, listed in list.c; nothing registers itself and
 * nothing writes to the list. What a hook may do is said here, and shown in skeleton.c.
 */
#ifndef QN_STRATEGIES_STRATEGY_H
#define QN_STRATEGIES_STRATEGY_H

#include <stddef.h>

#include "strategies/list.h"
#include "strategies/policy.h"

struct qn_call;

/* What a strategy is known to do; checks, policies and the page go by these. */
enum qn_strategy_flags {
    QN_LEAKS = 1u << 0,          /* can leave workers blocked for ever, or memory behind */
    QN_WAITS_ALL = 1u << 1,      /* returns only when every worker has reported */
    QN_CANCELS = 1u << 2,        /* raises a token or closes `closed` on a failure */
    QN_POLLS = 1u << 3,          /* running work looks at the token */
    QN_OWNER_RELEASES = 1u << 4, /* the owner closes after the return */
    QN_RETURNS_NO_ERROR = 1u << 5, /* the floor: no error reaches the caller */
    QN_MISUSES = 1u << 6,        /* gets the release wrong on purpose, to be found out */
    QN_SEQUENCE = 1u << 7,       /* its workers take and close resources, and need some */
    QN_TREE = 1u << 8,           /* nested fan-outs; needs a tree */
    QN_BLOCKING = 1u << 9,       /* reaches workers in ways that need the executor's capability */
    QN_ABANDONS = 1u << 10,      /* gives up on workers that have not stopped in time */
    QN_LIMITS = 1u << 11,        /* submits its workers one by one, so many at once */
    QN_SHORT_BUFFER = 1u << 12,  /* its channel's capacity is a choice */
    QN_APART = 1u << 13,         /* runs work on threads that pthread_cancel may end */
};

struct qn_strategy {
    const char *name;    /* as in --strategies */
    const char *summary; /* one line, for `quench list` */
    const char *source;  /* where it comes from */
    unsigned flags;      /* enum qn_strategy_flags */
    enum qn_canceller canceller; /* the default, where QN_CANCELS */
    unsigned kinds;              /* of work that it means something for, QN_KIND_BIT each; 0: all */
    const char *kinds_reason;    /* why for no other; where kinds is set */

    /*
     * Takes what the call needs before it begins; optional. Runs on the caller's thread, nothing
     * held; may allocate, must not block. Returns QN_OK or an error, after which nothing is owed.
     */
    int (*acquire)(struct qn_call *call) QN_MUST_CHECK;

    /*
     * The call: starts the workers and returns QN_OK, or the worker error that the caller is given.
     * Runs on the caller's thread, nothing held; may block on channels and tokens.
     */
    int (*run)(struct qn_call *call) QN_MUST_CHECK;

    /*
     * Gives back what acquire took; only with QN_OWNER_RELEASES. Runs on the caller's thread,
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

/* Returns the strategy of that name, or NULL. */
const struct qn_strategy *qn_strategy_find(const char *name);

#endif
