/*
 * Curves: the points to draw for a distribution or a set of points; numbers in, points out.
 */
#ifndef QN_BENCH_STATS_CURVES_H
#define QN_BENCH_STATS_CURVES_H

#include <stdbool.h>
#include <stddef.h>

struct qn_point {
    double x, y;
};

/*
 * The empirical distribution function of n sorted values, thinned to `most` >= 2 points at equal
 * distances in rank: each point lies on it (y is the share of values <= x), the first is that of
 * the smallest value and the last of the greatest, and from one to the next y rises by 1 / (most -
 * 1) + 1 / n at most, ties aside. x ascends strictly. Returns the number of points, 0 for n = 0.
 */
size_t qn_curve_ecdf(const double *sorted, size_t n, struct qn_point *out, size_t most);

/* How far a percentile spectrum may be drawn, as 1 / (1 - q), with 10 calls of every process beyond
 * it; `fewest`: the calls of the process with fewest. */
double qn_curve_reach(size_t fewest);

/* One strategy of a trade-off in which less is better on both axes. */
struct qn_trade {
    double x, y;      /* no NAN among the eligible ones */
    bool is_eligible; /* may be on the front, and may beat others */
    bool is_on_front; /* set by qn_curve_trade_off */
};

/* Marks the Pareto front: the eligible points that no other eligible one beats in x or y without
 * being worse in the other. Points that are equal in both are on it together. */
void qn_curve_trade_off(struct qn_trade *points, size_t n);

/*
 * The corners of the front's border, from (its smallest x, y_end) down and right to (x_end, its
 * smallest y): at most 2 n + 1 points. Returns how many; 0: nothing is on the front.
 */
size_t qn_curve_steps(const struct qn_trade *points, size_t n, double x_end, double y_end,
                      struct qn_point *out);

#endif
