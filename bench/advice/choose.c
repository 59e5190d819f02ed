#include "bench/advice/choose.h"

#include <math.h>

#include "bench/workload/draw.h"
#include "bench/workload/poll.h"
#include "runtime/kernel.h"

/* A simpler reaction is taken if it costs this much more at most, as a share of what running on does. */
#define SIMPLER 0.05

/* The interval is at most this share of the mean work: a worker should look several times. */
#define MOST_LOOK 0.1

/* How each kind of work is reached while it runs; NULL: it isn't. */
static const char *const reaches[QN_KIND_COUNT] = {
    [QN_KIND_CPU] = "cancel-wait",         [QN_KIND_WAIT] = "cancel-wait",
    [QN_KIND_PIPE] = "cancel-callback",    [QN_KIND_EVENTFD] = "cancel-callback",
    [QN_KIND_CONDVAR] = "cancel-callback",
};

const char *qn_advice_reaches(const struct qn_workload *w)
{
    const char *reach = NULL;

    if (w->kind != QN_KIND_MIXED)
        return reaches[w->kind];
    for (int kind = 0; kind < QN_KIND_COUNT; kind++) /* what reaches more comes later */
        if (w->mix[kind] > 0 && reaches[kind])
            reach = reaches[kind];
    return reach;
}

const char *qn_advice_refusal(const struct qn_workload *w)
{
    if (w->kind == QN_KIND_OWN)
        return "work of your own has no planned times";
    if (w->arrival != QN_ARRIVAL_ISOLATED)
        return "calls that meet in the pool delay one another";
    if (w->tree_depth > 0)
        return "what a failure stops in nested fan-outs depends on their tree";
    if (w->n_resources > 0)
        return "what closing resources costs depends on the machine";
    if (isnan(qn_workload_fails(w)))
        return "the workload says which workers fail, not how often";
    if (!(qn_workload_fails(w) > 0))
        return "no call fails at this rate";
    return NULL;
}

/* To two digits, in whole quanta. */
static double rounded(double ns)
{
    double unit = pow(10, floor(log10(ns)) - 1);

    return fmax(round(round(ns / unit) * unit / QN_QUANTUM_NS), 1) * QN_QUANTUM_NS;
}

/* As bench/theory/models.h has it (best_poll), from the ideal machine's means. */
static double best_look(const struct qn_workload *w, const struct qn_ideal *m, double cost_ns)
{
    double before = m->fails * w->threads * m->error_at.value + (1 - m->fails) * m->work,
           most = MOST_LOOK * m->work / w->workers;

    if (!(m->running.value > 0))
        return rounded(fmax(most, QN_QUANTUM_NS));
    return rounded(fmax(fmin(sqrt(2 * cost_ns * before / (m->fails * m->running.value)), most),
                        QN_QUANTUM_NS));
}

static void choose(struct qn_advice *a)
{
    const struct qn_ideal *m = &a->ideal;
    double margin = SIMPLER * m->fails * m->wasted[QN_IDEAL_RUN_ON].value;
    enum qn_ideal_reaction best = QN_IDEAL_RUN_ON;

    /* of a mix, what computes looks */
    a->price = a->looks ? a->look_cost_ns / a->look_ns : 0;
    if (a->workload.kind == QN_KIND_MIXED)
        a->price *= a->workload.mix[QN_KIND_CPU];
    for (int r = 0; r < QN_IDEAL_REACTION_COUNT; r++) {
        a->costs[r] = m->fails * m->wasted[r].value + (r == QN_IDEAL_LOOK ? a->price * m->work : 0);
        if ((r != QN_IDEAL_LOOK || a->can_look) && a->costs[r] < a->costs[best] - margin)
            best = (enum qn_ideal_reaction)r;
    }
    if (a->costs[QN_IDEAL_RUN_ON] - a->costs[best] < QN_ADVICE_WORTH * m->work)
        best = QN_IDEAL_RUN_ON;
    a->reaction = best;
    a->strategy = best == QN_IDEAL_LOOK      ? qn_advice_reaches(&a->workload)
                  : best == QN_IDEAL_DEQUEUE ? "cancel-dequeue"
                                             : "buffered";
}

int qn_advice_make(const struct qn_workload *w, uint64_t seed, double look_ns,
                   struct qn_advice *out)
{
    int rc;

    *out = (struct qn_advice){.workload = *w,
                              .can_look = qn_advice_reaches(w) != NULL,
                              .looks = qn_workload_has(w, QN_KIND_CPU),
                              .wakes = qn_workload_has(w, QN_KIND_WAIT) || qn_workload_blocks(w),
                              .look_cost_ns = (double)w->poll_cost_ns};
    out->is_cost_assumed = w->poll_cost_ns == 0;
    if (out->is_cost_assumed)
        out->look_cost_ns = QN_ADVICE_LOOK_COST_NS;
    rc = qn_ideal_make(w, seed, 0, &out->ideal);
    if (rc != QN_OK || !out->looks) {
        choose(out);
        return rc;
    }
    out->look_ns = look_ns > 0 ? look_ns : best_look(w, &out->ideal, out->look_cost_ns);
    out->workload.poll_quanta = (uint64_t)(out->look_ns / QN_QUANTUM_NS);
    rc = qn_ideal_make(w, seed, out->look_ns, &out->ideal);
    choose(out);
    return rc;
}

double qn_advice_saves(const struct qn_advice *a)
{
    double all = a->ideal.wasted[QN_IDEAL_RUN_ON].value;

    return all > 0 ? 1 - a->ideal.wasted[a->reaction].value / all : 0;
}

double qn_advice_saves_of_all(const struct qn_advice *a)
{
    return (a->costs[QN_IDEAL_RUN_ON] - a->costs[a->reaction]) / a->ideal.work;
}
