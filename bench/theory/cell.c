#include "bench/theory/cell.h"

#include <math.h>
#include <string.h>

#include "bench/theory/models.h"
#include "bench/workload/poll.h"
#include "bench/workload/service.h"

/* A distribution that exceeds the cap more often than this no longer has the moments of its
 * formula: much of a heavy tail's variance is beyond the cap. */
#define CAPPED_SHARE 1e-9

/* The share of the distribution beyond its cap. */
static double share_capped(const struct qn_service *s)
{
    double cap = s->cap_ns / s->scale;

    switch (s->type) {
    case QN_SERVICE_CONST:
        return cap < s->a;
    case QN_SERVICE_UNIFORM:
        return cap < s->b;
    case QN_SERVICE_EXP:
        return exp(-cap / s->a);
    case QN_SERVICE_LOGNORMAL:
        return erfc((log(cap / s->c) - s->a) / (s->b * M_SQRT2)) / 2;
    case QN_SERVICE_PARETO:
        return cap < s->a ? 1 : pow(cap / s->a, -s->b);
    case QN_SERVICE_BIMODAL:
        return cap < fmax(s->a, s->b);
    case QN_SERVICE_TRACE:
        break;
    }
    return 1;
}

static bool has_theory(const struct qn_cell *cell)
{
    const struct qn_workload *w = &cell->workload;

    return w->arrival == QN_ARRIVAL_ISOLATED && w->kind == QN_KIND_CPU &&
           w->failure_at == QN_FAIL_AT_END && w->poll_cost_ns == 0 && w->failure_rate > 0 &&
           w->failure_rate < 1 && w->service.type != QN_SERVICE_TRACE &&
           share_capped(&w->service) <= CAPPED_SHARE;
}

/* Time of the first failure in any workload that fails at the end of the work. */
static double first_failure_at(const struct qn_workload *w, double rate)
{
    double x, cv2, k;

    qn_service_moments(&w->service, &x, &cv2);
    if (!isfinite(x) || !isfinite(cv2))
        return NAN;
    if (w->service.type == QN_SERVICE_EXP)
        return qn_model_error_at_exp(w->workers, w->threads, rate, x);
    if (w->threads == 1)
        return qn_model_error_at_single(w->workers, rate, x);
    k = qn_model_first_failure(w->workers, rate);
    /* its second term, for the threads' first and last workers, must be small against the first */
    if (k >= 4.0 * w->threads && fabs(cv2 - 1) / 2 * (w->threads - 1.0) <= k / 4)
        return qn_model_error_at_approx(w->workers, w->threads, rate, x, cv2);
    return NAN;
}

double qn_theory_error_at(const struct qn_cell *cell)
{
    return has_theory(cell) ? first_failure_at(&cell->workload, cell->workload.failure_rate) : NAN;
}

double qn_theory_best_poll(const struct qn_cell *cell, double rate)
{
    const struct qn_workload *w = &cell->workload;
    double x, cv2, fails, before, in_flight;

    if (!cell->polls || w->kind != QN_KIND_CPU || w->tree_depth > 0 || w->poll_cost_ns == 0 ||
        w->failure_at != QN_FAIL_AT_END || w->trace_failed || !(rate > 0 && rate < 1) ||
        cell->policy_values.stride != QN_STRIDE_TIME)
        return NAN;
    qn_service_moments(&w->service, &x, &cv2);
    fails = qn_model_call_fails(w->workers, rate);
    before = fails * w->threads * first_failure_at(w, rate) + (1 - fails) * w->workers * x;
    in_flight = qn_model_in_flight(w->workers, w->threads, rate) +
                (cell->policy_values.canceller == QN_CANCELLER_CALLER ? 2 : 0);
    return in_flight > 0 ? sqrt(2 * (double)w->poll_cost_ns * before / (fails * in_flight)) : NAN;
}

/* A raise by the caller costs more than one by the failing worker only if work is left. */
static double waste_caller_raises(const struct qn_workload *w, double tau, double delay)
{
    double without =
        qn_model_waste_worker_raises(w->workers, w->threads, w->failure_rate, tau, delay);
    double with = qn_model_waste_caller_raises(w->workers, w->threads, w->failure_rate, tau, delay);
    double left = qn_model_work_left(w->workers, w->threads, w->failure_rate);

    return without + left * (with - without);
}

/* Workers that may run at once under a limit. */
static unsigned at_once(const struct qn_cell *cell)
{
    unsigned limit = cell->policy_values.limit, threads = cell->workload.threads;

    return limit > 0 && limit < threads ? limit : threads;
}

/* Polls counted in items, raised by the failing worker; the rest of a gap must be well below the
 * work. */
static double waste_of_items(const struct qn_cell *cell, double x)
{
    const struct qn_workload *w = &cell->workload;
    double mean, v2, k, gap;

    if (!w->has_item || cell->policy_values.canceller != QN_CANCELLER_WORKER)
        return NAN;
    qn_service_moments(&w->item, &mean, &v2);
    k = qn_workload_items_a_poll(w);
    gap = k * mean;
    return gap * (1 + v2 / k) <= x / 10
               ? qn_model_waste_stride_items(w->workers, w->threads, w->failure_rate, gap, v2, k, 0)
               : NAN;
}

double qn_theory_wasted(const struct qn_cell *cell, double cancel_delay_ns)
{
    static const char *const to_end[] = {"buffered", "drain", "close", "owner-close", "null"};
    const struct qn_workload *w = &cell->workload;
    double x, cv2, tau = (double)qn_poll_ns(w->poll_quanta);

    if (!has_theory(cell))
        return NAN;
    qn_service_moments(&w->service, &x, &cv2);
    for (size_t i = 0; i < QN_ARRAY_LEN(to_end); i++)
        if (strcmp(cell->strategy, to_end[i]) == 0)
            return w->service.type == QN_SERVICE_EXP
                       ? qn_model_waste_to_end(w->workers, w->failure_rate, x)
                       : NAN;
    if (cell->policy_values.late_work == QN_LATE_REFUSE)
        return qn_model_waste_running(w->workers, at_once(cell), w->failure_rate, x, cv2);
    if (cell->polls && cell->policy_values.stride == QN_STRIDE_ITEMS)
        return waste_of_items(cell, x);
    if (!cell->polls || !(tau > 0))
        return NAN;
    if (cell->policy_values.canceller == QN_CANCELLER_WORKER && w->service.type == QN_SERVICE_EXP)
        return qn_model_waste_worker_raises_exp(w->workers, w->threads, w->failure_rate, x, tau);
    if (tau > x / 10)
        return NAN;
    if (cell->policy_values.canceller == QN_CANCELLER_WORKER)
        return qn_model_waste_worker_raises(w->workers, w->threads, w->failure_rate, tau, 0);
    return waste_caller_raises(w, tau, cancel_delay_ns);
}

struct qn_estimate qn_theory_deviation(const struct qn_estimate *mean, double theory)
{
    return (struct qn_estimate){.value = mean->value / theory - 1,
                                .lo = mean->lo / theory - 1,
                                .hi = mean->hi / theory - 1,
                                .has_interval = mean->has_interval};
}
