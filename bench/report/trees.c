#include "bench/report/trees.h"

#include <stdlib.h>
#include <string.h>

#include "bench/theory/models.h"
#include "bench/workload/poll.h"

/* Where it stands in a cell's policies; NULL: not a tree. */
static const char *shape_of(const struct qn_cell *cell)
{
    return strstr(cell->policy, "tree=");
}

bool qn_trees_shape(const struct qn_cell *cell, unsigned *depth, unsigned *breadth)
{
    const char *shape = shape_of(cell);
    char *end;

    *depth = *breadth = 0;
    if (!shape)
        return false;
    *depth = (unsigned)strtoul(shape + strlen("tree="), &end, 10);
    if (*end == 'x')
        *breadth = (unsigned)strtoul(end + 1, NULL, 10);
    return *depth > 0 && *breadth > 0;
}

static bool read_point(const struct qn_cell *cell, uint32_t index, struct qn_tree_point *out)
{
    const char *shape = shape_of(cell);
    size_t n = shape ? (size_t)(shape - cell->policy) : 0;

    memset(out, 0, sizeof(*out));
    if (!qn_trees_shape(cell, &out->depth, &out->breadth))
        return false;
    while (n > 0 && cell->policy[n - 1] == ';')
        n--;
    snprintf(out->line, sizeof(out->line), n > 0 ? "%s (%.*s)" : "%s", cell->strategy, (int)n,
             cell->policy);
    out->cell = index;
    out->threads = cell->workload.threads;
    out->poll_ns = (double)qn_poll_ns(cell->workload.poll_quanta);
    out->climbs = strcmp(cell->strategy, "tree-climb") == 0;
    return true;
}

unsigned qn_trees_x(const struct qn_trees *trees, size_t i)
{
    return trees->by_breadth ? trees->points[i].breadth : trees->points[i].depth;
}

bool qn_trees_begins(const struct qn_trees *trees, size_t i)
{
    return i == 0 || strcmp(trees->points[i].line, trees->points[i - 1].line) != 0;
}

static int by_line(const void *a, const void *b)
{
    const struct qn_tree_point *x = a, *y = b;
    int order = strcmp(x->line, y->line);

    if (order == 0)
        order = (x->depth > y->depth) - (x->depth < y->depth);
    return order ? order : (x->breadth > y->breadth) - (x->breadth < y->breadth);
}

static bool has_figures(const struct qn_tables *t, size_t cell)
{
    return qn_tables_find(t, cell, "detection", "failed") &&
           qn_tables_find(t, cell, "stop_latency", "failed");
}

/* Two cells of the same line and shape, which differ in something not plotted here. */
static bool has_twins(const struct qn_trees *trees)
{
    for (size_t i = 1; i < trees->n; i++)
        if (by_line(&trees->points[i - 1], &trees->points[i]) == 0)
            return true;
    return false;
}

int qn_trees_of(const struct qn_tables *t, const char *workload, struct qn_trees *out)
{
    bool is_same_depth = true, is_same_breadth = true;

    *out = (struct qn_trees){.workload = workload,
                             .points = calloc(t->plan.n_cells + 1, sizeof(*out->points))};
    if (!out->points)
        return QN_ENOMEM;
    for (size_t c = 0; c < t->plan.n_cells; c++) {
        const struct qn_cell *cell = &t->plan.cells[c];

        if (strcmp(cell->workload.name, workload) == 0 && has_figures(t, c) &&
            read_point(cell, (uint32_t)c, &out->points[out->n]))
            out->n++;
    }
    for (size_t i = 1; i < out->n; i++) {
        is_same_depth &= out->points[i].depth == out->points[0].depth;
        is_same_breadth &= out->points[i].breadth == out->points[0].breadth;
    }
    out->by_breadth = is_same_depth;
    if (is_same_depth && is_same_breadth)
        out->n = 0;
    qsort(out->points, out->n, sizeof(*out->points), by_line);
    if (has_twins(out))
        out->n = 0;
    return QN_OK;
}

void qn_trees_fini(struct qn_trees *trees)
{
    free(trees->points);
    memset(trees, 0, sizeof(*trees));
}

double qn_trees_least_detection(const struct qn_tree_point *p)
{
    return p->climbs ? qn_model_climb_detection(p->depth, p->breadth, p->threads, p->poll_ns) : 0;
}

double qn_trees_least_stop(const struct qn_tree_point *p)
{
    return qn_model_nested_stop(p->climbs ? p->depth : 1, p->breadth, p->threads, p->poll_ns);
}

const char *qn_trees_workload(const struct qn_tables *t, size_t scene)
{
    const char *workload = t->plan.cells[t->scenes[scene].lines[0]].workload.name;

    for (size_t i = 0; i < scene; i++)
        if (strcmp(t->plan.cells[t->scenes[i].lines[0]].workload.name, workload) == 0)
            return NULL;
    return workload;
}

void qn_trees_name(const char *workload, char *out, size_t bytes)
{
    snprintf(out, bytes, "nest-%s", workload);
}
