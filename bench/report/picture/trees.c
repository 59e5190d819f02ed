#include <math.h>
#include <stdlib.h>

#include "bench/report/picture/fill.h"
#include "bench/report/trees.h"

#define US 1e3

static const char *const metrics[] = {"detection", "stop_latency"};

/* The measured lines' blocks. */
static void write_lines(const struct qn_tables *t, const struct qn_trees *trees,
                        struct qn_canvas *c, struct qn_extent *extent)
{
    for (size_t i = 0; i < trees->n; i++) {
        const struct qn_tree_point *p = &trees->points[i];

        if (qn_trees_begins(trees, i)) {
            fputs(i > 0 ? "\n\n" : "", c->data);
            qn_canvas_line(c, t->plan.cells[p->cell].strategy, p->line);
        }
        fprintf(c->data, "%u", qn_trees_x(trees, i));
        for (size_t m = 0; m < QN_ARRAY_LEN(metrics); m++) {
            const struct qn_summary_row *row = qn_tables_find(t, p->cell, metrics[m], "failed");

            qn_axis_put_estimate(c->data, &row->p50, US);
            qn_extent_add(extent, &row->p50);
        }
        putc('\n', c->data);
    }
}

/* An earlier point has the same shape and closed form. */
static bool has_before(const struct qn_trees *trees, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (trees->points[j].climbs == trees->points[i].climbs &&
            qn_trees_x(trees, j) == qn_trees_x(trees, i))
            return true;
    return false;
}

/* Two more blocks: the closed forms for errors that climb and for those that don't; NaN: no point.
 */
static void write_forms(const struct qn_trees *trees, FILE *f)
{
    for (int climbs = 1; climbs >= 0; climbs--) {
        fputs("\n\nNaN NaN NaN\n", f);
        for (size_t i = 0; i < trees->n; i++) {
            const struct qn_tree_point *p = &trees->points[i];
            double detection = qn_trees_least_detection(p), stop = qn_trees_least_stop(p);

            if (p->climbs != climbs || has_before(trees, i))
                continue;
            fprintf(f, "%u", qn_trees_x(trees, i));
            qn_axis_put(f, detection > 0 ? detection / US : NAN);
            qn_axis_put(f, stop > 0 ? stop / US : NAN);
            putc('\n', f);
        }
    }
}

static void tell_x(struct qn_gnuplot *c, const struct qn_trees *trees)
{
    unsigned lo = UINT32_MAX, hi = 1;

    for (size_t i = 0; i < trees->n; i++) {
        lo = qn_trees_x(trees, i) < lo ? qn_trees_x(trees, i) : lo;
        hi = qn_trees_x(trees, i) > hi ? qn_trees_x(trees, i) : hi;
    }
    qn_gnuplot_number(c, "xlo", lo / 1.4);
    qn_gnuplot_number(c, "xhi", hi * 1.4);
}

int qn_fill_trees(const struct qn_tables *t, const struct qn_scene *g, const struct qn_picture *p,
                  struct qn_canvas *c)
{
    const char *workload = t->plan.cells[g->lines[0]].workload.name;
    struct qn_extent extent = {.lo = INFINITY};
    struct qn_trees trees;
    int rc = qn_trees_of(t, workload, &trees);

    if (rc != QN_OK)
        return rc;
    write_lines(t, &trees, c, &extent);
    write_forms(&trees, c->data);
    qn_fill_titles(g, p, workload, p->subtitle, c);
    qn_gnuplot_text(&c->call, "xlabel", "%s",
                    trees.by_breadth ? "breadth: children per scope" : "depth: levels of fan-outs");
    tell_x(&c->call, &trees);
    qn_axis_log(&c->call, "y", &extent, US);
    c->is_drawn = trees.n > 0;
    qn_trees_fini(&trees);
    return QN_OK;
}
