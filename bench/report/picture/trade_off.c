#include <math.h>
#include <stdlib.h>

#include "bench/report/gnuplot.h"
#include "bench/report/picture/draw.h"
#include "bench/report/trade_off.h"

#define US 1e3

static void write_trade(FILE *f, const struct qn_trade_off *front, size_t i)
{
    const struct qn_summary_row *theory = front->theory[i];

    qn_gnuplot_put_estimate(f, front->x[i], US);
    qn_gnuplot_put_estimate(f, front->y[i], US);
    qn_gnuplot_put(f, theory ? theory->mean.value / US : NAN);
    fputs("\n\n\n", f);
}

static void write_steps(FILE *f, const struct qn_trade_off *front, const struct qn_extent *x,
                        const struct qn_extent *y, struct qn_point *room)
{
    /* far enough for the border to leave the picture */
    size_t n =
        qn_curve_steps(front->trades, front->n, (x->hi + US) * 1e3, (y->hi + US) * 1e3, room);

    for (size_t i = 0; i < n; i++)
        fprintf(f, "%.9g %.9g\n", room[i].x / US, room[i].y / US);
}

static void say_eligible(struct qn_gnuplot *c, const struct qn_trade_off *front)
{
    char list[QN_GNUPLOT_TEXT] = "";
    size_t at = 0;

    for (size_t i = 0; i < front->n && at + 3 < sizeof(list); i++)
        at += (size_t)snprintf(list + at, sizeof(list) - at, "%d ", front->trades[i].is_eligible);
    qn_gnuplot_text(c, "eligible", list);
}

int qn_draw_trade_off(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_view *view)
{
    struct qn_extent x = {.lo = INFINITY}, y = {.lo = INFINITY};
    char data[QN_PICTURE_PATH], path[QN_PICTURE_PATH];
    struct qn_point *room = calloc(2 * g->n_lines + 1, sizeof(*room));
    struct qn_trade_off front;
    struct qn_gnuplot c;
    FILE *f = NULL;
    int rc = room ? qn_trade_off_of(t, g, view->metric.info->name, &front) : QN_ENOMEM;

    if (rc != QN_OK) {
        free(room);
        return rc;
    }
    for (size_t i = 0; i < front.n; i++) {
        qn_extent_add(&x, front.x[i]);
        qn_extent_add(&y, front.y[i]);
        if (front.theory[i])
            qn_extent_add(&y, &front.theory[i]->mean);
    }
    if (front.n == 0)
        goto out;
    f = qn_gnuplot_data(t, g, view->name, data, sizeof(data));
    for (size_t i = 0; f && i < front.n; i++)
        write_trade(f, &front, i);
    if (f)
        write_steps(f, &front, &x, &y, room);
    if (!f || fclose(f) != 0) {
        rc = QN_EIO;
        goto out;
    }
    qn_picture_path(g, view->name, path, sizeof(path));
    qn_gnuplot_begin(&c, path, data);
    qn_gnuplot_lines(&c, t, g, front.lines, front.n);
    qn_gnuplot_view(&c, g, view);
    say_eligible(&c, &front);
    qn_gnuplot_log_axis(&c, "x", &x, US);
    qn_gnuplot_log_axis(&c, "y", &y, US);
    rc = qn_gnuplot_run(&c, t->dir, "front.gp");
out:
    qn_trade_off_fini(&front);
    free(room);
    return rc;
}
