#include "bench/selftest/observation.h"

#include <stdlib.h>

const struct qn_metric_of_calls qn_observation_metrics[QN_OBSERVATION_COUNT] = {
#define QN_OBSERVATION_METRIC(metric, failed_only) {&qn_metrics[QN_METRIC_##metric], failed_only},
    QN_OBSERVATION_METRICS(QN_OBSERVATION_METRIC)
#undef QN_OBSERVATION_METRIC
};

int qn_observation_add(struct qn_observation *s, const struct qn_trial *rows, size_t n_rows)
{
    double *values = calloc(n_rows + 1, sizeof(*values));

    if (!values)
        return QN_ENOMEM;
    if (s->n_processes == QN_OBSERVATION_PROCESSES) {
        free(values);
        return QN_ERANGE;
    }
    for (size_t i = 0; i < n_rows; i++)
        if (rows[i].v[QN_COL_FAILED]) {
            s->n_failed_calls++;
            s->n_without_error += rows[i].v[QN_COL_ERROR_RETURNED_KIND] == QN_ERROR_NONE;
        }
    for (int m = 0; m < QN_OBSERVATION_COUNT; m++)
        s->figures[m][s->n_processes] =
            qn_metric_figure(&qn_observation_metrics[m], rows, n_rows, values);
    s->n_processes++;
    free(values);
    return QN_OK;
}
