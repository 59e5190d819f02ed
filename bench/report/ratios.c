#include "bench/report/ratios.h"

#include <math.h>
#include <stdlib.h>

static int by_call(const void *a, const void *b)
{
    return qn_trial_by_call(*(const struct qn_trial *const *)a, *(const struct qn_trial *const *)b);
}

static const struct qn_trial **sorted_calls(const struct qn_tables *t, size_t cell)
{
    const struct qn_trial **list = calloc(t->trials.n[cell] + 1, sizeof(*list));

    for (size_t i = 0; list && i < t->trials.n[cell]; i++)
        list[i] = &t->trials.rows[cell][i];
    if (list)
        qsort(list, t->trials.n[cell], sizeof(*list), by_call);
    return list;
}

/* The means of each process over the calls that failed in both cells. */
struct pairs {
    double *a, *b;
    size_t n;     /* processes */
    size_t calls; /* of all */
};

static void add_call(struct pairs *p, double a, double b, bool new_process, size_t *in_process)
{
    if (new_process) {
        p->a[p->n] = p->b[p->n] = 0;
        p->n++;
        *in_process = 0;
    }
    (*in_process)++;
    /* running means */
    p->a[p->n - 1] += (a - p->a[p->n - 1]) / (double)*in_process;
    p->b[p->n - 1] += (b - p->b[p->n - 1]) / (double)*in_process;
    p->calls++;
}

static void pair_calls(const struct qn_trial *const *x, size_t nx, const struct qn_trial *const *y,
                       size_t ny, const struct qn_figure *figure, struct pairs *out)
{
    int64_t process = -1;
    size_t in_process = 0;

    for (size_t i = 0, j = 0; i < nx && j < ny;) {
        int order = by_call(&x[i], &y[j]);
        int64_t a = qn_figure_of(x[i], figure), b = qn_figure_of(y[j], figure);

        if (order == 0 && x[i]->v[QN_COL_FAILED] == 1 && y[j]->v[QN_COL_FAILED] == 1 &&
            a != QN_NONE && b != QN_NONE) {
            add_call(out, (double)a, (double)b, x[i]->v[QN_COL_PROCESS] != process, &in_process);
            process = x[i]->v[QN_COL_PROCESS];
        }
        i += order <= 0;
        j += order >= 0;
    }
}

struct qn_ratio qn_ratio_of(const struct qn_tables *t, size_t a, size_t b, enum qn_metric_id metric)
{
    struct qn_ratio r = {0};
    const struct qn_trial **x, **y;
    struct pairs pairs = {0};

    if (a == SIZE_MAX || b == SIZE_MAX)
        return r;
    x = sorted_calls(t, a);
    y = sorted_calls(t, b);
    pairs.a = calloc(t->trials.n[a] + 1, sizeof(double));
    pairs.b = calloc(t->trials.n[a] + 1, sizeof(double));
    if (x && y && pairs.a && pairs.b) {
        pair_calls(x, t->trials.n[a], y, t->trials.n[b], &qn_metrics[metric].figure, &pairs);
        if (pairs.n > 0)
            r.ratio = qn_stat_within(qn_stat_ratio_of_means(pairs.a, pairs.b, pairs.n),
                                     qn_range_not_negative);
        r.base = pairs.n > 0 ? qn_stat_mean(pairs.b, pairs.n) : NAN;
        r.n_processes = pairs.n;
        r.n_calls = pairs.n > 0 && isfinite(r.ratio.value) ? pairs.calls : 0;
    }
    free(pairs.b);
    free(pairs.a);
    free(y);
    free(x);
    return r;
}
