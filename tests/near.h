/* Asserts that numbers are equal up to a relative error, or to nine digits. */
#ifndef QN_TESTS_NEAR_H
#define QN_TESTS_NEAR_H

#include <math.h>

#include "tests/cmocka_all.h"

static inline void assert_within(double got, double wanted, double share)
{
    if (!(fabs(got - wanted) <= share * fabs(wanted)))
        print_message("got %.12g, wanted %.12g\n", got, wanted);
    assert_true(fabs(got - wanted) <= share * fabs(wanted));
}

static inline void assert_near(double got, double wanted)
{
    assert_within(got, wanted, 1e-9);
}

#endif
