/*
 * Select: one thread waits for the first of several things, and takes exactly one.
 *
 * A case accesses its object through a table of four functions; channels (send, receive) and tokens
 * supply theirs, independently of each other. The order is Go's (runtime/select.go): check the
 * cases in random order; if none is ready, lock all objects, check again, enqueue on each, unlock,
 * park; once claimed, remove the losing nodes. Go locks by address, which suffices if no other
 * operation holds two of the locks; here a raise does, from a token down to those below it, so
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
     * Under the lock: completes the case if it is ready. Returns QN_EAGAIN if it isn't; else the
     * case's result, with *wake the thread to unpark after the unlock, or NULL.
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
 * Waits until one of n cases (1 .. QN_SELECT_MAX) completes or the deadline passes. Sets *chosen to
 * its index and returns its result (QN_OK; QN_ECLOSED for a closed channel; QN_ECANCELED for a
 * token), or returns QN_ETIMEDOUT. Among several ready cases one is chosen at random. Two cases may
 * use the same object. May block; a claim or the deadline ends it.
 */
int qn_select(struct qn_case *cases, unsigned n, uint64_t deadline, unsigned *chosen);

/* The same for a single case: a plain send, receive or wait. */
int qn_wait_case(struct qn_case *c, uint64_t deadline);

/*
 * The same for an object with its own deadline, `limit`: QN_EDEADLINE if that is before `deadline`
 * and passes.
 */
int qn_wait_case_within(struct qn_case *c, uint64_t deadline, uint64_t limit);

/* Completes the case if it is ready at once; QN_EAGAIN if it isn't. Never blocks. */
int qn_try_case(struct qn_case *c);

#endif
