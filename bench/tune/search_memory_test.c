/* Running out of memory anywhere in a search. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/tune/answer/text.h"
#include "bench/tune/search/polls.h"
#include "bench/tune/search/race.h"
#include "bench/tune/search/rates.h"
#include "bench/tune/tune_bed.h"
#include "runtime/err.h"
#include "tests/allocation.h"
#include "tests/cmocka_all.h"

/* A whole search and its answer; QN_ENOMEM if a failed allocation was reported. */
static int search_and_conclude(struct tune_bed *b, size_t fails_at)
{
    char *argv[] = {"tune",     "--poll-cost",  "200ns", "--strategies", "cancel-wait,drain",
                    "--policy", "cancel-wait:", NULL};
    struct qn_crossings crossings = {0};
    struct qn_polls polls = {0};
    struct qn_tune_kept kept = {0};
    const struct qn_tune_answer answer = {&b->tune, &polls, &crossings, &kept};
    FILE *words = tmpfile();
    uint32_t *cells;
    size_t n;
    int rc = QN_OK;

    tune_begin(b, 7, argv);
    cells = calloc(b->plan.n_cells, sizeof(*cells));
    assert_true(cells && words);
    qn_fail_allocation(fails_at);
    while (rc == QN_OK && (n = b->controller.round(b->controller.user, cells)) > 0)
        for (size_t i = 0; i < n && rc == QN_OK; i++)
            rc = tune_try_give(b, &polling_machine, cells[i]);
    if (rc == QN_OK)
        b->controller.end(b->controller.user);
    rc = rc == QN_OK ? b->tune.rc : rc;
    if (rc == QN_OK)
        rc = qn_polls_make(&b->tune, &polls);
    if (rc == QN_OK)
        rc = qn_crossings_find(&b->tune, &crossings);
    if (rc == QN_OK)
        rc = qn_tune_kept_make(&b->tune, &kept);
    if (rc == QN_OK)
        rc = qn_tune_say(&answer, words);
    n = qn_count_allocations();
    qn_fail_allocation(0);
    b->n_measured = n;
    qn_tune_kept_fini(&kept);
    qn_polls_fini(&polls);
    fclose(words);
    free(cells);
    return rc;
}

/* Running out of memory anywhere in a search or its answer is an error, never an answer. */
static void test_no_memory_is_no_answer(void **unused)
{
    struct tune_bed b;
    size_t n_allocations;

    (void)unused;
    assert_int_equal(search_and_conclude(&b, 0), QN_OK);
    n_allocations = b.n_measured;
    tune_end(&b);
    assert_true(n_allocations > 100);
    for (size_t at = n_allocations; at > 0; at -= at > n_allocations - 30 ? 1 : at > 90 ? 90 : 1) {
        assert_int_equal(search_and_conclude(&b, at), QN_ENOMEM);
        tune_end(&b);
    }
}

/* Nor does a race end with another choice for lack of memory. */
static void test_no_memory_is_no_other_choice(void **unused)
{
    char *argv[] = {"tune",     "--strategies", "cancel-wait,drain",
                    "--policy", "cancel-wait:", "--race-only",
                    NULL};
    struct tune_bed b;
    size_t choice, at;
    int rc;

    (void)unused;
    tune_begin(&b, 6, argv);
    tune_run(&b, &polling_machine);
    choice = b.tune.choice;
    for (at = 1;; at++) {
        qn_fail_allocation(at);
        rc = qn_tune_end_race(&b.tune);
        qn_fail_allocation(0);
        assert_int_equal(b.tune.choice, choice);
        if (rc == QN_OK)
            break;
        assert_int_equal(rc, QN_ENOMEM);
    }
    assert_true(at > 1);
    tune_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_memory_is_no_answer),
        cmocka_unit_test(test_no_memory_is_no_other_choice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
