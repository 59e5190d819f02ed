/*
 * Cancellation callbacks: what to do when a token is raised, besides waking threads that wait for
 * it. A thread that neither polls nor waits for the token (inside a system call, a foreign library)
 * registers a callback that reaches it.
 *
 * The set is separate from the token, with its own lock and list: raise the token, then the set.
 * The semantics are those of C++'s std::stop_callback ([stopcallback] in C++20): callbacks run on
 * the raiser's thread, one after another, newest first, each once, with no lock held; one that is
 * registered after the raise runs at once, on the registering thread; deregistering one that is
 * running on another thread waits until it has returned, except from within the callback itself. So
 * what a callback accesses may be freed once qn_callback_remove has returned.
 *
 * Overlaps: add, remove and raise with each other, except remove with the add of the same callback.
 * The set must outlive the return of the raise.
 *
 * Memory order: everything under the set's lock. The thread that removes a callback sees what it
 * did.
 */
#ifndef QN_RUNTIME_CALLBACK_H
#define QN_RUNTIME_CALLBACK_H

#include "runtime/select.h"

/* Runs on the raising thread, or the registering one. Must not block for long: others wait. It may
 * remove itself and others, and add. */
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
    const struct qn_callback *running; /* NULL: none; only the raiser dereferences it */
    struct qn_thread *raiser;          /* NULL: not raised */
    struct qn_queue waiters;           /* threads that remove the running one */
};

/* Sets up an empty set on the caller's storage. */
void qn_callbacks_init(struct qn_callbacks *set, struct qn_exec *exec);

/*
 * Registers fn(arg), on the caller's storage, which belongs to the set until qn_callback_remove; if
 * the set is raised already, runs it at once instead. Cost: the lock. Does not block.
 */
void qn_callback_add(struct qn_callbacks *set, struct qn_callback *callback, qn_callback_fn *fn,
                     void *arg);

/*
 * Removes the callback: afterwards it has run, or never will. If it is running on another thread,
 * this waits for it to return; within the callback itself it returns at once. Once for every add.
 */
void qn_callback_remove(struct qn_callbacks *set, struct qn_callback *callback);

/* Runs every callback; true if this call did, false if the set was raised before (then some may
 * still be running). Blocks as long as they take. */
bool qn_callbacks_raise(struct qn_callbacks *set);

#endif
