#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/gnuplot.h"
#include "bench/report/picture/draw.h"
#include "bench/summary/misuse.h"

#define LABEL_BYTES 256

/* A panel: a metric and, beside it, another of the same unit or NULL. */
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

static bool has_sequences(const struct qn_tables *t, const struct qn_scene *g)
{
    for (size_t i = 0; i < g->n_lines; i++)
        if (qn_misuse_applies(t->trials.rows[g->lines[i]], t->trials.n[g->lines[i]]))
            return true;
    return false;
}

/* A block a panel; columns: row name, value lo hi, and the same of what stands beside it. */
static void write_panels(const struct qn_tables *t, const struct qn_scene *g, FILE *f)
{
    size_t rate = qn_picture_rate(g);

    for (size_t m = 0; m < QN_ARRAY_LEN(panels); m++) {
        for (size_t i = 0; i < g->n_lines; i++) {
            size_t cell = qn_tables_cell(t, g, i, rate);
            char label[LABEL_BYTES];

            qn_tables_label(t, g, i, label, sizeof(label));
            fprintf(f, "%zu \"%s\"", i, label);
            qn_gnuplot_put_estimate(f, estimate_of(t, cell, panels[m].metric, panels[m].is_mean),
                                    panels[m].unit);
            qn_gnuplot_put_estimate(f, estimate_of(t, cell, panels[m].beside, panels[m].is_mean),
                                    panels[m].unit);
            putc('\n', f);
        }
        fputs("\n\n", f);
    }
}

static void add_titles(struct qn_gnuplot *c)
{
    char titles[QN_GNUPLOT_TEXT] = "";

    for (size_t m = 0; m < QN_ARRAY_LEN(panels); m++) {
        size_t at = strlen(titles);

        snprintf(titles + at, sizeof(titles) - at, "%s%s", m ? "|" : "", panels[m].title);
    }
    qn_gnuplot_text(c, "panels", titles);
    qn_gnuplot_number(c, "n_panels", (double)QN_ARRAY_LEN(panels));
}

int qn_draw_resources(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_view *view)
{
    char data[QN_PICTURE_PATH], path[QN_PICTURE_PATH];
    struct qn_gnuplot c;
    size_t *lines;
    FILE *f;

    if (!has_sequences(t, g))
        return QN_OK;
    lines = calloc(g->n_lines, sizeof(*lines));
    if (!lines)
        return QN_ENOMEM;
    for (size_t i = 0; i < g->n_lines; i++)
        lines[i] = i;
    f = qn_gnuplot_data(t, g, view->name, data, sizeof(data));
    if (f)
        write_panels(t, g, f);
    if (!f || fclose(f) != 0) {
        free(lines);
        return QN_EIO;
    }
    qn_picture_path(g, view->name, path, sizeof(path));
    qn_gnuplot_begin(&c, path, data);
    qn_gnuplot_lines(&c, t, g, lines, g->n_lines);
    qn_gnuplot_view(&c, g, view);
    add_titles(&c);
    free(lines);
    return qn_gnuplot_run(&c, t->dir, "resources.gp");
}
