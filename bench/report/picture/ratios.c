#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/picture/fill.h"
#include "bench/report/ratios.h"
#include "bench/report/sentences.h"

/* A row: its position, the ratio with its interval, and a word if a logarithmic axis has no place
 * for it. */
static void write_row(FILE *f, size_t row, const struct qn_ratio *r, struct qn_extent *extent)
{
    const char *word = r->n_calls == 0          ? "none"
                       : !(r->ratio.value > 0)  ? "0"
                       : !r->ratio.has_interval ? "no interval"
                                                : "";

    fprintf(f, "%zu", row);
    qn_axis_put_estimate(f, &(struct qn_estimate){.value = NAN}, 1);
    fprintf(f, " \"%s\"\n", word);
    if (*word)
        return;
    fprintf(f, "%zu", row);
    qn_axis_put_estimate(f, &r->ratio, 1);
    fputs(" \"\"\n", f);
    qn_extent_add(extent, &r->ratio);
}

/* A metric's block and panel; none if the base lacks it. */
static void write_panel(const struct qn_tables *t, const struct qn_scene *g, size_t base,
                        const struct qn_ratio_metric *m, struct qn_canvas *c)
{
    size_t rate = qn_picture_rate(g), base_cell = qn_tables_cell(t, g, base, rate), row = 0;
    struct qn_ratio own = qn_ratio_of(t, base_cell, base_cell, m->metric);
    struct qn_extent extent = {.lo = 1 / 1.3, .hi = 1.3};
    char number[32];

    if (own.n_calls == 0)
        return;
    for (size_t i = 0; i < g->n_lines; i++) {
        struct qn_ratio r;

        if (i == base)
            continue;
        r = qn_ratio_of(t, qn_tables_cell(t, g, i, rate), base_cell, m->metric);
        write_row(c->data, row++, &r, &extent);
    }
    fputs("\n\n", c->data);
    qn_say_number(own.base / m->unit, number, sizeof(number));
    qn_canvas_panel(c, "%s / that of %s (%s %s)", m->name, t->plan.cells[g->lines[base]].strategy,
                    number, m->unit_name);
    qn_canvas_panel_axis(c, extent.lo, extent.hi);
}

int qn_fill_ratios(const struct qn_tables *t, const struct qn_scene *g, const struct qn_picture *p,
                   struct qn_canvas *c)
{
    size_t base = qn_picture_base(t, g);

    (void)p;
    for (size_t i = 0; i < g->n_lines && base < g->n_lines; i++)
        if (i != base)
            qn_fill_line(t, g, i, c);
    for (size_t m = 0; m < qn_n_ratio_metrics && c->n_lines > 0; m++)
        write_panel(t, g, base, &qn_ratio_metrics[m], c);
    c->is_drawn = c->n_panels > 0;
    return QN_OK;
}
