/*
 * Time belongs to the executor: stamps and durations of the stepping executor were scaled by the
 * rate of the machine's counter, so the figures of a fixed order differed between machines.
 */
#include <math.h>

#include "bench/cell/warmup.h"
#include "tests/cmocka_all.h"
#include "tests/stepped/stepped.h"

/* Everything with a duration in ns: work, waits, the owner's delay, the grace period, a tree's
 * deadline, closing. */
static const struct made {
    const char *strategy;
    enum qn_kind kind;
    uint32_t quanta;
    uint64_t owner_delay_ns, grace_ns, deadline_ns;
    uint32_t depth;
} calls[] = {
    {"drain", QN_KIND_CPU, 3, 0, 0, 0, 0},
    {"cancel-wait", QN_KIND_WAIT, 400, 0, 0, 0, 0},
    {"owner-close", QN_KIND_CPU, 3, 3000, 0, 0, 0},
    {"cancel-grace", QN_KIND_DEAF, 300, 0, 20000, 0, 0},
    {"tree-climb", QN_KIND_WAIT, 800, 0, 0, 50000, 2},
    {"release-at-site", QN_KIND_CPU, 3, 0, 0, 0, 0},
};

/* The call in a fixed order, worker 0 failing; what the warm-up looks at, too. */
static void run(const struct made *made, struct qn_trial *row, double *figure)
{
    struct qn_policy policy;
    struct fixture f;

    qn_policy_default(qn_strategy_find(made->strategy), &policy);
    policy.owner_delay_ns = made->owner_delay_ns;
    policy.deadline_ns = made->deadline_ns;
    if (made->grace_ns > 0)
        policy.grace_ns = made->grace_ns;
    set_up_with(&f, made->strategy, made->deadline_ns ? 0 : 1, made->quanta, 1, &policy);
    f.caller.call.kind = made->kind;
    f.caller.call.tree_depth = f.caller.call.tree_breadth = made->depth;
    finish_waits(&f);
    assert_int_equal(f.rc, QN_OK);
    *row = f.row;
    assert_int_equal(qn_warmup_figure(&f.caller.call, figure), QN_OK);
    tear_down(&f);
}

static void test_figures_are_the_same_at_any_rate(void **unused)
{
    const struct qn_clock_scale found = qn_clock_scale;
    const double rates[] = {1, 0.1, 2.593, 10}; /* ticks a ns */

    (void)unused;
    for (size_t i = 0; i < QN_ARRAY_LEN(calls); i++) {
        struct qn_trial first, row;
        double first_figure, figure;

        for (size_t r = 0; r < QN_ARRAY_LEN(rates); r++) {
            const struct qn_clock_scale scale = {.source = QN_CLOCK_PRETENDED,
                                                 .mult =
                                                     (uint64_t)ldexp(1 / rates[r], QN_CLOCK_SHIFT),
                                                 .rate = (uint64_t)ldexp(rates[r], QN_CLOCK_SHIFT)};

            assert_int_equal(qn_clock_adopt(&scale), QN_OK);
            run(&calls[i], r == 0 ? &first : &row, r == 0 ? &first_figure : &figure);
            for (int c = 0; r > 0 && c < QN_COL_COUNT; c++)
                if (row.v[c] != first.v[c])
                    fail_msg("%s at %g ticks a ns: %s is %lld instead of %lld", calls[i].strategy,
                             rates[r], qn_trial_columns[c], (long long)row.v[c],
                             (long long)first.v[c]);
            assert_true(r == 0 || figure == first_figure || (isnan(figure) && isnan(first_figure)));
        }
    }
    qn_clock_scale = found;
}

/* Durations given in ns take that long in ns. */
static void test_lengths_are_kept(void **unused)
{
    struct qn_trial row;
    double figure;

    (void)unused;
    run(&calls[2], &row, &figure);
    assert_true(row.v[QN_COL_CANCEL_AT] >= row.v[QN_COL_RETURN_AT] + 3000);
    run(&calls[3], &row, &figure);
    assert_true(row.v[QN_COL_RETURN_AT] >= row.v[QN_COL_CANCEL_AT] + 20000);
    run(&calls[4], &row, &figure);
    assert_int_equal(row.v[QN_COL_ERROR_RETURNED_KIND], QN_ERROR_CANCELLED);
    assert_true(row.v[QN_COL_CANCEL_AT] >= 50000 && row.v[QN_COL_CANCEL_AT] < 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures_are_the_same_at_any_rate),
        cmocka_unit_test(test_lengths_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
