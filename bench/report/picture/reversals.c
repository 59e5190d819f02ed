#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/picture/fill.h"
#include "bench/report/reversals.h"

#define LABEL_BYTES 256

/* Two scenes, and room for their figures. */
struct reversals {
    const struct qn_tables *t;
    const struct qn_scene *first, *second;
    struct qn_reversal_side *sides;
    struct qn_reversal *found;
    size_t most_rows;
};

static bool is_reversed(const struct reversals *x, size_t n_found, size_t side)
{
    for (size_t i = 0; i < n_found; i++)
        if (x->found[i].a == side || x->found[i].b == side)
            return true;
    return false;
}

static void write_panel(struct reversals *x, const struct qn_reversal_metric *m,
                        struct qn_canvas *c)
{
    size_t n = qn_reversal_sides(x->t, x->first, x->second, qn_picture_rate(x->first), m, x->sides);
    size_t n_found = qn_reversals_find(x->sides, n, m->is_higher_better, x->found);
    bool is_same = strcmp(m->before, m->after) == 0;
    static const struct qn_estimate none = {.value = NAN};
    struct qn_extent extent = {.lo = INFINITY};

    for (size_t i = 0; i < n; i++) {
        char label[LABEL_BYTES];
        size_t chars;

        qn_tables_label(x->t, x->first, x->sides[i].line, label, sizeof(label));
        chars = strlen(label) + 2; /* room for the arrows */
        c->label_chars = chars > c->label_chars ? chars : c->label_chars;
        fprintf(c->data, "%zu \"%s%s\"", i, label, is_reversed(x, n_found, i) ? " ⇅" : "");
        qn_axis_put_estimate(c->data, is_same ? x->sides[i].first : &none, m->before_unit);
        qn_axis_put_estimate(c->data, x->sides[i].second, m->after_unit);
        putc('\n', c->data);
        if (is_same)
            qn_extent_add(&extent, x->sides[i].first);
        qn_extent_add(&extent, x->sides[i].second);
    }
    if (n == 0 || !(extent.hi > 0))
        return;
    fputs("\n\n", c->data);
    qn_canvas_panel(c, "%s, %s", m->after, m->after_unit_name);
    qn_canvas_panel_axis(c, extent.lo / m->after_unit, extent.hi / m->after_unit);
    qn_gnuplot_add(&c->call, "counts", " ", "%zu", n);
    x->most_rows = n > x->most_rows ? n : x->most_rows;
}

bool qn_has_reversals(const struct qn_tables *t, const struct qn_scene *g)
{
    return t->plan.cells[g->lines[0]].workload.arrival == QN_ARRIVAL_ISOLATED &&
           qn_tables_twin(t, g, QN_ARRIVAL_BACK_TO_BACK);
}

int qn_fill_reversals(const struct qn_tables *t, const struct qn_scene *g,
                      const struct qn_picture *p, struct qn_canvas *c)
{
    size_t n = g->n_lines;
    struct reversals x = {.t = t,
                          .first = g,
                          .second = qn_tables_twin(t, g, QN_ARRIVAL_BACK_TO_BACK),
                          .sides = calloc(n, sizeof(*x.sides)),
                          .found = calloc(n * n, sizeof(*x.found))};
    int rc = x.sides && x.found ? QN_OK : QN_ENOMEM;

    qn_fill_titles(g, p, g->work, p->subtitle, c);
    for (size_t m = 0; rc == QN_OK && m < qn_n_reversal_metrics; m++)
        write_panel(&x, &qn_reversal_metrics[m], c);
    c->is_drawn = c->n_panels > 0;
    qn_gnuplot_number(&c->call, "n_rows", (double)x.most_rows);
    free(x.found);
    free(x.sides);
    return rc;
}
