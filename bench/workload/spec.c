#include "bench/workload/spec.h"

#include <math.h>
#include <stddef.h>

#include "bench/own/module.h"
#include "bench/workload/poll.h"
#include "runtime/kernel.h"
#include "strategies/strategy.h"

const char *const qn_failure_at_names[] = {
    [QN_FAIL_AT_END] = "end",     [QN_FAIL_AT_START] = "start", [QN_FAIL_AT_UNIFORM] = "uniform",
    [QN_FAIL_AT_FIRST] = "first", [QN_FAIL_AT_STEP] = "step",
};

const char *const qn_draw_names[QN_DRAW_COUNT] = {
#define QN_DRAW_NAME(symbol, name) name,
    QN_DRAWS(QN_DRAW_NAME)
#undef QN_DRAW_NAME
};

const char *qn_kind_name(enum qn_kind kind)
{
#define QN_KIND_NAME(symbol, name, summary) name,
    static const char *const names[] = {QN_KINDS(QN_KIND_NAME)};
#undef QN_KIND_NAME

    return names[kind];
}

bool qn_workload_has(const struct qn_workload *w, enum qn_kind kind)
{
    return w->kind == kind || (w->kind == QN_KIND_MIXED && w->mix[kind] > 0);
}

bool qn_workload_blocks(const struct qn_workload *w)
{
    bool blocks = false;

    for (int kind = 0; kind < QN_KIND_COUNT; kind++)
        blocks |= qn_kind_blocks((enum qn_kind)kind) && qn_workload_has(w, (enum qn_kind)kind);
    return blocks;
}

double qn_workload_unit_ns(const struct qn_workload *w)
{
    return w->kind == QN_KIND_OWN ? w->own.unit_ns : QN_QUANTUM_NS;
}

uint64_t qn_workload_gap(const struct qn_workload *w)
{
    return w->kind == QN_KIND_OWN
               ? qn_work_units(w->own.unit_ns, (double)qn_poll_ns(w->poll_quanta))
               : w->poll_quanta;
}

uint64_t qn_workload_poll(const struct qn_workload *w, unsigned step)
{
    return qn_poll_from_ns(
        (uint64_t)fmin(ldexp(qn_workload_unit_ns(w), (int)step), (double)QN_MAX_WORK_NS));
}

double qn_workload_items_a_poll(const struct qn_workload *w)
{
    double mean_ns, cv2;

    qn_service_moments(&w->item, &mean_ns, &cv2);
    return fmax(1, round((double)qn_poll_ns(w->poll_quanta) / mean_ns));
}

const char *qn_workload_policy_refusal(const struct qn_workload *w, const struct qn_policy *p)
{
    double mean_ns, cv2;

    if (p->stride != QN_STRIDE_ITEMS)
        return NULL;
    if (w->kind != QN_KIND_CPU)
        return "items are counted only while computing, and its work is of another kind (--kind)";
    if (!w->has_item)
        return "its work has no items (--item)";
    qn_service_moments(&w->item, &mean_ns, &cv2);
    if (!isfinite(mean_ns))
        return "its items have no mean (--item)";
    return qn_workload_items_a_poll(w) > QN_MAX_ITEMS_A_POLL
               ? "more than 4096 items lie between two of its polls (--item, --poll)"
               : NULL;
}

const char *qn_workload_refusal(const struct qn_workload *w, const struct qn_strategy *s)
{
    if (s->kinds && !(s->kinds & QN_KIND_BIT(w->kind)))
        return s->kinds_reason;
    if (w->kind == QN_KIND_OWN && (s->flags & QN_DEDICATED_THREAD))
        return "pthread_cancel could end its threads inside your code (--work)";
    if ((s->flags & QN_SEQUENCE) && w->n_resources == 0)
        return "its workers take resources, but the workload has none (--resources)";
    if (!(s->flags & QN_SEQUENCE) && w->n_resources > 0)
        return "its workers take no resources, but the workload's do";
    if ((s->flags & QN_TREE) && w->tree_depth == 0)
        return "its fan-outs are nested, but the workload is not a tree (--tree)";
    if (!(s->flags & QN_TREE) && w->tree_depth > 0)
        return "its fan-out is flat, but the workload is a tree";
    return NULL;
}
