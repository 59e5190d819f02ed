/*
 * Channels under real threads: every message arrives once, those of a sender in the order they were
 * sent, for any capacity and way of waiting. Forced orders are in runtime/chan_orders_test.c.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/chan.h"
#include "runtime/pool/pool.h"
#include "tests/cmocka_all.h"

#define MAX_SENDERS 3u
#define MAX_RECEIVERS 2u
#define N_EACH 2000u

struct message {
    uint32_t sender, number;
    uint64_t payload; /* a function of both: a torn copy shows */
};

struct traffic {
    struct qn_chan *chan;
    uint32_t n_senders;
    _Atomic uint32_t n_senders_done;
    _Atomic uint32_t n_wrong; /* out of order, torn, or an unexpected code */
    _Atomic uint32_t n_received[MAX_SENDERS];
};

static uint64_t payload_of(uint32_t sender, uint32_t number)
{
    return ((uint64_t)number << 32 | sender) * UINT64_C(0x9e3779b97f4a7c15);
}

static void send_all(struct traffic *t, uint32_t sender)
{
    for (uint32_t i = 0; i < N_EACH; i++) {
        struct message m = {sender, i, payload_of(sender, i)};

        if (qn_chan_send(t->chan, &m, QN_NEVER) != QN_OK)
            atomic_fetch_add(&t->n_wrong, 1);
    }
    /* The last sender closes: everything was sent before. */
    if (atomic_fetch_add(&t->n_senders_done, 1) + 1 == t->n_senders &&
        qn_chan_close(t->chan) != QN_OK)
        atomic_fetch_add(&t->n_wrong, 1);
}

static void receive_all(struct traffic *t)
{
    uint32_t next[MAX_SENDERS] = {0};
    struct message m;
    int rc;

    while ((rc = qn_chan_recv(t->chan, &m, QN_NEVER)) == QN_OK) {
        if (m.sender >= t->n_senders || m.number < next[m.sender] ||
            m.payload != payload_of(m.sender, m.number)) {
            atomic_fetch_add(&t->n_wrong, 1);
            continue;
        }
        next[m.sender] = m.number + 1;
        atomic_fetch_add(&t->n_received[m.sender], 1);
    }
    if (rc != QN_ECLOSED)
        atomic_fetch_add(&t->n_wrong, 1);
}

static void send_or_receive(void *arg, uint32_t index)
{
    struct traffic *t = arg;

    if (index < t->n_senders)
        send_all(t, index);
    else
        receive_all(t);
}

static void run(uint32_t capacity, uint32_t n_senders, uint32_t n_receivers, bool spins)
{
    unsigned n_threads = n_senders + n_receivers - 1; /* the caller is a receiver */
    struct qn_pool_config config = {.n_threads = n_threads,
                                    .wait = QN_WAIT_ADAPTIVE,
                                    .oversubscribed = !spins,
                                    .iterations_per_quantum = 10};
    struct qn_pool *pool;
    struct traffic t = {.n_senders = n_senders};
    struct qn_census census;

    assert_int_equal(qn_pool_create(&config, &pool), QN_OK);
    t.chan = aligned_alloc(QN_LINE_BYTES, 65536);
    assert_non_null(t.chan);
    qn_chan_init(t.chan, qn_pool_exec(pool), capacity, sizeof(struct message));
    assert_int_equal(
        qn_pool_exec(pool)->ops->spawn(qn_pool_exec(pool), send_or_receive, NULL, &t, n_threads),
        QN_OK);
    receive_all(&t);
    qn_pool_exec(pool)->ops->quiesce(qn_pool_exec(pool), &census);
    assert_int_equal(census.n_blocked, 0);
    assert_int_equal(t.n_wrong, 0);
    for (uint32_t i = 0; i < n_senders; i++)
        assert_int_equal(t.n_received[i], N_EACH);
    free(t.chan);
    qn_pool_destroy(pool);
}

static const uint32_t capacities[] = {0, 1, 2, 7, 1000};

static void test_one_sender_and_receiver_that_spin(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(capacities); i++)
        run(capacities[i], 1, 1, true);
}

static void test_threads_that_sleep(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(capacities); i++)
        for (uint32_t n = 1; n <= MAX_SENDERS; n++)
            run(capacities[i], n, 1 + n % MAX_RECEIVERS, false);
}

/* Both ends use the right slots where the last is followed by the first. */
static void test_one_thread_goes_round(void **unused)
{
    struct qn_pool_config config = {
        .n_threads = 1, .wait = QN_WAIT_PARK, .iterations_per_quantum = 10};
    struct qn_chan *chan = aligned_alloc(QN_LINE_BYTES, 65536);
    struct qn_pool *pool;
    unsigned char in[13], out[13]; /* not a number of words */

    (void)unused;
    assert_int_equal(qn_pool_create(&config, &pool), QN_OK);
    for (uint32_t capacity = 1; capacity <= 5; capacity++) {
        qn_chan_init(chan, qn_pool_exec(pool), capacity, sizeof(in));
        for (uint32_t i = 0; i < 100; i++) {
            uint32_t n = i % capacity + 1;

            for (uint32_t j = 0; j < n; j++) {
                memset(in, (int)(i + j), sizeof(in));
                assert_int_equal(qn_chan_try_send(chan, in), QN_OK);
            }
            if (n == capacity)
                assert_int_equal(qn_chan_try_send(chan, in), QN_EAGAIN);
            for (uint32_t j = 0; j < n; j++) {
                memset(in, (int)(i + j), sizeof(in));
                assert_int_equal(qn_chan_recv(chan, out, QN_NEVER), QN_OK);
                assert_memory_equal(in, out, sizeof(in));
            }
            assert_int_equal(qn_chan_try_recv(chan, out), QN_EAGAIN);
        }
    }
    free(chan);
    qn_pool_destroy(pool);
}

/* Sizes that are copied without a call and others; the bytes after the message are unchanged. */
static void test_messages_of_every_size_arrive_whole(void **unused)
{
    struct qn_pool_config config = {
        .n_threads = 1, .wait = QN_WAIT_PARK, .iterations_per_quantum = 10};
    struct qn_chan *chan = aligned_alloc(QN_LINE_BYTES, 65536);
    struct qn_pool *pool;
    unsigned char in[40], out[41], expected[41];

    (void)unused;
    assert_int_equal(qn_pool_create(&config, &pool), QN_OK);
    for (uint32_t bytes = 0; bytes <= sizeof(in); bytes++) {
        for (uint32_t i = 0; i < sizeof(in); i++)
            in[i] = (unsigned char)(i + bytes);
        memset(out, 0xa5, sizeof(out));
        memset(expected, 0xa5, sizeof(expected));
        memcpy(expected, in, bytes);
        qn_chan_init(chan, qn_pool_exec(pool), 2, bytes);
        assert_int_equal(qn_chan_send(chan, in, QN_NEVER), QN_OK);
        assert_int_equal(qn_chan_recv(chan, out, QN_NEVER), QN_OK);
        assert_memory_equal(out, expected, sizeof(out));
    }
    free(chan);
    qn_pool_destroy(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_sender_and_receiver_that_spin),
        cmocka_unit_test(test_threads_that_sleep),
        cmocka_unit_test(test_one_thread_goes_round),
        cmocka_unit_test(test_messages_of_every_size_arrive_whole),
    };

    if (qn_clock_init() != QN_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
