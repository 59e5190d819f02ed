/* Dispatch and join: n tasks that do nothing, until the thread that started them knows that all are
 * done. */
#include "bench/micro/micro.h"
#include "runtime/group.h"

static void finish(void *arg, uint32_t index)
{
    (void)index;
    qn_group_done(arg);
}

static void run_dispatch(gb_state *state, void *user)
{
    const struct micro_run *run = user;
    uint32_t n = (uint32_t)run->micro->n;
    uint64_t start = qn_clock_ticks();
    int rc = QN_OK;

    GB_LOOP (state) {
        struct qn_group group;

        qn_group_init(&group, run->env->exec, n);
        if (!micro_spawn(state, run, finish, &group, n))
            return;
        rc |= qn_group_wait(&group, QN_NEVER);
        micro_rest(run); /* the last done may be later than the wait's return */
    }
    micro_set_ticks(state, qn_clock_ticks() - start);
    if (rc != QN_OK)
        gb_skip_with_error(state, qn_err_text(rc));
}

#define DISPATCH(title, text, tasks, times, the_floor, floors) \
    { \
        .name = title, .what = text, .pool = MICRO_CROSS, .iterations = times, .per = tasks, \
        .fn = run_dispatch, .floor = the_floor, .floor_times = floors, .n = tasks \
    }

static const struct micro micros[] = {
    DISPATCH("dispatch-1", "dispatch and join of 1 task", 1, 5000, "spin", 1),
    DISPATCH("dispatch-10", "dispatch and join of 10 tasks, a task", 10, 2000, "atomic", 1),
    DISPATCH("dispatch-100", "of 100 tasks, a task", 100, 1000, "atomic", 1),
    DISPATCH("dispatch-1000", "of 1,000 tasks, a task", 1000, 200, "atomic", 1),
    DISPATCH("dispatch-10000", "of 10,000 tasks, a task", 10000, 20, "atomic", 1),
    DISPATCH("dispatch-100000", "of 100,000 tasks, a task", 100000, 3, "atomic", 1),
};

const struct micro_group micro_dispatches = {"dispatch and join", micros, QN_ARRAY_LEN(micros)};
