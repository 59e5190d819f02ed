#include "bench/summary/samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/schema/columns.h"

/* A quantile is written only if each process has this many calls beyond it. */
#define CALLS_BEYOND 10.0

static const double quantiles[QN_N_QUANTILES] = {0.9, 0.99, 0.999};

void qn_samples_clear(struct qn_samples *s)
{
    s->n = s->n_processes = 0;
}

void qn_samples_add(struct qn_samples *s, int64_t process, double value)
{
    if (s->n == 0 || process != s->process)
        s->n_processes++;
    s->process = process;
    s->values[s->n++] = value;
    s->ends[s->n_processes - 1] = s->n;
}

void qn_samples_add_process(struct qn_samples *s, const struct qn_metric_info *m, bool failed_only,
                            const struct qn_process_calls *calls)
{
    size_t n = qn_metric_values(m, failed_only, calls, s->values + s->n);

    s->n += n;
    if (n > 0)
        s->ends[s->n_processes++] = s->n;
}

void qn_samples_average(struct qn_samples *s)
{
    for (size_t p = 0, from = 0; p < s->n_processes; from = s->ends[p], p++)
        s->means[p] = qn_stat_mean(s->values + from, s->ends[p] - from);
}

/* Each process's figures except the mean; sorts its values. */
static void per_process(struct qn_samples *s, bool *has_tail, double *max)
{
    size_t from = 0;

    for (size_t i = 0; i < QN_N_QUANTILES; i++)
        has_tail[i] = true;
    *max = -INFINITY;
    for (size_t p = 0; p < s->n_processes; from = s->ends[p], p++) {
        double *values = s->values + from;
        size_t n = s->ends[p] - from;

        qn_stat_sort(values, n);
        s->medians[p] = qn_stat_median(values, n);
        *max = fmax(*max, values[n - 1]);
        for (size_t i = 0; i < QN_N_QUANTILES; i++) {
            s->tails[i][p] = qn_stat_quantile(values, n, quantiles[i]);
            /* tolerance for rounding: 10 / (1 - 0.9) is 100 */
            if ((double)n < CALLS_BEYOND / (1 - quantiles[i]) - 1e-6)
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

    row.n = s->n;
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

    if (s->n == 0)
        return;
    row = qn_samples_row(m, failed_only, s);
    qn_summary_row_write(cell, &row, file);
}

int qn_samples_init(struct qn_samples *s, size_t n)
{
    size_t room = n ? n : 1;

    memset(s, 0, sizeof(*s));
    s->values = calloc(room, sizeof(double));
    s->ends = calloc(room, sizeof(*s->ends));
    s->medians = calloc(room, sizeof(double));
    s->means = calloc(room, sizeof(double));
    for (size_t i = 0; i < QN_N_QUANTILES; i++)
        s->tails[i] = calloc(room, sizeof(double));
    return s->values && s->ends && s->medians && s->means && s->tails[0] && s->tails[1] &&
                   s->tails[2]
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
    free(s->values);
}
