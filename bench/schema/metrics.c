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
    return column == QN_COL_NONE || p->n == 0 || !p->of->v[column] ? NULL
                                                                   : p->of->v[column] + p->from;
}

static void add(struct qn_weighed *out, double value, double weight)
{
    out->values[out->n] = value;
    out->weights[out->n] = weight;
    out->is_weighed |= weight != out->weights[0];
    out->n++;
}

/* Pairs of calls without failure, in order of the calls. */
static void overheads(const struct qn_calls_part *a, const struct qn_calls_part *b,
                      struct qn_weighed *out)
{
    const int64_t *trial = column_of(a, QN_COL_TRIAL), *failed = column_of(a, QN_COL_FAILED),
                  *returned = column_of(a, QN_COL_RETURN_AT), *trial_b = column_of(b, QN_COL_TRIAL),
                  *failed_b = column_of(b, QN_COL_FAILED), *base = column_of(b, QN_COL_RETURN_AT);

    for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
        int64_t x = trial[i], y = trial_b[j];

        if (x == y && failed[i] == 0 && failed_b[j] == 0 && returned[i] != QN_NONE && base[j] > 0)
            add(out, (double)(returned[i] - base[j]) / (double)base[j], 1);
        i += x <= y;
        j += x >= y;
    }
}

/* Figures of calls after a failed one: what it left running costs them. */
static void figures_of_next(const struct qn_figure *figure, const struct qn_calls_part *p,
                            struct qn_weighed *out)
{
    const int64_t *trial = column_of(p, QN_COL_TRIAL), *failed = column_of(p, QN_COL_FAILED);

    for (size_t i = 0; i + 1 < p->n; i++) {
        int64_t value = qn_calls_figure(p->of, p->from + i + 1, figure);

        if (failed[i] == 1 && trial[i + 1] == trial[i] + 1 && value != QN_NONE)
            add(out, (double)value, 1);
    }
}

/* From the start of the first call to the last return. */
static void goodput(const struct qn_calls_part *p, struct qn_weighed *out)
{
    const int64_t *failed = column_of(p, QN_COL_FAILED), *begin = column_of(p, QN_COL_BEGIN_AT),
                  *returned = column_of(p, QN_COL_RETURN_AT);
    int64_t first = 0, last = INT64_MIN;
    size_t n_good = 0;

    for (size_t i = 0; i < p->n; i++) {
        int64_t end;

        if (begin[i] == QN_NONE || returned[i] == QN_NONE)
            return;
        end = begin[i] + returned[i];
        first = i == 0 ? begin[i] : first;
        last = end > last ? end : last;
        n_good += failed[i] == 0;
    }
    if (last > first)
        add(out, (double)n_good / (double)(last - first) * (double)QN_NS_PER_S, 1);
}

static void figures(const struct qn_metric_info *m, bool failed_only,
                    const struct qn_process_calls *c, struct qn_weighed *out)
{
    const struct qn_calls_part *p = &c->calls;
    const int64_t *failed = failed_only ? column_of(p, QN_COL_FAILED) : NULL;
    double scale = m->is_counted && c->scale > 0 ? c->scale : 1;

    for (size_t i = 0; i < p->n; i++) {
        int64_t value = qn_calls_figure(p->of, p->from + i, &m->figure);

        if (value != QN_NONE && (!failed || failed[i] == 1))
            add(out, (double)value / scale, qn_calls_weight(p, i));
    }
}

void qn_metric_take(const struct qn_metric_info *m, bool failed_only,
                    const struct qn_process_calls *c, struct qn_weighed *out)
{
    out->n = 0;
    out->is_weighed = false;
    if (m->kind == QN_METRIC_OF_CALL)
        figures(m, failed_only, c, out);
    else if (m->kind == QN_METRIC_OF_PAIR)
        overheads(&c->without_failure, &c->floor, out);
    else if (m->kind == QN_METRIC_OF_NEXT)
        figures_of_next(&m->figure, &c->calls, out);
    else if (m->kind == QN_METRIC_OF_PROCESS)
        goodput(&c->calls, out);
}

double qn_metric_figure(const struct qn_metric_of_calls *m, const struct qn_calls_part *calls,
                        struct qn_weighed *scratch)
{
    const struct qn_process_calls process = {.calls = *calls};

    qn_metric_take(m->info, m->failed_only, &process, scratch);
    return scratch->n > 0 ? qn_weighed_take(m->info->statistic, scratch) : NAN;
}
