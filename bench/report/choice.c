#include "bench/report/choice.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "bench/folder/manifest.h"
#include "bench/folder/workload.h"
#include "bench/report/focus.h"
#include "bench/report/trees.h"

/* Those that waste within this share of the most count as equal. */
#define AS_MUCH 0.9

static const struct qn_cell *cell_of(const struct qn_tables *t, const struct qn_scene *g,
                                     size_t line)
{
    return &t->plan.cells[g->lines[line]];
}

const struct qn_estimate *qn_choice_figure(const struct qn_tables *t, const struct qn_scene *g,
                                           size_t line, const char *metric, const char *condition,
                                           bool is_mean)
{
    size_t cell = qn_tables_cell(t, g, line, qn_picture_rate(g));
    const struct qn_summary_row *row =
        cell == SIZE_MAX ? NULL : qn_tables_find(t, cell, metric, condition);

    return !row ? NULL : is_mean ? &row->mean : &row->p50;
}

/* Of failed calls; NAN: it has no figure at the rate of the pictures. */
static double figure(const struct qn_tables *t, const struct qn_scene *g, size_t line,
                     const char *metric, bool is_mean)
{
    const struct qn_estimate *e = qn_choice_figure(t, g, line, metric, "failed", is_mean);

    return e ? e->value : NAN;
}

static size_t usual_of(const struct qn_tables *t, const struct qn_scene *g)
{
    for (size_t i = 0; i < g->n_lines; i++)
        if (strcmp(cell_of(t, g, i)->strategy, "buffered") == 0 && !cell_of(t, g, i)->policy[0])
            return i;
    return qn_picture_base(t, g);
}

/* How far a line of the advised strategy is from what is advised: by the canceller first, then by the interval. */
static double distance(const struct qn_cell *cell, const struct qn_advice *a)
{
    double interval =
        a->looks && a->look_ns > 0
            ? fabs(log((double)cell->workload.poll_quanta / (double)a->workload.poll_quanta))
            : 0;

    return (strstr(cell->policy, "canceller=worker") ? 0 : 1e3) + (double)strlen(cell->policy) +
           interval;
}

static size_t line_advised(const struct qn_tables *t, const struct qn_scene *g,
                           const struct qn_advice *a)
{
    size_t best = g->n_lines;

    for (size_t i = 0; i < g->n_lines; i++)
        if (strcmp(cell_of(t, g, i)->strategy, a->strategy) == 0 &&
            !isnan(figure(t, g, i, "wasted", true)) &&
            (best == g->n_lines ||
             distance(cell_of(t, g, i), a) < distance(cell_of(t, g, best), a)))
            best = i;
    return best;
}

static size_t line_wasting_least(const struct qn_tables *t, const struct qn_scene *g, size_t but)
{
    size_t best = g->n_lines;

    for (size_t i = 0; i < g->n_lines; i++)
        if (i != but && qn_picture_is_candidate(cell_of(t, g, i)) &&
            !isnan(figure(t, g, i, "wasted", true)) &&
            (best == g->n_lines ||
             figure(t, g, i, "wasted", true) < figure(t, g, best, "wasted", true)))
            best = i;
    return best;
}

static size_t worst_of(const struct qn_tables *t, const struct qn_scene *g,
                       const struct qn_choice *c)
{
    size_t worst = g->n_lines;
    double most = 0;

    for (size_t i = 0; i < g->n_lines; i++)
        if (qn_picture_is_candidate(cell_of(t, g, i)))
            most = fmax(most, figure(t, g, i, "wasted", true));
    for (size_t i = 0; i < g->n_lines; i++)
        if (i != c->best && i != c->usual && qn_picture_is_candidate(cell_of(t, g, i)) &&
            figure(t, g, i, "wasted", true) >= AS_MUCH * most &&
            (worst == g->n_lines || figure(t, g, i, "return_latency", false) >
                                        figure(t, g, worst, "return_latency", false)))
            worst = i;
    return worst;
}

/* As qn_advice_refusal, of what a folder may lack besides. */
static const char *complete(const struct qn_tables *t, const struct qn_scene *g,
                            struct qn_workload *w)
{
    cJSON *manifest = NULL;
    const char *why = NULL;

    *w = cell_of(t, g, 0)->workload;
    w->failure_rate = g->rates[qn_picture_rate(g)];
    if (t->is_imported)
        return "these calls were recorded, and nobody knows what was planned";
    for (size_t i = 0; i < g->n_lines && w->tree_depth == 0; i++)
        if (!qn_trees_shape(cell_of(t, g, i), &w->tree_depth, &w->tree_breadth))
            w->tree_depth = w->tree_breadth = 0;
    if ((why = qn_advice_refusal(w)))
        return why;
    manifest = qn_manifest_read(t->dir);
    if (!qn_folder_workload_complete(manifest, w))
        why = "the folder doesn't say how long its work takes";
    cJSON_Delete(manifest);
    return why ? why : qn_advice_refusal(w);
}

int qn_choice_of(const struct qn_tables *t, const struct qn_scene *g, struct qn_choice *c)
{
    struct qn_workload w;
    int rc = QN_OK;

    *c = (struct qn_choice){.best = g->n_lines, .usual = usual_of(t, g)};
    c->why_not = complete(t, g, &w);
    if (!c->why_not)
        rc = qn_advice_make(&w, 1, 0, &c->advice);
    if (rc != QN_OK)
        return rc;
    if (!c->why_not)
        c->best = line_advised(t, g, &c->advice);
    c->is_instead = c->best == g->n_lines || c->best == c->usual;
    if (c->is_instead)
        c->best = line_wasting_least(t, g, c->usual);
    c->worst = worst_of(t, g, c);
    return QN_OK;
}
