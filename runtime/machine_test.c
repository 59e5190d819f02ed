/* Clock, kernel, arena and ledger. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/clock.h"
#include "runtime/kernel.h"
#include "runtime/ledger.h"
#include "runtime/memory.h"
#include "tests/cmocka_all.h"

static void test_conversions(void **unused)
{
    const struct qn_clock_scale kept = qn_clock_scale;
    const struct qn_clock_scale scale = {
        .source = QN_CLOCK_MONOTONIC, .mult = (UINT64_C(5) << QN_CLOCK_SHIFT) / 13}; /* 2.6 GHz */
    const struct qn_clock_scale no_mult = {.source = QN_CLOCK_MONOTONIC};
    const struct qn_clock_scale no_rate = {.source = QN_CLOCK_PRETENDED, .mult = scale.mult};

    (void)unused;
    assert_int_equal(qn_clock_adopt(&scale), QN_OK);
    assert_int_equal(qn_clock_from_ns(0), 0);
    assert_int_equal(qn_clock_to_ns(qn_clock_from_ns(250)), 249); /* rounds down twice */
    assert_true(qn_clock_to_ns(UINT64_C(2600000000) * 86400 * 365) / QN_NS_PER_S >=
                UINT64_C(86400) * 365 - 1);
    assert_true(qn_clock_from_ns(UINT64_MAX) == UINT64_MAX);
    for (uint64_t t = 0; t < 10000; t += 7)
        assert_true(qn_clock_to_ns(t) <= qn_clock_to_ns(t + 1));
    qn_clock_scale = kept;
    assert_int_equal(qn_clock_adopt(&no_mult), QN_ENOTSUP);
    assert_int_equal(qn_clock_adopt(&no_rate), QN_ENOTSUP);
}

/* Whatever rate is pretended, ticks converted to ns are CLOCK_MONOTONIC's, but for rounding. */
static void test_pretended_clock_keeps_the_second(void **unused)
{
    static const char *const rates[] = {"1.0GHz", "2.6GHz", "3900MHz"};

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(rates); i++) {
        struct qn_clock_scale handed_on;
        uint64_t before, ns, after;

        assert_int_equal(setenv(QN_CLOCK_VARIABLE, rates[i], 1), 0);
        assert_true(qn_clock_can_init());
        assert_int_equal(qn_clock_init(), QN_OK);
        handed_on = qn_clock_scale;
        assert_int_equal(unsetenv(QN_CLOCK_VARIABLE), 0);
        assert_int_equal(qn_clock_init(), QN_OK);
        assert_int_equal(qn_clock_adopt(&handed_on), QN_OK); /* as a child does */
        before = qn_clock_now_monotonic_ns();
        ns = qn_clock_to_ns(qn_clock_ticks());
        after = qn_clock_now_monotonic_ns();
        /* the rates have 32 bits of fraction: a millionth of the uptime is far more than they lose */
        assert_in_range(ns, before - before / 1000000, after + after / 1000000);
        assert_in_range(qn_clock_to_ns(qn_clock_from_ns(QN_NS_PER_S)), QN_NS_PER_S - 2,
                        QN_NS_PER_S + 2);
    }
}

static void test_rates_that_are_none(void **unused)
{
    static const char *const bad[] = {"2.6",   "GHz",   "2.6 GHz", "2.6ghz", "0GHz",
                                      "11GHz", "-1GHz", "nanGHz",  "2.6GHzz"};
    char text[64];

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(bad); i++) {
        assert_int_equal(setenv(QN_CLOCK_VARIABLE, bad[i], 1), 0);
        assert_false(qn_clock_can_init());
        assert_int_equal(qn_clock_init(), QN_EINVAL);
        assert_int_equal(qn_clock_scale.source, QN_CLOCK_MONOTONIC);
    }
    assert_int_equal(setenv(QN_CLOCK_VARIABLE, "2.6GHz", 1), 0);
    assert_int_equal(qn_clock_init(), QN_OK);
    qn_clock_describe(&qn_clock_scale, text, sizeof(text));
    assert_string_equal(text, "CLOCK_MONOTONIC at 2.6 GHz (QUENCH_TEST_CLOCK)");
}

static void test_clock_runs(void **unused)
{
    struct qn_clock_quality q;
    uint64_t before, mono = qn_clock_now_monotonic_ns();

    (void)unused;
    before = qn_clock_ticks();
    for (int i = 0; i < 1000; i++) {
        uint64_t now = qn_clock_ticks();

        assert_true(now >= before);
        before = now;
    }
    assert_true(qn_clock_now_monotonic_ns() >= mono);
    qn_clock_measure(&q);
    assert_true(q.cost_ns > 0 && q.resolution_ns > 0);
}

static void test_offset_needs_two_cpus(void **unused)
{
    const int one[] = {0}, same[] = {0, 0}, missing[] = {0, 1023};
    double offset, bound;

    (void)unused;
    assert_int_equal(qn_clock_offsets(one, 1, &offset, &bound), QN_ENOTSUP);
    assert_int_equal(qn_clock_offsets(same, 2, &offset, &bound), QN_ENOTSUP);
    assert_int_equal(qn_clock_offsets(missing, 2, &offset, &bound), QN_ENOTSUP);
}

/* The chain's value after n steps is that of n single steps: none is skipped, none is moved. */
static void test_kernel_does_every_iteration(void **unused)
{
    uint64_t at_once = qn_kernel_run(1000, 1), stepwise = 1;

    (void)unused;
    for (int i = 0; i < 1000; i++)
        stepwise = qn_kernel_run(1, stepwise);
    assert_true(at_once == stepwise);
    assert_true(qn_kernel_run(0, 7) == 7);
    assert_true(qn_kernel_run(1, 0) ==
                (UINT64_C(1442695040888963407) ^ UINT64_C(1442695040888963407) >> 29));
}

static void test_calibration(void **unused)
{
    uint64_t iterations;
    double ns;

    (void)unused;
    assert_int_equal(qn_kernel_calibrate(&iterations), QN_OK);
    assert_true(iterations >= 1);
    qn_kernel_measure(iterations, &ns);
    assert_true(ns > 0);
}

static void test_ledger_answers(void **unused)
{
    /* two threads: 100 bytes from 10 to 50, 40 from 20 on, 7 of another call */
    struct qn_ledger a, b;
    const struct qn_ledger *logs[] = {&a, &b};
    struct qn_ledger_event merged[8], live[8];
    char x, y, z;
    size_t n, n_live;

    (void)unused;
    assert_int_equal(qn_ledger_init(&a, 3), QN_OK);
    assert_int_equal(qn_ledger_init(&b, 3), QN_OK);
    qn_ledger_add(&a, 10, &x, 100, 1);
    qn_ledger_add(&b, 50, &x, -100, 1); /* freed by another thread */
    qn_ledger_add(&a, 20, &y, 40, 1);
    qn_ledger_add(&b, 30, &z, 7, 2);
    assert_int_equal(qn_ledger_merge(logs, 2, 1, merged, 2, &n), QN_ERANGE);
    assert_int_equal(qn_ledger_merge(logs, 2, 1, merged, 8, &n), QN_OK);
    assert_int_equal(n, 3);
    assert_int_equal(qn_ledger_live_at(merged, n, 9), 0);
    assert_int_equal(qn_ledger_live_at(merged, n, 10), 100);
    assert_int_equal(qn_ledger_live_at(merged, n, 49), 140);
    assert_int_equal(qn_ledger_live_at(merged, n, 50), 40);
    assert_int_equal(qn_ledger_peak(merged, n), 140);
    assert_true(qn_ledger_integral(merged, n, 0, 60) == 10 * 100 + 30 * 140 + 10 * 40);
    assert_true(qn_ledger_integral(merged, n, 15, 25) == 5 * 100 + 5 * 140);
    assert_true(qn_ledger_integral(merged, n, 60, 70) == 400);
    assert_true(qn_ledger_integral(merged, n, 30, 30) == 0);
    merged[0].bytes = -100; /* freed, by its stamp, before it was taken */
    assert_true((double)qn_ledger_integral(merged, n, 10, 20) == -1000);
    merged[0].bytes = 100;
    assert_int_equal(qn_ledger_live_set(merged, n, live, 8, &n_live), QN_OK);
    assert_int_equal(n_live, 1);
    assert_ptr_equal(live[0].ptr, &y);
    assert_int_equal(qn_ledger_live_set(merged, n, live, 0, &n_live), QN_ERANGE);
    qn_ledger_add(&b, 60, &y, -40, 1);
    qn_ledger_add(&b, 61, &y, 8, 1); /* the block again, and one more than there is room for */
    assert_int_equal(b.dropped, 1);
    qn_ledger_reset(&b);
    assert_int_equal(b.n + b.dropped, 0);
    qn_ledger_fini(&a);
    qn_ledger_fini(&b);
}

static void test_ledger_pairs_a_block_used_again(void **unused)
{
    struct qn_ledger_event events[] = {
        {10, &stdin, 16, 1}, {20, &stdin, -16, 1}, {20, &stdin, 16, 1}};
    struct qn_ledger a = {events, 3, 3, 0};
    const struct qn_ledger *logs[] = {&a};
    struct qn_ledger_event merged[3], live[3];
    size_t n, n_live;

    (void)unused;
    events[2].ticks = 21;
    assert_int_equal(qn_ledger_merge(logs, 1, 1, merged, 3, &n), QN_OK);
    assert_int_equal(qn_ledger_live_set(merged, n, live, 3, &n_live), QN_OK);
    assert_int_equal(n_live, 1);
}

struct freer {
    struct qn_memory *memory;
    void *block;
};

static void *free_there(void *arg)
{
    struct freer *f = arg;

    qn_memory_free(f->memory, f->block);
    return NULL;
}

static void test_arena_counts_to_the_byte(void **unused)
{
    static const size_t sizes[] = {1, 16, 17, 1000, 4096, 100000, 5000000};
    struct qn_memory *m;
    void *blocks[QN_ARRAY_LEN(sizes)];
    uint64_t expected = 0, live;
    struct qn_memory_stats stats;
    pthread_t thread;

    (void)unused;
    if (!qn_memory_is_exact())
        skip();
    assert_int_equal(qn_memory_create(&m), QN_OK);
    for (size_t i = 0; i < QN_ARRAY_LEN(sizes); i++) {
        size_t usable;

        blocks[i] = qn_memory_alloc(m, sizes[i], 16, &usable);
        assert_non_null(blocks[i]);
        assert_true(usable >= sizes[i] && usable == qn_memory_usable(blocks[i]));
        expected += usable;
        assert_int_equal(qn_memory_live(m, &live), QN_OK);
        assert_int_equal(live, expected);
    }
    for (size_t i = 0; i < QN_ARRAY_LEN(sizes); i++) {
        struct freer f = {m, blocks[i]};

        expected -= qn_memory_usable(blocks[i]);
        assert_int_equal(pthread_create(&thread, NULL, free_there, &f), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_int_equal(qn_memory_live(m, &live), QN_OK);
        assert_int_equal(live, expected);
    }
    assert_int_equal(qn_memory_stats(m, &stats), QN_OK);
    assert_int_equal(stats.live_bytes, 0);
    assert_true(stats.resident_bytes >= stats.dirty_bytes);
    qn_memory_destroy(m);
}

static void test_injected_failure(void **unused)
{
    struct qn_memory *m;
    size_t usable;
    void *block;

    (void)unused;
    assert_int_equal(qn_memory_create(&m), QN_OK);
    qn_memory_fail_at(m, 2);
    block = qn_memory_alloc(m, 8, 16, &usable);
    assert_non_null(block);
    assert_null(qn_memory_alloc(m, 8, 16, &usable));
    qn_memory_free(m, block);
    block = qn_memory_alloc(m, 8, 16, &usable); /* once only */
    assert_non_null(block);
    qn_memory_free(m, block);
    qn_memory_destroy(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conversions),
        cmocka_unit_test(test_pretended_clock_keeps_the_second),
        cmocka_unit_test(test_rates_that_are_none),
        cmocka_unit_test(test_clock_runs),
        cmocka_unit_test(test_offset_needs_two_cpus),
        cmocka_unit_test(test_kernel_does_every_iteration),
        cmocka_unit_test(test_calibration),
        cmocka_unit_test(test_ledger_answers),
        cmocka_unit_test(test_ledger_pairs_a_block_used_again),
        cmocka_unit_test(test_arena_counts_to_the_byte),
        cmocka_unit_test(test_injected_failure),
    };

    if (qn_clock_init() != QN_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
