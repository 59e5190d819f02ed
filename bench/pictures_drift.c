#include <math.h>

#include "bench/drift.h"
#include "bench/marks.h"
#include "bench/pictures_draw.h"
#include "bench/pictures_gnuplot.h"

/* Blocks of the file: quantum, quantum of marked ones, calls, calls of marked ones. */
static void write_points(FILE *f, const struct qn_drift *d, size_t *n_calls)
{
    for (int kind = 0; kind < 4; kind++) {
        fputs("NaN NaN\n", f); /* an empty block would not count */
        for (size_t i = 0; i < d->n; i++) {
            const struct qn_drift_point *p = &d->points[i];
            double value = kind < 2 ? p->quantum : p->calls;

            if (isnan(value) || (p->mark[0] != '\0') != (kind % 2))
                continue;
            fprintf(f, "%.9g %.6g\n", p->at, value);
            *n_calls += kind >= 2;
        }
        fputs("\n\n", f);
    }
}

int qn_draw_drift(const struct qn_tables *t, const struct qn_scene *g, const struct qn_view *view)
{
    char data[QN_PICTURE_PATH], path[QN_PICTURE_PATH];
    struct qn_gnuplot c;
    struct qn_drift d;
    size_t n_calls = 0;
    FILE *f;
    int rc = qn_drift_of(t, &d);

    if (rc != QN_OK || d.n == 0) {
        if (rc == QN_OK)
            qn_drift_fini(&d);
        return rc;
    }
    f = qn_gnuplot_data(t, g, view->name, data, sizeof(data));
    if (f)
        write_points(f, &d, &n_calls);
    if (!f || fclose(f) != 0)
        rc = QN_EIO;
    if (rc == QN_OK) {
        qn_picture_path(g, view->name, path, sizeof(path));
        qn_gnuplot_begin(&c, path, data);
        qn_gnuplot_titles(&c, g, view->title, view->subtitle);
        qn_gnuplot_text(&c, "xlabel",
                        d.is_timed ? "seconds since the run began" : "place in the run's order");
        qn_gnuplot_number(&c, "xlo", d.points[0].at);
        qn_gnuplot_number(&c, "xhi", d.points[d.n - 1].at);
        qn_gnuplot_number(&c, "n_panels", n_calls > 0 ? 2 : 1);
        qn_gnuplot_number(&c, "n_marked", (double)d.n_marked);
        qn_gnuplot_number(&c, "limit", qn_block_limits.drift);
        qn_gnuplot_number(&c, "calibrated", isnan(d.calibrated) ? 0 : d.calibrated);
        rc = qn_gnuplot_run(&c, t->dir, "drift.gp");
    }
    qn_drift_fini(&d);
    return rc;
}
