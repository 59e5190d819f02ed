#include <math.h>
#include <stdlib.h>

#include "bench/pictures_call.h"
#include "bench/pictures_draw.h"
#include "bench/pictures_gnuplot.h"

#define US 1e3

/* The cell's pictured call: its trial, or NULL. */
static const struct qn_trial *pictured(const struct qn_tables *t, size_t cell)
{
    for (size_t i = 0; cell != SIZE_MAX && i < t->n_timeline; i++)
        if (t->timeline[i].cell == cell && t->timeline[i].row.kept_as == QN_NOTABLE_PICTURED)
            return qn_call_find(t, cell, t->timeline[i].process, t->timeline[i].row.trial);
    return NULL;
}

int qn_draw_timeline(const struct qn_tables *t, const struct qn_scene *g)
{
    struct qn_gnuplot c;
    size_t rate = qn_picture_rate(g), n = 0;
    size_t *lines = calloc(g->n_lines, sizeof(*lines));
    unsigned workers = t->plan.cells[g->lines[0]].workload.workers;
    char bars_path[QN_PICTURE_PATH], marks_path[QN_PICTURE_PATH], path[QN_PICTURE_PATH],
        title[QN_GNUPLOT_TEXT];
    FILE *bars = qn_gnuplot_data(t, g, "timeline-bars", bars_path, sizeof(bars_path));
    FILE *marks = qn_gnuplot_data(t, g, "timeline-marks", marks_path, sizeof(marks_path));
    double end_ns = 0;
    int rc = lines ? QN_OK : QN_ENOMEM;

    for (size_t i = 0; rc == QN_OK && i < g->n_lines; i++) {
        const struct qn_trial *trial = pictured(t, qn_tables_cell(t, g, i, rate));

        if (trial)
            end_ns = fmax(end_ns, qn_call_last_stamp(trial) * 1.03);
    }
    for (size_t i = 0; rc == QN_OK && bars && marks && i < g->n_lines; i++) {
        size_t cell = qn_tables_cell(t, g, i, rate);
        const struct qn_trial *trial = pictured(t, cell);

        if (!trial)
            continue;
        qn_call_write_panel(t, cell, trial, end_ns, bars, marks);
        lines[n++] = i;
    }
    if (!bars || fclose(bars) != 0 || !marks || fclose(marks) != 0)
        rc = QN_EIO;
    if (rc == QN_OK && n > 0) {
        qn_picture_path(g, "timeline", path, sizeof(path));
        qn_gnuplot_begin(&c, path, bars_path);
        qn_gnuplot_lines(&c, t, g, lines, n);
        snprintf(title, sizeof(title), "The same failed call under each strategy%s",
                 workers > QN_CALL_BARS ? " (its first 100 workers)" : "");
        qn_gnuplot_titles(&c, g, title,
                          "A bar a worker; vertical lines are the stamps of the call");
        qn_gnuplot_text(&c, "bars", bars_path);
        qn_gnuplot_text(&c, "marks", marks_path);
        qn_gnuplot_number(&c, "n_workers", workers < QN_CALL_BARS ? workers : QN_CALL_BARS);
        qn_gnuplot_number(&c, "xhi", end_ns / US);
        rc = qn_gnuplot_run(&c, t->dir, "timeline.gp");
    }
    free(lines);
    return rc;
}
