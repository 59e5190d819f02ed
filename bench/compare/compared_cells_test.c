/* Which cells of two runs are compared, and which of their calls. */
#include <math.h>

#include "bench/compare/made_folders.h"
#include "tests/cmocka_all.h"

static void test_pairs_only_the_same_calls(void **unused)
{
    struct made_run a = {RUN(plain)}, more = {RUN(plain), .n_processes = 11, .drift = 1.1};
    struct made_run seed = {RUN(plain), .n_processes = 11, .drift = 1.1},
                    work = {RUN(plain), .more_work = 250};
    const struct qn_compare_row *row;
    struct qn_comparison c;

    (void)unused;
    compare(&a, &more, 0.05, &c);
    row = row_of(&c, "cancel", "return_at");
    assert_true(row->is_paired && row->effect.n_a == 8 && row->effect.n_b == 8);
    qn_comparison_fini(&c);
    seed.seed = 2;
    compare(&a, &seed, 0.05, &c);
    row = row_of(&c, "cancel", "return_at");
    assert_true(!row->is_paired && row->effect.n_a == 8 && row->effect.n_b == 11);
    assert_true(has_note(&c, "run.seed differs: 1 in A, 2 in B"));
    assert_true(has_note(&c, "memory_bytes of workload made differs: 1024 in A, 2048 in B"));
    assert_true(has_note(&c, "not paired"));
    assert_int_equal(c.n_worse + c.n_better, 0);
    qn_comparison_fini(&c);
    compare(&a, &work, 0.05, &c);
    assert_false(row_of(&c, "cancel", "return_at")->is_paired);
    assert_true(has_note(&c, "not paired"));
    qn_comparison_fini(&c);
}

static void test_matches_by_what_a_cell_is(void **unused)
{
    const struct made_cell in_a[] = {{"cancel", "", "isolated", 0.5, 1, 1, false},
                                     {"drain", "", "isolated", 1, 1, 1, false},
                                     {"cancel", "canceller=worker", "isolated", 0.4, 1, 1, false},
                                     {"cancel", "", "back-to-back", 0.4, 1, 1, false},
                                     {"cancel", "", "poisson:50", 0.4, 1, 1, false},
                                     {"drain", "", "poisson:50", 0.9, 1, 1, false}};
    const struct made_cell in_b[] = {{"drain", "", "poisson:50", 0.9, 1, 1, false},
                                     {"drain", "", "isolated", 1, 1, 1, false},
                                     {"cancel", "", "poisson:50", 0.4, 1, 1, false},
                                     {"cancel", "", "back-to-back", 0.4, 1, 1, false},
                                     {"close", "", "isolated", 0.4, 1, 1, false},
                                     {"cancel", "", "isolated", 1.0, 1, 1, false}};
    struct made_run a = {RUN(in_a)}, b = {RUN(in_b)};
    struct qn_comparison c;
    size_t n_response_times = 0;

    (void)unused;
    compare(&a, &b, 0.05, &c);
    assert_int_equal(c.n_matches, 5);
    for (size_t i = 0; i < c.n_matches; i++) {
        const struct qn_match *m = &c.matches[i];

        assert_true(qn_same_cell(&c.a.tables.plan.cells[m->a], &c.b.tables.plan.cells[m->b]));
        assert_int_equal(m->base == QN_NO_MATCH, m->a == 3); /* no drain back-to-back */
    }
    assert_true(fabs(row_of(&c, "cancel", "return_at")->effect.ratio - 2) < 0.05);
    for (size_t i = 0; i < c.n_rows; i++)
        n_response_times += strcmp(c.rows[i].metric->info->name, "response_time") == 0;
    assert_int_equal(n_response_times, 2);
    assert_true(has_note(&c, "1 cell is in A only: cancel/made/cpu/workers:16/threads:2/rate:0.05/"
                             "canceller=worker"));
    assert_true(has_note(&c, "1 cell is in B only: close/"));
    qn_comparison_fini(&c);
}

static void test_prefers_the_plain_drain_as_base(void **unused)
{
    const struct made_cell cells[] = {{"drain", "error_policy=last", "isolated", 2, 1, 1, false},
                                      {"drain", "", "isolated", 1, 1, 1, false},
                                      {"cancel", "", "isolated", 0.5, 1, 1, false}};
    struct made_run run = {RUN(cells)};
    struct qn_comparison c;

    (void)unused;
    compare(&run, &run, 0.05, &c);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(c.matches[i].base, 1);
    /* another drain is a cell like any other */
    assert_null(row_of(&c, "drain", "return_at")->reason);
    qn_comparison_fini(&c);
}

static void test_leaves_out_what_was_not_done(void **unused)
{
    struct made_run a = {RUN(plain)}, b = {RUN(plain), .failed_process = "c0002,3"};
    struct qn_comparison c;

    (void)unused;
    compare(&a, &b, 0.05, &c);
    assert_int_equal(row_of(&c, "cancel", "return_at")->effect.n_b, 7);
    assert_int_equal(row_of(&c, "leak", "return_at")->effect.n_b, 8);
    assert_true(has_note(&c, "1 of 24 planned processes of B was not measured"));
    qn_comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs_only_the_same_calls),
        cmocka_unit_test(test_matches_by_what_a_cell_is),
        cmocka_unit_test(test_prefers_the_plain_drain_as_base),
        cmocka_unit_test(test_leaves_out_what_was_not_done),
    };

    return cmocka_run_group_tests(tests, make_root, remove_root);
}
