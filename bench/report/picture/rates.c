#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/picture/fill.h"

#define SUBTITLE_BYTES 512

static double lowest_positive(const struct qn_scene *g)
{
    double lowest = g->rates[0];

    for (size_t i = 0; i < g->n_rates && lowest == 0; i++)
        lowest = g->rates[i];
    return lowest;
}

/* A rate's position on a logarithmic axis: 0 is placed left of the lowest. */
static double place_of(const struct qn_scene *g, double rate)
{
    return rate > 0 ? rate : lowest_positive(g) / 4;
}

/* The ends of a linear axis, and those that would show every interval whole. */
struct linear {
    double least, most; /* of the figures */
    double lo, hi;      /* of their intervals */
};

static void linear_add(struct linear *x, const struct qn_estimate *e)
{
    x->least = fmin(x->least, e->value);
    x->most = fmax(x->most, e->value);
    x->lo = fmin(x->lo, e->has_interval ? e->lo : e->value);
    x->hi = fmax(x->hi, e->has_interval ? e->hi : e->value);
}

/* Room for intervals: one that is many times wider than the figures would flatten them. */
#define LINEAR_ROOM 3

static double linear_top(const struct linear *x)
{
    return x->most > 0 ? fmin(x->hi, LINEAR_ROOM * x->most) : x->hi;
}

/* 0 unless a figure is below. */
static double linear_bottom(const struct linear *x)
{
    return x->least < 0 ? fmax(x->lo, x->least - LINEAR_ROOM * fmax(-x->least, x->most)) : 0;
}

/* A line's points; unit and extent are the axis's. Returns how many. */
static size_t write_line(const struct qn_tables *t, const struct qn_scene *g, size_t line,
                         const struct qn_picture *p, FILE *f, struct qn_extent *extent,
                         struct linear *linear)
{
    size_t n = 0;

    for (size_t r = 0; r < g->n_rates; r++) {
        size_t cell = qn_tables_cell(t, g, line, r);
        const struct qn_summary_row *row =
            cell == SIZE_MAX ? NULL : qn_tables_find(t, cell, p->metric, p->condition);
        const struct qn_summary_row *theory =
            cell == SIZE_MAX || !p->theory ? NULL : qn_tables_find(t, cell, p->theory, "failed");

        if (!row || !isfinite(p->is_mean ? row->mean.value : row->p50.value))
            continue;
        fprintf(f, "%.9g", place_of(g, g->rates[r]));
        qn_axis_put_estimate(f, p->is_mean ? &row->mean : &row->p50, p->unit);
        qn_axis_put(f, theory ? theory->mean.value / p->unit : NAN);
        putc('\n', f);
        qn_extent_add(extent, p->is_mean ? &row->mean : &row->p50);
        linear_add(linear, p->is_mean ? &row->mean : &row->p50);
        if (theory)
            qn_extent_add(extent, &theory->mean);
        n++;
    }
    return n;
}

static void tell_rates(struct qn_gnuplot *c, const struct qn_scene *g, const struct qn_picture *p)
{
    bool from_zero = g->rates[0] == 0 && strcmp(p->condition, "all") == 0; /* no call fails there */
    double lowest = place_of(g, from_zero ? 0 : lowest_positive(g));
    double highest = place_of(g, g->rates[g->n_rates - 1]);
    bool is_log = highest / lowest > 5;
    double margin = is_log ? pow(highest / lowest, 0.06) : 0.06 * (highest - lowest) + 1e-9;

    for (size_t i = 0; i < g->n_rates; i++)
        if (g->rates[i] > 0 || from_zero)
            qn_gnuplot_add(c, "tics", ", ", "'%g' %.9g", g->rates[i], place_of(g, g->rates[i]));
    qn_gnuplot_number(c, "logx", is_log);
    qn_gnuplot_number(c, "xlo", is_log ? lowest / margin : lowest - margin);
    qn_gnuplot_number(c, "xhi", is_log ? highest * margin : highest + margin);
}

/* The y axis: logarithmic if that suits the figure and something is above 0. */
static void tell_values(struct qn_canvas *c, const struct qn_scene *g, const struct qn_picture *p,
                        const struct qn_extent *extent, const struct linear *linear)
{
    bool is_log = p->is_log && isfinite(extent->lo);
    double top = linear_top(linear), bottom = linear_bottom(linear);
    char subtitle[SUBTITLE_BYTES];

    snprintf(subtitle, sizeof(subtitle), "%s%s", p->subtitle,
             !is_log && (linear->hi > top || (bottom < 0 && linear->lo < bottom))
                 ? "; intervals that leave the plot continue beyond it"
                 : "");
    qn_fill_titles(g, p, g->title, subtitle, c);
    qn_gnuplot_number(&c->call, "logy", is_log);
    qn_gnuplot_number(&c->call, "bottom", bottom / p->unit * 1.05);
    qn_gnuplot_number(&c->call, "top", top > bottom ? top / p->unit * 1.05 : 1);
    qn_axis_log(&c->call, "y", extent, p->unit);
}

int qn_fill_rates(const struct qn_tables *t, const struct qn_scene *g, const struct qn_picture *p,
                  struct qn_canvas *c)
{
    struct qn_extent extent = {.lo = INFINITY};
    struct linear linear = {INFINITY, -INFINITY, INFINITY, -INFINITY};

    for (size_t i = 0; i < g->n_lines; i++) {
        if (write_line(t, g, i, p, c->data, &extent, &linear) == 0)
            continue;
        fputs("\n\n", c->data);
        qn_fill_line(t, g, i, c);
        c->is_drawn = true;
    }
    qn_fill_ylabel(t, g, p->label, qn_metric_find(p->metric)->is_counted, c);
    tell_values(c, g, p, &extent, &linear);
    qn_gnuplot_number(&c->call, "theory", p->theory != NULL);
    tell_rates(&c->call, g, p);
    return QN_OK;
}

/* The split of waste. */

static double mean_of(const struct qn_tables *t, size_t cell, const char *metric, double unit)
{
    const struct qn_summary_row *row =
        cell == SIZE_MAX ? NULL : qn_tables_find(t, cell, metric, "failed");

    return row ? row->mean.value / unit : NAN;
}

/* A line's bars, a row per rate. */
static void write_bars(const struct qn_tables *t, const struct qn_scene *g, size_t line,
                       const struct qn_picture *p, struct qn_canvas *c)
{
    size_t place = 0;

    for (size_t r = 0; r < g->n_rates; r++) {
        size_t cell = qn_tables_cell(t, g, line, r);
        double wasted = mean_of(t, cell, "wasted", p->unit);

        if (g->rates[r] == 0)
            continue;
        c->is_drawn = c->is_drawn || isfinite(wasted);
        fprintf(c->data, "%zu", place++);
        qn_axis_put(c->data, mean_of(t, cell, "wasted_inflight", p->unit));
        qn_axis_put(c->data, wasted);
        qn_axis_put(c->data, mean_of(t, cell, "theory_wasted", p->unit));
        putc('\n', c->data);
    }
    fputs("\n\n", c->data);
}

int qn_fill_split(const struct qn_tables *t, const struct qn_scene *g, const struct qn_picture *p,
                  struct qn_canvas *c)
{
    size_t n_scenes = 0;

    for (size_t i = 0; i < g->n_lines; i++) {
        qn_fill_line(t, g, i, c);
        write_bars(t, g, i, p, c);
    }
    for (size_t r = 0; r < g->n_rates; r++) {
        if (g->rates[r] == 0)
            continue;
        qn_gnuplot_add(&c->call, "groups", "|", isnan(g->rates[r]) ? "set by the workload" : "%g",
                       g->rates[r]);
        n_scenes++;
    }
    qn_fill_ylabel(t, g, p->label, true, c);
    qn_gnuplot_text(&c->call, "lower", "begun before");
    qn_gnuplot_text(&c->call, "upper", "begun after");
    qn_gnuplot_number(&c->call, "n_groups", (double)n_scenes);
    return QN_OK;
}
