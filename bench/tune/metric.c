#include "bench/tune/metric.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/base/nearest.h"
#include "bench/stats/interval.h"
#include "runtime/base.h"
#include "runtime/err.h"

#define NAME_BYTES 64

/* Short names. */
static const struct {
    const char *name, *metric;
} aliases[] = {
    {"first_error", "detection"},
    {"return", "return_at"},
    {"waste", "wasted"},
    {"retained", "retained_integral"},
};

static const char allowed_text[] =
    "a metric of `quench list metrics`, optionally with _mean, _p50, _p90, _p99, _p999 or _max, "
    "and @failed or @all";

/* What is allowed, with the metric whose name is closest, followed by what followed the name. */
static const char *allowed_beside(const char *name, const char *argument)
{
    static _Thread_local char text[sizeof(allowed_text) + QN_NEAREST_HINT_BYTES];
    struct qn_nearest nearest;

    qn_nearest_begin(&nearest, name);
    for (size_t i = 0; i < QN_METRIC_COUNT; i++)
        if (qn_metrics[i].kind != QN_METRIC_OF_NOTHING)
            qn_nearest_offer_with(&nearest, qn_metrics[i].name, argument);
    for (size_t i = 0; i < QN_ARRAY_LEN(aliases); i++)
        qn_nearest_offer_with(&nearest, aliases[i].name, argument);
    snprintf(text, sizeof(text), "%s%s", allowed_text, nearest.hint);
    return text;
}

static bool find_metric(const char *name, const char *argument, struct qn_tune_metric *out,
                        const char **allowed)
{
    const struct qn_metric_info *m;

    for (size_t i = 0; i < QN_ARRAY_LEN(aliases); i++)
        if (qn_metric_is(aliases[i].name, name))
            name = aliases[i].metric;
    m = qn_metric_find(name);
    if (!m) {
        *allowed = allowed_beside(name, argument);
        return false;
    }
    if (m->kind == QN_METRIC_OF_CELL) {
        *allowed = "a metric of calls; this one is of a whole cell";
        return false;
    }
    *out = (struct qn_tune_metric){
        .info = m, .failed_only = qn_metric_is_of_failed(m), .statistic = m->statistic};
    return true;
}

/* Removes a suffix such as "_p99" from a name; false: it has none. */
static bool cut_statistic(char *name, enum qn_statistic *out)
{
    char *last = strrchr(name, '_');

    for (int s = 0; last && s < QN_STATISTIC_COUNT; s++)
        if (strcmp(last + 1, qn_statistic_names[s]) == 0) {
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
    if (at && out->info->kind != QN_METRIC_OF_CALL) {
        *allowed = "without @: the metric determines which calls count";
        return QN_EINVAL;
    }
    if (has && out->info->kind == QN_METRIC_OF_PROCESS && statistic != QN_STATISTIC_P50) {
        *allowed = "goodput or goodput_p50: a process has a single figure, and rates have no mean";
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
    bool is_own = qn_metric_is_of_failed(m->info) == m->failed_only;

    snprintf(out, bytes, "%s_%s%s", m->info->name, qn_statistic_names[m->statistic],
             is_own           ? ""
             : m->failed_only ? "@failed"
                              : "@all");
}

bool qn_tune_metric_is(const struct qn_tune_metric *a, const struct qn_tune_metric *b)
{
    return a->info == b->info && a->statistic == b->statistic && a->failed_only == b->failed_only;
}
