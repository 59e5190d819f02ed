/* The list of imported calls: what is dropped from it. */
#include "bench/fanouts/fanout.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

/* Adds a call of two workers that begin at 10 and end at these times. */
static void add_call(struct qn_fanouts *list, uint64_t return_ns, uint64_t a_ns, uint64_t b_ns)
{
    const struct qn_fanout call = {
        .strategy = "s", .workload = "w", .n_workers = 2, .begin_ns = 5, .return_ns = return_ns};
    struct qn_fanout *added;

    assert_int_equal(qn_fanouts_add(list, &call, &added), QN_OK);
    added->workers[0] = (struct qn_fanout_worker){
        .begin_ns = 10, .stop_ns = a_ns, .end_ns = a_ns, .outcome = QN_FANOUT_OK};
    added->workers[1] = (struct qn_fanout_worker){
        .begin_ns = 10, .stop_ns = b_ns, .end_ns = b_ns, .outcome = QN_FANOUT_FAILED};
}

/* Calls whose times, or the sum of them, are no figures are dropped, and no other. */
static void test_large_times(void **unused)
{
    const uint64_t most = INT64_MAX, half = most / 2;
    struct qn_fanouts list = {0};

    (void)unused;
    add_call(&list, most + 1, 20, 30); /* not looked at */
    add_call(&list, 40, 20, 30);
    add_call(&list, most + 1, 20, 30);
    add_call(&list, most, half + 10, half + 10);
    add_call(&list, most, half + 10, half + 12);
    add_call(&list, 40, UINT64_MAX, 30);
    add_call(&list, 40, 20, 31);
    assert_int_equal(qn_fanouts_drop_large(&list, 1), 3);
    assert_int_equal(list.n, 4);
    assert_int_equal(list.calls[1].workers[1].end_ns, 30);
    assert_int_equal(list.calls[2].workers[1].end_ns, half + 10);
    assert_int_equal(list.calls[3].workers[1].end_ns, 31);
    list.calls[2].seen_ns = most + 1;
    list.calls[3].raising_ns = most + 1;
    assert_int_equal(qn_fanouts_drop_large(&list, 1), 2);
    assert_int_equal(qn_fanouts_drop_large(&list, 1), 0);
    qn_fanouts_fini(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_large_times)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
