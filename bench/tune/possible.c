#include "bench/tune/possible.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/base/complain.h"
#include "bench/stats/quantity.h"
#include "bench/workload/draw.h"
#include "runtime/kernel.h"
#include "strategies/task.h"

/* Calls that are drawn. A bound is impossible only if it is missed by more than MARGIN, which
 * exceeds the error of so few calls. */
#define N_CALLS 400u
#define MARGIN 1.1

/* True for times that include all work of a call without failure. */
static bool contains_the_work(const struct qn_tune_metric *m)
{
    static const char *const metrics[] = {"return_at", "stop_at", "settle_at", "response_time"};
    bool contains = false;

    for (size_t i = 0; i < QN_ARRAY_LEN(metrics); i++)
        contains |= strcmp(m->info->name, metrics[i]) == 0;
    return contains && !m->failed_only;
}

/* The least time of one call, ns; *work: its planned work. */
static double least_of(const struct qn_task *tasks, const struct qn_workload *w, unsigned n_at_once,
                       double *work)
{
    uint64_t sum = 0, longest = 0, first = UINT64_MAX;

    for (uint32_t i = 0; i < w->workers; i++) {
        sum += tasks[i].quanta;
        longest = tasks[i].quanta > longest ? tasks[i].quanta : longest;
        if (tasks[i].fails && tasks[i].quanta < first)
            first = tasks[i].quanta;
    }
    *work = (double)sum * QN_QUANTUM_NS;
    if (first < UINT64_MAX)
        return (double)first * QN_QUANTUM_NS;
    return fmax((double)longest * QN_QUANTUM_NS, *work / n_at_once);
}

/* Draws the calls: the least time of each, into least; returns their mean work. */
static int draw(const struct qn_tuning_request *q, const struct qn_run_options *o,
                unsigned n_at_once, double *least, double *mean_work)
{
    struct qn_workload w = o->workloads[0].base;
    struct qn_task *tasks;
    uint32_t ignored;

    w.workers = o->workloads[0].workers[0];
    w.draw = QN_DRAW_PLAIN;
    w.failure_rate = isnan(o->workloads[0].failure_rates[0]) ? NAN : q->rate;
    tasks = calloc(w.workers, sizeof(*tasks));
    if (!tasks)
        return QN_ENOMEM;
    *mean_work = 0;
    for (uint32_t i = 0; i < N_CALLS; i++) {
        const struct qn_call_key key = {.seed = o->seed, .trial = i, .n_trials = N_CALLS};
        double work;

        qn_schedule_draw(&w, &key, tasks, &ignored);
        least[i] = least_of(tasks, &w, n_at_once, &work);
        *mean_work += work / N_CALLS;
    }
    free(tasks);
    return QN_OK;
}

/* The maximum grows with the number of calls, so the median stands for it. */
static double taken_of(const struct qn_tune_metric *m, double *values)
{
    struct qn_tune_metric sure = *m;

    if (m->statistic == QN_STATISTIC_MAX)
        sure.statistic = QN_STATISTIC_P50;
    return qn_tune_metric_take(&sure, &(struct qn_weighed){.values = values, .n = N_CALLS});
}

static int refuse(const struct qn_bound *b, double least, double work, unsigned n_at_once,
                  bool needs_cores)
{
    char value[64], all[64], why[256];

    qn_say_value(least, "ns", value, sizeof(value));
    qn_say_value(work, "ns", all, sizeof(all));
    snprintf(why, sizeof(why),
             "at least %s: a call has %s of work, which takes that long on %u %s under any policy",
             value, all, n_at_once, needs_cores ? "cores" : "threads");
    return qn_refuse("--slo", b->text, why);
}

int qn_possible_check(const struct qn_tuning_request *q, const struct qn_run_options *o,
                      unsigned n_cores)
{
    const struct qn_workload *w = &o->workloads[0].base;
    bool needs_cores = w->kind == QN_KIND_CPU || w->kind == QN_KIND_DEAF;
    unsigned n_at_once = needs_cores && n_cores < w->threads ? n_cores : w->threads;
    double least[N_CALLS], values[N_CALLS], work = 0, value;
    int rc = QN_OK;

    if (w->tree_depth > 0 || w->kind == QN_KIND_OWN ||
        w->kind == QN_KIND_MIXED) /* whose time isn't certain */
        return QN_OK;
    for (size_t i = 0; i < q->n_bounds && rc == QN_OK; i++) {
        const struct qn_bound *b = &q->bounds[i];

        if (b->is_floor || !contains_the_work(&b->metric))
            continue;
        if (work == 0)
            rc = draw(q, o, n_at_once, least, &work);
        if (rc != QN_OK)
            break;
        memcpy(values, least, sizeof(values));
        value = taken_of(&b->metric, values);
        if (value > b->limit * MARGIN)
            rc = refuse(b, value, work, n_at_once, needs_cores);
    }
    return rc;
}
