/* A wake finds the reader's descriptor closed: there is no reader to wake, and no SIGPIPE ends the
 * process. */
#include <signal.h>

#include "runtime/pool/pool.h"
#include "tests/cmocka_all.h"

struct reached {
    enum qn_block_type type;
    int rc;
    enum qn_block_end end, end_again;
};

static enum qn_block_end block_once(const struct qn_blocking_ops *ops, struct qn_thread *self,
                                    uint64_t ns)
{
    return ops->block(self, qn_exec_now(self->exec) + qn_clock_from_ns(ns));
}

/* Reached before it blocks (by itself, which makes no difference), then again by a wake only. */
static void be_closed_and_woken(void *arg, uint32_t index)
{
    struct reached *r = arg;
    struct qn_thread *self = qn_self();
    const struct qn_blocking_ops *ops = self->exec->ops->blocking;

    (void)index;
    r->rc = ops->enter(self, r->type, NULL);
    if (r->rc != QN_OK)
        return;
    ops->close(self);
    ops->wake(self);
    r->end = block_once(ops, self, 600 * QN_NS_PER_S);
    ops->leave(self);
    r->rc = ops->enter(self, r->type, NULL);
    if (r->rc != QN_OK)
        return;
    ops->wake(self);
    r->end_again = block_once(ops, self, 600 * QN_NS_PER_S);
    ops->leave(self);
}

static void test_a_wake_after_a_close_harms_nobody(void **unused)
{
    static const enum qn_block_type types[] = {QN_BLOCK_PIPE, QN_BLOCK_EVENTFD};
    struct qn_pool_config config = {
        .n_threads = 1, .oversubscribed = true, .iterations_per_quantum = 10};
    struct qn_pool *pool;
    struct qn_census census;

    (void)unused;
    signal(SIGPIPE, SIG_DFL);
    assert_int_equal(qn_pool_create(&config, &pool), QN_OK);
    for (size_t i = 0; i < QN_ARRAY_LEN(types); i++) {
        struct qn_exec *exec = qn_pool_exec(pool);
        struct reached r = {.type = types[i]};

        assert_int_equal(exec->ops->spawn(exec, be_closed_and_woken, NULL, &r, 1), QN_OK);
        exec->ops->quiesce(exec, &census);
        assert_int_equal(r.rc, QN_OK);
        assert_int_equal(r.end, QN_BLOCK_CLOSED);
        assert_int_equal(r.end_again, QN_BLOCK_WOKEN);
    }
    qn_pool_destroy(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_wake_after_a_close_harms_nobody)};

    if (qn_clock_init() != QN_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
