#include "bench/report/values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Takes the values, and sorts each process's. */
static void collect(const struct qn_calls *calls, const struct qn_metric_of_calls *m,
                    struct qn_values *out)
{
    for (size_t i = 0; i < calls->n; i++) {
        int64_t value = qn_calls_figure(calls, i, &m->info->figure),
                process = calls->v[QN_COL_PROCESS][i];

        if (value == QN_NONE || (m->failed_only && calls->v[QN_COL_FAILED][i] != 1))
            continue;
        if (out->n == 0 || process != out->process[out->n_processes - 1])
            out->process[out->n_processes++] = process;
        out->v[out->n++] = (double)value;
        out->ends[out->n_processes - 1] = out->n;
    }
    for (size_t p = 0, from = 0; p < out->n_processes; from = out->ends[p], p++)
        qn_stat_sort(out->v + from, out->ends[p] - from);
}

int qn_values_of(const struct qn_tables *t, size_t cell, const struct qn_metric_of_calls *m,
                 struct qn_values *out)
{
    const struct qn_figure *f = &m->info->figure;
    const int columns[] = {QN_COL_PROCESS, QN_COL_FAILED, f->column, f->since, f->less};
    size_t room = cell == SIZE_MAX ? 1 : qn_trials_count(&t->trials, cell) + 1;
    struct qn_calls calls;
    int rc = qn_calls_init(&calls, &t->trials, columns, QN_ARRAY_LEN(columns));

    memset(out, 0, sizeof(*out));
    if (rc != QN_OK)
        return rc;
    out->v = calloc(room, sizeof(*out->v));
    out->ends = calloc(room, sizeof(*out->ends));
    out->process = calloc(room, sizeof(*out->process));
    if (!out->v || !out->ends || !out->process) {
        qn_values_fini(out);
        rc = QN_ENOMEM;
    } else if (cell != SIZE_MAX) {
        qn_calls_take(&calls, &t->trials, cell);
        collect(&calls, m, out);
    }
    qn_calls_fini(&calls);
    return rc;
}

void qn_values_fini(struct qn_values *v)
{
    free(v->process);
    free(v->ends);
    free(v->v);
    memset(v, 0, sizeof(*v));
}

size_t qn_values_fewest(const struct qn_values *v)
{
    size_t fewest = v->n;

    for (size_t p = 0, from = 0; p < v->n_processes; from = v->ends[p], p++)
        if (v->ends[p] - from < fewest)
            fewest = v->ends[p] - from;
    return fewest;
}

struct qn_estimate qn_values_quantile(const struct qn_values *v, double q, double *scratch)
{
    if (v->n_processes == 0)
        return (struct qn_estimate){.value = NAN};
    for (size_t p = 0, from = 0; p < v->n_processes; from = v->ends[p], p++) {
        size_t n = v->ends[p] - from;

        scratch[p] = qn_stat_quantile(v->v + from, n, q);
    }
    qn_stat_sort(scratch, v->n_processes);
    return qn_stat_median_interval(scratch, v->n_processes);
}

void qn_values_pool(struct qn_values *v)
{
    qn_stat_sort(v->v, v->n);
}
