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

/* The mean over the failed calls of a process; *n of them. */
static double mean_of_process(const struct qn_calls *calls, size_t from, size_t to,
                              const struct qn_figure *figure, size_t *n)
{
    double mean = NAN;

    *n = 0;
    for (size_t i = from; i < to; i++) {
        int64_t value = qn_calls_figure(calls, i, figure);

        if (calls->v[QN_COL_FAILED][i] != 1 || value == QN_NONE)
            continue;
        (*n)++;
        mean = *n == 1 ? (double)value : mean + ((double)value - mean) / (double)*n;
    }
    return mean;
}

/* For calls that are nobody's: processes of the same number, each with its own failed calls. */
static void pair_processes(const struct qn_calls *x, const struct qn_calls *y,
                           const struct qn_figure *figure, struct pairs *out)
{
    for (size_t i = 0, j = 0; i < x->n && j < y->n;) {
        size_t to_i = qn_calls_end_of_process(x, i), to_j = qn_calls_end_of_process(y, j), n, m;
        int64_t p = x->v[QN_COL_PROCESS][i], q = y->v[QN_COL_PROCESS][j];

        if (p == q) {
            out->a[out->n] = mean_of_process(x, i, to_i, figure, &n);
            out->b[out->n] = mean_of_process(y, j, to_j, figure, &m);
            out->calls += n > 0 && m > 0 ? n : 0;
            out->n += n > 0 && m > 0;
        }
        i = p <= q ? to_i : i;
        j = q <= p ? to_j : j;
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
        if (t->is_imported)
            pair_processes(&x, &y, figure, &pairs);
        else
            pair_calls(&x, &y, figure, &pairs);
        r = ratio_of(&pairs);
    }
    qn_calls_fini(&y);
    qn_calls_fini(&x);
    free(pairs.b);
    free(pairs.a);
    return r;
}
