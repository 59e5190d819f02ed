#include "bench/run/estimate.h"

#include <math.h>
#include <sched.h>
#include <stdio.h>

#include "bench/base/complain.h"
#include "bench/options/keys.h"
#include "bench/stats/numbers.h"

unsigned qn_estimate_cpus(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof(set), &set) != 0)
        return 1;
    return CPU_COUNT(&set) > 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

/* One worker's time, ns, including taking and closing resources. */
static double worker_ns(const struct qn_workload *w)
{
    double mean_ns, cv2;

    qn_service_moments(&w->service, &mean_ns, &cv2);
    if (!(mean_ns < w->service.cap_ns))
        mean_ns = w->service.cap_ns;
    for (unsigned i = 0; i < w->n_resources; i++)
        mean_ns += (double)w->resources[i].acquire_ns + (double)w->resources[i].close_ns;
    return mean_ns;
}

double qn_estimate_process_ns(const struct qn_cell *cell, uint32_t trials, unsigned n_cpus)
{
    const struct qn_workload *w = &cell->workload;
    bool computes = !qn_kind_waits(w->kind);
    unsigned at_once = w->threads < w->workers ? w->threads : w->workers;
    double call_ns;

    if (computes && at_once > n_cpus)
        at_once = n_cpus;
    call_ns = worker_ns(w) * w->workers / at_once;
    if (w->arrival == QN_ARRIVAL_POISSON)
        call_ns = fmax(call_ns, 1e9 / w->arrival_rate);
    return QN_ESTIMATE_PROCESS_NS + (trials + (double)QN_ESTIMATE_WARMUP_CALLS) * call_ns;
}

double qn_estimate_plan_ns(const struct qn_plan *plan, uint32_t trials, unsigned n_cpus)
{
    double sum = 0;

    for (size_t i = 0; i < plan->n_processes; i++)
        if (plan->processes[i].status == QN_STATUS_PENDING)
            sum += qn_estimate_process_ns(&plan->cells[plan->processes[i].cell], trials, n_cpus);
    return sum;
}

static const char *duration_text(double ns, char *out, size_t bytes)
{
    double s = ns / 1e9;

    if (s < 10)
        snprintf(out, bytes, "%.1f s", fmax(s, 0.1));
    else if (s < 120)
        snprintf(out, bytes, "%.0f s", s);
    else if (s < 7200)
        snprintf(out, bytes, "%.0f min", s / 60);
    else
        snprintf(out, bytes, "%.1f h", s / 3600);
    return out;
}

/* What failing-calls means for a worker. */
static void say_rates(const struct qn_workload_set *set)
{
    for (size_t w = 0; set->failing_calls && w < set->n_workers; w++)
        for (size_t i = 0; i < set->n_failing_calls; i++)
            qn_note("%g %% of the calls of %s fail: each of its %u %s with probability %g",
                    set->failing_calls[i] * 100, set->base.name, set->workers[w],
                    qn_plural(set->workers[w], "worker", "workers"),
                    qn_workload_set_rate(set, i, set->workers[w]));
}

/* Which cells' calls are drawn on purpose. */
static void say_draws(const struct qn_plan *plan)
{
    size_t n = 0;

    for (size_t i = 0; i < plan->n_cells; i++)
        n += plan->cells[i].workload.draw == QN_DRAW_CONDITIONAL;
    if (n > 0)
        qn_note(
            "in %zu of %zu %s every other call is drawn with a failure, and calls are weighed by "
            "their true share (draw)",
            n, plan->n_cells, qn_plural(plan->n_cells, "cell", "cells"));
}

void qn_estimate_say(const struct qn_plan *plan, const struct qn_run_options *o)
{
    unsigned n_cpus = qn_estimate_cpus();
    double ns = qn_estimate_plan_ns(plan, o->trials, n_cpus);
    double budget_ns = o->time_budget_ns ? (double)o->time_budget_ns : INFINITY;
    size_t n_pending = 0;
    char takes[32], most[32];

    for (size_t i = 0; i < plan->n_processes; i++)
        n_pending += plan->processes[i].status == QN_STATUS_PENDING;
    for (size_t i = 0; i < o->n_workloads; i++)
        say_rates(&o->workloads[i]);
    say_draws(plan);
    if (n_pending == 0) {
        if (o->time_budget_ns)
            qn_note("measuring takes at most %s (--time-budget)",
                    duration_text(budget_ns, most, sizeof(most)));
        return;
    }
    qn_note("%zu %s of %zu %s about %s, estimated from the planned work on %u %s and %.0f ms per "
            "process, without queueing, savings from cancelling, and plots%s%s",
            n_pending, qn_plural(n_pending, "process", "processes"), plan->n_cells,
            qn_plural(plan->n_cells, n_pending == 1 ? "cell takes" : "cell take",
                      n_pending == 1 ? "cells takes" : "cells take"),
            duration_text(ns, takes, sizeof(takes)), n_cpus, qn_plural(n_cpus, "CPU", "CPUs"),
            QN_ESTIMATE_PROCESS_NS / 1e6,
            isfinite(budget_ns) ? "; --time-budget ends measuring after " : "",
            isfinite(budget_ns) ? duration_text(budget_ns, most, sizeof(most)) : "");
}
