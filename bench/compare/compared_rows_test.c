/* Rows of a comparison: the effect, whether it is shown, and why it is not judged. */
#include <math.h>

#include "bench/compare/made_folders.h"
#include "tests/cmocka_all.h"

static void test_finds_a_known_ratio(void **unused)
{
    struct made_cell cells[QN_ARRAY_LEN(plain)];
    struct made_run a = {RUN(plain)}, b = {RUN(cells), .drift = 1.7};
    const struct qn_compare_row *row;
    struct qn_comparison c;

    (void)unused;
    make_cancel_slower(cells, 1.3);
    compare(&a, &b, 0.05, &c);
    row = row_of(&c, "cancel", "return_at");
    assert_null(row->reason);
    assert_true(row->is_paired && row->effect.n_a == 8);
    assert_true(row->effect.lo < 1.3 && 1.3 < row->effect.hi &&
                row->effect.hi / row->effect.lo < 1.1);
    assert_true(fabs(row->a - 0.5) < 0.01 && fabs(row->b - 0.65) < 0.01);
    assert_int_equal(row->word, QN_EFFECT_WORSE);
    assert_int_equal(row_of(&c, "cancel", "error_seen")->word, QN_EFFECT_WORSE);
    assert_int_equal(row_of(&c, "leak", "return_at")->word, QN_EFFECT_NONE);
    assert_null(row_of(&c, "leak", "return_at")->reason);
    /* the drift is in both sides of every ratio */
    assert_int_equal(c.drift.n, 1);
    assert_true(fabs(c.drift.median - 1.7) < 0.02);
    /* return_at, error_seen and the three latencies of cancel */
    assert_int_equal(c.n_worse, 5);
    assert_int_equal(c.n_better, 0);
    assert_int_equal(c.n_notes, 0);
    qn_comparison_fini(&c);
    compare(&b, &a, 0.05, &c);
    row = row_of(&c, "cancel", "return_at");
    assert_true(fabs(row->effect.ratio - 1 / 1.3) < 0.01);
    assert_int_equal(row->word, QN_EFFECT_BETTER);
    assert_int_equal(c.n_better, 5);
    qn_comparison_fini(&c);
}

static void test_respects_the_noise_band(void **unused)
{
    struct made_cell cells[QN_ARRAY_LEN(plain)];
    struct made_run a = {RUN(plain)}, b = {RUN(cells), .drift = 1.1};
    struct qn_comparison c;

    (void)unused;
    make_cancel_slower(cells, 1.04);
    compare(&a, &b, 0.05, &c);
    assert_int_equal(c.n_worse + c.n_better, 0);
    qn_comparison_fini(&c);
    compare(&a, &b, 0, &c);
    assert_int_equal(row_of(&c, "cancel", "return_at")->word, QN_EFFECT_WORSE);
    qn_comparison_fini(&c);
    compare(&b, &a, 0.02, &c);
    assert_int_equal(row_of(&c, "cancel", "return_at")->word, QN_EFFECT_BETTER);
    qn_comparison_fini(&c);
}

/* Whether the same effect is shown depends on the number of other rows. */
static void test_corrects_over_all_rows(void **unused)
{
    struct made_cell few[2] = {plain[0], plain[1]}, many[40], many_slower[40];
    struct made_run a = {RUN(few), .n_processes = 4},
                    b = {RUN(few), .n_processes = 4, .drift = 1.2};
    struct qn_comparison c;
    double least = 1;

    (void)unused;
    compare(&a, &b, 0, &c);
    for (size_t i = 0; i < c.n_rows; i++)
        if (!c.rows[i].reason && c.rows[i].effect.p < least)
            least = c.rows[i].effect.p;
    for (size_t i = 0; i < c.n_rows; i++) {
        if (c.rows[i].reason)
            assert_true(isnan(c.rows[i].p_holm));
        else if (c.rows[i].effect.p == least)
            assert_true(c.rows[i].p_holm == fmin(1, (double)c.n_judged * least));
        else
            assert_true(c.rows[i].p_holm >= c.rows[i].effect.p);
    }
    /* times of cancel, and what is counted of both, except the 0 that drain retains */
    assert_int_equal(c.n_judged, 5 + 2 + 1);
    qn_comparison_fini(&c);
    many[0] = many_slower[0] = plain[0];
    for (size_t i = 1; i < 40; i++) {
        static char policies[40][8];

        snprintf(policies[i], sizeof(policies[i]), "k=%zu", i);
        many[i] = many_slower[i] = plain[1];
        many[i].policy = many_slower[i].policy = policies[i];
    }
    many_slower[1].time *= 1.02;
    for (int n = 2; n <= 40; n += 38) {
        struct made_run all_a = {many, (size_t)n, 4, 1, 0, 0.012, 0, NULL};
        struct made_run all_b = {many_slower, (size_t)n, 4, 1, 1.2, 0.012, 0, NULL};

        compare(&all_a, &all_b, 0, &c);
        assert_true(row_of(&c, "cancel", "return_at")->effect.p <= 0.05);
        assert_int_equal(row_of(&c, "cancel", "return_at")->word,
                         n == 2 ? QN_EFFECT_WORSE : QN_EFFECT_NONE);
        qn_comparison_fini(&c);
    }
}

static void assert_reason(const struct qn_comparison *c, const char *strategy, const char *metric,
                          const char *reason)
{
    const struct qn_compare_row *row = row_of(c, strategy, metric);

    assert_non_null(row->reason);
    assert_string_equal(row->reason, reason);
    assert_true(isnan(row->p_holm) && row->word == QN_EFFECT_NONE);
}

static void test_says_why_a_row_is_not_judged(void **unused)
{
    struct made_cell cells[QN_ARRAY_LEN(plain)];
    struct made_run a = {RUN(cells)}, b = {RUN(plain)};
    struct qn_comparison c;

    (void)unused;
    memcpy(cells, plain, sizeof(plain));
    cells[1].wasted = 0;
    compare(&a, &b, 0.05, &c);
    assert_reason(&c, "cancel", "wasted", "0 in A, not in B: no ratio");
    assert_true(row_of(&c, "cancel", "wasted")->a == 0 && row_of(&c, "cancel", "wasted")->b > 0);
    assert_reason(&c, "leak", "settle_latency", "there is no such figure in A and B");
    assert_reason(&c, "drain", "return_at", "times of drain are the base");
    assert_reason(&c, "drain", "retained_at_return", "0 in A and B");
    qn_comparison_fini(&c);
    a.n_processes = 1;
    compare(&a, &b, 0.05, &c);
    assert_reason(&c, "cancel", "return_at", "fewer than 2 processes");
    assert_int_equal(c.n_judged, 0);
    qn_comparison_fini(&c);
}

static void test_compares_what_is_counted_as_it_is(void **unused)
{
    struct made_cell cells[QN_ARRAY_LEN(plain)];
    struct made_run a = {RUN(plain)}, b = {RUN(cells)};
    const struct qn_compare_row *row;
    struct qn_comparison c;

    (void)unused;
    memcpy(cells, plain, sizeof(plain));
    cells[0].wasted *= 2;
    cells[2].retained *= 2;
    compare(&a, &b, 0.05, &c);
    row = row_of(&c, "drain", "wasted");
    assert_int_equal(row->base, QN_BASE_NONE);
    assert_int_equal(row->word, QN_EFFECT_WORSE);
    assert_true(fabs(row->effect.ratio - 2) < 1e-9 && fabs(row->a - 500000) < 1e-3);
    row = row_of(&c, "cancel", "wasted"); /* a ratio to drain, which has doubled */
    assert_int_equal(row->base, QN_BASE_DRAIN);
    assert_int_equal(row->word, QN_EFFECT_BETTER);
    assert_true(fabs(row->effect.ratio - 0.5) < 1e-9);
    row = row_of(&c, "leak", "retained_at_return");
    assert_int_equal(row->base, QN_BASE_NONE);
    assert_int_equal(row->word, QN_EFFECT_WORSE);
    qn_comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_a_known_ratio),
        cmocka_unit_test(test_respects_the_noise_band),
        cmocka_unit_test(test_corrects_over_all_rows),
        cmocka_unit_test(test_says_why_a_row_is_not_judged),
        cmocka_unit_test(test_compares_what_is_counted_as_it_is),
    };

    return cmocka_run_group_tests(tests, make_root, remove_root);
}
