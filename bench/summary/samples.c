#include "bench/summary/samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/schema/columns.h"

/* A quantile is written only if each process has this many calls beyond it. */
#define CALLS_BEYOND 10.0

static const enum qn_statistic quantiles[QN_N_QUANTILES] = {QN_STATISTIC_P90, QN_STATISTIC_P99,
                                                            QN_STATISTIC_P999};

void qn_samples_clear(struct qn_samples *s)
{
    s->all.n = s->n_processes = 0;
    s->all.is_weighed = false;
}

void qn_samples_add(struct qn_samples *s, int64_t process, double value, double weight)
{
    struct qn_weighed *all = &s->all;

    if (all->n == 0 || process != s->process)
        s->n_processes++;
    s->process = process;
    all->values[all->n] = value;
    all->weights[all->n] = weight;
    all->is_weighed |= weight != all->weights[0];
    s->ends[s->n_processes - 1] = ++all->n;
}

void qn_samples_add_process(struct qn_samples *s, const struct qn_metric_info *m, bool failed_only,
                            const struct qn_process_calls *calls)
{
    struct qn_weighed next = qn_weighed_part(&s->all, s->all.n, s->all.n);

    qn_metric_take(m, failed_only, calls, &next);
    s->all.n += next.n;
    s->all.is_weighed |= next.is_weighed;
    if (next.n > 0)
        s->ends[s->n_processes++] = s->all.n;
}

struct qn_weighed qn_samples_of(const struct qn_samples *s, size_t process)
{
    return qn_weighed_part(&s->all, process > 0 ? s->ends[process - 1] : 0, s->ends[process]);
}

void qn_samples_average(struct qn_samples *s)
{
    for (size_t p = 0; p < s->n_processes; p++) {
        struct qn_weighed of = qn_samples_of(s, p);

        s->means[p] = qn_weighed_take(QN_STATISTIC_MEAN, &of);
    }
}

/* Each process's figures except the mean; sorts its values. */
static void per_process(struct qn_samples *s, bool *has_tail, double *max)
{
    for (size_t i = 0; i < QN_N_QUANTILES; i++)
        has_tail[i] = true;
    *max = -INFINITY;
    for (size_t p = 0; p < s->n_processes; p++) {
        struct qn_weighed of = qn_samples_of(s, p);
        double n = qn_weighed_effective(&of);

        s->medians[p] = qn_weighed_take(QN_STATISTIC_P50, &of);
        *max = fmax(*max, of.values[of.n - 1]);
        for (size_t i = 0; i < QN_N_QUANTILES; i++) {
            s->tails[i][p] = qn_weighed_take(quantiles[i], &of);
            /* tolerance for rounding: 10 / (1 - 0.9) is 100 */
            if (n < CALLS_BEYOND / (1 - qn_statistic_share(quantiles[i])) - 1e-6)
                has_tail[i] = false;
        }
    }
}

/* The arithmetic mean of rates over equal counts would be wrong, so none is written. */
static bool is_rate(const struct qn_metric_info *m)
{
    static const char ending[] = "_per_s";
    size_t n = strlen(m->unit);

    return n >= strlen(ending) && strcmp(m->unit + n - strlen(ending), ending) == 0;
}

struct qn_summary_row qn_samples_row(const struct qn_metric_info *m, bool failed_only,
                                     struct qn_samples *s)
{
    bool has_tail[QN_N_QUANTILES];
    struct qn_summary_row row =
        qn_summary_row_empty(m->name, m->unit, qn_condition_name(failed_only));
    double *tails[QN_N_QUANTILES] = {&row.p90, &row.p99, &row.p999};
    size_t processes = s->n_processes;

    row.n = s->all.n;
    row.processes = processes;
    qn_samples_average(s);
    per_process(s, has_tail, &row.max);
    if (!is_rate(m))
        row.mean = qn_stat_within(qn_stat_mean_interval(s->means, processes), m->range);
    qn_stat_sort(s->medians, processes);
    row.p50 = qn_stat_median_interval(s->medians, processes);
    for (size_t i = 0; i < QN_N_QUANTILES; i++) {
        qn_stat_sort(s->tails[i], processes);
        if (has_tail[i])
            *tails[i] = qn_stat_median(s->tails[i], processes);
    }
    return row;
}

void qn_samples_write(const struct qn_cell *cell, const struct qn_metric_info *m, bool failed_only,
                      struct qn_samples *s, FILE *file)
{
    struct qn_summary_row row;

    if (s->all.n == 0)
        return;
    row = qn_samples_row(m, failed_only, s);
    qn_summary_row_write(cell, &row, file);
}

int qn_samples_init(struct qn_samples *s, size_t n)
{
    size_t room = n ? n : 1;

    memset(s, 0, sizeof(*s));
    if (qn_weighed_init(&s->all, n) != QN_OK)
        return QN_ENOMEM;
    s->ends = calloc(room, sizeof(*s->ends));
    s->medians = calloc(room, sizeof(double));
    s->means = calloc(room, sizeof(double));
    for (size_t i = 0; i < QN_N_QUANTILES; i++)
        s->tails[i] = calloc(room, sizeof(double));
    return s->ends && s->medians && s->means && s->tails[0] && s->tails[1] && s->tails[2]
               ? QN_OK
               : QN_ENOMEM;
}

void qn_samples_fini(struct qn_samples *s)
{
    for (size_t i = 0; i < QN_N_QUANTILES; i++)
        free(s->tails[i]);
    free(s->means);
    free(s->medians);
    free(s->ends);
    qn_weighed_fini(&s->all);
}
