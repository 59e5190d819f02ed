/*
 * Callbacks of a cancellation: what is to be done when a token is raised, beside telling who looks
 * at it or waits for it. Whoever can only be reached in a way of its own (a thread inside a system
 * call, a descriptor, a foreign library) registers how.
 *
 * The set sits beside a token, with a lock and a list of its own, and knows nothing of it: raise the
 * token, then the set. The semantics are those of C++'s std::stop_callback ([stopcallback] in
 * C++20): callbacks run on the raiser's thread, one after another, newest first, each once, with no
 * lock held; one that is registered when the set is raised already runs at once, on the thread that
 * registers it; deregistering one that runs on another thread waits until it has returned, and from
 * within the callback itself it doesn't. So what a callback reaches for may be gone right after
 * qn_callback_remove has returned.
 *
 * Who may overlap: add, remove and raise with all of each other, remove with the add of the same
 * callback excepted. The set must outlive the return of the raise.
 *
 * Memory order: all under the set's lock. What a callback did is seen by who has removed it.
 */
#ifndef QN_RUNTIME_CALLBACK_H
#define QN_RUNTIME_CALLBACK_H

#include "runtime/select.h"

/* Runs on the raiser's thread, or the registering one's. Must not block for long: others wait. It
 * may remove itself and others, and add. */
typedef void qn_callback_fn(void *arg);

struct qn_callback {
    qn_callback_fn *fn; /* these two: immutable while registered */
    void *arg;
    struct qn_callback *next, **place; /* these three: guarded by the set's lock */
    bool linked;
};

struct qn_callbacks {
    struct qn_exec *exec; /* immutable after init */
    struct qn_lock lock;  /* guards what follows */
    struct qn_callback *first;
    const struct qn_callback *running; /* NULL: none; by the raiser alone is it ever looked into */
    struct qn_thread *raiser;          /* NULL: not raised */
    struct qn_queue waiters;           /* who removes the one that is running */
};

/* Sets up an empty set on the caller's storage. */
void qn_callbacks_init(struct qn_callbacks *set, struct qn_exec *exec);

/*
 * Registers fn(arg), on the caller's storage, which is the set's until qn_callback_remove; if the
 * set is raised already, runs it at once instead. Cost: the lock. Does not block.
 */
void qn_callback_add(struct qn_callbacks *set, struct qn_callback *callback, qn_callback_fn *fn,
                     void *arg);

/*
 * Takes the callback out: it has run, or never will. If it runs on another thread right now this
 * waits for it to return; within the callback itself it returns at once. Once for every add.
 */
void qn_callback_remove(struct qn_callbacks *set, struct qn_callback *callback);

/* Runs every callback; true if this call did, false if the set was raised before (then some may
 * still be running). Blocks as long as they take. */
bool qn_callbacks_raise(struct qn_callbacks *set);

#endif
