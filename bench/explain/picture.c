#include <math.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/explain/figures.h"
#include "bench/report/canvas.h"
#include "bench/report/picture/call.h"

#define US 1e3
#define NAME_BYTES 256

/* On the longest call's axis, a call this many times shorter would be invisible. */
#define MOST_TIMES_LONGER 6

struct panel {
    enum qn_exemplar which;
    const char *name;
};

static const struct panel panels[] = {{QN_EXEMPLAR_MEDIAN, "median"},
                                      {QN_EXEMPLAR_WORST, "worst"},
                                      {QN_EXEMPLAR_TYPICAL, "typical failed call"}};

#define N_PANELS QN_ARRAY_LEN(panels)

/* Where each panel's axis ends, ns; NAN: no such call. True if all are the same. */
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
             c->has_workers ? "" : " (its workers were not kept: stamps only)");
}

/* The closed form of error_at, ns; NAN: none applies. */
static double theory_of(const struct qn_explanation *e)
{
    const struct qn_summary_row *row =
        qn_tables_find(e->tables, e->cell, "theory_error_at", "failed");

    return row ? row->mean.value : NAN;
}

static void write_panels(const struct qn_explanation *e, const double ends[N_PANELS],
                         struct qn_canvas *c)
{
    for (size_t i = 0; i < N_PANELS; i++) {
        const struct qn_explained_call *call = &e->calls[panels[i].which];
        char name[NAME_BYTES];

        if (!call->trial)
            continue;
        qn_call_write_panel(e->tables, e->cell, call->trial, ends[i], c->data, c->marks);
        name_panel(&panels[i], call, name, sizeof(name));
        qn_canvas_line(c, NULL, name);
        qn_gnuplot_add(&c->call, "xhis", " ", "%.6f", ends[i] / US);
    }
}

static void tell(const struct qn_explanation *e, bool is_same, struct qn_canvas *c)
{
    const struct qn_cell *cell = &e->tables->plan.cells[e->cell];
    unsigned workers = cell->workload.workers;
    double theory = theory_of(e);
    char rate[64] = "";

    if (!isnan(cell->workload.failure_rate))
        snprintf(rate, sizeof(rate), ", failure rate %g", cell->workload.failure_rate);
    qn_gnuplot_marked_up(&c->call, "title", "Three calls of %s: %s on %s%s%s", cell->id,
                         cell->strategy, cell->workload.name, rate,
                         workers > QN_CALL_BARS ? " (their first 100 workers)" : "");
    qn_gnuplot_marked_up(&c->call, "subtitle",
                         "One bar per worker; vertical lines are the stamps of the call%s%s",
                         is_same ? "" : "; each panel has its own time axis",
                         isnan(theory) ? "" : "; dashed line: error_at by theory");
    qn_gnuplot_number(&c->call, "n_workers", workers < QN_CALL_BARS ? workers : QN_CALL_BARS);
    if (!isnan(theory))
        qn_gnuplot_number(&c->call, "theory", theory / US);
}

int qn_explanation_draw(const struct qn_explanation *e, const char *path)
{
    double ends[N_PANELS];
    bool is_same = find_ends(e, ends);
    struct qn_canvas c;
    int rc = qn_canvas_make_folder(e->tables->dir);

    if (rc != QN_OK)
        return rc;
    rc = qn_canvas_begin(&c, e->tables->dir, path, true);
    if (rc == QN_OK) {
        write_panels(e, ends, &c);
        tell(e, is_same, &c);
        c.is_drawn = true;
        rc = qn_canvas_end(&c, "explain.gp", QN_OK);
    }
    if (c.error)
        qn_complain("%s/%s: %s", e->tables->dir, path, strerror(c.error));
    return rc;
}
