/*
 * Axes of pictures, and the numbers that stand on them.
 */
#ifndef QN_BENCH_REPORT_AXIS_H
#define QN_BENCH_REPORT_AXIS_H

#include <stdio.h>

#include "bench/report/gnuplot.h"
#include "bench/stats/interval.h"

/* Widens an extent to hold a value, and the ends of its interval as far as a logarithmic axis has
 * room for them: those above 0 and within a factor of 20 of the value. */
struct qn_extent {
    double lo, hi; /* of what is above 0; lo INFINITY: nothing yet */
    bool has_zero; /* some value is not above 0 */
};
void qn_extent_add(struct qn_extent *extent, const struct qn_estimate *e);
void qn_extent_add_value(struct qn_extent *extent, double value);

/* A logarithmic axis for an extent over unit, with a margin: the variables <axis>lo, <axis>hi and
 * <axis>tics, a list of tics as gnuplot has it. What is not above 0 has a place of its own at the
 * low end, <axis>zero, which is <axis>lo where there is nothing of it. */
void qn_axis_log(struct qn_gnuplot *call, const char *axis, const struct qn_extent *extent,
                 double unit);

/* Adds a list of tics to a text variable, behind a separator. */
void qn_axis_log_tics(struct qn_gnuplot *call, const char *name, const char *separator, double lo,
                      double hi);

/* The factor by which a logarithmic axis from lo to hi is widened at either end. */
double qn_axis_margin(double lo, double hi);

/* Writes a space and a number; NaN where it is none. */
void qn_axis_put(FILE *file, double value);

/* Writes a figure and the ends of its interval, each over unit; without an interval the figure
 * stands for its ends. */
void qn_axis_put_estimate(FILE *file, const struct qn_estimate *e, double unit);

#endif
