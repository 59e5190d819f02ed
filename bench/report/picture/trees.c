#include <math.h>
#include <stdlib.h>

#include "bench/report/gnuplot.h"
#include "bench/report/picture/draw.h"
#include "bench/report/trees.h"

#define US 1e3

static const char *const metrics[] = {"detection", "stop_latency"};

/* Blocks of the measured lines; their names, joined, and their strategies. Returns how many. */
static size_t write_lines(const struct qn_tables *t, const struct qn_trees *trees, FILE *f,
                          char *names, size_t bytes, const char **strategies,
                          struct qn_extent *extent)
{
    size_t n_lines = 0, at = 0;

    for (size_t i = 0; i < trees->n; i++) {
        if (qn_trees_begins(trees, i)) {
            at += (size_t)snprintf(names + at, at < bytes ? bytes - at : 0, "%s%s",
                                   n_lines ? "|" : "", trees->points[i].line);
            strategies[n_lines] = t->plan.cells[trees->points[i].cell].strategy;
            fputs(n_lines++ ? "\n\n" : "", f);
        }
        fprintf(f, "%u", qn_trees_x(trees, i));
        for (size_t m = 0; m < QN_ARRAY_LEN(metrics); m++) {
            const struct qn_summary_row *row =
                qn_tables_find(t, trees->points[i].cell, metrics[m], "failed");

            qn_gnuplot_put_estimate(f, &row->p50, US);
            qn_extent_add(extent, &row->p50);
        }
        putc('\n', f);
    }
    return n_lines;
}

/* Another line that the same form is of has a point of that shape before this. */
static bool has_before(const struct qn_trees *trees, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (trees->points[j].climbs == trees->points[i].climbs &&
            qn_trees_x(trees, j) == qn_trees_x(trees, i))
            return true;
    return false;
}

/* Two more blocks: the forms of what climbs and of what does not; NaN is no point. */
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
            qn_gnuplot_put(f, detection > 0 ? detection / US : NAN);
            qn_gnuplot_put(f, stop > 0 ? stop / US : NAN);
            putc('\n', f);
        }
    }
}

static void say_x(struct qn_gnuplot *c, const struct qn_trees *trees)
{
    unsigned lo = UINT32_MAX, hi = 1;

    for (size_t i = 0; i < trees->n; i++) {
        lo = qn_trees_x(trees, i) < lo ? qn_trees_x(trees, i) : lo;
        hi = qn_trees_x(trees, i) > hi ? qn_trees_x(trees, i) : hi;
    }
    qn_gnuplot_number(c, "xlo", lo / 1.4);
    qn_gnuplot_number(c, "xhi", hi * 1.4);
}

static int draw_trees(const struct qn_tables *t, const struct qn_trees *trees,
                      const struct qn_view *view)
{
    char data[QN_PICTURE_PATH], path[QN_PICTURE_PATH], name[96], text[512];
    char names[QN_GNUPLOT_TEXT] = "";
    struct qn_extent extent = {.lo = INFINITY};
    const char **strategies = calloc(trees->n, sizeof(*strategies));
    struct qn_gnuplot c;
    size_t n_lines;
    FILE *f;
    int rc;

    if (!strategies)
        return QN_ENOMEM;
    qn_trees_name(trees->workload, name, sizeof(name));
    f = qn_gnuplot_data(t, NULL, name, data, sizeof(data));
    if (!f) {
        free(strategies);
        return QN_EIO;
    }
    n_lines = write_lines(t, trees, f, names, sizeof(names), strategies, &extent);
    write_forms(trees, f);
    rc = qn_gnuplot_data_end(t, f, data, n_lines == 0);
    if (rc != QN_OK || n_lines == 0) {
        free(strategies);
        return rc;
    }
    qn_picture_path(NULL, name, path, sizeof(path));
    qn_gnuplot_begin(&c, path, data);
    snprintf(text, sizeof(text), "%s: %s", trees->workload, view->subtitle);
    qn_gnuplot_titles(&c, NULL, view->title, text);
    qn_gnuplot_text(&c, "names", names);
    qn_gnuplot_looks(&c, strategies, n_lines);
    free(strategies);
    qn_gnuplot_number(&c, "n", (double)n_lines);
    qn_gnuplot_text(&c, "xlabel",
                    trees->by_breadth ? "breadth: children of a scope"
                                      : "depth: levels of fan-outs");
    say_x(&c, trees);
    qn_gnuplot_log_axis(&c, "y", &extent, US);
    return qn_gnuplot_run(&c, t->dir, "nests.gp");
}

int qn_draw_trees(const struct qn_tables *t, const struct qn_scene *g, const struct qn_view *view)
{
    int rc = QN_OK;

    (void)g;
    for (size_t i = 0; i < t->n_scenes && rc == QN_OK; i++) {
        const char *workload = qn_trees_workload(t, i);
        struct qn_trees trees;

        if (!workload)
            continue;
        rc = qn_trees_of(t, workload, &trees);
        if (rc != QN_OK)
            return rc;
        if (trees.n > 0)
            rc = draw_trees(t, &trees, view);
        qn_trees_fini(&trees);
    }
    return rc;
}
