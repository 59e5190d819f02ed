#include "bench/selftest/observation.h"

#include <stdlib.h>

const struct qn_metric_of_calls qn_observation_metrics[QN_OBSERVATION_COUNT] = {
#define QN_OBSERVATION_METRIC(metric, failed_only) {&qn_metrics[QN_METRIC_##metric], failed_only},
    QN_OBSERVATION_METRICS(QN_OBSERVATION_METRIC)
#undef QN_OBSERVATION_METRIC
};

int qn_observation_add(struct qn_observation *s, const struct qn_trial *rows, size_t n_rows)
{
    struct qn_weighed scratch;
    struct qn_calls calls;
    int rc = qn_calls_copy(&calls, rows, n_rows);
    const struct qn_calls_part all = {.of = &calls, .n = calls.n};

    if (qn_weighed_init(&scratch, n_rows) != QN_OK)
        rc = QN_ENOMEM;
    else if (rc == QN_OK && s->n_processes == QN_OBSERVATION_PROCESSES)
        rc = QN_ERANGE;
    for (size_t i = 0; i < n_rows && rc == QN_OK; i++)
        if (rows[i].v[QN_COL_FAILED]) {
            s->n_failed_calls++;
            s->n_without_error += rows[i].v[QN_COL_ERROR_RETURNED_KIND] == QN_ERROR_NONE;
        }
    for (int m = 0; m < QN_OBSERVATION_COUNT && rc == QN_OK; m++)
        s->figures[m][s->n_processes] =
            qn_metric_figure(&qn_observation_metrics[m], &all, &scratch);
    s->n_processes += rc == QN_OK;
    qn_calls_fini(&calls);
    qn_weighed_fini(&scratch);
    return rc;
}
