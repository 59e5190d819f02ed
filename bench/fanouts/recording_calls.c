#include <stdlib.h>
#include <string.h>

#include "bench/base/grow.h"
#include "bench/fanouts/recording_parts.h"
#include "bench/workload/spec.h"
#include "include/quench/record.h"

/* An event, taken apart. */
struct taken {
    unsigned kind;
    uint64_t ns;
    uint32_t call, value;
};

/* More ns than there are count as the most, which is too large for a figure. */
static struct taken take(const struct qn_recording *r, const struct quench_record_event *e)
{
    uint64_t ticks = e->when >> QUENCH_RECORD_KIND_BITS;
    qn_u128 ns = ((qn_u128)ticks * r->header.scale) >> QUENCH_RECORD_SCALE_SHIFT;

    return (struct taken){
        .kind = e->when % (1u << QUENCH_RECORD_KIND_BITS),
        .ns = ns > UINT64_MAX ? UINT64_MAX : (uint64_t)ns,
        .call = e->call,
        .value = e->value,
    };
}

static void find_fault(struct qn_recorded_call *c, enum qn_recorded_fault fault, uint32_t worker)
{
    if (c->fault)
        return;
    c->fault = fault;
    c->at = worker;
}

/* Calls `use` with every event and its thread, until it returns an error. */
static int for_events(struct qn_recording *r,
                      int (*use)(struct qn_recording *, const struct taken *, uint32_t thread))
{
    int rc = QN_OK;

    for (size_t b = 0; b < r->n_buffers; b++) {
        uint32_t thread = 0;

        for (size_t i = 0; i < r->buffers[b].n && rc == QN_OK; i++) {
            struct taken e = take(r, &r->buffers[b].events[i]);

            if (e.kind == QUENCH_RECORD_KIND_THREAD)
                thread = e.value;
            else
                rc = use(r, &e, thread);
        }
    }
    return rc;
}

/* The calls, by their begins. */

static int begin_call(struct qn_recording *r, const struct taken *e, uint32_t thread)
{
    struct qn_recorded_call *c;

    (void)thread;
    if (e->kind != QUENCH_RECORD_KIND_CALL)
        return QN_OK;
    if (!qn_grow(&r->calls, r->n_calls, sizeof(*r->calls)))
        return QN_ENOMEM;
    c = &r->calls[r->n_calls++];
    *c = (struct qn_recorded_call){.id = e->call};
    c->call = (struct qn_fanout){
        .begin_ns = e->ns, .n_workers = e->value, .returned = QN_FANOUT_UNKNOWN_ERROR};
    if (e->value == 0 || e->value > QN_MAX_WORKERS) {
        find_fault(c, QN_RECORDED_WORKERS, 0);
        c->call.n_workers = 0;
    }
    return QN_OK;
}

static int by_id(const void *a, const void *b)
{
    const struct qn_recorded_call *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static struct qn_recorded_call *find(const struct qn_recording *r, uint32_t id)
{
    const struct qn_recorded_call key = {.id = id};

    return r->n_calls == 0 ? NULL : bsearch(&key, r->calls, r->n_calls, sizeof(key), by_id);
}

static int begin_calls(struct qn_recording *r)
{
    int rc = for_events(r, begin_call);

    if (r->n_calls > 0)
        qsort(r->calls, r->n_calls, sizeof(*r->calls), by_id);
    for (size_t i = 1; i < r->n_calls; i++)
        if (r->calls[i].id == r->calls[i - 1].id) {
            find_fault(&r->calls[i - 1], QN_RECORDED_BEGUN_TWICE, 0);
            find_fault(&r->calls[i], QN_RECORDED_BEGUN_TWICE, 0);
        }
    return rc;
}

/* Their workers, of which only those that began take memory. */

static int begin_worker(struct qn_recording *r, const struct taken *e, uint32_t thread)
{
    struct qn_recorded_call *c = e->kind == QUENCH_RECORD_KIND_BEGIN ? find(r, e->call) : NULL;

    if (!c)
        return QN_OK;
    if (e->value >= c->call.n_workers) {
        find_fault(c, QN_RECORDED_NO_WORKER, e->value);
        return QN_OK;
    }
    if (!qn_grow(&c->call.workers, c->call.n_begun, sizeof(*c->call.workers)))
        return QN_ENOMEM;
    c->call.workers[c->call.n_begun++] =
        (struct qn_fanout_worker){.index = e->value, .begin_ns = e->ns, .thread = thread};
    return QN_OK;
}

static int by_index(const void *a, const void *b)
{
    const struct qn_fanout_worker *x = a, *y = b;

    return (x->index > y->index) - (x->index < y->index);
}

/* NULL: it didn't begin. */
static struct qn_fanout_worker *find_worker(const struct qn_fanout *call, uint32_t index)
{
    const struct qn_fanout_worker key = {.index = index};

    return call->n_begun == 0 ? NULL
                              : bsearch(&key, call->workers, call->n_begun, sizeof(key), by_index);
}

static int begin_workers(struct qn_recording *r)
{
    int rc = for_events(r, begin_worker);

    for (size_t i = 0; i < r->n_calls; i++) {
        struct qn_fanout *call = &r->calls[i].call;

        if (call->n_begun > 0)
            qsort(call->workers, call->n_begun, sizeof(*call->workers), by_index);
        for (uint32_t k = 1; k < call->n_begun; k++)
            if (call->workers[k].index == call->workers[k - 1].index)
                find_fault(&r->calls[i], QN_RECORDED_WORKER_TWICE, call->workers[k].index);
    }
    return rc;
}

/* The other events. */

static enum qn_fanout_outcome outcome_of(unsigned kind)
{
    return kind == QUENCH_RECORD_KIND_OK       ? QN_FANOUT_OK
           : kind == QUENCH_RECORD_KIND_FAILED ? QN_FANOUT_FAILED
                                               : QN_FANOUT_CANCELLED;
}

static void add_to_worker(struct qn_recorded_call *c, const struct taken *e)
{
    struct qn_fanout_worker *w = find_worker(&c->call, e->value);

    if (e->value >= c->call.n_workers) {
        find_fault(c, QN_RECORDED_NO_WORKER, e->value);
    } else if (!w) {
        if (e->kind != QUENCH_RECORD_KIND_POLL)
            find_fault(c, QN_RECORDED_NO_BEGIN, e->value);
    } else if (e->kind == QUENCH_RECORD_KIND_POLL) {
        w->polls++;
    } else {
        if (w->stop_ns)
            find_fault(c, QN_RECORDED_END_TWICE, e->value);
        w->stop_ns = w->end_ns = e->ns;
        w->outcome = outcome_of(e->kind);
    }
}

static void keep_first(uint64_t *first, uint64_t ns)
{
    if (*first == 0 || ns < *first)
        *first = ns;
}

static void add_return(struct qn_recorded_call *c, const struct taken *e)
{
    struct qn_fanout *call = &c->call;
    int32_t error = (int32_t)e->value;

    if (call->return_ns)
        find_fault(c, QN_RECORDED_RETURNED_TWICE, 0);
    call->return_ns = e->ns;
    call->returned = error == QUENCH_RECORD_NO_ERROR      ? QN_FANOUT_NO_ERROR
                     : error == QUENCH_RECORD_OTHER_ERROR ? QN_FANOUT_OTHER_ERROR
                                                          : error;
    if (error < QUENCH_RECORD_OTHER_ERROR || (error >= 0 && e->value >= call->n_workers))
        find_fault(c, QN_RECORDED_NO_WORKER, e->value);
}

static void add_seen(struct qn_recorded_call *c, const struct taken *e)
{
    if (e->value >= c->call.n_workers)
        find_fault(c, QN_RECORDED_NO_WORKER, e->value);
    if (c->call.seen_ns && c->call.seen_ns <= e->ns)
        return;
    c->call.seen_ns = e->ns;
    c->seen_worker = e->value;
}

static int add(struct qn_recording *r, const struct taken *e, uint32_t thread)
{
    struct qn_recorded_call *c = find(r, e->call);

    (void)thread;
    if (e->kind == 0 || e->kind > QUENCH_RECORD_KIND_POLL) {
        r->n_strange++;
        return QN_OK;
    }
    if (!c) {
        if (r->n_unknown++ == 0)
            r->first_unknown = e->call;
        return QN_OK;
    }
    switch (e->kind) {
    case QUENCH_RECORD_KIND_CALL:
    case QUENCH_RECORD_KIND_BEGIN:
        break;
    case QUENCH_RECORD_KIND_SEEN:
        add_seen(c, e);
        break;
    case QUENCH_RECORD_KIND_RAISING:
        keep_first(&c->call.raising_ns, e->ns);
        break;
    case QUENCH_RECORD_KIND_RETURNED:
        add_return(c, e);
        break;
    default:
        add_to_worker(c, e);
        break;
    }
    return QN_OK;
}

/* What they come to. */

/* The lowest number of a call of which events are missing. */
static uint32_t missing_since(const struct qn_recording *r)
{
    uint32_t since = r->header.missing_since;

    for (size_t b = 0; b < r->n_buffers; b++)
        if (r->buffers[b].head->n_missing > 0 && r->buffers[b].head->missing_since < since)
            since = r->buffers[b].head->missing_since;
    return since;
}

/* Returns the number of workers of which something isn't recorded. */
static uint32_t judge_workers(struct qn_recorded_call *c)
{
    uint32_t n_open = 0;

    for (uint32_t i = 0; i < c->call.n_begun; i++) {
        const struct qn_fanout_worker *w = &c->call.workers[i];

        if (w->outcome != QN_FANOUT_OPEN && w->stop_ns < w->begin_ns)
            find_fault(c, QN_RECORDED_END_EARLY, w->index);
        else if (w->begin_ns < c->call.begin_ns)
            find_fault(c, QN_RECORDED_BEGIN_EARLY, w->index);
        n_open += w->outcome == QN_FANOUT_OPEN;
    }
    return n_open;
}

static void judge_return(struct qn_recorded_call *c)
{
    const struct qn_fanout *call = &c->call;
    const struct qn_fanout_worker *w;

    if (!call->return_ns)
        find_fault(c, QN_RECORDED_UNRETURNED, 0);
    else if (call->return_ns < call->begin_ns)
        find_fault(c, QN_RECORDED_RETURN_EARLY, 0);
    if (c->fault || call->returned < 0)
        return;
    w = find_worker(call, (uint32_t)call->returned);
    if (!w || (w->outcome != QN_FANOUT_FAILED && w->outcome != QN_FANOUT_CANCELLED))
        find_fault(c, QN_RECORDED_RETURNED_WRONG, (uint32_t)call->returned);
}

/* Leaves out a cancel_at before the call. */
static void judge_raising(struct qn_recording *r, struct qn_recorded_call *c)
{
    if (c->call.raising_ns == 0 || c->call.raising_ns >= c->call.begin_ns)
        return;
    r->n_raising_early++;
    c->call.raising_ns = 0;
}

/* Leaves out an error_seen of a worker that didn't fail, before its end, or after the return. */
static void judge_seen(struct qn_recording *r, struct qn_recorded_call *c)
{
    struct qn_fanout *call = &c->call;
    const struct qn_fanout_worker *w = find_worker(call, c->seen_worker);
    bool is_wrong, is_early, is_late;

    if (!call->seen_ns)
        return;
    is_wrong = !w || w->outcome != QN_FANOUT_FAILED;
    is_early = !is_wrong && call->seen_ns < w->stop_ns;
    is_late = !is_wrong && call->seen_ns > call->return_ns;
    r->n_seen_wrong += is_wrong;
    r->n_seen_early += is_early;
    r->n_seen_late += is_late;
    if (is_wrong || is_early || is_late)
        call->seen_ns = 0;
}

static void judge(struct qn_recording *r, struct qn_recorded_call *c, uint32_t since)
{
    uint32_t n_open = judge_workers(c);

    /* all from `since` on: to keep those that look whole would be to choose by their outcome */
    if (c->id >= since)
        find_fault(c, QN_RECORDED_LOST, 0);
    if (r->n_cut > 0 && (n_open || !c->call.return_ns || c->call.n_begun < c->call.n_workers))
        find_fault(c, QN_RECORDED_CUT, 0);
    judge_return(c);
    if (r->n_of[c->fault]++ == 0)
        r->first_of[c->fault] = c;
    if (c->fault)
        return;
    r->n_right++;
    r->n_open_calls += n_open > 0;
    r->n_open_workers += n_open;
    judge_seen(r, c);
    judge_raising(r, c);
}

int qn_recorded_calls_make(struct qn_recording *r)
{
    uint32_t since = missing_since(r);
    int rc = begin_calls(r);

    if (rc == QN_OK)
        rc = begin_workers(r);
    if (rc == QN_OK)
        rc = for_events(r, add);
    if (rc != QN_OK)
        return rc;
    for (size_t i = 0; i < r->n_calls; i++)
        judge(r, &r->calls[i], since);
    return QN_OK;
}

void qn_recorded_calls_fini(struct qn_recording *r)
{
    for (size_t i = 0; i < r->n_calls; i++)
        free(r->calls[i].call.workers);
    free(r->calls);
}
