#include "bench/workload.h"

#include <stddef.h>

#include "strategies/strategy.h"

const char *qn_kind_name(enum qn_kind kind)
{
#define QN_KIND_NAME(symbol, name, summary) name,
    static const char *const names[] = {QN_KINDS(QN_KIND_NAME)};
#undef QN_KIND_NAME

    return names[kind];
}

const char *qn_workload_refusal(const struct qn_workload *w, const struct qn_strategy *s)
{
    if (s->kinds && !(s->kinds & QN_KIND_BIT(w->kind)))
        return s->kinds_reason;
    if ((s->flags & QN_SEQUENCE) && w->n_resources == 0)
        return "its workers take resources, and the workload has none (--resources)";
    if (!(s->flags & QN_SEQUENCE) && w->n_resources > 0)
        return "its workers take no resources, and the workload's do";
    if ((s->flags & QN_TREE) && w->tree_depth == 0)
        return "its fan-outs are nested, and the workload is no tree (--tree)";
    if (!(s->flags & QN_TREE) && w->tree_depth > 0)
        return "its fan-out is flat, and the workload is a tree";
    return NULL;
}
