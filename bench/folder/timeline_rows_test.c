/* A call's workers are found in timeline.csv by its cell, process and number, whatever those are. */
#include "bench/folder/tables.h"
#include "tests/cmocka_all.h"

static struct qn_timeline_entry entry(uint32_t cell, uint32_t process, uint32_t trial,
                                      uint32_t worker)
{
    return (struct qn_timeline_entry){
        .cell = cell, .process = process, .row = {.trial = trial, .worker = worker}};
}

static struct qn_trial call(int64_t process, int64_t trial)
{
    struct qn_trial t = {{0}};

    t.v[QN_COL_PROCESS] = process;
    t.v[QN_COL_TRIAL] = trial;
    return t;
}

static void test_workers_are_those_of_the_call(void **unused)
{
    struct qn_timeline_entry entries[] = {
        entry(0, 0, 3, 0),          entry(0, 0, 3, 1),          entry(0, 1, 3, 0),
        entry(0, 1, UINT32_MAX, 0), entry(0, 1, UINT32_MAX, 1), entry(1, 1, UINT32_MAX, 0),
    };
    const struct qn_tables t = {.timeline = entries, .n_timeline = QN_ARRAY_LEN(entries)};
    const struct {
        struct qn_trial call;
        size_t first, n;
    } cases[] = {
        {call(0, 3), 0, 2},          {call(1, 3), 2, 1},
        {call(1, UINT32_MAX), 3, 2}, {call(0, UINT32_MAX), 2, 0}, /* no worker of it was kept */
        {call(2, 0), 5, 0},
    };

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(cases); i++) {
        size_t n;
        const struct qn_timeline_entry *workers = qn_tables_workers(&t, 0, &cases[i].call, &n);

        assert_int_equal(n, cases[i].n);
        assert_ptr_equal(workers, entries + cases[i].first);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_workers_are_those_of_the_call)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
