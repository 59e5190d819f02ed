/*
 * Work was scaled to a tenth of a millisecond, where waking a thread takes as long as the work: a
 * strategy that such delays favour was recommended for work thousands of times as long.
 */
#include <math.h>

#include "bench/fit/scale.h"
#include "tests/cmocka_all.h"

static void test_short_work_is_not_scaled(void **unused)
{
    (void)unused;
    assert_true(qn_fit_scale_for(50e3, 50e3).scale == 1);
    assert_true(qn_fit_scale_for(2e6, 1e3).scale == 1);
    assert_false(qn_fit_scale_for(50e3, 50e3).is_short);
}

/* The smaller of mean and median becomes a millisecond. */
static void test_what_is_typical_stays_long(void **unused)
{
    (void)unused;
    assert_true(fabs(qn_fit_scale_for(276.5e6, 312.1e6).scale - 0.0036) < 1e-12);
    assert_true(fabs(qn_fit_scale_for(40e6, 10e6).scale - 0.1) < 1e-12);
    assert_true(qn_fit_scale_for(3e6, 0.5e6).scale == 1); /* never up */
    for (double mean = 2.1e6; mean < 1e12; mean *= 3)
        for (double share = 0.06; share <= 1; share *= 1.7) {
            const struct qn_fit_scale s = qn_fit_scale_for(mean, share * mean);

            assert_true(s.scale <= 1);
            assert_true(share * mean * s.scale >= 0.95 * fmin(QN_SCALED_TYPICAL_NS, share * mean));
            assert_false(s.is_short);
        }
}

/* A mean of a second with mostly microseconds: no scale is suitable, and that is reported. */
static void test_where_it_cannot_be_it_is_known(void **unused)
{
    const struct qn_fit_scale s = qn_fit_scale_for(1e9, 1e6);

    (void)unused;
    assert_true(fabs(s.scale - 0.02) < 1e-12);
    assert_true(s.is_short);
    assert_false(qn_fit_scale_for(1e9, 10e6).is_short);
    assert_true(qn_fit_scale_as_asked(0.00036, 276.5e6, 312.1e6).is_short);
    assert_false(qn_fit_scale_as_asked(0.0036, 276.5e6, 312.1e6).is_short);
    assert_false(qn_fit_scale_as_asked(1, 1e3, 1e3).is_short);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_work_is_not_scaled),
        cmocka_unit_test(test_what_is_typical_stays_long),
        cmocka_unit_test(test_where_it_cannot_be_it_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
