/*
 * A thread that finds a buffer empty, or full, spins briefly, but not on a closed channel, nor past
 * its deadline. Looks are counted, not timed.
 */
#include <stdlib.h>

#include "runtime/chan.h"
#include "runtime/pool/pool.h"
#include "tests/cmocka_all.h"

#define SOON_NS (20 * QN_NS_PER_MS)

static struct qn_pool *pool;
static _Alignas(struct qn_chan) unsigned char storage[512];
static struct qn_chan *const chan = (struct qn_chan *)storage;
static uint64_t deadline;
static unsigned n_looks;
static void (*at_first_look)(void);

static void on_step(const char *point)
{
    if (qn_self_ptr && qn_self_ptr->index < 0 && strcmp(point, "look") == 0 && ++n_looks == 1 &&
        at_first_look)
        at_first_look();
}

/* A buffer for one message, full or not. */
static void begin(bool is_full, void (*first)(void))
{
    int message = 1;

    qn_chan_init(chan, qn_pool_exec(pool), 1, sizeof(message));
    if (is_full)
        assert_int_equal(qn_chan_send(chan, &message, QN_NEVER), QN_OK);
    at_first_look = first;
    deadline = QN_NEVER;
    n_looks = 0;
}

static int send_one(void)
{
    int message = 2;

    return qn_chan_send(chan, &message, deadline);
}

static int receive_one(void)
{
    int message;

    return qn_chan_recv(chan, &message, deadline);
}

static void close_now(void)
{
    assert_int_equal(qn_chan_close(chan), QN_OK);
}

static void send_now(void)
{
    assert_int_equal(qn_chan_send(chan, &(int){3}, QN_NEVER), QN_OK);
}

static void receive_now(void)
{
    int message;

    assert_int_equal(qn_chan_recv(chan, &message, QN_NEVER), QN_OK);
}

static void let_deadline_pass(void)
{
    while (qn_clock_ticks() < deadline)
        continue;
}

static void test_what_comes_in_a_moment_is_waited_for(void **unused)
{
    (void)unused;
    begin(false, send_now);
    assert_int_equal(receive_one(), QN_OK);
    assert_int_equal(n_looks, 1);
    begin(true, receive_now);
    assert_int_equal(send_one(), QN_OK);
    assert_int_equal(n_looks, 1);
}

static void test_nobody_lingers_at_a_closed_channel(void **unused)
{
    (void)unused;
    begin(false, NULL);
    close_now();
    assert_int_equal(receive_one(), QN_ECLOSED);
    assert_int_equal(n_looks, 0);
    begin(true, NULL);
    close_now();
    assert_int_equal(send_one(), QN_ECLOSED);
    assert_int_equal(n_looks, 0);
}

static void test_a_close_ends_lingering(void **unused)
{
    (void)unused;
    begin(false, close_now);
    assert_int_equal(receive_one(), QN_ECLOSED);
    assert_int_equal(n_looks, 1);
    begin(true, close_now);
    assert_int_equal(send_one(), QN_ECLOSED);
    assert_int_equal(n_looks, 1);
}

static void test_nobody_lingers_past_a_deadline(void **unused)
{
    (void)unused;
    begin(false, NULL);
    deadline = qn_clock_ticks() - 1;
    assert_int_equal(receive_one(), QN_ETIMEDOUT);
    begin(true, NULL);
    deadline = qn_clock_ticks() - 1;
    assert_int_equal(send_one(), QN_ETIMEDOUT);
    assert_int_equal(n_looks, 0);
}

static void test_a_deadline_ends_lingering(void **unused)
{
    (void)unused;
    begin(false, let_deadline_pass);
    deadline = qn_clock_ticks() + qn_clock_from_ns(SOON_NS);
    assert_int_equal(receive_one(), QN_ETIMEDOUT);
    assert_true(n_looks <= 1); /* 0: this thread was away until then */
    begin(true, let_deadline_pass);
    deadline = qn_clock_ticks() + qn_clock_from_ns(SOON_NS);
    assert_int_equal(send_one(), QN_ETIMEDOUT);
    assert_true(n_looks <= 1);
}

static int set_up(void **unused)
{
    struct qn_pool_config config = {.n_threads = 1, .iterations_per_quantum = 10};

    (void)unused;
    qn_step_hook = on_step;
    assert_int_equal(qn_clock_init(), QN_OK);
    return qn_pool_create(&config, &pool);
}

static int tear_down(void **unused)
{
    (void)unused;
    qn_pool_destroy(pool);
    qn_step_hook = NULL;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_comes_in_a_moment_is_waited_for),
        cmocka_unit_test(test_nobody_lingers_at_a_closed_channel),
        cmocka_unit_test(test_a_close_ends_lingering),
        cmocka_unit_test(test_nobody_lingers_past_a_deadline),
        cmocka_unit_test(test_a_deadline_ends_lingering),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
