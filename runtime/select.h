/*
 * Select: one thread waits for the first of several things, and takes exactly one.
 *
 * A case names its thing through a table of four functions; channels (send, receive) and tokens
 * supply theirs, and neither knows of the other. The order is Go's (runtime/select.go): look at the
 * cases in random order; if none is ready, lock all objects, look again, enqueue on each, unlock,
 * park; once claimed, take the losing nodes out again. Go locks by address, which is enough where no
 * other operation holds two of the locks; here a raise does, from a token down to those below it, so
 * objects are locked by rank (exec.h).
 */
#ifndef QN_RUNTIME_SELECT_H
#define QN_RUNTIME_SELECT_H

#include "runtime/wait.h"

struct qn_case;

struct qn_case_ops {
    /* The lock that guards the object. */
    struct qn_lock *(*lock)(void *object);

    /*
     * Under the lock: completes the case if it is ready. Returns QN_EAGAIN if it isn't; else what the
     * case came to, with *wake the thread to unpark after the unlock, or NULL.
     */
    int (*attempt)(struct qn_case *c, struct qn_thread **wake);

    /* Under the lock: the queue in which the case's node waits. */
    struct qn_queue *(*queue)(struct qn_case *c);

    /* Without the lock, may be NULL: false if the case can't be ready right now (a hint). */
    bool (*maybe_ready)(const struct qn_case *c);
};

struct qn_case {
    const struct qn_case_ops *ops;
    void *object;
    struct qn_node node; /* node.message: what is sent, or where to receive to */
};

/* A select takes at most this many cases. */
#define QN_SELECT_MAX 8

/*
 * Waits until one of n cases (1 .. QN_SELECT_MAX) has come about or the deadline has passed.
 * Sets *chosen to its index and returns what it came to (QN_OK; QN_ECLOSED for a channel that is
 * closed; QN_ECANCELED for a token), or returns QN_ETIMEDOUT. Of several that are ready one is taken
 * at random. Two cases may name the same object. May block; the claim or the deadline ends it.
 */
int qn_select(struct qn_case *cases, unsigned n, uint64_t deadline, unsigned *chosen);

/* The same for one case: what a plain send, receive or wait is. */
int qn_wait_case(struct qn_case *c, uint64_t deadline);

/*
 * The same, for a thing with a deadline of its own, `limit`: QN_EDEADLINE if that comes first, which
 * is before `deadline` and not with it.
 */
int qn_wait_case_within(struct qn_case *c, uint64_t deadline, uint64_t limit);

/* Completes the case if it is ready at once; QN_EAGAIN if it isn't. Never blocks. */
int qn_try_case(struct qn_case *c);

#endif
