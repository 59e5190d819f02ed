#include "bench/schema/metrics.h"

#include <math.h>
#include <string.h>

#include "runtime/base.h"

/* clang-format off */
#define NOT_NEGATIVE {0, INFINITY}
#define EXCESS {-1, INFINITY}
/* clang-format on */

static const struct qn_metric_info derived[] = {
    {.name = "detection",
     .unit = "ns",
     .meaning = "error_seen - error_at",
     .figure = {QN_COL_ERROR_SEEN, QN_COL_ERROR_AT},
     .failed_only = true,
     .is_timed = true,
     .range = NOT_NEGATIVE},
    {.name = "return_latency",
     .unit = "ns",
     .meaning = "return_at - error_at",
     .figure = {QN_COL_RETURN_AT, QN_COL_ERROR_AT},
     .failed_only = true,
     .is_timed = true,
     .range = NOT_NEGATIVE},
    {.name = "return_latency_less_closing",
     .unit = "ns",
     .meaning = "return_latency - closing: without what closing took before the report",
     .kind = QN_METRIC_LESS_CLOSING,
     .figure = {QN_COL_RETURN_AT, QN_COL_ERROR_AT},
     .failed_only = true,
     .is_timed = true,
     .range = NOT_NEGATIVE},
    {.name = "stop_latency",
     .unit = "ns",
     .meaning = "stop_at - error_at",
     .figure = {QN_COL_STOP_AT, QN_COL_ERROR_AT},
     .failed_only = true,
     .is_timed = true,
     .range = NOT_NEGATIVE},
    {.name = "settle_latency",
     .unit = "ns",
     .meaning = "settle_at - error_at",
     .figure = {QN_COL_SETTLE_AT, QN_COL_ERROR_AT},
     .failed_only = true,
     .is_timed = true,
     .range = NOT_NEGATIVE},
    {.name = "overhead",
     .unit = "ratio",
     .meaning = "return_at beyond null's in the same call without failure, over null's",
     .kind = QN_METRIC_OVERHEAD,
     .figure = {-1, -1},
     .is_timed = true,
     .range = EXCESS},
    {.name = "response_time",
     .unit = "ns",
     .meaning = "open loop: return_at - intended_at",
     .figure = {QN_COL_RETURN_AT, QN_COL_INTENDED_AT},
     .is_timed = true,
     .range = NOT_NEGATIVE},
    {.name = "error_response",
     .unit = "ns",
     .meaning = "open loop: error_seen - intended_at",
     .figure = {QN_COL_ERROR_SEEN, QN_COL_INTENDED_AT},
     .failed_only = true,
     .is_timed = true,
     .range = NOT_NEGATIVE},
    {.name = "next_return",
     .unit = "ns",
     .meaning = "not isolated: return_at of the call after a failed one",
     .kind = QN_METRIC_NEXT,
     .figure = {QN_COL_RETURN_AT, -1},
     .failed_only = true,
     .is_not_isolated = true,
     .is_timed = true,
     .range = NOT_NEGATIVE},
    {.name = "goodput",
     .unit = "calls_per_s",
     .meaning = "not isolated: calls without a failure a second, of a process",
     .kind = QN_METRIC_OF_PROCESS,
     .figure = {-1, -1},
     .is_higher_better = true,
     .is_not_isolated = true,
     .is_timed = true,
     .range = NOT_NEGATIVE},
    {.name = "calls_to_exhaustion",
     .unit = "calls",
     .meaning = "back-to-back and leaking: calls until no thread of the pool was left",
     .kind = QN_METRIC_OF_CELL,
     .figure = {-1, -1},
     .is_higher_better = true,
     .is_not_isolated = true,
     .range = NOT_NEGATIVE},
    {.name = "theory_wasted",
     .unit = "ns",
     .meaning = "closed form of wasted, where one applies",
     .kind = QN_METRIC_OF_CELL,
     .figure = {-1, -1},
     .range = NOT_NEGATIVE},
    {.name = "theory_error_at",
     .unit = "ns",
     .meaning = "closed form of error_at, where one applies",
     .kind = QN_METRIC_OF_CELL,
     .figure = {-1, -1},
     .range = NOT_NEGATIVE},
    {.name = "deviation_wasted",
     .unit = "share",
     .meaning = "mean wasted over its closed form, less 1",
     .kind = QN_METRIC_OF_CELL,
     .figure = {-1, -1},
     .range = EXCESS},
    {.name = "deviation_error_at",
     .unit = "share",
     .meaning = "mean error_at over its closed form, less 1",
     .kind = QN_METRIC_OF_CELL,
     .figure = {-1, -1},
     .range = EXCESS},
};

#define QN_COUNT_FIGURE(symbol, column, metric, unit, role, meaning) \
    +(QN_ROLE_##role == QN_ROLE_FIGURE)
#define N_FIGURES ((size_t)(0 QN_TRIAL_COLUMNS(QN_COUNT_FIGURE)))

const size_t qn_n_metrics = N_FIGURES + QN_ARRAY_LEN(derived);

static struct qn_range range_of_column(int c)
{
    static const struct qn_range not_positive = {-INFINITY, 0};

    if (c == QN_COL_INTENDED_AT)
        return not_positive;
    return strcmp(qn_trial_columns[c].unit, "share") == 0 ? qn_range_share : qn_range_not_negative;
}

static bool is_among(int c, const int *columns, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (columns[i] == c)
            return true;
    return false;
}

static bool is_counted(int c)
{
    static const int columns[] = {QN_COL_PLANNED_WORK,    QN_COL_WORK,           QN_COL_WASTED,
                                  QN_COL_WASTED_INFLIGHT, QN_COL_WASTED_STARTED, QN_COL_DISCARDED,
                                  QN_COL_POLLING};

    return is_among(c, columns, QN_ARRAY_LEN(columns));
}

/* Raising a token and closing contain no work of the call, so these are the machine's own at any
 * length of it. */
static bool is_timed(int c)
{
    static const int apart[] = {QN_COL_CANCELLING, QN_COL_CLOSING};
    const char *unit = qn_trial_columns[c].unit;

    return (strcmp(unit, "ns") == 0 || strcmp(unit, "byte_ns") == 0) && !is_counted(c) &&
           !is_among(c, apart, QN_ARRAY_LEN(apart));
}

static struct qn_metric_info of_column(int c)
{
    return (struct qn_metric_info){.name = qn_trial_columns[c].metric,
                                   .unit = qn_trial_columns[c].unit,
                                   .meaning = qn_trial_columns[c].meaning,
                                   .figure = {c, -1},
                                   .is_counted = is_counted(c),
                                   .is_timed = is_timed(c),
                                   .is_higher_better = c == QN_COL_ERROR_FIDELITY ||
                                                       c == QN_COL_CLOSE_ERRORS_REPORTED,
                                   .range = range_of_column(c)};
}

struct qn_metric_info qn_metric_at(size_t i)
{
    int c = 0;

    if (i >= N_FIGURES)
        return derived[i - N_FIGURES];
    while (qn_trial_columns[c].role != QN_ROLE_FIGURE || i-- > 0)
        c++;
    return of_column(c);
}

bool qn_metric_is(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if ((*a == '-' ? '_' : *a) != (*b == '-' ? '_' : *b))
            return false;
    return *a == *b;
}

bool qn_metric_find(const char *name, struct qn_metric_info *out)
{
    for (size_t i = 0; i < qn_n_metrics; i++) {
        const struct qn_metric_info m = qn_metric_at(i);

        if (qn_metric_is(m.name, name)) {
            *out = m;
            return true;
        }
    }
    return false;
}

struct qn_range qn_metric_range(const char *name)
{
    struct qn_metric_info m;

    return qn_metric_find(name, &m) ? m.range : qn_range_any;
}
