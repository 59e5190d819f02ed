#include "bench/report/values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct item {
    int64_t process, value;
};

static int by_process_and_value(const void *a, const void *b)
{
    const struct item *x = a, *y = b;

    if (x->process != y->process)
        return x->process < y->process ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

static size_t collect(const struct qn_tables *t, size_t cell, const struct qn_metric_of_calls *m,
                      struct item *items)
{
    size_t n = 0;

    for (size_t i = 0; i < t->trials.n[cell]; i++) {
        const struct qn_trial *trial = &t->trials.rows[cell][i];
        int64_t value = qn_figure_of(trial, &m->info->figure);

        if (value == QN_NONE || (m->failed_only && trial->v[QN_COL_FAILED] != 1))
            continue;
        items[n++] = (struct item){trial->v[QN_COL_PROCESS], value};
    }
    return n;
}

int qn_values_of(const struct qn_tables *t, size_t cell, const struct qn_metric_of_calls *m,
                 struct qn_values *out)
{
    size_t room = cell == SIZE_MAX ? 1 : t->trials.n[cell] + 1;
    struct item *items = calloc(room, sizeof(*items));

    memset(out, 0, sizeof(*out));
    out->v = calloc(room, sizeof(*out->v));
    out->ends = calloc(room, sizeof(*out->ends));
    out->process = calloc(room, sizeof(*out->process));
    if (!items || !out->v || !out->ends || !out->process) {
        free(items);
        qn_values_fini(out);
        return QN_ENOMEM;
    }
    if (cell != SIZE_MAX)
        out->n = collect(t, cell, m, items);
    if (out->n > 1)
        qsort(items, out->n, sizeof(*items), by_process_and_value);
    for (size_t i = 0; i < out->n; i++) {
        out->v[i] = (double)items[i].value;
        if (i == 0 || items[i].process != items[i - 1].process)
            out->n_processes++;
        out->ends[out->n_processes - 1] = i + 1;
        out->process[out->n_processes - 1] = items[i].process;
    }
    free(items);
    return QN_OK;
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
