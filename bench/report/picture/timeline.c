#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/choice.h"
#include "bench/report/picture/call.h"
#include "bench/report/picture/fill.h"

#define US 1e3
#define LABEL_BYTES 256

/* The trial of a cell's pictured call; false: there is none. */
static bool pictured(const struct qn_tables *t, size_t cell, struct qn_trial *out)
{
    size_t n = 0, i = 0, at;
    const struct qn_timeline_entry *kept =
        cell == SIZE_MAX ? NULL : qn_tables_timeline(t, cell, &n);

    while (i < n && kept[i].row.kept_as != QN_EXEMPLAR_PICTURED)
        i++;
    if (i == n)
        return false;
    at = qn_trials_find(&t->trials, cell, kept[i].process, kept[i].row.trial);
    if (at == qn_trials_count(&t->trials, cell))
        return false;
    qn_trials_row(&t->trials, cell, at, out);
    return true;
}

/* How long the planned work keeps the call's threads busy, ns; 0: nobody knows. */
static double explained_ns(const struct qn_workload *w, const struct qn_trial *trial)
{
    unsigned at_once = w->workers < w->threads ? w->workers : w->threads;

    return trial->v[QN_COL_PLANNED_WORK] == QN_NONE
               ? 0
               : (double)trial->v[QN_COL_PLANNED_WORK] / at_once;
}

/* Where the common axis of n lines' panels ends, ns; 0: no pictured call; NAN: out of memory. */
static double find_end(const struct qn_tables *t, const struct qn_scene *g, const size_t *lines,
                       size_t n_lines)
{
    double *ends = calloc(n_lines + 1, sizeof(*ends)), explained = 0, end;
    size_t n = 0;

    if (!ends)
        return NAN;
    for (size_t i = 0; i < n_lines; i++) {
        size_t cell = qn_tables_cell(t, g, lines[i], qn_picture_rate(g));
        struct qn_trial trial;

        if (!pictured(t, cell, &trial))
            continue;
        ends[n++] = qn_call_last_stamp(&trial) * 1.03;
        explained = fmax(explained, explained_ns(&t->plan.cells[cell].workload, &trial));
    }
    end = qn_call_axis_end(ends, n, explained);
    free(ends);
    return end;
}

/* Adds a note if a panel's call continues beyond the axis. */
static void say_beyond(struct qn_gnuplot *c, double last_ns, double end_ns)
{
    if (last_ns > end_ns)
        qn_gnuplot_add(c, "beyond", "|", "continues until %.0f µs →", last_ns / US);
    else
        qn_gnuplot_add(c, "beyond", "|", "%s", "");
}

/* A panel for each of n lines. roles: a word for each, or NULL. */
static int fill(const struct qn_tables *t, const struct qn_scene *g, const struct qn_picture *p,
                const size_t *lines, const char *const *roles, size_t n, struct qn_canvas *c)
{
    double end_ns = find_end(t, g, lines, n);
    unsigned workers = t->plan.cells[g->lines[0]].workload.workers;

    if (isnan(end_ns))
        return QN_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        size_t cell = qn_tables_cell(t, g, lines[i], qn_picture_rate(g));
        char label[LABEL_BYTES], name[LABEL_BYTES + 32];
        struct qn_trial trial;

        if (!pictured(t, cell, &trial))
            continue;
        qn_call_write_panel(t, cell, &trial, end_ns, c->data, c->marks);
        say_beyond(&c->call, qn_call_last_stamp(&trial), end_ns);
        qn_tables_label(t, g, lines[i], label, sizeof(label));
        snprintf(name, sizeof(name), "%s%s%s", roles ? roles[i] : "", roles ? ": " : "", label);
        qn_canvas_line(c, t->plan.cells[cell].strategy, name);
        c->is_drawn = true;
    }
    qn_gnuplot_marked_up(&c->call, "title", "%s%s", p->title,
                         workers > QN_CALL_BARS ? " (its first 100 workers)" : "");
    qn_gnuplot_number(&c->call, "n_workers", workers < QN_CALL_BARS ? workers : QN_CALL_BARS);
    qn_gnuplot_number(&c->call, "xhi", end_ns / US);
    return QN_OK;
}

int qn_fill_timeline(const struct qn_tables *t, const struct qn_scene *g,
                     const struct qn_picture *p, struct qn_canvas *c)
{
    size_t *lines = calloc(g->n_lines + 1, sizeof(*lines));
    int rc;

    if (!lines)
        return QN_ENOMEM;
    for (size_t i = 0; i < g->n_lines; i++)
        lines[i] = i;
    rc = fill(t, g, p, lines, NULL, g->n_lines, c);
    free(lines);
    return rc;
}

int qn_fill_three(const struct qn_tables *t, const struct qn_scene *g, const struct qn_picture *p,
                  struct qn_canvas *c)
{
    const char *roles[3];
    size_t lines[3], n = 0;
    struct qn_choice choice;
    int rc = qn_choice_of(t, g, &choice);

    if (rc != QN_OK)
        return rc;
    const struct {
        size_t line;
        const char *role;
    } all[] = {{choice.best, choice.is_instead ? "wastes least" : "advised"},
               {choice.usual, "usual"},
               {choice.worst, "worst"}};

    for (size_t i = 0; i < QN_ARRAY_LEN(all); i++)
        if (all[i].line < g->n_lines) {
            roles[n] = all[i].role;
            lines[n++] = all[i].line;
        }
    qn_gnuplot_number(&c->call, "is_small", 1);
    return n < 2 ? QN_OK : fill(t, g, p, lines, roles, n, c);
}
