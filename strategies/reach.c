/* Ending work that does not poll the call's token: by reaching the thread it runs on. */
#include "strategies/reach.h"

#include "strategies/block.h"
#include "strategies/memory.h"
#include "strategies/work.h"

/* Gives the work its own token, and enters the thread if that is needed to reach it. */
static bool begin_reachable(struct qn_worker *w, struct qn_cancel *own)
{
    bool needs_thread = (w->call->strategy->flags & QN_BLOCKING) || qn_kind_blocks(qn_kind_of(w));

    qn_cancel_init(own, w->call->exec, NULL);
    w->own = own;
    return !needs_thread ||
           qn_enter(w, w->call->strategy->flags & QN_DEDICATED_THREAD ? NULL : &own->raised);
}

static void end_reachable(struct qn_worker *w)
{
    if (w->thread)
        qn_leave(w);
    qn_cancel_fini(w->own);
    w->own = NULL;
}

struct qn_report qn_do_reachable(struct qn_scope *scope, struct qn_worker *w, qn_callback_fn *reach)
{
    struct qn_cancel own;
    struct qn_callback callback;
    struct qn_report report = {.error = QN_ERROR_CANCELLED, .worker = w->index};

    if (qn_skip(w, scope->token, &report))
        return report;
    if (begin_reachable(w, &own)) {
        qn_callback_add(scope->callbacks, &callback, reach, w);
        report = qn_do_something(w, w->own);
        qn_callback_remove(scope->callbacks, &callback);
    }
    end_reachable(w);
    return report;
}

/* Work on a dedicated thread, with a copy of the worker that reports. */
struct dedicated {
    struct qn_worker worker;
    struct qn_report report;
    void (*clean_up)(struct qn_worker *worker);
};

static void work_there(void *arg)
{
    struct dedicated *d = arg;

    d->report = qn_do_something(&d->worker, d->worker.own);
}

static void clean_up_there(void *arg)
{
    struct dedicated *d = arg;

    d->clean_up(&d->worker);
    d->report = qn_cut_short(&d->worker);
}

/* Creates, runs and joins the thread; what is left of its working set then belongs to w. */
static void run_on_dedicated_thread(struct qn_worker *w, struct dedicated *d)
{
    bool was_cancelled = false;
    int rc = qn_blocking_of(w)->run_dedicated(
        w->thread, work_there, d->clean_up ? clean_up_there : NULL, d, &was_cancelled);

    if (rc != QN_OK)
        atomic_store_explicit(&w->call->broken, rc, memory_order_relaxed);
    if (was_cancelled && !d->clean_up)
        d->report = qn_cut_short(&d->worker); /* known only after the join */
    else
        w->working_set = d->worker.working_set;
}

struct qn_report qn_do_on_dedicated_thread(struct qn_scope *scope, struct qn_worker *w,
                                           void (*clean_up)(struct qn_worker *worker))
{
    struct qn_cancel own;
    struct qn_callback callback;
    struct dedicated d = {.report = {.error = QN_ERROR_CANCELLED, .worker = w->index},
                          .clean_up = clean_up};

    if (qn_skip(w, scope->token, &d.report))
        return d.report;
    if (begin_reachable(w, &own)) {
        d.worker = *w;
        d.worker.on_dedicated_thread = true;
        qn_callback_add(scope->callbacks, &callback, qn_reach_cancel, w);
        run_on_dedicated_thread(w, &d);
        qn_callback_remove(scope->callbacks, &callback);
    }
    end_reachable(w);
    return d.report;
}

/* The ways. */

void qn_reach_call(void *worker)
{
    const struct qn_worker *w = worker;

    qn_cancel_raise(w->own);
    if (w->thread)
        qn_blocking_of(w)->wake(w->thread);
}

void qn_reach_signal(void *worker)
{
    const struct qn_worker *w = worker;

    qn_blocking_of(w)->interrupt(w->thread);
}

void qn_reach_close(void *worker)
{
    const struct qn_worker *w = worker;

    qn_blocking_of(w)->close(w->thread);
}

void qn_reach_close_peer(void *worker)
{
    const struct qn_worker *w = worker;

    qn_blocking_of(w)->close_peer(w->thread);
}

void qn_reach_cancel(void *worker)
{
    const struct qn_worker *w = worker;

    qn_blocking_of(w)->cancel(w->thread);
}

void qn_free_working_set(struct qn_worker *w)
{
    qn_call_free(w->call, w->working_set);
    w->working_set = NULL;
}
