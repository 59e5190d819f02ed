#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/gnuplot.h"
#include "bench/report/picture/draw.h"
#include "bench/report/reversals.h"

#define LABEL_BYTES 256

/* Two scenes, what is drawn of them, and room for it. */
struct reversals {
    const struct qn_tables *t;
    const struct qn_scene *first, *second;
    struct qn_reversal_side *sides;
    struct qn_reversal *found;
    char titles[QN_GNUPLOT_TEXT], tics[QN_GNUPLOT_TEXT], ends[QN_GNUPLOT_TEXT], counts[256];
    size_t n_panels, most_rows, label_chars;
};

static void append(char *list, size_t bytes, const char *before, const char *text)
{
    size_t at = strlen(list);

    snprintf(list + at, bytes - at, "%s%s", at ? before : "", text);
}

static bool is_reversed(const struct reversals *x, size_t n_found, size_t side)
{
    for (size_t i = 0; i < n_found; i++)
        if (x->found[i].a == side || x->found[i].b == side)
            return true;
    return false;
}

static void write_panel(struct reversals *x, const struct qn_reversal_metric *m, FILE *f)
{
    size_t n = qn_reversal_sides(x->t, x->first, x->second, qn_picture_rate(x->first), m, x->sides);
    size_t n_found = qn_reversals_find(x->sides, n, m->is_higher_better, x->found);
    bool is_same = strcmp(m->before, m->after) == 0;
    static const struct qn_estimate none = {.value = NAN};
    struct qn_extent extent = {.lo = INFINITY};
    char text[QN_GNUPLOT_TEXT / 8];
    double margin;

    for (size_t i = 0; i < n; i++) {
        char label[LABEL_BYTES];

        qn_tables_label(x->t, x->first, x->sides[i].line, label, sizeof(label));
        x->label_chars = strlen(label) > x->label_chars ? strlen(label) : x->label_chars;
        fprintf(f, "%zu \"%s%s\"", i, label, is_reversed(x, n_found, i) ? " ⇅" : "");
        qn_gnuplot_put_estimate(f, is_same ? x->sides[i].first : &none, m->before_unit);
        qn_gnuplot_put_estimate(f, x->sides[i].second, m->after_unit);
        putc('\n', f);
        if (is_same)
            qn_extent_add(&extent, x->sides[i].first);
        qn_extent_add(&extent, x->sides[i].second);
    }
    if (n == 0 || !(extent.hi > 0))
        return;
    fputs("\n\n", f);
    snprintf(text, sizeof(text), "%s, %s", m->after, m->after_unit_name);
    append(x->titles, sizeof(x->titles), "|", text);
    extent.lo /= m->after_unit;
    extent.hi /= m->after_unit;
    margin = qn_gnuplot_margin(extent.lo, extent.hi);
    qn_gnuplot_log_tics(extent.lo / margin, extent.hi * margin, text, sizeof(text));
    append(x->tics, sizeof(x->tics), "|", text);
    snprintf(text, sizeof(text), "%.9g %.9g", extent.lo / margin, extent.hi * margin);
    append(x->ends, sizeof(x->ends), " ", text);
    snprintf(text, sizeof(text), "%zu", n);
    append(x->counts, sizeof(x->counts), " ", text);
    x->n_panels++;
    x->most_rows = n > x->most_rows ? n : x->most_rows;
}

static void say_titles(struct qn_gnuplot *c, const struct reversals *x, const struct qn_view *view)
{
    double rate = x->first->rates[qn_picture_rate(x->first)];
    char text[QN_GNUPLOT_TEXT], at[64] = "";

    if (!isnan(rate))
        snprintf(at, sizeof(at), "; failure rate %g", rate);
    snprintf(text, sizeof(text), "%s: %s%s", x->first->work, view->subtitle, at);
    qn_gnuplot_titles(c, NULL, view->title, text);
}

static int draw(struct reversals *x, const struct qn_view *view)
{
    char data[QN_PICTURE_PATH], path[QN_PICTURE_PATH];
    FILE *f = qn_gnuplot_data(x->t, x->first, view->name, data, sizeof(data));
    struct qn_gnuplot c;
    int rc;

    for (size_t m = 0; f && m < qn_n_reversal_metrics; m++)
        write_panel(x, &qn_reversal_metrics[m], f);
    rc = qn_gnuplot_data_end(x->t, f, data, x->n_panels == 0);
    if (rc != QN_OK || x->n_panels == 0)
        return rc;
    qn_picture_path(x->first, view->name, path, sizeof(path));
    qn_gnuplot_begin(&c, path, data);
    say_titles(&c, x, view);
    qn_gnuplot_number(&c, "label_chars", (double)x->label_chars + 2);
    qn_gnuplot_number(&c, "n_panels", (double)x->n_panels);
    qn_gnuplot_number(&c, "n_rows", (double)x->most_rows);
    qn_gnuplot_text(&c, "panels", x->titles);
    qn_gnuplot_text(&c, "tics", x->tics);
    qn_gnuplot_text(&c, "ends", x->ends);
    qn_gnuplot_text(&c, "counts", x->counts);
    return qn_gnuplot_run(&c, x->t->dir, "turns.gp");
}

int qn_draw_reversals(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_view *view)
{
    struct reversals *x = calloc(1, sizeof(*x));
    size_t n = g->n_lines;
    int rc = QN_ENOMEM;

    if (!x)
        return QN_ENOMEM;
    *x = (struct reversals){.t = t,
                            .first = g,
                            .second = qn_tables_twin(t, g, QN_ARRIVAL_BACK_TO_BACK),
                            .sides = calloc(n, sizeof(*x->sides)),
                            .found = calloc(n * n, sizeof(*x->found))};
    if (x->sides && x->found)
        rc = x->second ? draw(x, view) : QN_OK;
    free(x->found);
    free(x->sides);
    free(x);
    return rc;
}
