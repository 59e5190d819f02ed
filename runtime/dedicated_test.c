/* A blocking call on a dedicated thread, which can be cancelled during the call and before it. */
#include <sched.h>

#include "runtime/block_bed.h"
#include "tests/cmocka_all.h"

struct own {
    enum qn_block_type type;
    uint64_t plan_ns;
    bool is_early; /* cancelled before the call */
    bool was_cancelled;
    volatile bool has_cleaned_up, has_ended;
    struct qn_thread *self;
    cpu_set_t mine, its;
};

static void clean_up(void *arg)
{
    ((struct own *)arg)->has_cleaned_up = true;
}

static void own_main(void *arg)
{
    struct own *o = arg;

    assert_ptr_equal(qn_self(), o->self);
    sched_getaffinity(0, sizeof(o->its), &o->its);
    if (o->type != QN_BLOCK_NONE)
        assert_int_equal(bed.ops->block(qn_self(), ticks_from_now(o->plan_ns)), QN_BLOCK_PLAN);
    else
        for (note_step("blocking"); o->plan_ns == FAR_NS;)
            bed.ops->test_cancel();
    o->has_ended = true;
}

static void own_task(void *arg, uint32_t index)
{
    struct own *o = arg;

    (void)index;
    o->self = qn_self();
    sched_getaffinity(0, sizeof(o->mine), &o->mine);
    assert_int_equal(bed.ops->enter(qn_self(), o->type, NULL), QN_OK);
    if (o->is_early)
        bed.ops->cancel(qn_self());
    assert_int_equal(bed.ops->run_dedicated(qn_self(), own_main, clean_up, o, &o->was_cancelled),
                     QN_OK);
    bed.ops->leave(qn_self());
}

static void check_own(enum qn_block_type type)
{
    struct own ends = {.type = type, .plan_ns = QN_NS_PER_MS};
    struct own early = {.type = type, .plan_ns = FAR_NS, .is_early = true};
    struct own inside = {.type = type, .plan_ns = FAR_NS};

    spawn(own_task, &ends, 1);
    quiesce();
    assert_true(ends.has_ended && !ends.was_cancelled && !ends.has_cleaned_up);
    assert_true(CPU_EQUAL(&ends.mine, &ends.its));

    spawn(own_task, &early, 1);
    quiesce();
    assert_true(early.was_cancelled && early.has_cleaned_up && !early.has_ended);

    spawn(own_task, &inside, 1);
    if (type == QN_BLOCK_NONE)
        while (atomic_load(&blocking_tid) == 0)
            sched_yield();
    else
        await_asleep();
    bed.ops->cancel(qn_pool_thread(bed.pool, 0));
    quiesce();
    assert_true(inside.was_cancelled && inside.has_cleaned_up && !inside.has_ended);

    bed.ops->cancel(qn_pool_thread(bed.pool, 0)); /* without a dedicated thread: nothing */
}

static void test_a_thread_of_its_own_can_be_cancelled(void **unused)
{
    const char *why;

    (void)unused;
    begin_pool(1);
    why = bed.ops->why_no_dedicated_thread();
    if (why) {
        print_message("skipped: %s\n", why);
        end_pool();
        skip();
    }
    for (int type = QN_BLOCK_NONE; type <= QN_BLOCK_CONDVAR; type++)
        check_own((enum qn_block_type)type);
    end_pool();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_thread_of_its_own_can_be_cancelled),
    };

    if (!block_bed_init())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
