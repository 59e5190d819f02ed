#include "strategies/scope.h"

#include <stdalign.h>
#include <stdbool.h>

#include "strategies/memory.h"
#include "strategies/sink.h"

/* Layout of a scope's block: the struct, followed by its parts; missing parts are at 0. */
struct layout {
    size_t done_at, closed_at, token_at, todo_at, callbacks_at, bytes;
};

/* Channels mostly carry reports. */
#define OR_IS_REPORT(bytes) || sizeof(struct qn_report) == (bytes)
_Static_assert(false QN_CHAN_QUICK_SIZES(OR_IS_REPORT), "a report is copied without a call");

static size_t add_part(struct layout *layout, size_t bytes, size_t align)
{
    size_t at = (layout->bytes + align - 1) / align * align;

    layout->bytes = at + bytes;
    return at;
}

static struct layout lay_out(uint32_t capacity, unsigned parts)
{
    struct layout layout = {.bytes = sizeof(struct qn_scope)};

    if (parts & QN_SCOPE_TOKEN)
        layout.token_at = add_part(&layout, sizeof(struct qn_cancel), alignof(struct qn_cancel));
    if (parts & QN_SCOPE_CLOSED)
        layout.closed_at = add_part(&layout, qn_chan_bytes(0, 0), alignof(struct qn_chan));
    if (parts & QN_SCOPE_TODO)
        layout.todo_at =
            add_part(&layout, qn_chan_bytes(0, sizeof(uint32_t)), alignof(struct qn_chan));
    if (parts & QN_SCOPE_CALLBACKS)
        layout.callbacks_at =
            add_part(&layout, sizeof(struct qn_callbacks), alignof(struct qn_callbacks));
    if (capacity != QN_NO_CHANNEL)
        layout.done_at = add_part(&layout, qn_chan_bytes(capacity, sizeof(struct qn_report)),
                                  alignof(struct qn_chan));
    return layout;
}

struct qn_scope *qn_scope_create(struct qn_call *call, uint32_t capacity, unsigned parts)
{
    struct layout layout = lay_out(capacity, parts);
    struct qn_scope *scope = qn_call_alloc(call, layout.bytes, QN_LINE_BYTES);
    unsigned char *block = (unsigned char *)scope;

    if (!scope)
        return NULL;
    *scope = (struct qn_scope){.call = call};
    atomic_init(&scope->refs, call->n_workers + 1);
    qn_group_init(&scope->group, call->exec, call->n_workers);
    if (layout.done_at) {
        scope->done = (struct qn_chan *)(block + layout.done_at);
        qn_chan_init(scope->done, call->exec, capacity, sizeof(struct qn_report));
    }
    if (layout.closed_at) {
        scope->closed = (struct qn_chan *)(block + layout.closed_at);
        qn_chan_init(scope->closed, call->exec, 0, 0);
    }
    if (layout.todo_at) {
        scope->todo = (struct qn_chan *)(block + layout.todo_at);
        qn_chan_init(scope->todo, call->exec, 0, sizeof(uint32_t));
    }
    if (layout.token_at) {
        scope->token = (struct qn_cancel *)(block + layout.token_at);
        qn_cancel_init(scope->token, call->exec, NULL);
    }
    if (layout.callbacks_at) {
        scope->callbacks = (struct qn_callbacks *)(block + layout.callbacks_at);
        qn_callbacks_init(scope->callbacks, call->exec);
    }
    call->scope = scope;
    return scope;
}

void qn_drop(struct qn_scope *scope, struct qn_report *report)
{
    qn_call_free(scope->call, report->result);
    report->result = NULL;
}

void qn_scope_release(struct qn_scope *scope, uint32_t n)
{
    struct qn_call *call = scope->call;
    struct qn_report report;

    if (atomic_fetch_sub_explicit(&scope->refs, n, memory_order_acq_rel) != n)
        return;
    while (scope->done && qn_chan_try_recv(scope->done, &report) == QN_OK)
        qn_drop(scope, &report);
    if (scope->token)
        qn_cancel_fini(scope->token);
    qn_call_free(call, scope);
    call->settle_at = qn_exec_now(call->exec);
}

/* Up to this many threads find their first worker among these. */
#define N_FIRST 16u

/* Prefetches the lines after the scope's own, which a thread's first worker would otherwise miss
 * one by one. */
static void prefetch_part(const struct qn_scope *scope)
{
    const unsigned char *part = (const unsigned char *)(scope + 1);

    __builtin_prefetch(part);
    __builtin_prefetch(part + 64);
}

/* Runs a worker on its thread, around the strategy's function. */
static void run_worker(void *arg, uint32_t index)
{
    struct qn_scope *scope = arg;
    struct qn_worker w = {.index = index};
    struct qn_call *call;

    if (index < N_FIRST)
        prefetch_part(scope);
    call = scope->call;
    w.call = call;
    w.task = &call->tasks[index];
    if (call->records) {
        w.record = &call->records[index];
        w.record->thread = qn_self()->index;
    }
    scope->fn(scope, &w);
    qn_call_free(call, w.working_set);
    if (w.record)
        w.record->end = qn_exec_now(call->exec);
    if (QN_UNLIKELY(w.has_failed) && call->policy.after_error == QN_AFTER_YIELD)
        qn_exec_yield(call->exec);
}

/* Runs a runner: one worker after the other, as they are submitted. */
static void run_runner(void *arg, uint32_t index)
{
    struct qn_scope *scope = arg;
    uint32_t worker;

    (void)index;
    while (qn_chan_recv(scope->todo, &worker, QN_NEVER) == QN_OK)
        run_worker(scope, worker);
}

/* Drops the references of n workers that have ended, all of a thread's at once, so that the count's
 * line is fetched once. */
static void release_ended(void *arg, uint32_t n)
{
    qn_scope_release(arg, n);
}

static int spawn(struct qn_scope *scope, qn_task_fn *task, uint32_t n)
{
    struct qn_call *call = scope->call;
    int rc = call->exec->ops->spawn(call->exec, task, release_ended, scope, n);

    if (rc != QN_OK) {
        atomic_store_explicit(&call->broken, rc, memory_order_relaxed);
        qn_scope_release(scope, n);
    }
    return rc;
}

int qn_go(struct qn_scope *scope, qn_worker_fn *fn)
{
    scope->fn = fn;
    return spawn(scope, run_worker, scope->call->n_workers);
}

int qn_go_runners(struct qn_scope *scope, uint32_t n, qn_worker_fn *fn)
{
    scope->fn = fn;
    if (n < scope->call->n_workers)
        qn_scope_release(scope, scope->call->n_workers - n); /* the runners hold the references */
    return spawn(scope, run_runner, n);
}

bool qn_submit_or_receive(struct qn_scope *scope, uint32_t worker, struct qn_report *report)
{
    struct qn_case cases[] = {qn_case_send(scope->todo, &worker),
                              qn_case_recv(scope->done, report)};
    unsigned chosen;

    qn_select(cases, QN_ARRAY_LEN(cases), QN_NEVER, &chosen);
    return chosen == 0;
}

void qn_submit_no_more(struct qn_scope *scope)
{
    if (qn_chan_close(scope->todo) != QN_OK)
        assert(!"closed once");
}

void qn_send(struct qn_scope *scope, struct qn_report *report)
{
    int rc = qn_chan_send(scope->done, report, QN_NEVER);

    assert(rc == QN_OK); /* `done` is never closed */
    (void)rc;
}

void qn_send_or_drop(struct qn_scope *scope, struct qn_report *report)
{
    if (qn_chan_send(scope->done, report, QN_NEVER) == QN_ECLOSED)
        qn_drop(scope, report);
}

/* The case that ends a send: the scope's token, or its `closed`. */
static struct qn_case case_raised(struct qn_scope *scope)
{
    return scope->token ? qn_case_cancelled(scope->token) : qn_case_recv(scope->closed, NULL);
}

void qn_send_or_quit(struct qn_scope *scope, struct qn_report *report)
{
    struct qn_case cases[] = {qn_case_send(scope->done, report), case_raised(scope)};
    unsigned chosen;

    qn_select(cases, QN_ARRAY_LEN(cases), QN_NEVER, &chosen);
    if (chosen != 0)
        qn_drop(scope, report);
}

struct qn_report qn_receive(struct qn_scope *scope)
{
    struct qn_report report;
    int rc = qn_chan_recv(scope->done, &report, QN_NEVER);

    assert(rc == QN_OK);
    (void)rc;
    return report;
}

bool qn_receive_until(struct qn_scope *scope, uint64_t deadline, struct qn_report *report)
{
    return qn_chan_recv(scope->done, report, deadline) == QN_OK;
}

uint64_t qn_grace_ends(const struct qn_call *call)
{
    return qn_exec_now(call->exec) + qn_exec_from_ns(call->exec, call->policy.grace_ns);
}

void qn_give_up(struct qn_scope *scope)
{
    if (qn_chan_close(scope->done) != QN_OK)
        assert(!"given up once");
}

static struct qn_report receive_or_raised(struct qn_scope *scope)
{
    struct qn_report report;
    struct qn_case cases[] = {qn_case_recv(scope->done, &report), case_raised(scope)};
    unsigned chosen;

    qn_select(cases, QN_ARRAY_LEN(cases), QN_NEVER, &chosen);
    return chosen == 0 ? report : scope->first;
}

struct qn_report qn_receive_or_raised(struct qn_scope *scope)
{
    bool is_callers = scope->call->policy.canceller == QN_CANCELLER_CALLER;

    return is_callers ? qn_receive(scope) /* only the receiver itself will raise */
                      : receive_or_raised(scope);
}

void qn_raise(struct qn_scope *scope, const struct qn_report *report)
{
    struct qn_call *call = scope->call;

    if (atomic_exchange_explicit(&scope->raised, 1, memory_order_acq_rel))
        return;
    scope->first = *report;
    call->cancel_at = qn_exec_now(call->exec);
    if (scope->token)
        qn_cancel_raise(scope->token);
    if (scope->closed && qn_chan_close(scope->closed) != QN_OK)
        assert(!"raised once, closed once");
    if (scope->callbacks)
        qn_callbacks_raise(scope->callbacks);
    call->cancelling = qn_exec_now(call->exec) - call->cancel_at;
}

static void record(struct qn_scope *scope, const struct qn_report *report)
{
    QN_STEP("record");
    if (!atomic_exchange_explicit(&scope->has_recorded, 1, memory_order_acq_rel))
        scope->recorded = *report;
}

static void record_and_raise(struct qn_scope *scope, const struct qn_report *report)
{
    bool records_first = scope->call->policy.record_order == QN_RECORD_FIRST;

    if (records_first)
        record(scope, report);
    qn_raise(scope, report);
    if (!records_first)
        record(scope, report);
}

void qn_raise_by_policy(struct qn_scope *scope, const struct qn_report *report)
{
    const struct qn_policy *policy = &scope->call->policy;
    bool is_workers = policy->canceller == QN_CANCELLER_WORKER;

    if (report->error == QN_ERROR_WORKER && is_workers)
        record_and_raise(scope, report);
    else if (report->error == QN_ERROR_WORKER)
        qn_raise(scope, report);
    else if (report->error == QN_ERROR_CANCELLED && is_workers &&
             policy->cancelled_reports == QN_CANCELLED_ERROR)
        record(scope, report);
}

const struct qn_report *qn_conclude(struct qn_call *call)
{
    if (call->sink.returned.error == QN_ERROR_NONE)
        return NULL;
    if (call->policy.partial_results == QN_PARTIAL_DISCARD) {
        for (uint32_t i = 0; i < call->n_kept; i++)
            qn_call_free(call, call->kept[i]);
        call->n_kept = 0;
    }
    return &call->sink.returned;
}

const struct qn_report *qn_finish(struct qn_scope *scope)
{
    struct qn_call *call = scope->call;
    const struct qn_report *returned;

    if ((call->strategy->flags & QN_WAITS_ALL) &&
        atomic_load_explicit(&scope->has_recorded, memory_order_acquire))
        qn_sink_take_record(call, &scope->recorded);
    returned = qn_conclude(call);
    qn_scope_release(scope, 1);
    return returned;
}
