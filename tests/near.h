/* A number is what it should be, to nine digits. */
#ifndef QN_TESTS_NEAR_H
#define QN_TESTS_NEAR_H

#include <math.h>

#include "tests/cmocka_all.h"

static inline void assert_near(double got, double wanted)
{
    if (!(fabs(got - wanted) <= 1e-9 * fabs(wanted)))
        print_message("got %.12g, wanted %.12g\n", got, wanted);
    assert_true(fabs(got - wanted) <= 1e-9 * fabs(wanted));
}

#endif
