#include "bench/report/axis.h"

#include <math.h>

#define ROOM 20.0

void qn_extent_add(struct qn_extent *x, const struct qn_estimate *e)
{
    if (!isfinite(e->value))
        return;
    if (!(e->value > 0)) {
        x->has_zero = true;
        return;
    }
    x->lo = fmin(x->lo, e->value);
    x->hi = fmax(x->hi, e->value);
    if (!e->has_interval)
        return;
    x->lo = fmin(x->lo, fmax(e->lo, e->value / ROOM));
    x->hi = fmax(x->hi, fmin(e->hi, e->value * ROOM));
}

void qn_extent_add_value(struct qn_extent *x, double value)
{
    qn_extent_add(x, &(struct qn_estimate){.value = value});
}

double qn_axis_margin(double lo, double hi)
{
    return fmax(pow(hi / lo, 0.05), 1.05);
}

/* A step of 1, 2 or 5 times a power of ten, so that about five fit. */
static double even_step(double span)
{
    double decade = pow(10, floor(log10(span / 5))), in = span / 5 / decade;

    return decade * (in < 1.5 ? 1 : in < 3.5 ? 2 : in < 7.5 ? 5 : 10);
}

/* Tics being added to a variable. */
struct tics {
    struct qn_gnuplot *call;
    const char *name, *separator; /* before the first; then a comma */
};

static void add_tic(struct tics *t, double value)
{
    qn_gnuplot_add(t->call, t->name, t->separator, "'%.6g' %.9g", value, value);
    t->separator = ", ";
}

/* Even steps if the axis is shorter than two octaves; 1, 2 and 5 up to two decades; beyond that
 * every decade, every other one, and so on. */
void qn_axis_log_tics(struct qn_gnuplot *c, const char *name, const char *separator, double lo,
                      double hi)
{
    static const double steps[] = {1, 2, 5};
    int first = (int)floor(log10(lo)), last = (int)ceil(log10(hi));
    size_t n_steps = hi / lo <= 100 ? 3 : 1;
    int every = 1 + (last - first) / 8;
    struct tics tics = {c, name, separator};

    if (hi / lo < 4) {
        double step = even_step(hi - lo);

        for (double i = ceil(lo / step); i * step <= hi; i++)
            add_tic(&tics, i * step);
        return;
    }
    for (int decade = first; decade <= last; decade += every)
        for (size_t i = 0; i < n_steps; i++) {
            double value = steps[i] * pow(10, decade);

            if (value >= lo * 0.999 && value <= hi * 1.001)
                add_tic(&tics, value);
        }
}

static void set_end(struct qn_gnuplot *c, const char *axis, const char *what, double value)
{
    char name[16];

    snprintf(name, sizeof(name), "%s%s", axis, what);
    qn_gnuplot_number(c, name, value);
}

void qn_axis_log(struct qn_gnuplot *c, const char *axis, const struct qn_extent *extent,
                 double unit)
{
    double lo = isfinite(extent->lo) ? extent->lo / unit : 1;
    double hi = isfinite(extent->lo) ? extent->hi / unit : 1;
    double margin = qn_axis_margin(lo, hi), low = lo / margin;
    double zero = extent->has_zero ? low / fmax(margin, 1.3) : low;
    char name[16];

    snprintf(name, sizeof(name), "%stics", axis);
    qn_axis_log_tics(c, name, ", ", low, hi * margin);
    if (extent->has_zero)
        qn_gnuplot_add(c, name, ", ", "'≤ 0' %.9g", zero);
    set_end(c, axis, "lo", extent->has_zero ? zero / margin : low);
    set_end(c, axis, "hi", hi * margin);
    set_end(c, axis, "zero", zero);
}

void qn_axis_put(FILE *f, double value)
{
    if (isfinite(value))
        fprintf(f, " %.9g", value);
    else
        fputs(" NaN", f);
}

void qn_axis_put_estimate(FILE *f, const struct qn_estimate *e, double unit)
{
    qn_axis_put(f, e->value / unit);
    qn_axis_put(f, (e->has_interval ? e->lo : e->value) / unit);
    qn_axis_put(f, (e->has_interval ? e->hi : e->value) / unit);
}
