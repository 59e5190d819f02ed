#include "bench/explain/figures.h"

#include <math.h>
#include <stdlib.h>

#include "bench/report/picture/call.h"
#include "bench/schema/metrics.h"
#include "bench/summary/samples.h"

/* Figures of a call. */

/* clang-format off */
#define OF(column) {QN_COL_##column, QN_COL_NONE, QN_COL_NONE}
#define SINCE(column, earlier) {QN_COL_##column, QN_COL_##earlier, QN_COL_NONE}
#define LESS(column, part) {QN_COL_##column, QN_COL_NONE, QN_COL_##part}

#define MEAN_OVER(section, name, unit, calls, figure, over) \
    {QN_EXPLAIN_##section, name, QN_EXPLAIN_##unit, QN_EXPLAIN_##calls, figure, over, false},
#define SIGNED(section, name, unit, calls, figure) \
    {QN_EXPLAIN_##section, name, QN_EXPLAIN_##unit, QN_EXPLAIN_##calls, figure, OF(NONE), true},
#define FIGURE(section, name, unit, calls, figure) \
    {QN_EXPLAIN_##section, name, QN_EXPLAIN_##unit, QN_EXPLAIN_##calls, figure, OF(NONE), false},

const struct qn_explain_figure qn_explain_figures[] = {
    FIGURE(TIME, "until the first failure (error_at)", US, ANY, OF(ERROR_AT))
    FIGURE(TIME, "failure to error_seen (detection)", US, ANY, SINCE(ERROR_SEEN, ERROR_AT))
    FIGURE(TIME, "error_seen to return", US, ANY, SINCE(RETURN_AT, ERROR_SEEN))
    FIGURE(TIME, "whole: return_at", US, FAILED, OF(RETURN_AT))
    FIGURE(TIME, "failure to return (return_latency)", US, ANY, SINCE(RETURN_AT, ERROR_AT))
    SIGNED(TIME, "return to stop", US, FAILED, SINCE(STOP_AT, RETURN_AT))
    SIGNED(TIME, "return to settle", US, FAILED, SINCE(SETTLE_AT, RETURN_AT))
    FIGURE(TIME, "caller ready, without a core", US, FAILED, OF(CALLER_RUN_DELAY))
    FIGURE(TIME, "caller preempted, times", NUMBER, FAILED, OF(CALLER_PREEMPTIONS))
    FIGURE(SOUND, "return_at", US, UNFAILED, OF(RETURN_AT))
    FIGURE(WORK, "planned", US, ANY, OF(PLANNED_WORK))
    FIGURE(WORK, "done before the error", US, ANY, LESS(WORK, WASTED))
    FIGURE(WORK, "wasted_inflight", US, FAILED, OF(WASTED_INFLIGHT))
    FIGURE(WORK, "wasted_started", US, FAILED, OF(WASTED_STARTED))
    FIGURE(WORK, "never done", US, ANY, LESS(PLANNED_WORK, WORK))
    FIGURE(WORK, "discarded, of what was done before", US, FAILED, OF(DISCARDED))
    FIGURE(WORK, "occupied (wall time of threads)", US, ANY, OF(OCCUPIED))
    FIGURE(WORK, "polls per call", NUMBER, ANY, OF(POLLS))
    FIGURE(WORK, "polling, on top of work", US, ANY, OF(POLLING))
    FIGURE(BYTES, "peak", KIB, ANY, OF(PEAK))
    FIGURE(BYTES, "retained at the return", KIB, ANY, OF(RETAINED_AT_RETURN))
    MEAN_OVER(BYTES, "held from failure to settle, mean", KIB, ANY, OF(RETAINED_INTEGRAL), SINCE(SETTLE_AT, ERROR_AT))
    FIGURE(BYTES, "leaked", KIB, ANY, OF(LEAKED_BYTES))
    FIGURE(BYTES, "leaked workers", NUMBER, ANY, OF(LEAKED_WORKERS))
    FIGURE(ERRORS, "seen", NUMBER, FAILED, OF(ERRORS_SEEN))
    FIGURE(ERRORS, "lost", NUMBER, FAILED, OF(ERRORS_LOST))
    FIGURE(ERRORS, "fidelity (share)", NUMBER, ANY, OF(ERROR_FIDELITY))
    FIGURE(ERRORS, "masked (share)", NUMBER, ANY, OF(ERRORS_MASKED))
};
/* clang-format on */
const size_t qn_n_explain_figures = QN_ARRAY_LEN(qn_explain_figures);

_Static_assert(QN_ARRAY_LEN(qn_explain_figures) <=
                   QN_ARRAY_LEN(((struct qn_explanation *)NULL)->figures),
               "an explanation has room for every figure");

/* Figures of a cell. */

static void estimate(struct qn_samples *s, const struct qn_explain_figure *f,
                     struct qn_explained *out)
{
    out->n_calls = s->all.n;
    if (s->all.n == 0)
        return;
    qn_samples_average(s);
    for (size_t p = 0; p < s->n_processes; p++) {
        struct qn_weighed of = qn_samples_of(s, p);

        s->medians[p] = qn_weighed_take(QN_STATISTIC_P50, &of);
    }
    out->mean = qn_stat_within(qn_stat_mean_interval(s->means, s->n_processes),
                               f->is_signed ? qn_range_any : qn_metrics[f->figure.column].range);
    qn_stat_sort(s->medians, s->n_processes);
    out->median = qn_stat_median_interval(s->medians, s->n_processes);
}

static double value_of(const struct qn_trial *t, const struct qn_figure *figure)
{
    int64_t value = qn_figure_of(t, figure);

    return value == QN_NONE ? NAN : (double)value;
}

/* NAN: the call has none, or doesn't count. If some calls failed, work, bytes and errors are over
 * these. */
static double explained(const struct qn_explanation *e, const struct qn_explain_figure *f,
                        const struct qn_trial *t)
{
    bool is_failed = t->v[QN_COL_FAILED] == 1,
         is_of_failed =
             f->calls == QN_EXPLAIN_FAILED || (f->calls == QN_EXPLAIN_ANY && e->n_failed > 0);
    double over = 1;

    if (is_failed ? f->calls == QN_EXPLAIN_UNFAILED : is_of_failed)
        return NAN;
    if (f->over.column != QN_COL_NONE)
        over = value_of(t, &f->over);
    return over > 0 ? value_of(t, &f->figure) / over : NAN;
}

static int estimate_all(struct qn_explanation *e, const struct qn_trial *rows)
{
    struct qn_samples s;
    int rc = qn_samples_init(&s, e->n_calls);

    for (size_t f = 0; rc == QN_OK && f < qn_n_explain_figures; f++) {
        qn_samples_clear(&s);
        for (size_t i = 0; i < e->n_calls; i++) {
            double figure = explained(e, &qn_explain_figures[f], &rows[i]);

            if (!isnan(figure))
                qn_samples_add(&s, rows[i].v[QN_COL_PROCESS], figure, qn_trial_weight(&rows[i]));
        }
        estimate(&s, &qn_explain_figures[f], &e->figures[f]);
    }
    qn_samples_fini(&s);
    return rc;
}

/* By how much the parts of a call's work differ from the whole. */
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
    size_t n;

    qn_tables_workers(e->tables, e->cell, t, &n);
    return n > 0;
}

static void take(struct qn_explanation *e, enum qn_exemplar which, const struct qn_trial *shown,
                 const struct qn_trial *nearest)
{
    e->calls[which] = (struct qn_explained_call){shown, nearest, has_workers(e, shown)};
}

/* The call nearest to the wanted one among those whose workers were kept. */
static void take_nearest(struct qn_explanation *e, enum qn_exemplar which,
                         const struct qn_trial *rows, double *distances)
{
    size_t nearest = qn_exemplar_nearest(distances, e->n_calls), kept, n_entries;
    const struct qn_timeline_entry *entries = qn_tables_timeline(e->tables, e->cell, &n_entries);

    if (nearest == SIZE_MAX)
        return;
    for (size_t i = 0; i < n_entries; i++) {
        const struct qn_timeline_entry *entry = &entries[i];
        size_t call = entry->row.worker > 0 ? e->n_calls
                                            : qn_trials_find(&e->tables->trials, e->cell,
                                                             entry->process, entry->row.trial);

        if (call < e->n_calls && !isnan(distances[call]))
            distances[call] -= (double)(5 * e->n_calls); /* prefer kept calls */
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

int qn_explanation_make(const struct qn_tables *t, size_t cell, struct qn_explanation *e)
{
    size_t n = qn_trials_count(&t->trials, cell);
    struct qn_trial *rows = malloc(n * sizeof(*rows));
    int rc;

    *e = (struct qn_explanation){.tables = t, .cell = cell, .rows = rows, .n_calls = n};
    if (!rows)
        return QN_ENOMEM;
    qn_trials_rows(&t->trials, cell, rows);
    for (size_t i = 0; i < n; i++) {
        e->n_failed += rows[i].v[QN_COL_FAILED] == 1;
        e->n_processes += i == 0 || rows[i].v[QN_COL_PROCESS] != rows[i - 1].v[QN_COL_PROCESS];
        e->unaccounted_ns += unaccounted(&rows[i]);
    }
    if ((rc = estimate_all(e, rows)) != QN_OK || (rc = choose_calls(e, rows)) != QN_OK)
        qn_explanation_fini(e);
    return rc;
}

void qn_explanation_fini(struct qn_explanation *e)
{
    free(e->rows);
    *e = (struct qn_explanation){.rows = NULL};
}

size_t qn_explain_steps(const struct qn_trial *median, const struct qn_trial *worst,
                        struct qn_explain_step steps[3], size_t *longest)
{
    static const struct {
        const char *name;
        struct qn_figure figure;
    } ways[][3] = {{{"until the failure", OF(ERROR_AT)},
                    {"from the failure until it was seen", SINCE(ERROR_SEEN, ERROR_AT)},
                    {"from there to the return", SINCE(RETURN_AT, ERROR_SEEN)}},
                   {{"until the failure", OF(ERROR_AT)},
                    {"from the failure to the return", SINCE(RETURN_AT, ERROR_AT)}},
                   {{"until the return", OF(RETURN_AT)}}};
    size_t n = 0;

    /* The first split for which both calls have the figures. */
    for (size_t w = 0; w < QN_ARRAY_LEN(ways) && n == 0; w++)
        for (; n < 3 && ways[w][n].name; n++) {
            steps[n] =
                (struct qn_explain_step){ways[w][n].name, value_of(median, &ways[w][n].figure),
                                         value_of(worst, &ways[w][n].figure)};
            if (isnan(steps[n].median_ns) || isnan(steps[n].worst_ns)) {
                n = 0;
                break;
            }
        }
    *longest = 0;
    for (size_t i = 1; i < n; i++)
        if (steps[i].worst_ns - steps[i].median_ns >
            steps[*longest].worst_ns - steps[*longest].median_ns)
            *longest = i;
    return n;
}
