#include "tests/stepped/fiber.h"

#include <stdlib.h>
#include <sys/mman.h>

#ifdef WITH_ASAN
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef WITH_TSAN
#include <sanitizer/tsan_interface.h>
#endif

/* Large enough for sanitizers, whose frames are several times larger. */
#define STACK_BYTES ((size_t)512 * 1024)

/*
 * Stacks for reuse: exploring creates new fibers for every order, and most of its time went into
 * mapping stacks. Sanitizers track stacks, so there each fiber gets a new one.
 */
static void *spare_stacks[QN_MAX_FIBERS];
static unsigned n_spare_stacks;

static void *take_stack(void)
{
    void *stack;

    if (n_spare_stacks > 0)
        return spare_stacks[--n_spare_stacks];
    stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return stack == MAP_FAILED ? NULL : stack;
}

static void give_stack(void *stack)
{
#if !defined(WITH_ASAN) && !defined(WITH_TSAN)
    if (n_spare_stacks < QN_MAX_FIBERS) {
        spare_stacks[n_spare_stacks++] = stack;
        return;
    }
#endif
    munmap(stack, STACK_BYTES);
}

void qn_home_init(struct qn_home *home)
{
#ifdef WITH_TSAN
    home->tsan = __tsan_get_current_fiber();
#else
    (void)home;
#endif
}

int qn_fiber_init(struct qn_fiber *f, void (*begin)(void))
{
    f->stack = take_stack();
    if (!f->stack)
        return QN_ENOMEM;
#ifdef WITH_TSAN
    f->tsan = __tsan_create_fiber(0);
#endif
    qn_fiber_start_over(f, begin);
    return QN_OK;
}

void qn_fiber_fini(struct qn_fiber *f)
{
#ifdef WITH_TSAN
    __tsan_destroy_fiber(f->tsan);
#endif
    give_stack(f->stack);
}

void qn_fiber_start_over(struct qn_fiber *f, void (*begin)(void))
{
    getcontext(&f->context);
    f->context.uc_stack.ss_sp = f->stack;
    f->context.uc_stack.ss_size = STACK_BYTES;
    f->context.uc_link = NULL;
    makecontext(&f->context, begin, 0);
}

void qn_fiber_enter(struct qn_home *home, struct qn_fiber *f)
{
#ifdef WITH_ASAN
    __sanitizer_start_switch_fiber(&home->fake_stack, f->stack, STACK_BYTES);
#endif
#ifdef WITH_TSAN
    __tsan_switch_to_fiber(f->tsan, 0);
#endif
    swapcontext(&home->context, &f->context);
#ifdef WITH_ASAN
    __sanitizer_finish_switch_fiber(home->fake_stack, NULL, NULL);
#endif
}

void qn_fiber_arrive(struct qn_home *home)
{
#ifdef WITH_ASAN
    __sanitizer_finish_switch_fiber(NULL, &home->stack, &home->stack_bytes);
#else
    (void)home;
#endif
}

void qn_fiber_leave(struct qn_home *home, struct qn_fiber *f, bool is_last)
{
#ifdef WITH_ASAN
    __sanitizer_start_switch_fiber(is_last ? NULL : &f->fake_stack, home->stack, home->stack_bytes);
#endif
#ifdef WITH_TSAN
    __tsan_switch_to_fiber(home->tsan, 0);
#endif
    (void)is_last;
    swapcontext(&f->context, &home->context);
#ifdef WITH_ASAN
    __sanitizer_finish_switch_fiber(f->fake_stack, &home->stack, &home->stack_bytes);
#endif
}

void qn_fiber_drop(struct qn_home *home)
{
    ucontext_t dropped;

#ifdef WITH_ASAN
    __sanitizer_start_switch_fiber(NULL, home->stack, home->stack_bytes);
#endif
#ifdef WITH_TSAN
    __tsan_switch_to_fiber(home->tsan, 0);
#endif
    swapcontext(&dropped, &home->context);
    abort(); /* no such context */
}
