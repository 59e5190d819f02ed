#include "bench/report/modes.h"

#include <math.h>
#include <stdlib.h>

#include "bench/schema/metrics.h"
#include "bench/stats/interval.h"
#include "bench/stats/numbers.h"

/* Fills values with the detections of failed calls; how many. */
static size_t collect(const struct qn_calls *calls, double *values)
{
    const struct qn_figure *figure = &qn_metrics[QN_METRIC_DETECTION].figure;
    size_t n = 0;

    for (size_t i = 0; i < calls->n; i++) {
        int64_t detection = qn_calls_figure(calls, i, figure);

        if (detection > 0)
            values[n++] = (double)detection;
    }
    return n;
}

/* Of all that slow calls take beyond `fast`. */
static double waited_share(const struct qn_calls *calls, double fast, double split)
{
    const struct qn_figure *figure = &qn_metrics[QN_METRIC_DETECTION].figure;
    double beyond = 0, waited = 0;

    for (size_t i = 0; i < calls->n; i++) {
        int64_t detection = qn_calls_figure(calls, i, figure),
                delay = calls->v[QN_COL_CALLER_RUN_DELAY][i];

        if (detection <= 0 || (double)detection <= split)
            continue;
        if (delay == QN_NONE)
            return NAN;
        beyond += (double)detection - fast;
        waited += fmin((double)delay, (double)detection - fast);
    }
    return waited / beyond;
}

static void find(const struct qn_calls *calls, double *values, struct qn_detection_modes *out)
{
    size_t n = collect(calls, values);
    struct qn_modes modes;

    qn_stat_sort(values, n);
    if (!qn_stat_modes(values, n, &modes))
        return;
    *out = (struct qn_detection_modes){
        .n_calls = n,
        .slow_share = (double)(n - modes.n_fast) / (double)n,
        .fast_ns = modes.fast,
        .slow_ns = modes.slow,
        .waited_share = waited_share(calls, modes.fast, values[modes.n_fast - 1])};
}

int qn_detection_modes_of(const struct qn_tables *t, size_t cell, struct qn_detection_modes *out)
{
    static const int columns[] = {QN_COL_ERROR_AT, QN_COL_ERROR_SEEN, QN_COL_CALLER_RUN_DELAY};
    double *values = malloc((qn_trials_count(&t->trials, cell) + 1) * sizeof(*values));
    struct qn_calls calls;
    int rc = values ? qn_calls_init(&calls, &t->trials, columns, QN_ARRAY_LEN(columns)) : QN_ENOMEM;

    *out = (struct qn_detection_modes){0};
    if (rc == QN_OK) {
        qn_calls_take(&calls, &t->trials, cell);
        find(&calls, values, out);
        qn_calls_fini(&calls);
    }
    free(values);
    return rc;
}

void qn_detection_modes_say(const struct qn_detection_modes *m, FILE *file)
{
    char slow[64], fast[64];

    qn_say_number(m->slow_ns / 1e3, slow, sizeof(slow));
    qn_say_number(m->fast_ns / 1e3, fast, sizeof(fast));
    fprintf(file, "%.0f %% of %zu failed calls see the error after %s µs, the others after %s µs",
            m->slow_share * 100, m->n_calls, slow, fast);
    if (!isnan(m->waited_share))
        fprintf(
            file,
            "; up to %.0f %% of the difference is time in which the caller's thread was ready to run "
            "but had no core",
            m->waited_share * 100);
}
