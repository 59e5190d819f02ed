#include <stdlib.h>
#include <string.h>

#include "bench/fanouts/names.h"
#include "bench/fanouts/trace/gather.h"
#include "runtime/err.h"

/* Parents' names with cells of their own: those with the most fan-outs. */
#define MAX_NAMES 64u
#define OTHERS "other-names"

/* How many fan-outs each name has, and its workload. */
struct named {
    uint32_t name;
    size_t n;
    const char *workload;
};

static int by_count(const void *a, const void *b)
{
    const struct named *x = a, *y = b;

    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return x->name < y->name ? -1 : 1;
}

static int by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;

    return (x->name > y->name) - (x->name < y->name);
}

static int give_workloads(const struct qn_spans *s, struct named *names, struct qn_fanouts *list)
{
    qsort(names, s->names.n, sizeof(*names), by_count);
    for (size_t i = 0; i < s->names.n && names[i].n > 0; i++) {
        char workload[QN_FANOUT_NAME_BYTES];

        names[i].workload = qn_fanouts_word(
            list,
            i < MAX_NAMES ? qn_fanout_workload(s->names.items[names[i].name], workload) : OTHERS);
        if (!names[i].workload)
            return QN_ENOMEM;
    }
    qsort(names, s->names.n, sizeof(*names), by_name);
    return QN_OK;
}

/* The thread of a child: known only in Chrome's format, and not of asynchronous spans. */
static uint32_t thread_of(const struct qn_spans *s, const struct qn_span *child)
{
    return child->track != QN_SPAN_NONE && s->tracks[child->track].is_thread ? child->track
                                                                             : QN_FANOUT_NO_THREAD;
}

/* Fills a call's workers. shift_ns: what is added to the trace's times. */
static void fill(const struct qn_spans *s, const struct qn_span_groups *g,
                 const struct qn_span_group *group, uint64_t shift_ns,
                 struct qn_fanout_worker *workers)
{
    static const enum qn_fanout_outcome outcomes[] = {
        [QN_SPAN_OK] = QN_FANOUT_OK,
        [QN_SPAN_FAILED] = QN_FANOUT_FAILED,
        [QN_SPAN_CANCELLED] = QN_FANOUT_CANCELLED,
    };

    for (size_t i = 0; i < group->n; i++) {
        const struct qn_span *child = &s->items[g->order[group->from + i]];
        bool is_open = child->end_ns == QN_SPAN_OPEN;

        workers[i] = (struct qn_fanout_worker){
            .begin_ns = (uint64_t)child->begin_ns + shift_ns,
            .stop_ns = is_open ? 0 : (uint64_t)child->end_ns + shift_ns,
            .end_ns = is_open ? 0 : (uint64_t)child->end_ns + shift_ns,
            .thread = thread_of(s, child),
            .outcome = is_open ? QN_FANOUT_OPEN : outcomes[child->outcome],
        };
    }
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

static int add_all(const struct qn_spans *s, const struct qn_span_groups *g,
                   const struct named *names, const char *strategy, struct qn_fanouts *list)
{
    uint64_t shift_ns = shift_of(s);
    struct qn_fanout call = {.strategy = qn_fanouts_word(list, strategy),
                             .process = qn_fanouts_process(list),
                             .returned = QN_FANOUT_UNKNOWN_ERROR};
    int rc = call.strategy ? QN_OK : QN_ENOMEM;

    for (size_t i = 0; rc == QN_OK && i < g->n; i++) {
        const struct qn_span *parent = &s->items[g->items[i].parent];
        struct qn_fanout *added;

        call.workload = names[parent->name].workload;
        call.n_workers = g->items[i].n;
        call.begin_ns = (uint64_t)parent->begin_ns + shift_ns;
        call.return_ns = (uint64_t)parent->end_ns + shift_ns;
        rc = qn_fanouts_add(list, &call, &added);
        if (rc == QN_OK)
            fill(s, g, &g->items[i], shift_ns, added->workers);
    }
    return rc;
}

int qn_spans_hand_over(const struct qn_spans *s, const struct qn_span_groups *g,
                       const char *strategy, struct qn_fanouts *list)
{
    struct named *names = calloc(s->names.n + 1, sizeof(*names));
    int rc = names ? QN_OK : QN_ENOMEM;

    for (uint32_t i = 0; rc == QN_OK && i < s->names.n; i++)
        names[i].name = i;
    for (size_t i = 0; rc == QN_OK && i < g->n; i++)
        names[s->items[g->items[i].parent].name].n++;
    if (rc == QN_OK)
        rc = give_workloads(s, names, list);
    if (rc == QN_OK)
        rc = add_all(s, g, names, strategy, list);
    free(names);
    return rc;
}
