#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/picture/fill.h"
#include "bench/summary/misuse.h"

#define LABEL_BYTES 256

/* A panel: a metric and, beside it, another of the same unit, or NULL. */
static const struct {
    const char *metric, *beside;
    bool is_mean;
    double unit;
    const char *title;
} panels[] = {
    {"retained_at_return", NULL, true, 1024.0, "retained at return, KiB"},
    {"retained_integral", NULL, true, 1024.0 * 1e6, "retained until settled, KiB·ms"},
    {"return_latency", "return_latency_less_closing", false, 1e3, "return latency, µs"},
};

static const struct qn_estimate *estimate_of(const struct qn_tables *t, size_t cell,
                                             const char *metric, bool is_mean)
{
    static const struct qn_estimate none = {.value = NAN};
    const struct qn_summary_row *row =
        metric && cell != SIZE_MAX ? qn_tables_find(t, cell, metric, "failed") : NULL;

    return !row ? &none : is_mean ? &row->mean : &row->p50;
}

bool qn_has_resources(const struct qn_tables *t, const struct qn_scene *g)
{
    for (size_t i = 0; i < g->n_lines; i++)
        if (qn_misuse_applies(&t->trials, g->lines[i]))
            return true;
    return false;
}

/* A block per panel; columns: row name, value lo hi, and value lo hi of the second metric. */
int qn_fill_resources(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_picture *p, struct qn_canvas *c)
{
    size_t rate = qn_picture_rate(g);

    (void)p;
    for (size_t i = 0; i < g->n_lines; i++)
        qn_fill_line(t, g, i, c);
    for (size_t m = 0; m < QN_ARRAY_LEN(panels); m++) {
        for (size_t i = 0; i < g->n_lines; i++) {
            size_t cell = qn_tables_cell(t, g, i, rate);
            char label[LABEL_BYTES];

            qn_tables_label(t, g, i, label, sizeof(label));
            fprintf(c->data, "%zu \"%s\"", i, label);
            qn_axis_put_estimate(c->data, estimate_of(t, cell, panels[m].metric, panels[m].is_mean),
                                 panels[m].unit);
            qn_axis_put_estimate(c->data, estimate_of(t, cell, panels[m].beside, panels[m].is_mean),
                                 panels[m].unit);
            putc('\n', c->data);
        }
        fputs("\n\n", c->data);
        qn_canvas_panel(c, "%s", panels[m].title);
    }
    c->is_drawn = true;
    return QN_OK;
}
