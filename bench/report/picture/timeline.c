#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/gnuplot.h"
#include "bench/report/picture/call.h"
#include "bench/report/picture/draw.h"

#define US 1e3

/* The cell's pictured call: its trial, or NULL. */
static const struct qn_trial *pictured(const struct qn_tables *t, size_t cell)
{
    for (size_t i = 0; cell != SIZE_MAX && i < t->n_timeline; i++)
        if (t->timeline[i].cell == cell && t->timeline[i].row.kept_as == QN_EXEMPLAR_PICTURED)
            return qn_call_find(t, cell, t->timeline[i].process, t->timeline[i].row.trial);
    return NULL;
}

/* The time for which the planned work keeps the call's threads, ns. */
static double explained_ns(const struct qn_workload *w, const struct qn_trial *trial)
{
    unsigned at_once = w->workers < w->threads ? w->workers : w->threads;

    return (double)trial->v[QN_COL_PLANNED_WORK] / at_once;
}

/* Where the panels' common axis ends, ns; 0: no call is pictured; NAN: no memory. */
static double find_end(const struct qn_tables *t, const struct qn_scene *g, size_t rate)
{
    double *ends = calloc(g->n_lines + 1, sizeof(*ends)), explained = 0, end;
    size_t n = 0;

    if (!ends)
        return NAN;
    for (size_t i = 0; i < g->n_lines; i++) {
        size_t cell = qn_tables_cell(t, g, i, rate);
        const struct qn_trial *trial = pictured(t, cell);

        if (!trial)
            continue;
        ends[n++] = qn_call_last_stamp(trial) * 1.03;
        explained = fmax(explained, explained_ns(&t->plan.cells[cell].workload, trial));
    }
    end = qn_call_axis_end(ends, n, explained);
    free(ends);
    return end;
}

/* Writes the panels, and what to say of calls that go on beyond the axis. Returns how many there
 * are. */
static size_t write_panels(const struct qn_tables *t, const struct qn_scene *g, size_t rate,
                           double end_ns, FILE *bars, FILE *marks, size_t *lines, char *beyond)
{
    size_t n = 0;

    for (size_t i = 0; i < g->n_lines; i++) {
        size_t cell = qn_tables_cell(t, g, i, rate), at = strlen(beyond);
        const struct qn_trial *trial = pictured(t, cell);

        if (!trial)
            continue;
        qn_call_write_panel(t, cell, trial, end_ns, bars, marks);
        snprintf(beyond + at, QN_GNUPLOT_TEXT - at, "%s", n > 0 ? "|" : "");
        at = strlen(beyond);
        if (qn_call_last_stamp(trial) > end_ns)
            snprintf(beyond + at, QN_GNUPLOT_TEXT - at, "goes on until %.0f µs →",
                     qn_call_last_stamp(trial) / US);
        lines[n++] = i;
    }
    return n;
}

static int draw(const struct qn_tables *t, const struct qn_scene *g, const size_t *lines, size_t n,
                const char *bars, const char *marks, double end_ns, const char *beyond)
{
    unsigned workers = t->plan.cells[g->lines[0]].workload.workers;
    char path[QN_PICTURE_PATH], title[QN_GNUPLOT_TEXT];
    struct qn_gnuplot c;

    qn_picture_path(g, "timeline", path, sizeof(path));
    qn_gnuplot_begin(&c, path, bars);
    qn_gnuplot_lines(&c, t, g, lines, n);
    snprintf(title, sizeof(title), "The same failed call under each strategy%s",
             workers > QN_CALL_BARS ? " (its first 100 workers)" : "");
    qn_gnuplot_titles(&c, g, title, "A bar a worker; vertical lines are the stamps of the call");
    qn_gnuplot_text(&c, "bars", bars);
    qn_gnuplot_text(&c, "marks", marks);
    qn_gnuplot_text(&c, "beyond", beyond);
    qn_gnuplot_number(&c, "n_workers", workers < QN_CALL_BARS ? workers : QN_CALL_BARS);
    qn_gnuplot_number(&c, "xhi", end_ns / US);
    return qn_gnuplot_run(&c, t->dir, "timeline.gp");
}

int qn_draw_timeline(const struct qn_tables *t, const struct qn_scene *g)
{
    size_t rate = qn_picture_rate(g), n = 0;
    double end_ns = find_end(t, g, rate);
    char bars_path[QN_PICTURE_PATH], marks_path[QN_PICTURE_PATH], beyond[QN_GNUPLOT_TEXT] = "";
    size_t *lines = calloc(g->n_lines, sizeof(*lines));
    FILE *bars, *marks;
    int rc, marks_rc;

    if (!lines || isnan(end_ns)) {
        free(lines);
        return QN_ENOMEM;
    }
    bars = qn_gnuplot_data(t, g, "timeline-bars", bars_path, sizeof(bars_path));
    marks = qn_gnuplot_data(t, g, "timeline-marks", marks_path, sizeof(marks_path));
    if (bars && marks)
        n = write_panels(t, g, rate, end_ns, bars, marks, lines, beyond);
    rc = qn_gnuplot_data_end(t, bars, bars_path, n == 0);
    marks_rc = qn_gnuplot_data_end(t, marks, marks_path, n == 0);
    if (rc == QN_OK)
        rc = marks_rc;
    if (rc == QN_OK && n > 0)
        rc = draw(t, g, lines, n, bars_path, marks_path, end_ns, beyond);
    free(lines);
    return rc;
}
