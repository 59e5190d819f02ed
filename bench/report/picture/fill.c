#include "bench/report/picture/fill.h"

#include <math.h>
#include <stdio.h>

#define TEXT_BYTES 1024
#define LABEL_BYTES 256

void qn_fill_titles(const struct qn_scene *g, const struct qn_picture *p, const char *about,
                    const char *subtitle, struct qn_canvas *c)
{
    double rate = p->is_at_rate ? g->rates[qn_picture_rate(g)] : NAN;
    char text[TEXT_BYTES];

    snprintf(text, sizeof(text), isnan(rate) ? "%s" : "%s; failure rate %g", subtitle, rate);
    qn_canvas_titles(c, about, p->title, text);
}

void qn_fill_line(const struct qn_tables *t, const struct qn_scene *g, size_t line,
                  struct qn_canvas *c)
{
    char label[LABEL_BYTES];

    qn_tables_label(t, g, line, label, sizeof(label));
    qn_canvas_line(c, t->plan.cells[g->lines[line]].strategy, label);
}

void qn_fill_ylabel(const struct qn_tables *t, const struct qn_scene *g, const char *label,
                    bool is_work, struct qn_canvas *c)
{
    bool is_counted = is_work && !qn_kind_is_timed(t->plan.cells[g->lines[0]].workload.kind);

    qn_gnuplot_marked_up(&c->call, "ylabel", "%s%s", label, is_counted ? " (nominal)" : "");
}
