#include "bench/theory/ideal.h"

#include <math.h>
#include <stdlib.h>

#include "bench/workload/draw.h"
#include "runtime/kernel.h"

#define MIN_CALLS 200u
#define MAX_CALLS 4000u
#define MOST_WORKERS 4000000.0 /* of all calls: some tenths of a second */

/* Lets the first of n times, which has grown, sink to its place in the heap. */
static void sink(double *times, unsigned n)
{
    unsigned i = 0, child;

    while ((child = 2 * i + 1) < n) {
        double time = times[i];

        child += child + 1 < n && times[child + 1] < times[child];
        if (time <= times[child])
            return;
        times[i] = times[child];
        times[child] = time;
        i = child;
    }
}

/* Fills begins and ends, all workers running on, and what follows from them. */
static void schedule(const struct qn_task *tasks, unsigned n, unsigned threads, double *free_at,
                     double *begins, double *ends, struct qn_ideal_call *out)
{
    *out = (struct qn_ideal_call){.error_at = NAN};
    for (unsigned i = 0; i < threads; i++)
        free_at[i] = 0;
    for (unsigned i = 0; i < n; i++) {
        double work = (double)tasks[i].quanta * QN_QUANTUM_NS;

        begins[i] = free_at[0];
        ends[i] = free_at[0] += work;
        sink(free_at, threads);
        out->work += work;
        out->ended_at = fmax(out->ended_at, ends[i]);
        if (tasks[i].fails && !(out->error_at <= ends[i]))
            out->error_at = ends[i];
    }
}

/* When a worker stops that began by the failure. */
static double looks_at(double begin, double end, double error_at, double look_ns)
{
    double next =
        look_ns > 0 ? begin + (floor((error_at - begin) / look_ns) + 1) * look_ns : error_at;

    return fmin(end, next);
}

void qn_ideal_run(const struct qn_task *tasks, unsigned n, unsigned threads, double look_ns,
                  double *free_at, double *ends, struct qn_ideal_call *out)
{
    double *begins = ends + n, error_at;

    schedule(tasks, n, threads, free_at, begins, ends, out);
    error_at = out->error_at;
    for (int r = 0; r < QN_IDEAL_REACTION_COUNT; r++)
        out->stop_at[r] = isnan(error_at) || r == QN_IDEAL_RUN_ON ? out->ended_at : error_at;
    for (unsigned i = 0; i < n && !isnan(error_at); i++) {
        double stops[QN_IDEAL_REACTION_COUNT] = {ends[i], ends[i], ends[i]};

        if (ends[i] <= error_at)
            continue;
        /* the failed worker's thread would begin the next one at that very moment */
        if (begins[i] >= error_at) {
            out->queued++;
            out->wasted[QN_IDEAL_RUN_ON] += ends[i] - begins[i];
            continue;
        }
        out->running++;
        if (tasks[i].kind != QN_KIND_DEAF)
            stops[QN_IDEAL_LOOK] =
                looks_at(begins[i], ends[i], error_at, tasks[i].kind == QN_KIND_CPU ? look_ns : 0);
        for (int r = 0; r < QN_IDEAL_REACTION_COUNT; r++) {
            out->wasted[r] += stops[r] - error_at;
            out->stop_at[r] = fmax(out->stop_at[r], stops[r]);
        }
    }
}

/* The figures of every failed call. X(field, value, of struct qn_ideal_call c) */
#define FIGURES(X) \
    X(error_at, c.error_at) \
    X(running, c.running) \
    X(queued, c.queued) \
    X(wasted[QN_IDEAL_RUN_ON], c.wasted[QN_IDEAL_RUN_ON]) \
    X(wasted[QN_IDEAL_DEQUEUE], c.wasted[QN_IDEAL_DEQUEUE]) \
    X(wasted[QN_IDEAL_LOOK], c.wasted[QN_IDEAL_LOOK]) \
    X(stop_latency[QN_IDEAL_RUN_ON], c.stop_at[QN_IDEAL_RUN_ON] - c.error_at) \
    X(stop_latency[QN_IDEAL_DEQUEUE], c.stop_at[QN_IDEAL_DEQUEUE] - c.error_at) \
    X(stop_latency[QN_IDEAL_LOOK], c.stop_at[QN_IDEAL_LOOK] - c.error_at)

#define COUNT_FIGURE(field, value) +1
#define N_FIGURES (0 FIGURES(COUNT_FIGURE))

static void estimate(double *values, uint32_t room, uint32_t n, struct qn_ideal *out)
{
    size_t at = 0;

#define ESTIMATE(field, value) out->field = qn_stat_mean_interval(values + room * at++, n);
    FIGURES(ESTIMATE)
#undef ESTIMATE
    qn_stat_sort(values, n); /* the first: error_at */
    out->error_at_p50 = qn_stat_median(values, n);
    out->error_at_p95 = qn_stat_quantile(values, n, 0.95);
}

/* Draws and runs the calls, half of which fail; values: room for n of each figure. */
static void draw(const struct qn_workload *w, uint64_t seed, double look_ns, uint32_t n,
                 struct qn_task *tasks, double *free_at, double *ends, double *values,
                 struct qn_ideal *out)
{
    for (uint32_t trial = 0; trial < 2 * n; trial++) {
        const struct qn_call_key key = {.seed = seed, .trial = trial, .n_trials = 2 * n};
        double weight = qn_schedule_weight(w, &key) / (2 * n);
        struct qn_ideal_call c;
        uint32_t capped, at = 0;

        qn_schedule_draw(w, &key, tasks, &capped);
        qn_ideal_run(tasks, w->workers, w->threads, look_ns, free_at, ends, &c);
        out->work += weight * c.work;
        out->ended_at += weight * c.ended_at;
        if (isnan(c.error_at))
            continue;
#define TAKE(field, value) values[n * at++ + out->n] = value;
        FIGURES(TAKE)
#undef TAKE
        out->n++;
    }
}

int qn_ideal_make(const struct qn_workload *workload, uint64_t seed, double look_ns,
                  struct qn_ideal *out)
{
    struct qn_workload w = *workload;
    double wanted = MOST_WORKERS / 2 / w.workers;
    uint32_t n = wanted > MAX_CALLS ? MAX_CALLS : wanted < MIN_CALLS ? MIN_CALLS : (uint32_t)wanted;
    double *free_at = malloc(w.threads * sizeof(*free_at)),
           *ends = malloc(2 * (size_t)w.workers * sizeof(*ends)),
           *values = malloc(N_FIGURES * (size_t)n * sizeof(*values));
    struct qn_task *tasks = calloc(w.workers, sizeof(*tasks));
    int rc = free_at && ends && values && tasks ? QN_OK : QN_ENOMEM;

    w.draw = QN_DRAW_CONDITIONAL;
    *out = (struct qn_ideal){.fails = qn_workload_fails(&w)};
    if (rc == QN_OK) {
        draw(&w, seed, look_ns, n, tasks, free_at, ends, values, out);
        estimate(values, n, out->n, out);
    }
    free(tasks);
    free(values);
    free(ends);
    free(free_at);
    return rc;
}
