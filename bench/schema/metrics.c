#include "bench/schema/metrics.h"

#include <math.h>
#include <string.h>

#include "runtime/base.h"

/* clang-format off */
#define NOT_NEGATIVE .range = {0, INFINITY}
#define OF_SHARES .range = {0, 1}, .statistic = QN_STATISTIC_MEAN
#define MEDIAN .statistic = QN_STATISTIC_P50

#define SORT_STAMP NOT_NEGATIVE, MEDIAN, .is_stamp = true, .is_timed = true
#define SORT_DUE .range = {-INFINITY, 0}, MEDIAN, .is_timed = true
#define SORT_TIME NOT_NEGATIVE, MEDIAN, .is_timed = true
#define SORT_OWN_TIME NOT_NEGATIVE, MEDIAN
#define SORT_WORK NOT_NEGATIVE, MEDIAN, .is_counted = true
#define SORT_WASTE NOT_NEGATIVE, .statistic = QN_STATISTIC_MEAN, .is_counted = true
#define SORT_BYTE_TIME NOT_NEGATIVE, .statistic = QN_STATISTIC_MEAN, .is_timed = true
#define SORT_COUNT NOT_NEGATIVE, .statistic = QN_STATISTIC_MEAN
#define SORT_GOOD_COUNT SORT_COUNT, .is_higher_better = true
#define SORT_SHARE OF_SHARES
#define SORT_GOOD_SHARE OF_SHARES, .is_higher_better = true
#define SORT_RATE NOT_NEGATIVE, MEDIAN, .is_timed = true, .is_higher_better = true
#define SORT_EXCESS .range = {-1, INFINITY}, MEDIAN, .is_timed = true
#define SORT_ID .kind = QN_METRIC_OF_NOTHING
/* clang-format on */

const struct qn_metric_info qn_metrics[QN_METRIC_COUNT] = {
#define OF_COLUMN(symbol, column_, metric, unit_, sort, meaning_) \
    {.name = metric, \
     .unit = unit_, \
     .meaning = meaning_, \
     .calls = QN_CALLS_BOTH, \
     .figure = {QN_COL_##symbol, QN_COL_NONE, QN_COL_NONE}, \
     SORT_##sort},
    QN_TRIAL_COLUMNS(OF_COLUMN)
#undef OF_COLUMN
#define DERIVED(symbol, name_, unit_, kind_, calls_, sort, column, since, less, meaning_) \
    {.name = name_, \
     .unit = unit_, \
     .meaning = meaning_, \
     .kind = QN_METRIC_##kind_, \
     .calls = QN_CALLS_##calls_, \
     .figure = {QN_COL_##column, QN_COL_##since, QN_COL_##less}, \
     SORT_##sort},
        QN_DERIVED_METRICS(DERIVED)
#undef DERIVED
};

bool qn_metric_is(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if ((*a == '-' ? '_' : *a) != (*b == '-' ? '_' : *b))
            return false;
    return *a == *b;
}

const struct qn_metric_info *qn_metric_find(const char *name)
{
    for (size_t i = 0; i < QN_METRIC_COUNT; i++)
        if (qn_metrics[i].kind != QN_METRIC_OF_NOTHING && qn_metric_is(qn_metrics[i].name, name))
            return &qn_metrics[i];
    return NULL;
}

/* Pairs of calls without failure, in order of the calls. */
static size_t overheads(const struct qn_process_rows *r, double *values)
{
    size_t n = 0;

    for (size_t i = 0, j = 0; i < r->n_without_failure && j < r->n_floor;) {
        const int64_t *a = r->without_failure[i].v, *b = r->floor[j].v;
        int64_t returned = a[QN_COL_RETURN_AT], base = b[QN_COL_RETURN_AT];

        if (a[QN_COL_TRIAL] == b[QN_COL_TRIAL] && a[QN_COL_FAILED] == 0 && b[QN_COL_FAILED] == 0 &&
            returned != QN_NONE && base > 0)
            values[n++] = (double)(returned - base) / (double)base;
        if (a[QN_COL_TRIAL] <= b[QN_COL_TRIAL])
            i++;
        if (a[QN_COL_TRIAL] >= b[QN_COL_TRIAL])
            j++;
    }
    return n;
}

/* Figures of calls after a failed one: what it left running costs them. */
static size_t figures_of_next(const struct qn_figure *figure, const struct qn_process_rows *r,
                              double *values)
{
    size_t n = 0;

    for (size_t i = 0; i + 1 < r->n; i++) {
        const int64_t *v = r->rows[i].v, *next = r->rows[i + 1].v;
        int64_t value = qn_figure_of(&r->rows[i + 1], figure);

        if (v[QN_COL_FAILED] == 1 && next[QN_COL_TRIAL] == v[QN_COL_TRIAL] + 1 && value != QN_NONE)
            values[n++] = (double)value;
    }
    return n;
}

/* From the start of the first call to the last return. */
static size_t goodput(const struct qn_process_rows *r, double *values)
{
    int64_t first = 0, last = INT64_MIN;
    size_t n_good = 0;

    for (size_t i = 0; i < r->n; i++) {
        const int64_t *v = r->rows[i].v;
        int64_t end;

        if (v[QN_COL_BEGIN_AT] == QN_NONE || v[QN_COL_RETURN_AT] == QN_NONE)
            return 0;
        end = v[QN_COL_BEGIN_AT] + v[QN_COL_RETURN_AT];
        first = i == 0 ? v[QN_COL_BEGIN_AT] : first;
        last = end > last ? end : last;
        n_good += v[QN_COL_FAILED] == 0;
    }
    if (last <= first)
        return 0;
    values[0] = (double)n_good / (double)(last - first) * (double)QN_NS_PER_S;
    return 1;
}

static size_t figures(const struct qn_metric_info *m, bool failed_only,
                      const struct qn_process_rows *r, double *values)
{
    double scale = m->is_counted && r->scale > 0 ? r->scale : 1;
    size_t n = 0;

    for (size_t i = 0; i < r->n; i++) {
        int64_t value = qn_figure_of(&r->rows[i], &m->figure);

        if (value != QN_NONE && (!failed_only || r->rows[i].v[QN_COL_FAILED] == 1))
            values[n++] = (double)value / scale;
    }
    return n;
}

size_t qn_metric_values(const struct qn_metric_info *m, bool failed_only,
                        const struct qn_process_rows *r, double *values)
{
    switch (m->kind) {
    case QN_METRIC_OF_CALL:
        return figures(m, failed_only, r, values);
    case QN_METRIC_OF_PAIR:
        return overheads(r, values);
    case QN_METRIC_OF_NEXT:
        return figures_of_next(&m->figure, r, values);
    case QN_METRIC_OF_PROCESS:
        return goodput(r, values);
    default:
        return 0;
    }
}

double qn_metric_figure(const struct qn_metric_of_calls *m, const struct qn_trial *rows, size_t n,
                        double *values)
{
    const struct qn_process_rows process = {.rows = rows, .n = n};
    size_t n_values = qn_metric_values(m->info, m->failed_only, &process, values);

    return n_values > 0 ? qn_statistic_of(m->info->statistic, values, n_values) : NAN;
}
