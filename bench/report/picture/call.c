#include "bench/report/picture/call.h"

#include <math.h>
#include <stdlib.h>

#define US 1e3

enum bar { BAR_WAITING, BAR_WORKING, BAR_FAILED, BAR_CUT, BAR_BLOCKED };

/* The part of it that the axis shows. */
static void put_bar(FILE *f, uint32_t worker, double from_ns, double to_ns, double end_ns,
                    enum bar what)
{
    to_ns = fmin(to_ns, end_ns);
    if (to_ns > from_ns)
        fprintf(f, "%u %.6f %.6f %d\n", worker, from_ns / US, to_ns / US, what);
}

static void put_worker(FILE *f, const struct qn_timeline_row *w, bool has_failed, double end_ns)
{
    bool is_skipped = w->outcome == QN_OUTCOME_SKIPPED;
    double begin = w->begin_ns == QN_NONE ? end_ns : (double)w->begin_ns;
    double stop = w->stop_ns == QN_NONE ? end_ns : (double)w->stop_ns;
    double end = w->end_ns == QN_NONE ? end_ns : (double)w->end_ns;

    if (is_skipped && w->end_ns == QN_NONE)
        return; /* by a peer or a program that doesn't say when */
    if (is_skipped)
        begin = end; /* the worker waited until then */
    put_bar(f, w->worker, 0, begin, end_ns, BAR_WAITING);
    if (is_skipped || w->outcome == QN_OUTCOME_NEVER)
        return;
    put_bar(f, w->worker, begin, stop, end_ns,
            has_failed                           ? BAR_FAILED
            : w->outcome == QN_OUTCOME_CANCELLED ? BAR_CUT
                                                 : BAR_WORKING);
    put_bar(f, w->worker, stop, end, end_ns, BAR_BLOCKED);
}

const int qn_call_stamps[QN_N_STAMPS] = {QN_COL_ERROR_AT,  QN_COL_ERROR_SEEN, QN_COL_CANCEL_AT,
                                         QN_COL_RETURN_AT, QN_COL_STOP_AT,    QN_COL_SETTLE_AT};

double qn_call_last_stamp(const struct qn_trial *trial)
{
    double last = 0;

    for (size_t i = 0; i < QN_N_STAMPS; i++)
        if (trial->v[qn_call_stamps[i]] != QN_NONE)
            last = fmax(last, (double)trial->v[qn_call_stamps[i]]);
    return last;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double qn_call_axis_end(double *ends_ns, size_t n, double explained_ns)
{
    double end = 0, limit;

    if (n == 0)
        return 0;
    qsort(ends_ns, n, sizeof(*ends_ns), by_value);
    limit = 2 * fmax(explained_ns, ends_ns[(n - 1) / 2]);
    for (size_t i = 0; i < n && ends_ns[i] <= limit; i++)
        end = ends_ns[i];
    return end;
}

void qn_call_write_panel(const struct qn_tables *t, size_t cell, const struct qn_trial *trial,
                         double end_ns, FILE *bars, FILE *marks)
{
    size_t n;
    const struct qn_timeline_entry *workers = qn_tables_workers(t, cell, trial, &n);

    /* gnuplot doesn't count an empty block, so later panels would show the wrong bars: write a bar
     * above the plot, and an impossible stamp. */
    fputs("-1 0 0 0\n", bars);
    fputs("0 0\n", marks);
    for (size_t i = 0; i < n; i++)
        if (workers[i].row.worker < QN_CALL_BARS)
            put_worker(bars, &workers[i].row,
                       workers[i].row.outcome == QN_OUTCOME_FAILED ||
                           workers[i].row.worker == trial->v[QN_COL_ERROR_FIRST],
                       end_ns);
    fputs("\n\n", bars);
    for (size_t i = 0; i < QN_N_STAMPS; i++)
        if (trial->v[qn_call_stamps[i]] != QN_NONE && (double)trial->v[qn_call_stamps[i]] <= end_ns)
            fprintf(marks, "%zu %.6f\n", i + 1, (double)trial->v[qn_call_stamps[i]] / US);
    fputs("\n\n", marks);
}
