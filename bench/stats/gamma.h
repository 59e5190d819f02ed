/*
 * The logarithm of the gamma function. Not lgamma(), which writes the sign to a global: cells are
 * summarised by several threads at once.
 */
#ifndef QN_BENCH_STATS_GAMMA_H
#define QN_BENCH_STATS_GAMMA_H

#include <math.h>

static inline double qn_log_gamma(double x)
{
    int sign;

    return lgamma_r(x, &sign);
}

#endif
