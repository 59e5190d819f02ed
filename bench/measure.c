#include "bench/measure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/stats.h"
#include "runtime/err.h"

#define NAME_BYTES 64

static const char *const statistic_names[QN_STATISTIC_COUNT] = {
#define QN_STATISTIC_NAME(symbol, name, share) name,
    QN_STATISTICS(QN_STATISTIC_NAME)
#undef QN_STATISTIC_NAME
};

/* Metrics that are no column, and those that go by a shorter name too. */
static const struct known {
    const char *name, *metric, *unit;
    struct qn_figure figure;
    bool is_overhead, failed_only;
    enum qn_statistic statistic;
} known[] = {
    {"detection", NULL, "ns", {QN_COL_ERROR_SEEN, QN_COL_ERROR_AT}, false, true, QN_STATISTIC_P50},
    {"first-error",
     "detection",
     "ns",
     {QN_COL_ERROR_SEEN, QN_COL_ERROR_AT},
     false,
     true,
     QN_STATISTIC_P50},
    {"return_latency",
     NULL,
     "ns",
     {QN_COL_RETURN_AT, QN_COL_ERROR_AT},
     false,
     true,
     QN_STATISTIC_P50},
    {"stop_latency", NULL, "ns", {QN_COL_STOP_AT, QN_COL_ERROR_AT}, false, true, QN_STATISTIC_P50},
    {"settle_latency",
     NULL,
     "ns",
     {QN_COL_SETTLE_AT, QN_COL_ERROR_AT},
     false,
     true,
     QN_STATISTIC_P50},
    {"overhead", NULL, "ratio", {-1, -1}, true, false, QN_STATISTIC_P50},
    {"return", "return_at", "ns", {QN_COL_RETURN_AT, -1}, false, false, QN_STATISTIC_P50},
    {"waste", "wasted", "ns", {QN_COL_WASTED, -1}, false, false, QN_STATISTIC_MEAN},
    {"wasted", NULL, "ns", {QN_COL_WASTED, -1}, false, false, QN_STATISTIC_MEAN},
    {"polling", NULL, "ns", {QN_COL_POLLING, -1}, false, false, QN_STATISTIC_MEAN},
    {"retained",
     "retained_integral",
     "byte_ns",
     {QN_COL_RETAINED_INTEGRAL, -1},
     false,
     false,
     QN_STATISTIC_MEAN},
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

/* Stamps of a call. */
static bool is_stamp(const struct qn_figure *f)
{
    return f->since < 0 && (f->column == QN_COL_RETURN_AT || f->column == QN_COL_ERROR_AT ||
                            f->column == QN_COL_ERROR_SEEN || f->column == QN_COL_STOP_AT ||
                            f->column == QN_COL_SETTLE_AT);
}

/* Hyphens and underscores are one. */
static bool is_same(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if ((*a == '-' ? '_' : *a) != (*b == '-' ? '_' : *b))
            return false;
    return *a == *b;
}

static bool find_metric(const char *name, struct qn_measure *out)
{
    for (size_t i = 0; i < QN_ARRAY_LEN(known); i++)
        if (is_same(known[i].name, name)) {
            *out = (struct qn_measure){.metric = known[i].metric ? known[i].metric : known[i].name,
                                       .unit = known[i].unit,
                                       .figure = known[i].figure,
                                       .is_overhead = known[i].is_overhead,
                                       .is_stamp = is_stamp(&known[i].figure),
                                       .failed_only = known[i].failed_only,
                                       .statistic = known[i].statistic};
            return true;
        }
    for (int c = 0; c < QN_COL_COUNT; c++)
        if (qn_trial_columns[c].role == QN_ROLE_FIGURE &&
            is_same(qn_trial_columns[c].metric, name)) {
            bool is_time = strcmp(qn_trial_columns[c].unit, "ns") == 0;

            *out = (struct qn_measure){.metric = qn_trial_columns[c].metric,
                                       .unit = qn_trial_columns[c].unit,
                                       .figure = {c, -1},
                                       .statistic = is_time ? QN_STATISTIC_P50 : QN_STATISTIC_MEAN};
            out->is_stamp = is_stamp(&out->figure);
            return true;
        }
    return false;
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

int qn_measure_parse(const char *text, size_t n, struct qn_measure *out, bool *has_statistic,
                     const char **allowed)
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
    if (!find_metric(name, out) || (at && strcmp(at, "failed") != 0 && strcmp(at, "all") != 0) ||
        (at && out->is_overhead))
        return QN_EINVAL;
    if (has)
        out->statistic = statistic;
    if (at)
        out->failed_only = strcmp(at, "failed") == 0;
    *has_statistic = has;
    return QN_OK;
}

void qn_measure_format(const struct qn_measure *m, char *out, size_t bytes)
{
    struct qn_measure own;
    bool is_own = find_metric(m->metric, &own) && own.failed_only == m->failed_only;

    snprintf(out, bytes, "%s_%s%s", m->metric, statistic_names[m->statistic],
             is_own           ? ""
             : m->failed_only ? "@failed"
                              : "@all");
}

/* Pairs of calls, both in their order; only those without failure. */
static size_t overheads(const struct qn_process_rows *r, double *values)
{
    size_t n = 0;

    for (size_t i = 0, j = 0; i < r->n_calm && j < r->n_floor;) {
        const int64_t *a = r->calm[i].v, *b = r->floor[j].v;

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

size_t qn_measure_values(const struct qn_measure *m, const struct qn_process_rows *r,
                         double *values)
{
    size_t n = 0;

    if (m->is_overhead)
        return overheads(r, values);
    for (size_t i = 0; i < r->n; i++) {
        int64_t value = qn_figure_of(&r->rows[i], &m->figure);

        if (value != QN_NONE && (!m->failed_only || r->rows[i].v[QN_COL_FAILED] == 1))
            values[n++] = (double)value;
    }
    return n;
}

double qn_measure_take(const struct qn_measure *m, double *values, size_t n)
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
