#include <math.h>
#include <stdlib.h>

#include "bench/report/picture/fill.h"
#include "bench/report/trade_off.h"

#define US 1e3

static void write_trade(FILE *f, const struct qn_trade_off *front, size_t i)
{
    const struct qn_summary_row *theory = front->theory[i];

    qn_axis_put_estimate(f, front->x[i], US);
    qn_axis_put_estimate(f, front->y[i], US);
    qn_axis_put(f, theory ? theory->mean.value / US : NAN);
    fputs("\n\n\n", f);
}

static void write_steps(FILE *f, const struct qn_trade_off *front, const struct qn_extent *x,
                        const struct qn_extent *y, struct qn_point *room)
{
    /* far enough for the border to leave the plot */
    size_t n =
        qn_curve_steps(front->trades, front->n, (x->hi + US) * 1e3, (y->hi + US) * 1e3, room);

    for (size_t i = 0; i < n; i++)
        fprintf(f, "%.9g %.9g\n", room[i].x / US, room[i].y / US);
}

int qn_fill_trade_off(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_picture *p, struct qn_canvas *c)
{
    struct qn_extent x = {.lo = INFINITY}, y = {.lo = INFINITY};
    struct qn_point *room = calloc(2 * g->n_lines + 1, sizeof(*room));
    struct qn_trade_off front;
    int rc = room ? qn_trade_off_of(t, g, p->metric, &front) : QN_ENOMEM;

    if (rc != QN_OK) {
        free(room);
        return rc;
    }
    for (size_t i = 0; i < front.n; i++) {
        qn_extent_add(&x, front.x[i]);
        qn_extent_add(&y, front.y[i]);
        if (front.theory[i])
            qn_extent_add(&y, &front.theory[i]->mean);
        write_trade(c->data, &front, i);
        qn_fill_line(t, g, front.lines[i], c);
        qn_gnuplot_add(&c->call, "eligible", " ", "%d", front.trades[i].is_eligible);
    }
    write_steps(c->data, &front, &x, &y, room);
    qn_gnuplot_marked_up(&c->call, "xlabel", "%s", p->label);
    qn_fill_ylabel(t, g, "wasted work per failed call, µs", true, c);
    qn_axis_log(&c->call, "x", &x, US);
    qn_axis_log(&c->call, "y", &y, US);
    c->is_drawn = front.n > 1; /* one alone trades nothing */
    qn_trade_off_fini(&front);
    free(room);
    return QN_OK;
}
