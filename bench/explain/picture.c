#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/base/complain.h"
#include "bench/base/replace.h"
#include "bench/explain/figures.h"
#include "bench/folder/writer.h"
#include "bench/report/gnuplot.h"
#include "bench/report/picture/call.h"

#define US 1e3

/* A time axis that the longest call fills leaves nothing to be seen of one this much shorter. */
#define MOST_TIMES_LONGER 6

struct panel {
    enum qn_exemplar which;
    const char *name;
};

static const struct panel panels[] = {{QN_EXEMPLAR_MEDIAN, "median"},
                                      {QN_EXEMPLAR_WORST, "worst"},
                                      {QN_EXEMPLAR_TYPICAL, "typical failed call"}};

#define N_PANELS QN_ARRAY_LEN(panels)

/* Where each panel's axis ends, ns; NAN: no such call. True if all have the same. */
static bool find_ends(const struct qn_explanation *e, double ends[N_PANELS])
{
    double longest = 0, shortest = INFINITY;

    for (size_t i = 0; i < N_PANELS; i++) {
        const struct qn_trial *t = e->calls[panels[i].which].trial;

        ends[i] = t ? qn_call_last_stamp(t) * 1.03 : NAN;
        longest = fmax(longest, ends[i]);
        shortest = fmin(shortest, ends[i]);
    }
    if (longest > shortest * MOST_TIMES_LONGER)
        return false;
    for (size_t i = 0; i < N_PANELS; i++)
        ends[i] = isnan(ends[i]) ? NAN : longest;
    return true;
}

static void name_panel(const struct panel *p, const struct qn_explained_call *c, char *out,
                       size_t bytes)
{
    snprintf(out, bytes, "%s: trial %lld of process %lld%s", p->name,
             (long long)c->trial->v[QN_COL_TRIAL], (long long)c->trial->v[QN_COL_PROCESS],
             c->has_workers ? "" : " (its workers were not kept: stamps alone)");
}

/* The closed form of error_at, ns; NAN: none applies. */
static double theory_of(const struct qn_explanation *e)
{
    const struct qn_summary_row *row =
        qn_tables_find(e->tables, e->cell, "theory_error_at", "failed");

    return row ? row->mean.value : NAN;
}

/* Writes the panels' data, and their names and axes into texts. Returns how many there are. */
static int write_panels(const struct qn_explanation *e, const double ends[N_PANELS], FILE *bars,
                        FILE *marks, char *names, char *xhis)
{
    int n = 0;

    names[0] = xhis[0] = '\0';
    for (size_t i = 0; i < N_PANELS; i++) {
        const struct qn_explained_call *c = &e->calls[panels[i].which];
        size_t at = strlen(names);

        if (!c->trial)
            continue;
        qn_call_write_panel(e->tables, e->cell, c->trial, ends[i], bars, marks);
        if (n++ > 0)
            names[at++] = '|';
        name_panel(&panels[i], c, names + at, QN_GNUPLOT_TEXT - at);
        at = strlen(xhis);
        snprintf(xhis + at, QN_GNUPLOT_TEXT - at, "%.6f ", ends[i] / US);
    }
    return n;
}

static int draw(const struct qn_explanation *e, const char *path, const char *bars,
                const char *marks, int n, const char *names, const char *xhis, bool is_same)
{
    const struct qn_cell *cell = &e->tables->plan.cells[e->cell];
    unsigned workers = cell->workload.workers;
    char title[QN_GNUPLOT_TEXT], subtitle[QN_GNUPLOT_TEXT], rate[64] = "";
    double theory = theory_of(e);
    struct qn_gnuplot c;

    if (!isnan(cell->workload.failure_rate))
        snprintf(rate, sizeof(rate), ", failure rate %g", cell->workload.failure_rate);
    snprintf(title, sizeof(title), "Three calls of %s: %s on %s%s%s", cell->id, cell->strategy,
             cell->workload.name, rate, workers > QN_CALL_BARS ? " (their first 100 workers)" : "");
    snprintf(subtitle, sizeof(subtitle),
             "A bar a worker; vertical lines are the stamps of the call%s%s",
             is_same ? "" : "; each panel has a time axis of its own",
             isnan(theory) ? "" : "; dashed through the panel: error_at by theory");
    qn_gnuplot_begin(&c, path, bars);
    qn_gnuplot_titles(&c, NULL, title, subtitle);
    qn_gnuplot_text(&c, "names", names);
    qn_gnuplot_number(&c, "n", n);
    qn_gnuplot_text(&c, "bars", bars);
    qn_gnuplot_text(&c, "marks", marks);
    qn_gnuplot_text(&c, "xhis", xhis);
    qn_gnuplot_number(&c, "n_workers", workers < QN_CALL_BARS ? workers : QN_CALL_BARS);
    if (!isnan(theory))
        qn_gnuplot_number(&c, "theory", theory / US);
    return qn_gnuplot_run(&c, e->tables->dir, "explain.gp");
}

static int make_folder(const char *dir)
{
    char path[QN_PICTURE_PATH];

    snprintf(path, sizeof(path), "%s/plots", dir);
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return QN_OK;
    qn_complain("%s: %s", path, strerror(errno));
    return QN_EIO;
}

int qn_explanation_draw(const struct qn_explanation *e, const char *path)
{
    char bars_path[QN_PICTURE_PATH], marks_path[QN_PICTURE_PATH], names[QN_GNUPLOT_TEXT],
        xhis[QN_GNUPLOT_TEXT];
    double ends[N_PANELS];
    bool is_same = find_ends(e, ends), is_written;
    FILE *bars, *marks;
    int n = 0, error;

    if (make_folder(e->tables->dir) != QN_OK)
        return QN_EIO;
    snprintf(bars_path, sizeof(bars_path), "%s-bars.dat", path);
    snprintf(marks_path, sizeof(marks_path), "%s-marks.dat", path);
    bars = qn_results_open(e->tables->dir, bars_path, "we");
    marks = bars ? qn_results_open(e->tables->dir, marks_path, "we") : NULL;
    error = errno;
    if (marks)
        n = write_panels(e, ends, bars, marks, names, xhis);
    is_written = marks != NULL;
    if (bars && qn_close_whole(bars) != QN_OK && is_written) {
        error = errno;
        is_written = false;
    }
    if (marks && qn_close_whole(marks) != QN_OK && is_written) {
        error = errno;
        is_written = false;
    }
    if (is_written)
        return draw(e, path, bars_path, marks_path, n, names, xhis, is_same);
    qn_complain("%s/%s: %s", e->tables->dir, path, strerror(error));
    return QN_EIO;
}
