#include "bench/selftest/observation.h"

#include <math.h>
#include <stdlib.h>

#include "bench/stats/interval.h"

const char *const qn_observation_metrics[QN_OBSERVATION_COUNT] = {
#define QN_OBSERVATION_NAME(symbol, metric) metric,
    QN_OBSERVATION_METRICS(QN_OBSERVATION_NAME)
#undef QN_OBSERVATION_NAME
};

static double median_of(double *values, size_t n)
{
    if (n == 0)
        return NAN;
    qn_stat_sort(values, n);
    return qn_stat_median(values, n);
}

int qn_observation_add(struct qn_observation *s, const struct qn_trial *rows, size_t n_rows)
{
    double *returns = calloc(2 * n_rows + 1, sizeof(*returns)), *latencies = returns + n_rows;
    double n_lost = 0;
    size_t n_failed = 0;

    if (!returns)
        return QN_ENOMEM;
    if (s->n_processes == QN_OBSERVATION_PROCESSES) {
        free(returns);
        return QN_ERANGE;
    }
    for (size_t i = 0; i < n_rows; i++) {
        const int64_t *v = rows[i].v;

        returns[i] = (double)v[QN_COL_RETURN_AT];
        if (!v[QN_COL_FAILED])
            continue;
        latencies[n_failed++] = (double)(v[QN_COL_RETURN_AT] - v[QN_COL_ERROR_AT]);
        n_lost += (double)v[QN_COL_ERRORS_LOST];
        s->n_without_error += v[QN_COL_ERROR_RETURNED_KIND] == QN_ERROR_NONE;
    }
    s->n_failed_calls += n_failed;
    s->figures[QN_OBSERVATION_RETURN_AT][s->n_processes] = median_of(returns, n_rows);
    s->figures[QN_OBSERVATION_RETURN_LATENCY][s->n_processes] = median_of(latencies, n_failed);
    s->figures[QN_OBSERVATION_ERRORS_LOST][s->n_processes] =
        n_failed > 0 ? n_lost / (double)n_failed : NAN;
    s->n_processes++;
    free(returns);
    return QN_OK;
}
