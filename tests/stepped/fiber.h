/*
 * Fibers: contexts with their own stacks, each entered from a home context and left to it again.
 * Sanitizers are notified of every switch. All on one thread; scheduling is up to the caller.
 */
#ifndef QN_TESTS_STEPPED_FIBER_H
#define QN_TESTS_STEPPED_FIBER_H

#include <stdbool.h>
#include <stddef.h>
#include <ucontext.h>

#include "runtime/base.h"

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__)
#define WITH_TSAN 1
#endif

#define QN_MAX_FIBERS 64u

struct qn_fiber {
    ucontext_t context;
    void *stack;
#ifdef WITH_ASAN
    void *fake_stack;
#endif
#ifdef WITH_TSAN
    void *tsan;
#endif
};

/* Where fibers are entered from. */
struct qn_home {
    ucontext_t context;
#ifdef WITH_ASAN
    void *fake_stack;
    const void *stack;
    size_t stack_bytes;
#endif
#ifdef WITH_TSAN
    void *tsan;
#endif
};

/* The calling context is where fibers will be entered from. */
void qn_home_init(struct qn_home *home);

/* A fiber that begins with begin(), which calls qn_fiber_arrive first and never returns. QN_ENOMEM; else it goes
 * to qn_fiber_fini, once it has left for the last time or is never to be entered again. */
int qn_fiber_init(struct qn_fiber *fiber, void (*begin)(void)) QN_MUST_CHECK;
void qn_fiber_fini(struct qn_fiber *fiber);

/* Makes it start from the beginning when it is next entered; called from outside, or by the fiber
 * right before qn_fiber_drop. */
void qn_fiber_start_over(struct qn_fiber *fiber, void (*begin)(void));

/* Switches from home to a fiber, until it leaves. */
void qn_fiber_enter(struct qn_home *home, struct qn_fiber *fiber);

/* The first call of every fiber. */
void qn_fiber_arrive(struct qn_home *home);

/* Switches from a fiber to home, until it is entered again; is_last: it won't resume from here. */
void qn_fiber_leave(struct qn_home *home, struct qn_fiber *fiber, bool is_last);

/* Switches from a fiber to home, abandoning its stack. */
_Noreturn void qn_fiber_drop(struct qn_home *home);

#endif
