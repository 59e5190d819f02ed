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

size_t qn_metric_columns(const struct qn_metric_info *m, int columns[QN_METRIC_MOST_COLUMNS])
{
    const int of_process[] = {QN_COL_BEGIN_AT, QN_COL_RETURN_AT, QN_COL_NONE},
              of_pair[] = {QN_COL_RETURN_AT, QN_COL_NONE, QN_COL_NONE},
              of_call[] = {m->figure.column, m->figure.since, m->figure.less};
    const int *of = m->kind == QN_METRIC_OF_PROCESS ? of_process
                    : m->kind == QN_METRIC_OF_PAIR  ? of_pair
                                                    : of_call;
    size_t n = 0;

    for (size_t i = 0; i < QN_METRIC_MOST_COLUMNS; i++)
        if (of[i] != QN_COL_NONE)
            columns[n++] = of[i];
    return n;
}

/* The numbers of a column, from the first call of a part on; NULL: no column, or no calls. */
static const int64_t *column_of(const struct qn_calls_part *p, int column)
{
    return column == QN_COL_NONE || p->n == 0 ? NULL : p->of->v[column] + p->from;
}

/* Pairs of calls without failure, in order of the calls. */
static size_t overheads(const struct qn_calls_part *a, const struct qn_calls_part *b,
                        double *values)
{
    const int64_t *trial = column_of(a, QN_COL_TRIAL), *failed = column_of(a, QN_COL_FAILED),
                  *returned = column_of(a, QN_COL_RETURN_AT), *trial_b = column_of(b, QN_COL_TRIAL),
                  *failed_b = column_of(b, QN_COL_FAILED), *base = column_of(b, QN_COL_RETURN_AT);
    size_t n = 0;

    for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
        int64_t x = trial[i], y = trial_b[j];

        if (x == y && failed[i] == 0 && failed_b[j] == 0 && returned[i] != QN_NONE && base[j] > 0)
            values[n++] = (double)(returned[i] - base[j]) / (double)base[j];
        i += x <= y;
        j += x >= y;
    }
    return n;
}

/* Figures of calls after a failed one: what it left running costs them. */
static size_t figures_of_next(const struct qn_figure *figure, const struct qn_calls_part *p,
                              double *values)
{
    const int64_t *trial = column_of(p, QN_COL_TRIAL), *failed = column_of(p, QN_COL_FAILED);
    size_t n = 0;

    for (size_t i = 0; i + 1 < p->n; i++) {
        int64_t value = qn_calls_figure(p->of, p->from + i + 1, figure);

        if (failed[i] == 1 && trial[i + 1] == trial[i] + 1 && value != QN_NONE)
            values[n++] = (double)value;
    }
    return n;
}

/* From the start of the first call to the last return. */
static size_t goodput(const struct qn_calls_part *p, double *values)
{
    const int64_t *failed = column_of(p, QN_COL_FAILED), *begin = column_of(p, QN_COL_BEGIN_AT),
                  *returned = column_of(p, QN_COL_RETURN_AT);
    int64_t first = 0, last = INT64_MIN;
    size_t n_good = 0;

    for (size_t i = 0; i < p->n; i++) {
        int64_t end;

        if (begin[i] == QN_NONE || returned[i] == QN_NONE)
            return 0;
        end = begin[i] + returned[i];
        first = i == 0 ? begin[i] : first;
        last = end > last ? end : last;
        n_good += failed[i] == 0;
    }
    if (last <= first)
        return 0;
    values[0] = (double)n_good / (double)(last - first) * (double)QN_NS_PER_S;
    return 1;
}

static size_t figures(const struct qn_metric_info *m, bool failed_only,
                      const struct qn_process_calls *c, double *values)
{
    const struct qn_calls_part *p = &c->calls;
    const int64_t *failed = failed_only ? column_of(p, QN_COL_FAILED) : NULL;
    double scale = m->is_counted && c->scale > 0 ? c->scale : 1;
    size_t n = 0;

    for (size_t i = 0; i < p->n; i++) {
        int64_t value = qn_calls_figure(p->of, p->from + i, &m->figure);

        if (value != QN_NONE && (!failed || failed[i] == 1))
            values[n++] = (double)value / scale;
    }
    return n;
}

size_t qn_metric_values(const struct qn_metric_info *m, bool failed_only,
                        const struct qn_process_calls *c, double *values)
{
    switch (m->kind) {
    case QN_METRIC_OF_CALL:
        return figures(m, failed_only, c, values);
    case QN_METRIC_OF_PAIR:
        return overheads(&c->without_failure, &c->floor, values);
    case QN_METRIC_OF_NEXT:
        return figures_of_next(&m->figure, &c->calls, values);
    case QN_METRIC_OF_PROCESS:
        return goodput(&c->calls, values);
    default:
        return 0;
    }
}

double qn_metric_figure(const struct qn_metric_of_calls *m, const struct qn_calls_part *calls,
                        double *values)
{
    const struct qn_process_calls process = {.calls = *calls};
    size_t n_values = qn_metric_values(m->info, m->failed_only, &process, values);

    return n_values > 0 ? qn_statistic_of(m->info->statistic, values, n_values) : NAN;
}
