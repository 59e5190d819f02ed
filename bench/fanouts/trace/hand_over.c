#include <stdlib.h>

#include "bench/fanouts/trace/gather.h"
#include "runtime/err.h"

/* The thread of a child: known only in Chrome's format, and not of asynchronous spans. */
static uint32_t thread_of(const struct qn_spans *s, const struct qn_span *child)
{
    return child->track != QN_SPAN_NONE && s->tracks[child->track].is_thread ? child->track
                                                                             : QN_FANOUT_NO_THREAD;
}

/* A call's workers; shift_ns: what is added to the trace's times. NULL: out of memory. */
static struct qn_fanout_worker *make_workers(const struct qn_spans *s,
                                             const struct qn_span_groups *g,
                                             const struct qn_span_group *group, uint64_t shift_ns)
{
    struct qn_fanout_worker *workers = malloc(group->n * sizeof(*workers));
    static const enum qn_fanout_outcome outcomes[] = {
        [QN_SPAN_OK] = QN_FANOUT_OK,
        [QN_SPAN_FAILED] = QN_FANOUT_FAILED,
        [QN_SPAN_CANCELLED] = QN_FANOUT_CANCELLED,
    };

    for (uint32_t i = 0; workers && i < group->n; i++) {
        const struct qn_span *child = &s->items[g->order[group->from + i]];
        bool is_open = child->end_ns == QN_SPAN_OPEN;

        workers[i] = (struct qn_fanout_worker){
            .index = i,
            .begin_ns = (uint64_t)child->begin_ns + shift_ns,
            .stop_ns = is_open ? 0 : (uint64_t)child->end_ns + shift_ns,
            .end_ns = is_open ? 0 : (uint64_t)child->end_ns + shift_ns,
            .thread = thread_of(s, child),
            .outcome = is_open ? QN_FANOUT_OPEN : outcomes[child->outcome],
        };
    }
    return workers;
}

/* What makes the first time of the trace 1. */
static uint64_t shift_of(const struct qn_spans *s)
{
    int64_t first = INT64_MAX;

    for (size_t i = 0; i < s->n; i++)
        if (s->items[i].begin_ns < first)
            first = s->items[i].begin_ns;
    return 1 - (uint64_t)first;
}

int qn_spans_hand_over(const struct qn_spans *s, const struct qn_span_groups *g,
                       const char *strategy, struct qn_fanouts *list)
{
    uint64_t shift_ns = shift_of(s);
    struct qn_fanout call = {.strategy = qn_fanouts_word(list, strategy),
                             .process = qn_fanouts_process(list),
                             .returned = QN_FANOUT_UNKNOWN_ERROR};
    int rc = call.strategy ? QN_OK : QN_ENOMEM;

    for (size_t i = 0; rc == QN_OK && i < g->n; i++) {
        const struct qn_span *parent = &s->items[g->items[i].parent];

        call.workload = qn_fanouts_word(list, s->names.items[parent->name]);
        call.n_workers = call.n_begun = g->items[i].n;
        call.begin_ns = (uint64_t)parent->begin_ns + shift_ns;
        call.return_ns = (uint64_t)parent->end_ns + shift_ns;
        call.workers = make_workers(s, g, &g->items[i], shift_ns);
        rc = call.workload && call.workers ? qn_fanouts_add(list, &call) : QN_ENOMEM;
        free(call.workers);
    }
    return rc;
}
