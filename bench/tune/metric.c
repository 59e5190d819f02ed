#include "bench/tune/metric.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/nearest.h"
#include "bench/stats/interval.h"
#include "runtime/base.h"
#include "runtime/err.h"

#define NAME_BYTES 64

static const char *const statistic_names[QN_STATISTIC_COUNT] = {
#define QN_STATISTIC_NAME(symbol, name, share) name,
    QN_STATISTICS(QN_STATISTIC_NAME)
#undef QN_STATISTIC_NAME
};

/* Shorter names. */
static const struct {
    const char *name, *metric;
} aliases[] = {
    {"first_error", "detection"},
    {"return", "return_at"},
    {"waste", "wasted"},
    {"retained", "retained_integral"},
};

static const char allowed_text[] =
    "a metric of `quench list metrics`, perhaps with _mean, _p50, _p90, _p99, _p999 or _max, and "
    "@failed or @all";

double qn_statistic_share(enum qn_statistic statistic)
{
#define QN_STATISTIC_SHARE(symbol, name, share) share,
    static const double shares[QN_STATISTIC_COUNT] = {QN_STATISTICS(QN_STATISTIC_SHARE)};
#undef QN_STATISTIC_SHARE

    return shares[statistic];
}

bool qn_tune_metric_is_stamp(const struct qn_tune_metric *m)
{
    static const int stamps[] = {QN_COL_RETURN_AT, QN_COL_ERROR_AT, QN_COL_ERROR_SEEN,
                                 QN_COL_STOP_AT, QN_COL_SETTLE_AT};
    bool is_stamp = false;

    for (size_t i = 0; i < QN_ARRAY_LEN(stamps); i++)
        is_stamp |= m->figure.since < 0 && m->figure.column == stamps[i];
    return is_stamp;
}

/* Of times the median; of work for nothing, which a call either has or has not, the mean. */
static enum qn_statistic own_statistic(const struct qn_metric_info *m)
{
    bool is_for_nothing = m->kind == QN_METRIC_OF_CALL && m->figure.since < 0 &&
                          (m->figure.column == QN_COL_WASTED || m->figure.column == QN_COL_POLLING);
    bool is_mean = m->kind == QN_METRIC_OF_CALL && strcmp(m->unit, "ns") != 0;

    return is_for_nothing || is_mean ? QN_STATISTIC_MEAN : QN_STATISTIC_P50;
}

/* What is allowed, with the metric whose name is nearest, and behind it what stood behind name. */
static const char *allowed_beside(const char *name, const char *argument)
{
    static _Thread_local char text[sizeof(allowed_text) + QN_NEAREST_HINT_BYTES];
    struct qn_nearest nearest;

    qn_nearest_begin(&nearest, name);
    for (size_t i = 0; i < qn_n_metrics; i++)
        qn_nearest_offer_with(&nearest, qn_metric_at(i).name, argument);
    for (size_t i = 0; i < QN_ARRAY_LEN(aliases); i++)
        qn_nearest_offer_with(&nearest, aliases[i].name, argument);
    snprintf(text, sizeof(text), "%s%s", allowed_text, nearest.hint);
    return text;
}

static bool find_metric(const char *name, const char *argument, struct qn_tune_metric *out,
                        const char **allowed)
{
    struct qn_metric_info m;

    for (size_t i = 0; i < QN_ARRAY_LEN(aliases); i++)
        if (qn_metric_is(aliases[i].name, name))
            name = aliases[i].metric;
    if (!qn_metric_find(name, &m)) {
        *allowed = allowed_beside(name, argument);
        return false;
    }
    if (m.kind == QN_METRIC_OF_CELL) {
        *allowed = "a figure of calls: this one is of a whole cell, and no call has it";
        return false;
    }
    *out = (struct qn_tune_metric){.name = m.name,
                                   .unit = m.unit,
                                   .kind = m.kind,
                                   .figure = m.figure,
                                   .is_counted = m.is_counted,
                                   .is_timed = m.is_timed,
                                   .is_higher_better = m.is_higher_better,
                                   .is_not_isolated = m.is_not_isolated,
                                   .failed_only = m.failed_only,
                                   .statistic = own_statistic(&m),
                                   .range = m.range};
    return true;
}

/* Cuts "_p99" off a name; false: it ends in no statistic. */
static bool cut_statistic(char *name, enum qn_statistic *out)
{
    char *last = strrchr(name, '_');

    for (int s = 0; last && s < QN_STATISTIC_COUNT; s++)
        if (strcmp(last + 1, statistic_names[s]) == 0) {
            *last = '\0';
            *out = (enum qn_statistic)s;
            return true;
        }
    return false;
}

int qn_tune_metric_parse(const char *text, size_t n, struct qn_tune_metric *out,
                         bool *has_statistic, const char **allowed)
{
    char name[NAME_BYTES], *at;
    enum qn_statistic statistic = QN_STATISTIC_MEAN;
    bool has, ignored;

    has_statistic = has_statistic ? has_statistic : &ignored;
    *allowed = allowed_text;
    if (n == 0 || n >= sizeof(name))
        return QN_EINVAL;
    memcpy(name, text, n);
    name[n] = '\0';
    at = strchr(name, '@');
    if (at)
        *at++ = '\0';
    has = cut_statistic(name, &statistic);
    if (!find_metric(name, text + strlen(name), out, allowed) ||
        (at && strcmp(at, "failed") != 0 && strcmp(at, "all") != 0))
        return QN_EINVAL;
    if (at && out->kind != QN_METRIC_OF_CALL && out->kind != QN_METRIC_LESS_CLOSING) {
        *allowed = "without @: which calls it is of, the metric says";
        return QN_EINVAL;
    }
    if (has && out->kind == QN_METRIC_OF_PROCESS && statistic != QN_STATISTIC_P50) {
        *allowed = "goodput or goodput_p50: a process has one figure, and rates have no mean";
        return QN_EINVAL;
    }
    if (has)
        out->statistic = statistic;
    if (at)
        out->failed_only = strcmp(at, "failed") == 0;
    *has_statistic = has;
    return QN_OK;
}

void qn_tune_metric_format(const struct qn_tune_metric *m, char *out, size_t bytes)
{
    const char *ignored;
    struct qn_tune_metric own;
    bool is_own = find_metric(m->name, "", &own, &ignored) && own.failed_only == m->failed_only;

    snprintf(out, bytes, "%s_%s%s", m->name, statistic_names[m->statistic],
             is_own           ? ""
             : m->failed_only ? "@failed"
                              : "@all");
}

bool qn_tune_metric_is(const struct qn_tune_metric *a, const struct qn_tune_metric *b)
{
    return strcmp(a->name, b->name) == 0 && a->statistic == b->statistic &&
           a->failed_only == b->failed_only;
}

/* Pairs of calls, both in their order; only those without failure. */
static size_t overheads(const struct qn_process_rows *r, double *values)
{
    size_t n = 0;

    for (size_t i = 0, j = 0; i < r->n_without_failure && j < r->n_floor;) {
        const int64_t *a = r->without_failure[i].v, *b = r->floor[j].v;

        if (a[QN_COL_TRIAL] == b[QN_COL_TRIAL] && a[QN_COL_FAILED] == 0 && b[QN_COL_FAILED] == 0 &&
            a[QN_COL_RETURN_AT] != QN_NONE && b[QN_COL_RETURN_AT] > 0)
            values[n++] = (double)a[QN_COL_RETURN_AT] / (double)b[QN_COL_RETURN_AT] - 1;
        if (a[QN_COL_TRIAL] <= b[QN_COL_TRIAL])
            i++;
        if (a[QN_COL_TRIAL] >= b[QN_COL_TRIAL])
            j++;
    }
    return n;
}

/* Of calls after a failed one. */
static size_t next_returns(const struct qn_process_rows *r, double *values)
{
    size_t n = 0;

    for (size_t i = 0; i + 1 < r->n; i++) {
        const int64_t *v = r->rows[i].v, *next = r->rows[i + 1].v;

        if (v[QN_COL_FAILED] == 1 && next[QN_COL_TRIAL] == v[QN_COL_TRIAL] + 1 &&
            next[QN_COL_RETURN_AT] != QN_NONE)
            values[n++] = (double)next[QN_COL_RETURN_AT];
    }
    return n;
}

/* From the first call's begin to the last return. */
static size_t goodput(const struct qn_process_rows *r, double *values)
{
    int64_t first = 0, last = 0;
    size_t n_good = 0;

    for (size_t i = 0; i < r->n; i++) {
        const int64_t *v = r->rows[i].v;

        if (v[QN_COL_BEGIN_AT] == QN_NONE || v[QN_COL_RETURN_AT] == QN_NONE)
            return 0;
        first = i == 0 ? v[QN_COL_BEGIN_AT] : first;
        last = i == 0 || v[QN_COL_BEGIN_AT] + v[QN_COL_RETURN_AT] > last
                   ? v[QN_COL_BEGIN_AT] + v[QN_COL_RETURN_AT]
                   : last;
        n_good += v[QN_COL_FAILED] == 0;
    }
    if (last <= first)
        return 0;
    values[0] = (double)n_good / (double)(last - first) * (double)QN_NS_PER_S;
    return 1;
}

static int64_t figure_of(const struct qn_tune_metric *m, const struct qn_trial *row)
{
    int64_t value = qn_figure_of(row, &m->figure);

    if (m->kind != QN_METRIC_LESS_CLOSING || value == QN_NONE)
        return value;
    return row->v[QN_COL_CLOSING] == QN_NONE ? QN_NONE : value - row->v[QN_COL_CLOSING];
}

size_t qn_tune_metric_values(const struct qn_tune_metric *m, const struct qn_process_rows *r,
                             double *values)
{
    size_t n = 0;

    switch (m->kind) {
    case QN_METRIC_OVERHEAD:
        return overheads(r, values);
    case QN_METRIC_NEXT:
        return next_returns(r, values);
    case QN_METRIC_OF_PROCESS:
        return goodput(r, values);
    default:
        break;
    }
    for (size_t i = 0; i < r->n; i++) {
        int64_t value = figure_of(m, &r->rows[i]);

        if (value != QN_NONE && (!m->failed_only || r->rows[i].v[QN_COL_FAILED] == 1))
            values[n++] = (double)value / (m->is_counted && r->scale > 0 ? r->scale : 1);
    }
    return n;
}

double qn_tune_metric_take(const struct qn_tune_metric *m, double *values, size_t n)
{
    double sum = 0, share = qn_statistic_share(m->statistic);

    if (m->statistic == QN_STATISTIC_MEAN) {
        for (size_t i = 0; i < n; i++)
            sum += values[i];
        return sum / (double)n;
    }
    qn_stat_sort(values, n);
    if (m->statistic == QN_STATISTIC_MAX)
        return values[n - 1];
    return m->statistic == QN_STATISTIC_P50 ? qn_stat_median(values, n)
                                            : qn_stat_quantile(values, n, share);
}
