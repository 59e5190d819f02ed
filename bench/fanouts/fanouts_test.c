/* The list of imported calls: what is dropped from it, and how its workloads are named. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/fanouts/names.h"
#include "runtime/err.h"
#include "tests/cmocka_all.h"

/* Adds a call of two workers that begin at 10 and end at these times. */
static void add_call(struct qn_fanouts *list, uint64_t return_ns, uint64_t a_ns, uint64_t b_ns)
{
    struct qn_fanout call = {.strategy = "s",
                             .workload = "w",
                             .n_workers = 2,
                             .n_begun = 2,
                             .begin_ns = 5,
                             .return_ns = return_ns,
                             .workers = calloc(2, sizeof(*call.workers))};

    assert_non_null(call.workers);
    call.workers[0] = (struct qn_fanout_worker){
        .begin_ns = 10, .stop_ns = a_ns, .end_ns = a_ns, .outcome = QN_FANOUT_OK};
    call.workers[1] = (struct qn_fanout_worker){
        .index = 1, .begin_ns = 10, .stop_ns = b_ns, .end_ns = b_ns, .outcome = QN_FANOUT_FAILED};
    assert_int_equal(qn_fanouts_add(list, &call), QN_OK);
    assert_null(call.workers);
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

static void add_calls(struct qn_fanouts *list, const char *workload, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        struct qn_fanout call = {
            .strategy = "s", .workload = qn_fanouts_word(list, workload), .n_workers = 2};

        assert_int_equal(qn_fanouts_add(list, &call), QN_OK);
    }
}

/* Names that tables can't tell apart are told apart: the one with the most calls keeps its own. */
static void test_names(void **unused)
{
#define LONG "GET-/v1/customers/invoices/by-region-and-year/with-details/"
#define LONG_NAME "GET--v1-customers-invoices-by-region-and-year-with-details-"
    static const struct {
        const char *text;
        unsigned n;
        const char *name;
    } calls[] = {
        {"a b", 1, "a-b-4"},
        {"a/b", 3, "a-b"},
        {"a-b", 2, "a-b-3"},
        {"a-b-2", 4, "a-b-2"},
        {"", 1, "unknown"},
        {LONG "more/a", 1, LONG_NAME "mo-2"},
        {LONG "mor", 2, LONG_NAME "mor"},
        {LONG "more", 2, LONG_NAME "more"},
    };
    struct qn_fanouts list = {0};
    size_t at = 0;

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(calls); i++)
        add_calls(&list, calls[i].text, calls[i].n);
    assert_int_equal(qn_fanouts_name(&list), QN_OK);
    for (size_t i = 0; i < QN_ARRAY_LEN(calls); at += calls[i++].n)
        assert_string_equal(list.calls[at].workload, calls[i].name);
    qn_fanouts_fini(&list);
}

/* Those with the most calls of all that is read have names of their own. */
static void test_many_names(void **unused)
{
    struct qn_fanouts list = {0};
    char name[16];

    (void)unused;
    add_calls(&list, "late", 1);
    add_calls(&list, "other-names", 3);
    add_calls(&list, "rare", 1);
    for (unsigned i = 0; i < 62; i++) {
        snprintf(name, sizeof(name), "n%u", i);
        add_calls(&list, name, 2);
    }
    add_calls(&list, "late", 2);
    assert_int_equal(qn_fanouts_name(&list), QN_OK);
    assert_string_equal(list.calls[0].workload, "late");
    assert_string_equal(list.calls[1].workload, "other-names-2");
    assert_string_equal(list.calls[4].workload, "other-names");
    assert_string_equal(list.calls[5].workload, "n0");
    assert_string_equal(list.calls[list.n - 1].workload, "late");
    assert_ptr_equal(list.calls[0].workload, list.calls[list.n - 1].workload);
    qn_fanouts_fini(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_large_times),
                                       cmocka_unit_test(test_names),
                                       cmocka_unit_test(test_many_names)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
