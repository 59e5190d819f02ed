#include "bench/explain/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/report/picture/call.h"
#include "bench/summary/samples.h"

/* Figures of a call. */

static double value(const struct qn_trial *t, int column)
{
    return t->v[column] == QN_NONE ? NAN : (double)t->v[column];
}

static double between(const struct qn_trial *t, int from, int to)
{
    return value(t, to) - value(t, from);
}

static double failed(const struct qn_trial *t, double figure)
{
    return t->v[QN_COL_FAILED] == 1 ? figure : NAN;
}

#define FIGURE(name, expression) \
    static double name(const struct qn_trial *t) \
    { \
        return expression; \
    }

FIGURE(error_at, value(t, QN_COL_ERROR_AT))
FIGURE(detection, between(t, QN_COL_ERROR_AT, QN_COL_ERROR_SEEN))
FIGURE(seen_to_return, between(t, QN_COL_ERROR_SEEN, QN_COL_RETURN_AT))
FIGURE(failed_return, failed(t, value(t, QN_COL_RETURN_AT)))
FIGURE(return_latency, between(t, QN_COL_ERROR_AT, QN_COL_RETURN_AT))
FIGURE(return_to_stop, failed(t, between(t, QN_COL_RETURN_AT, QN_COL_STOP_AT)))
FIGURE(return_to_settle, failed(t, between(t, QN_COL_RETURN_AT, QN_COL_SETTLE_AT)))
FIGURE(sound_return, t->v[QN_COL_FAILED] == 1 ? NAN : value(t, QN_COL_RETURN_AT))
FIGURE(planned, value(t, QN_COL_PLANNED_WORK))
FIGURE(before_error, value(t, QN_COL_WORK) - value(t, QN_COL_WASTED))
FIGURE(wasted_inflight, failed(t, value(t, QN_COL_WASTED_INFLIGHT)))
FIGURE(wasted_started, failed(t, value(t, QN_COL_WASTED_STARTED)))
FIGURE(never_done, between(t, QN_COL_WORK, QN_COL_PLANNED_WORK))
FIGURE(discarded, failed(t, value(t, QN_COL_DISCARDED)))
FIGURE(occupied, value(t, QN_COL_OCCUPIED))
FIGURE(polls, value(t, QN_COL_POLLS))
FIGURE(polling, value(t, QN_COL_POLLING))
FIGURE(peak, value(t, QN_COL_PEAK))
FIGURE(retained_at_return, value(t, QN_COL_RETAINED_AT_RETURN))
FIGURE(leaked_bytes, value(t, QN_COL_LEAKED_BYTES))
FIGURE(leaked_workers, value(t, QN_COL_LEAKED_WORKERS))
FIGURE(errors_seen, failed(t, value(t, QN_COL_ERRORS_SEEN)))
FIGURE(errors_lost, failed(t, value(t, QN_COL_ERRORS_LOST)))
FIGURE(fidelity, value(t, QN_COL_ERROR_FIDELITY))
FIGURE(masked, value(t, QN_COL_ERRORS_MASKED))

/* Bytes held after the error, averaged over the time until everything was released. */
static double held(const struct qn_trial *t)
{
    double span = between(t, QN_COL_ERROR_AT, QN_COL_SETTLE_AT);

    return span > 0 ? value(t, QN_COL_RETAINED_INTEGRAL) / span : NAN;
}

const struct qn_explain_figure qn_explain_figures[] = {
    {QN_EXPLAIN_TIME, "until the first failure (error_at)", QN_EXPLAIN_US, error_at, false},
    {QN_EXPLAIN_TIME, "failure to error_seen (detection)", QN_EXPLAIN_US, detection, false},
    {QN_EXPLAIN_TIME, "error_seen to return", QN_EXPLAIN_US, seen_to_return, false},
    {QN_EXPLAIN_TIME, "whole: return_at", QN_EXPLAIN_US, failed_return, false},
    {QN_EXPLAIN_TIME, "failure to return (return_latency)", QN_EXPLAIN_US, return_latency, false},
    {QN_EXPLAIN_TIME, "return to stop", QN_EXPLAIN_US, return_to_stop, true},
    {QN_EXPLAIN_TIME, "return to settle", QN_EXPLAIN_US, return_to_settle, true},
    {QN_EXPLAIN_SOUND, "return_at", QN_EXPLAIN_US, sound_return, false},
    {QN_EXPLAIN_WORK, "planned", QN_EXPLAIN_US, planned, false},
    {QN_EXPLAIN_WORK, "done before the error", QN_EXPLAIN_US, before_error, false},
    {QN_EXPLAIN_WORK, "wasted_inflight", QN_EXPLAIN_US, wasted_inflight, false},
    {QN_EXPLAIN_WORK, "wasted_started", QN_EXPLAIN_US, wasted_started, false},
    {QN_EXPLAIN_WORK, "never done", QN_EXPLAIN_US, never_done, false},
    {QN_EXPLAIN_WORK, "discarded, of what was done before", QN_EXPLAIN_US, discarded, false},
    {QN_EXPLAIN_WORK, "occupied (wall time of threads)", QN_EXPLAIN_US, occupied, false},
    {QN_EXPLAIN_WORK, "polls, a call", QN_EXPLAIN_NUMBER, polls, false},
    {QN_EXPLAIN_WORK, "polling, beside the work", QN_EXPLAIN_US, polling, false},
    {QN_EXPLAIN_BYTES, "peak", QN_EXPLAIN_KIB, peak, false},
    {QN_EXPLAIN_BYTES, "retained at the return", QN_EXPLAIN_KIB, retained_at_return, false},
    {QN_EXPLAIN_BYTES, "held from failure to settle, mean", QN_EXPLAIN_KIB, held, false},
    {QN_EXPLAIN_BYTES, "leaked", QN_EXPLAIN_KIB, leaked_bytes, false},
    {QN_EXPLAIN_BYTES, "leaked workers", QN_EXPLAIN_NUMBER, leaked_workers, false},
    {QN_EXPLAIN_ERRORS, "seen", QN_EXPLAIN_NUMBER, errors_seen, false},
    {QN_EXPLAIN_ERRORS, "lost", QN_EXPLAIN_NUMBER, errors_lost, false},
    {QN_EXPLAIN_ERRORS, "fidelity (share)", QN_EXPLAIN_NUMBER, fidelity, false},
    {QN_EXPLAIN_ERRORS, "masked (share)", QN_EXPLAIN_NUMBER, masked, false},
};
const size_t qn_n_explain_figures = QN_ARRAY_LEN(qn_explain_figures);

_Static_assert(QN_ARRAY_LEN(qn_explain_figures) <=
                   QN_ARRAY_LEN(((struct qn_explanation *)NULL)->figures),
               "an explanation has room for every figure");

/* Figures of a cell. */

static int by_process(const void *a, const void *b)
{
    const struct qn_trial *x = a, *y = b;
    int64_t p = x->v[QN_COL_PROCESS], q = y->v[QN_COL_PROCESS];

    if (p != q)
        return p < q ? -1 : 1;
    return (x->v[QN_COL_TRIAL] > y->v[QN_COL_TRIAL]) - (x->v[QN_COL_TRIAL] < y->v[QN_COL_TRIAL]);
}

static struct qn_range range_of(const struct qn_explain_figure *f)
{
    static const char share[] = "(share)";
    size_t n = strlen(f->name);

    if (f->is_signed)
        return qn_range_any;
    return n > strlen(share) && strcmp(f->name + n - strlen(share), share) == 0
               ? qn_range_share
               : qn_range_not_negative;
}

static void estimate(struct qn_samples *s, const struct qn_explain_figure *f,
                     struct qn_explained *out)
{
    size_t from = 0;

    out->n_calls = s->n;
    if (s->n == 0)
        return;
    for (size_t p = 0; p < s->n_processes; from = s->ends[p], p++) {
        size_t n = s->ends[p] - from;

        s->means[p] = 0;
        for (size_t i = from; i < s->ends[p]; i++)
            s->means[p] += s->values[i] / (double)n;
        qn_stat_sort(s->values + from, n);
        s->medians[p] = qn_stat_median(s->values + from, n);
    }
    out->mean = qn_stat_within(qn_stat_mean_interval(s->means, s->n_processes), range_of(f));
    qn_stat_sort(s->medians, s->n_processes);
    out->median = qn_stat_median_interval(s->medians, s->n_processes);
}

/* Work, bytes and errors are of failed calls, where there are any. */
static bool counts(const struct qn_explanation *e, const struct qn_explain_figure *f,
                   const struct qn_trial *t)
{
    bool is_of_failed = f->section != QN_EXPLAIN_SOUND && e->n_failed > 0;

    return !is_of_failed || t->v[QN_COL_FAILED] == 1;
}

static int estimate_all(struct qn_explanation *e, const struct qn_trial *rows)
{
    struct qn_samples s;
    int rc = qn_samples_init(&s, e->n_calls);

    for (size_t f = 0; rc == QN_OK && f < qn_n_explain_figures; f++) {
        qn_samples_clear(&s);
        for (size_t i = 0; i < e->n_calls; i++) {
            double figure = qn_explain_figures[f].of(&rows[i]);

            if (!isnan(figure) && counts(e, &qn_explain_figures[f], &rows[i]))
                qn_samples_add(&s, rows[i].v[QN_COL_PROCESS], figure);
        }
        estimate(&s, &qn_explain_figures[f], &e->figures[f]);
    }
    qn_samples_fini(&s);
    return rc;
}

/* By how much the parts of a call's work miss the whole. */
static int64_t unaccounted(const struct qn_trial *t)
{
    static const int parts[] = {QN_COL_PLANNED_WORK,    QN_COL_WORK,           QN_COL_WASTED,
                                QN_COL_WASTED_INFLIGHT, QN_COL_WASTED_STARTED, QN_COL_DISCARDED};
    const int64_t *v = t->v;
    int64_t split, beyond_plan, beyond_work;

    for (size_t i = 0; i < QN_ARRAY_LEN(parts); i++)
        if (v[parts[i]] == QN_NONE)
            return 0;
    split = v[QN_COL_WASTED] - v[QN_COL_WASTED_INFLIGHT] - v[QN_COL_WASTED_STARTED];
    beyond_plan = v[QN_COL_WORK] - v[QN_COL_PLANNED_WORK];
    beyond_work = v[QN_COL_WASTED] + v[QN_COL_DISCARDED] - v[QN_COL_WORK];

    return llabs(split) + (beyond_plan > 0 ? beyond_plan : 0) + (beyond_work > 0 ? beyond_work : 0);
}

/* Single calls. */

static bool has_workers(const struct qn_explanation *e, const struct qn_trial *t)
{
    for (size_t i = 0; i < e->tables->n_timeline; i++) {
        const struct qn_timeline_entry *entry = &e->tables->timeline[i];

        if (entry->cell == e->cell && entry->process == t->v[QN_COL_PROCESS] &&
            entry->row.trial == t->v[QN_COL_TRIAL])
            return true;
    }
    return false;
}

static void take(struct qn_explanation *e, enum qn_exemplar which, const struct qn_trial *shown,
                 const struct qn_trial *nearest)
{
    e->calls[which] = (struct qn_explained_call){shown, nearest, has_workers(e, shown)};
}

/* Of those whose workers were kept, the call that comes nearest to what is sought. */
static void take_nearest(struct qn_explanation *e, enum qn_exemplar which,
                         const struct qn_trial *rows, double *distances)
{
    size_t nearest = qn_exemplar_nearest(distances, e->n_calls), kept;

    if (nearest == SIZE_MAX)
        return;
    for (size_t i = 0; i < e->tables->n_timeline; i++) {
        const struct qn_timeline_entry *entry = &e->tables->timeline[i];
        const struct qn_trial *t =
            entry->cell == e->cell && entry->row.worker == 0
                ? qn_call_find(e->tables, e->cell, entry->process, entry->row.trial)
                : NULL;

        if (t && !isnan(distances[t - rows]))
            distances[t - rows] -= (double)(5 * e->n_calls); /* beyond any that was not kept */
    }
    kept = qn_exemplar_nearest(distances, e->n_calls);
    take(e, which, &rows[kept], &rows[nearest]);
}

static int choose_calls(struct qn_explanation *e, const struct qn_trial *rows)
{
    size_t worst = qn_exemplar_worst(rows, e->n_calls);
    double *distances = malloc(e->n_calls * sizeof(*distances));
    int rc = distances ? QN_OK : QN_ENOMEM;

    if (worst != SIZE_MAX)
        take(e, QN_EXEMPLAR_WORST, &rows[worst], &rows[worst]);
    for (int i = QN_EXEMPLAR_TYPICAL; rc == QN_OK && i < QN_EXEMPLAR_COUNT; i++) {
        rc = qn_exemplar_distances(rows, e->n_calls, (enum qn_exemplar)i, distances);
        if (rc == QN_OK)
            take_nearest(e, (enum qn_exemplar)i, rows, distances);
    }
    free(distances);
    return rc;
}

int qn_explanation_make(struct qn_tables *t, size_t cell, struct qn_explanation *e)
{
    struct qn_trial *rows = t->trials.rows[cell];
    int rc;

    *e = (struct qn_explanation){.tables = t, .cell = cell, .n_calls = t->trials.n[cell]};
    qsort(rows, e->n_calls, sizeof(*rows), by_process);
    for (size_t i = 0; i < e->n_calls; i++) {
        e->n_failed += rows[i].v[QN_COL_FAILED] == 1;
        e->n_processes += i == 0 || rows[i].v[QN_COL_PROCESS] != rows[i - 1].v[QN_COL_PROCESS];
        e->unaccounted_ns += unaccounted(&rows[i]);
    }
    rc = estimate_all(e, rows);
    return rc == QN_OK ? choose_calls(e, rows) : rc;
}

size_t qn_explain_steps(const struct qn_trial *median, const struct qn_trial *worst,
                        struct qn_explain_step steps[3], size_t *longest)
{
    size_t n = 0;

    if (!isnan(detection(median)) && !isnan(detection(worst))) {
        steps[n++] =
            (struct qn_explain_step){"until the failure", error_at(median), error_at(worst)};
        steps[n++] = (struct qn_explain_step){"from the failure until it was seen",
                                              detection(median), detection(worst)};
        steps[n++] = (struct qn_explain_step){"from there to the return", seen_to_return(median),
                                              seen_to_return(worst)};
    } else if (!isnan(error_at(median)) && !isnan(error_at(worst))) {
        steps[n++] =
            (struct qn_explain_step){"until the failure", error_at(median), error_at(worst)};
        steps[n++] = (struct qn_explain_step){"from the failure to the return",
                                              return_latency(median), return_latency(worst)};
    } else {
        steps[n++] = (struct qn_explain_step){"until the return", value(median, QN_COL_RETURN_AT),
                                              value(worst, QN_COL_RETURN_AT)};
    }
    *longest = 0;
    for (size_t i = 1; i < n; i++)
        if (steps[i].worst_ns - steps[i].median_ns >
            steps[*longest].worst_ns - steps[*longest].median_ns)
            *longest = i;
    return n;
}
