/*
 * Axes of plots, and the numbers on them.
 */
#ifndef QN_BENCH_REPORT_AXIS_H
#define QN_BENCH_REPORT_AXIS_H

#include <stdio.h>

#include "bench/report/gnuplot.h"
#include "bench/stats/interval.h"

/* Widens an extent to include a value, and the ends of its interval if a logarithmic axis has room
 * for them: those above 0 and within a factor of 20 of the value. */
struct qn_extent {
    double lo, hi; /* of the values above 0; lo INFINITY: none yet */
    bool has_zero; /* some value is 0 or below */
};
void qn_extent_add(struct qn_extent *extent, const struct qn_estimate *e);
void qn_extent_add_value(struct qn_extent *extent, double value);

/* A logarithmic axis for an extent over unit, with a margin: the variables <axis>lo, <axis>hi and
 * <axis>tics, gnuplot's list of tics. Values of 0 or below are drawn at the low end, at <axis>zero,
 * which is <axis>lo if there are none. */
void qn_axis_log(struct qn_gnuplot *call, const char *axis, const struct qn_extent *extent,
                 double unit);

/* Adds a list of tics to a text variable, after a separator. */
void qn_axis_log_tics(struct qn_gnuplot *call, const char *name, const char *separator, double lo,
                      double hi);

/* The factor by which a logarithmic axis from lo to hi is widened at each end. */
double qn_axis_margin(double lo, double hi);

/* Writes a space and a number, or NaN. */
void qn_axis_put(FILE *file, double value);

/* Writes a figure and the ends of its interval, each over unit; without an interval, the figure
 * three times. */
void qn_axis_put_estimate(FILE *file, const struct qn_estimate *e, double unit);

#endif
