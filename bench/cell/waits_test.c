/* A thread that another keeps from its core has waited, and has been preempted. */
#include "bench/cell/waits.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "bench/base/csv.h"
#include "tests/cmocka_all.h"

static _Atomic int is_over;

static void *compete(void *unused)
{
    (void)unused;
    while (!atomic_load(&is_over))
        continue;
    return NULL;
}

/* Both on the first CPU that the process may use. */
static void share_one_cpu(cpu_set_t *before)
{
    cpu_set_t one;
    size_t cpu = 0;

    assert_int_equal(sched_getaffinity(0, sizeof(*before), before), 0);
    while (!CPU_ISSET(cpu, before))
        cpu++;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
}

static void test_a_thread_that_shares_its_core_waits(void **unused)
{
    int fd = qn_waits_open();
    struct qn_waits before = qn_waits_read(fd), now, waited;
    cpu_set_t allowed;
    pthread_t other;

    (void)unused;
    if (before.run_delay_ns == QN_NONE)
        skip(); /* a kernel without CONFIG_SCHED_INFO */
    share_one_cpu(&allowed);
    assert_int_equal(pthread_create(&other, NULL, compete, NULL), 0);
    do { /* ends: a scheduler lets both run in turn */
        now = qn_waits_read(fd);
        waited = qn_waits_between(&before, &now);
    } while (waited.preemptions == 0 || waited.run_delay_ns == 0);
    atomic_store(&is_over, 1);
    pthread_join(other, NULL);
    assert_int_equal(sched_setaffinity(0, sizeof(allowed), &allowed), 0);
    assert_true(waited.preemptions > 0 && waited.run_delay_ns > 0);
    close(fd);
}

static void test_what_cannot_be_read_is_no_figure(void **unused)
{
    struct qn_waits none = qn_waits_read(-1), some = {3, 40};
    struct qn_waits later = {5, 100}, d = qn_waits_between(&some, &later);

    (void)unused;
    assert_true(none.run_delay_ns == QN_NONE);
    assert_true(qn_waits_between(&none, &some).run_delay_ns == QN_NONE);
    assert_true(qn_waits_between(&some, &none).run_delay_ns == QN_NONE);
    assert_int_equal(d.preemptions, 2);
    assert_int_equal(d.run_delay_ns, 60);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_thread_that_shares_its_core_waits),
        cmocka_unit_test(test_what_cannot_be_read_is_no_figure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
