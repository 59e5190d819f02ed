/* Which policies are candidates, and which are excluded by closed forms. */
#include "bench/tune/tune_bed.h"
#include "bench/workload/poll.h"
#include "strategies/strategy.h"
#include "tests/cmocka_all.h"

/* Which strategies are candidates. */
static void test_candidates(void **unused)
{
    char *argv[] = {"tune", NULL};
    struct tune_bed b;

    (void)unused;
    tune_begin(&b, 1, argv);
    assert_true(b.tune.candidates.n_floors > 0);
    assert_true(b.tune.candidates.n > 40);
    for (size_t i = 0; i < b.tune.candidates.n; i++) {
        const struct qn_strategy *s = qn_strategy_find(b.tune.candidates.list[i].cell->strategy);

        assert_false(s->flags & (QN_LEAKS | QN_RETURNS_NO_ERROR | QN_MISUSES));
    }
    assert_true(b.tune.candidates.rates[b.tune.candidates.rate] == 0.05);
    assert_true(b.tune.candidates.rates[b.tune.candidates.without_failure] == 0);
    tune_end(&b);
}

/* Polls alone cost 200 ns in 1 us: no need to measure that it is beyond 1 %. */
static void test_closed_forms_leave_candidates_out(void **unused)
{
    char *argv[] = {"tune", "--poll-cost", "200ns", "--max-overhead", "1%", NULL};
    struct tune_bed b;

    (void)unused;
    tune_begin(&b, 5, argv);
    for (size_t i = 0; i < b.tune.candidates.n; i++) {
        const struct qn_candidate *x = &b.tune.candidates.list[i];
        double share = 200.0 / (double)qn_poll_ns(x->cell->workload.poll_quanta);

        assert_int_equal(x->left_out[0] != '\0', x->cell->polls && share > 0.011);
    }
    tune_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_candidates),
        cmocka_unit_test(test_closed_forms_leave_candidates_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
