/* Items that threads share: each is worked on once, and an error ends the sharing and is returned. */
#include <stdatomic.h>
#include <string.h>

#include "bench/base/share.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

#define N_ITEMS 10000u

static atomic_uint n_times[N_ITEMS], n_taken;

static int count(void *user, struct qn_share *share)
{
    size_t item;

    (void)user;
    while (qn_share_take(share, &item))
        atomic_fetch_add(&n_times[item], 1);
    return QN_OK;
}

static void test_each_item_once(void **unused)
{
    (void)unused;
    assert_int_equal(qn_share_out(N_ITEMS, count, NULL), QN_OK);
    for (size_t i = 0; i < N_ITEMS; i++)
        assert_int_equal(atomic_load(&n_times[i]), 1);
    assert_int_equal(qn_share_out(0, count, NULL), QN_OK);
    assert_int_equal(qn_share_out(1, count, NULL), QN_OK);
    assert_int_equal(atomic_load(&n_times[0]), 2);
}

/* Every thread fails at its first item. */
static int fail_first(void *user, struct qn_share *share)
{
    size_t item;

    (void)user;
    if (!qn_share_take(share, &item))
        return QN_OK;
    atomic_fetch_add(&n_taken, 1);
    return QN_ENOMEM;
}

static void test_an_error_is_returned(void **unused)
{
    (void)unused;
    assert_int_equal(qn_share_out(N_ITEMS, fail_first, NULL), QN_ENOMEM);
    assert_true(atomic_load(&n_taken) >= 1 && atomic_load(&n_taken) <= QN_SHARE_MOST);
}

static atomic_bool has_failed;

/* One thread fails at its first item, and the others take items until there are no more for them. */
static int fail_once(void *user, struct qn_share *share)
{
    size_t item;

    (void)user;
    if (!atomic_exchange(&has_failed, true))
        return QN_EIO;
    while (qn_share_take(share, &item))
        continue;
    return QN_OK;
}

static void test_the_others_stop(void **unused)
{
    (void)unused;
    assert_int_equal(qn_share_out(SIZE_MAX / 2, fail_once, NULL), QN_EIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_item_once),
        cmocka_unit_test(test_an_error_is_returned),
        cmocka_unit_test(test_the_others_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
