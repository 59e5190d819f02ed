#include <math.h>
#include <stdlib.h>

#include "bench/report/gnuplot.h"
#include "bench/report/picture/draw.h"
#include "bench/report/values.h"
#include "bench/stats/curves.h"

#define US 1e3

/* Points of a line, the one it starts from left aside: more are not seen, and the page holds them
 * all. */
#define ECDF_POINTS 399u
#define SPECTRUM_POINTS 120u

/* The lines of a picture as they are found to have data. */
struct drawn {
    size_t *lines, n;
    struct qn_extent extent; /* in the axis's unit */
    double reach;            /* spectrum: the furthest 1 / (1 - q) */
};

static void see(struct drawn *d, double value)
{
    qn_extent_add(&d->extent, &(struct qn_estimate){.value = value});
}

/* Writes a line's block; false: it has no data. */
typedef bool write_fn(struct qn_values *values, FILE *f, struct drawn *d);

static int write_lines(const struct qn_tables *t, const struct qn_scene *g,
                       const struct qn_view *view, write_fn *write, FILE *f, struct drawn *d)
{
    for (size_t i = 0; i < g->n_lines; i++) {
        struct qn_values values;
        int rc =
            qn_values_of(t, qn_tables_cell(t, g, i, qn_picture_rate(g)), &view->metric, &values);

        if (rc != QN_OK)
            return rc;
        if (write(&values, f, d)) {
            fputs("\n\n", f);
            d->lines[d->n++] = i;
        }
        qn_values_fini(&values);
    }
    return QN_OK;
}

static int draw(const struct qn_tables *t, const struct qn_scene *g, const struct qn_view *view,
                write_fn *write,
                int (*finish)(struct qn_gnuplot *, const struct qn_tables *, const struct drawn *))
{
    struct drawn d = {.lines = calloc(g->n_lines, sizeof(*d.lines)), .extent.lo = INFINITY};
    char data[QN_PICTURE_PATH], path[QN_PICTURE_PATH];
    FILE *f = qn_gnuplot_data(t, g, view->name, data, sizeof(data));
    int rc = !d.lines ? QN_ENOMEM : f ? write_lines(t, g, view, write, f, &d) : QN_EIO;
    struct qn_gnuplot c;

    if (f && qn_gnuplot_data_end(t, f, data, d.n == 0) != QN_OK)
        rc = QN_EIO;
    if (rc == QN_OK && d.n > 0) {
        qn_picture_path(g, view->name, path, sizeof(path));
        qn_gnuplot_begin(&c, path, data);
        qn_gnuplot_lines(&c, t, g, d.lines, d.n);
        qn_gnuplot_view(&c, g, view);
        rc = finish(&c, t, &d);
    }
    free(d.lines);
    return rc;
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
        see(d, points[i].x / US);
        fprintf(f, "%.6g %.5g\n", points[i].x / US, points[i].y);
    }
    return true;
}

static int finish_ecdf(struct qn_gnuplot *c, const struct qn_tables *t, const struct drawn *d)
{
    qn_gnuplot_log_axis(c, "x", &d->extent, 1);
    return qn_gnuplot_run(c, t->dir, "ecdf.gp");
}

int qn_draw_ecdf(const struct qn_tables *t, const struct qn_scene *g, const struct qn_view *view)
{
    return draw(t, g, view, write_ecdf, finish_ecdf);
}

/* Percentiles that are written on the axis, and where each line shows its interval. */
static const double marks[] = {0.5, 0.75, 0.9, 0.99, 0.999, 0.9999, 0.99999};

static void write_quantile(const struct qn_values *values, double q, bool is_mark, double *scratch,
                           FILE *f, struct drawn *d)
{
    struct qn_estimate e = qn_values_quantile(values, q, scratch);

    see(d, e.value / US);
    if (is_mark && e.has_interval) {
        see(d, e.lo / US);
        see(d, e.hi / US);
    }
    fprintf(f, "%.6g", 1 / (1 - q));
    qn_gnuplot_put(f, e.value / US);
    qn_gnuplot_put(f, is_mark && e.has_interval ? e.lo / US : NAN);
    qn_gnuplot_put(f, is_mark && e.has_interval ? e.hi / US : NAN);
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

static int finish_spectrum(struct qn_gnuplot *c, const struct qn_tables *t, const struct drawn *d)
{
    char tics[QN_GNUPLOT_TEXT] = "";
    size_t at = 0;

    for (size_t i = 0; i < QN_ARRAY_LEN(marks) && 1 / (1 - marks[i]) <= d->reach * 1.3; i++)
        at += (size_t)snprintf(tics + at, sizeof(tics) - at, "%s'%g %%%%' %.9g", at ? ", " : "",
                               100 * marks[i], 1 / (1 - marks[i]));
    qn_gnuplot_text(c, "percents", tics);
    qn_gnuplot_number(c, "reach", d->reach);
    qn_gnuplot_log_axis(c, "y", &d->extent, 1);
    return qn_gnuplot_run(c, t->dir, "spectrum.gp");
}

int qn_draw_spectrum(const struct qn_tables *t, const struct qn_scene *g,
                     const struct qn_view *view)
{
    return draw(t, g, view, write_spectrum, finish_spectrum);
}
