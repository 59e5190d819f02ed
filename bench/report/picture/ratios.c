#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/gnuplot.h"
#include "bench/report/picture/draw.h"
#include "bench/report/ratios.h"
#include "bench/report/sentences.h"

/* The panels, as they are gathered: lists of one item a metric, separated by '|'. */
struct panels {
    char titles[QN_GNUPLOT_TEXT], tics[QN_GNUPLOT_TEXT], ends[QN_GNUPLOT_TEXT];
    size_t n;
};

static void append(char *list, const char *before, const char *text)
{
    size_t at = strlen(list);

    snprintf(list + at, QN_GNUPLOT_TEXT - at, "%s%s", at ? before : "", text);
}

/* A row: its place, the ratio with its interval, its style is the line's; and a word where a
 * logarithmic axis has no place for it. */
static void write_row(FILE *f, size_t row, const struct qn_ratio *r, struct qn_extent *extent)
{
    const char *word = r->n_calls == 0          ? "none"
                       : !(r->ratio.value > 0)  ? "0"
                       : !r->ratio.has_interval ? "no interval"
                                                : "";

    fprintf(f, "%zu", row);
    qn_gnuplot_put_estimate(f, &(struct qn_estimate){.value = NAN}, 1);
    fprintf(f, " \"%s\"\n", word);
    if (*word)
        return;
    fprintf(f, "%zu", row);
    qn_gnuplot_put_estimate(f, &r->ratio, 1);
    fputs(" \"\"\n", f);
    qn_extent_add(extent, &r->ratio);
}

/* A metric's block and panel; none where the base has nothing of it. */
static void write_panel(const struct qn_tables *t, const struct qn_scene *g, size_t base,
                        const struct qn_ratio_metric *m, FILE *f, struct panels *p)
{
    size_t rate = qn_picture_rate(g), base_cell = qn_tables_cell(t, g, base, rate), row = 0;
    struct qn_ratio own = qn_ratio_of(t, base_cell, base_cell, m->metric);
    struct qn_extent extent = {.lo = 1 / 1.3, .hi = 1.3};
    const char *name = t->plan.cells[g->lines[base]].strategy;
    char number[32], tics[QN_GNUPLOT_TEXT / 8], text[256];
    double margin;

    if (own.n_calls == 0)
        return;
    for (size_t i = 0; i < g->n_lines; i++) {
        struct qn_ratio r;

        if (i == base)
            continue;
        r = qn_ratio_of(t, qn_tables_cell(t, g, i, rate), base_cell, m->metric);
        write_row(f, row++, &r, &extent);
    }
    fputs("\n\n", f);
    qn_say_number(own.base / m->unit, number, sizeof(number));
    snprintf(text, sizeof(text), "%s / that of %s (%s %s)", m->name, name, number, m->unit_name);
    append(p->titles, "|", text);
    margin = qn_gnuplot_margin(extent.lo, extent.hi);
    qn_gnuplot_log_tics(extent.lo / margin, extent.hi * margin, tics, sizeof(tics));
    append(p->tics, "|", tics);
    snprintf(text, sizeof(text), "%.9g %.9g", extent.lo / margin, extent.hi * margin);
    append(p->ends, " ", text);
    p->n++;
}

int qn_draw_ratios(const struct qn_tables *t, const struct qn_scene *g, const struct qn_view *view)
{
    size_t base = qn_picture_base(t, g), n = 0;
    size_t *lines = calloc(g->n_lines, sizeof(*lines));
    struct panels panels = {.n = 0};
    char data[QN_PICTURE_PATH], path[QN_PICTURE_PATH];
    struct qn_gnuplot c;
    FILE *f;
    int rc = QN_OK;

    if (!lines)
        return QN_ENOMEM;
    for (size_t i = 0; i < g->n_lines && base < g->n_lines; i++)
        if (i != base)
            lines[n++] = i;
    f = n > 0 ? qn_gnuplot_data(t, g, view->name, data, sizeof(data)) : NULL;
    for (size_t m = 0; f && m < qn_n_ratio_metrics; m++)
        write_panel(t, g, base, &qn_ratio_metrics[m], f, &panels);
    if (n > 0)
        rc = qn_gnuplot_data_end(t, f, data, panels.n == 0);
    if (rc == QN_OK && panels.n > 0) {
        qn_picture_path(g, view->name, path, sizeof(path));
        qn_gnuplot_begin(&c, path, data);
        qn_gnuplot_lines(&c, t, g, lines, n);
        qn_gnuplot_view(&c, g, view);
        qn_gnuplot_number(&c, "n_panels", (double)panels.n);
        qn_gnuplot_text(&c, "panels", panels.titles);
        qn_gnuplot_text(&c, "tics", panels.tics);
        qn_gnuplot_text(&c, "ends", panels.ends);
        rc = qn_gnuplot_run(&c, t->dir, "forest.gp");
    }
    free(lines);
    return rc;
}
