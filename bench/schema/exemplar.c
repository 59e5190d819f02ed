#include "bench/schema/exemplar.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "bench/schema/metrics.h"

const char *const qn_exemplar_names[QN_EXEMPLAR_COUNT] = {
#define QN_EXEMPLAR_NAME(symbol, name) name,
    QN_EXEMPLARS(QN_EXEMPLAR_NAME)
#undef QN_EXEMPLAR_NAME
};

struct ranked {
    int64_t value;
    size_t row;
};

static int by_value(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    return (x->value > y->value) - (x->value < y->value);
}

/* Adds each call's distance from the middle by one figure, if all calls that count have it. */
static void add_distances(const struct qn_trial *rows, size_t n, const struct qn_figure *figure,
                          struct ranked *scratch, double *distances)
{
    size_t n_ranked = 0;

    for (size_t i = 0; i < n; i++) {
        int64_t value;

        if (isnan(distances[i]))
            continue;
        value = qn_figure_of(&rows[i], figure);
        if (value == QN_NONE)
            return;
        scratch[n_ranked++] = (struct ranked){value, i};
    }
    qsort(scratch, n_ranked, sizeof(*scratch), by_value);
    for (size_t i = 0, end; i < n_ranked; i = end) {
        double rank;

        for (end = i + 1; end < n_ranked && scratch[end].value == scratch[i].value; end++)
            continue;
        rank = (double)(i + end - 1) / 2;
        for (size_t j = i; j < end; j++)
            distances[scratch[j].row] += fabs(rank - (double)(n_ranked - 1) / 2);
    }
}

int qn_exemplar_distances(const struct qn_trial *rows, size_t n, enum qn_exemplar which,
                          double *distances)
{
    static const enum qn_metric_id typical[] = {QN_METRIC_ERROR_AT, QN_METRIC_DETECTION,
                                                QN_METRIC_RETURN_LATENCY, QN_METRIC_WASTED};
    struct ranked *scratch = malloc((n ? n : 1) * sizeof(*scratch));
    bool failed_only = which == QN_EXEMPLAR_TYPICAL;

    if (!scratch)
        return QN_ENOMEM;
    for (size_t i = 0; i < n; i++)
        failed_only = failed_only || rows[i].v[QN_COL_FAILED] == 1;
    for (size_t i = 0; i < n; i++)
        distances[i] = failed_only && rows[i].v[QN_COL_FAILED] != 1 ? NAN : 0;
    if (which == QN_EXEMPLAR_TYPICAL)
        for (size_t i = 0; i < QN_ARRAY_LEN(typical); i++)
            add_distances(rows, n, &qn_metrics[typical[i]].figure, scratch, distances);
    else
        add_distances(rows, n, &qn_metrics[QN_METRIC_RETURN_AT].figure, scratch, distances);
    free(scratch);
    return QN_OK;
}

size_t qn_exemplar_nearest(const double *distances, size_t n)
{
    size_t nearest = SIZE_MAX;

    for (size_t i = 0; i < n; i++)
        if (!isnan(distances[i]) && (nearest == SIZE_MAX || distances[i] < distances[nearest]))
            nearest = i;
    return nearest;
}

size_t qn_exemplar_worst(const struct qn_trial *rows, size_t n)
{
    size_t worst = SIZE_MAX;

    for (size_t i = 0; i < n; i++)
        if (rows[i].v[QN_COL_RETURN_AT] != QN_NONE &&
            (worst == SIZE_MAX || rows[i].v[QN_COL_RETURN_AT] > rows[worst].v[QN_COL_RETURN_AT]))
            worst = i;
    return worst;
}
