#include <math.h>
#include <stdlib.h>

#include "bench/pictures_draw.h"
#include "bench/pictures_gnuplot.h"

/* Workers shown of one call at most: more can't be told apart. */
#define MAX_BARS 100u

#define US 1e3

enum bar { BAR_WAITING, BAR_WORKING, BAR_FAILED, BAR_CUT, BAR_BLOCKED };

static void put_bar(FILE *f, uint32_t worker, double from_ns, double to_ns, enum bar what)
{
    if (to_ns > from_ns)
        fprintf(f, "%u %.6f %.6f %d\n", worker, from_ns / US, to_ns / US, what);
}

static void put_worker(FILE *f, const struct qn_timeline_row *w, double end_ns)
{
    double begin = w->begin_ns == QN_NONE ? end_ns : (double)w->begin_ns;
    double stop = w->stop_ns == QN_NONE ? end_ns : (double)w->stop_ns;
    double end = w->end_ns == QN_NONE ? end_ns : (double)w->end_ns;

    if (w->outcome == QN_OUTCOME_SKIPPED)
        begin = end; /* it waited until it was skipped */
    put_bar(f, w->worker, 0, begin, BAR_WAITING);
    if (w->outcome == QN_OUTCOME_SKIPPED || w->outcome == QN_OUTCOME_NEVER)
        return;
    put_bar(f, w->worker, begin, stop,
            w->outcome == QN_OUTCOME_FAILED      ? BAR_FAILED
            : w->outcome == QN_OUTCOME_CANCELLED ? BAR_CUT
                                                 : BAR_WORKING);
    put_bar(f, w->worker, stop, end, BAR_BLOCKED);
}

static const struct qn_trial *find_trial(const struct qn_tables *t, size_t cell, uint32_t process,
                                         uint32_t trial)
{
    for (size_t i = 0; i < t->n_trials[cell]; i++)
        if (t->trials[cell][i].v[QN_COL_PROCESS] == process &&
            t->trials[cell][i].v[QN_COL_TRIAL] == trial)
            return &t->trials[cell][i];
    return NULL;
}

static const int stamps[] = {QN_COL_ERROR_AT,  QN_COL_ERROR_SEEN, QN_COL_CANCEL_AT,
                             QN_COL_RETURN_AT, QN_COL_STOP_AT,    QN_COL_SETTLE_AT};

/* The cell's pictured call: its trial, or NULL. */
static const struct qn_trial *pictured(const struct qn_tables *t, size_t cell)
{
    for (size_t i = 0; cell != SIZE_MAX && i < t->n_timeline; i++)
        if (t->timeline[i].cell == cell)
            return find_trial(t, cell, t->timeline[i].process, t->timeline[i].row.trial);
    return NULL;
}

static double last_stamp(const struct qn_trial *trial)
{
    double last = 0;

    for (size_t i = 0; i < QN_ARRAY_LEN(stamps); i++)
        if (trial->v[stamps[i]] != QN_NONE)
            last = fmax(last, (double)trial->v[stamps[i]]);
    return last;
}

static void write_panel(const struct qn_tables *t, size_t cell, const struct qn_trial *trial,
                        double end_ns, FILE *bars, FILE *marks)
{
    for (size_t i = 0; i < t->n_timeline; i++)
        if (t->timeline[i].cell == cell && t->timeline[i].row.worker < MAX_BARS)
            put_worker(bars, &t->timeline[i].row, end_ns);
    fputs("\n\n", bars);
    for (size_t i = 0; i < QN_ARRAY_LEN(stamps); i++)
        if (trial->v[stamps[i]] != QN_NONE)
            fprintf(marks, "%zu %.6f\n", i + 1, (double)trial->v[stamps[i]] / US);
    fputs("\n\n", marks);
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
            end_ns = fmax(end_ns, last_stamp(trial) * 1.03);
    }
    for (size_t i = 0; rc == QN_OK && bars && marks && i < g->n_lines; i++) {
        size_t cell = qn_tables_cell(t, g, i, rate);
        const struct qn_trial *trial = pictured(t, cell);

        if (!trial)
            continue;
        write_panel(t, cell, trial, end_ns, bars, marks);
        lines[n++] = i;
    }
    if (!bars || fclose(bars) != 0 || !marks || fclose(marks) != 0)
        rc = QN_EIO;
    if (rc == QN_OK && n > 0) {
        qn_picture_path(g, "timeline", path, sizeof(path));
        qn_gnuplot_begin(&c, path, bars_path);
        qn_gnuplot_lines(&c, t, g, lines, n);
        snprintf(title, sizeof(title), "The same failed call under each strategy%s",
                 workers > MAX_BARS ? " (its first 100 workers)" : "");
        qn_gnuplot_titles(&c, g, title,
                          "A bar a worker; vertical lines are the stamps of the call");
        qn_gnuplot_text(&c, "bars", bars_path);
        qn_gnuplot_text(&c, "marks", marks_path);
        qn_gnuplot_number(&c, "n_workers", workers < MAX_BARS ? workers : MAX_BARS);
        qn_gnuplot_number(&c, "xhi", end_ns / US);
        rc = qn_gnuplot_run(&c, t->dir, "timeline.gp");
    }
    free(lines);
    return rc;
}
