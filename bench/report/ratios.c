#include "bench/report/ratios.h"

#include <math.h>
#include <stdlib.h>

/* Each process's means over the calls that failed in both cells. */
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

static void pair_calls(const struct qn_calls *x, const struct qn_calls *y,
                       const struct qn_figure *figure, struct pairs *out)
{
    int64_t process = -1;
    size_t in_process = 0;

    for (size_t i = 0, j = 0; i < x->n && j < y->n;) {
        int order = qn_calls_order(x, i, y, j);
        int64_t a = qn_calls_figure(x, i, figure), b = qn_calls_figure(y, j, figure);

        if (order == 0 && x->v[QN_COL_FAILED][i] == 1 && y->v[QN_COL_FAILED][j] == 1 &&
            a != QN_NONE && b != QN_NONE) {
            add_call(out, (double)a, (double)b, x->v[QN_COL_PROCESS][i] != process, &in_process);
            process = x->v[QN_COL_PROCESS][i];
        }
        i += order <= 0;
        j += order >= 0;
    }
}

static struct qn_ratio ratio_of(const struct pairs *pairs)
{
    struct qn_ratio r = {.base = NAN, .n_processes = pairs->n};

    if (pairs->n == 0)
        return r;
    r.ratio =
        qn_stat_within(qn_stat_ratio_of_means(pairs->a, pairs->b, pairs->n), qn_range_not_negative);
    r.base = qn_stat_mean(pairs->b, pairs->n);
    r.n_calls = isfinite(r.ratio.value) ? pairs->calls : 0;
    return r;
}

struct qn_ratio qn_ratio_of(const struct qn_tables *t, size_t a, size_t b, enum qn_metric_id metric)
{
    const struct qn_figure *figure = &qn_metrics[metric].figure;
    const int columns[] = {QN_COL_PROCESS, QN_COL_TRIAL,  QN_COL_FAILED,
                           figure->column, figure->since, figure->less};
    struct qn_ratio r = {0};
    struct qn_calls x = {.n = 0}, y = {.n = 0};
    struct pairs pairs = {0};

    if (a == SIZE_MAX || b == SIZE_MAX)
        return r;
    pairs.a = calloc(qn_trials_count(&t->trials, a) + 1, sizeof(double));
    pairs.b = calloc(qn_trials_count(&t->trials, a) + 1, sizeof(double));
    if (pairs.a && pairs.b &&
        qn_calls_init(&x, &t->trials, columns, QN_ARRAY_LEN(columns)) == QN_OK &&
        qn_calls_init(&y, &t->trials, columns, QN_ARRAY_LEN(columns)) == QN_OK) {
        qn_calls_take(&x, &t->trials, a);
        qn_calls_take(&y, &t->trials, b);
        pair_calls(&x, &y, figure, &pairs);
        r = ratio_of(&pairs);
    }
    qn_calls_fini(&y);
    qn_calls_fini(&x);
    free(pairs.b);
    free(pairs.a);
    return r;
}
