#include <math.h>
#include <stdlib.h>

#include "bench/report/picture/fill.h"
#include "bench/report/values.h"
#include "bench/stats/curves.h"

#define US 1e3

/* Points of a line, besides its starting point: more would not show, and the page contains them
 * all. */
#define ECDF_POINTS 399u
#define SPECTRUM_POINTS 120u

/* What the axes must reach. */
struct drawn {
    struct qn_extent extent; /* in the axis's unit */
    double reach;            /* spectrum: the furthest 1 / (1 - q) */
};

/* Writes a line's block; false: it has no data. */
typedef bool write_fn(struct qn_values *values, FILE *f, struct drawn *d);

static int write_lines(const struct qn_tables *t, const struct qn_scene *g,
                       const struct qn_picture *p, write_fn *write, struct qn_canvas *c,
                       struct drawn *d)
{
    const struct qn_metric_of_calls metric = {qn_metric_find(p->metric), p->condition[0] == 'f'};

    qn_gnuplot_marked_up(&c->call, "xlabel", "%s", p->label);
    for (size_t i = 0; i < g->n_lines; i++) {
        struct qn_values values;
        int rc = qn_values_of(t, qn_tables_cell(t, g, i, qn_picture_rate(g)), &metric, &values);

        if (rc != QN_OK)
            return rc;
        if (write(&values, c->data, d)) {
            fputs("\n\n", c->data);
            qn_fill_line(t, g, i, c);
            c->is_drawn |= values.n > 1; /* one call is no distribution */
        }
        qn_values_fini(&values);
    }
    return QN_OK;
}

static bool write_ecdf(struct qn_values *values, FILE *f, struct drawn *d)
{
    struct qn_point points[ECDF_POINTS];
    size_t n;

    qn_values_pool(values);
    n = qn_curve_ecdf(values->v, values->n, points, ECDF_POINTS);
    if (n == 0)
        return false;
    fprintf(f, "%.6g 0\n", points[0].x / US);
    for (size_t i = 0; i < n; i++) {
        qn_extent_add_value(&d->extent, points[i].x / US);
        fprintf(f, "%.6g %.5g\n", points[i].x / US, points[i].y);
    }
    return true;
}

int qn_fill_ecdf(const struct qn_tables *t, const struct qn_scene *g, const struct qn_picture *p,
                 struct qn_canvas *c)
{
    struct drawn d = {.extent.lo = INFINITY};
    int rc = write_lines(t, g, p, write_ecdf, c, &d);

    qn_axis_log(&c->call, "x", &d.extent, 1);
    return rc;
}

/* The axis's percentiles, at which each line shows its interval. */
static const double marks[] = {0.5, 0.75, 0.9, 0.99, 0.999, 0.9999, 0.99999};

static void write_quantile(const struct qn_values *values, double q, bool is_mark, double *scratch,
                           FILE *f, struct drawn *d)
{
    struct qn_estimate e = qn_values_quantile(values, q, scratch);

    qn_extent_add_value(&d->extent, e.value / US);
    if (is_mark && e.has_interval) {
        qn_extent_add_value(&d->extent, e.lo / US);
        qn_extent_add_value(&d->extent, e.hi / US);
    }
    fprintf(f, "%.6g", 1 / (1 - q));
    qn_axis_put(f, e.value / US);
    qn_axis_put(f, is_mark && e.has_interval ? e.lo / US : NAN);
    qn_axis_put(f, is_mark && e.has_interval ? e.hi / US : NAN);
    fprintf(f, " %d\n", is_mark);
}

static bool write_spectrum(struct qn_values *values, FILE *f, struct drawn *d)
{
    double reach = qn_curve_reach(qn_values_fewest(values)), from = 1 / (1 - marks[0]);
    double *scratch = calloc(values->n_processes + 1, sizeof(*scratch));
    size_t mark = 0;

    if (!scratch || reach < from) {
        free(scratch);
        return false;
    }
    for (size_t i = 0; i < SPECTRUM_POINTS; i++) {
        double x = from * pow(reach / from, (double)i / (SPECTRUM_POINTS - 1));

        for (; mark < QN_ARRAY_LEN(marks) && 1 / (1 - marks[mark]) <= x * (1 + 1e-9); mark++)
            write_quantile(values, marks[mark], true, scratch, f, d);
        write_quantile(values, 1 - 1 / x, false, scratch, f, d);
    }
    d->reach = fmax(d->reach, reach);
    free(scratch);
    return true;
}

int qn_fill_spectrum(const struct qn_tables *t, const struct qn_scene *g,
                     const struct qn_picture *p, struct qn_canvas *c)
{
    struct drawn d = {.extent.lo = INFINITY};
    int rc = write_lines(t, g, p, write_spectrum, c, &d);

    for (size_t i = 0; i < QN_ARRAY_LEN(marks) && 1 / (1 - marks[i]) <= d.reach * 1.3; i++)
        qn_gnuplot_add(&c->call, "percents", ", ", "'%g %%%%' %.9g", 100 * marks[i],
                       1 / (1 - marks[i]));
    qn_gnuplot_number(&c->call, "reach", d.reach);
    qn_axis_log(&c->call, "y", &d.extent, 1);
    return rc;
}
