#include "bench/cell/figures.h"

#include <math.h>
#include <stdbool.h>

#include "runtime/kernel.h"
#include "strategies/resource.h"

/*
 * Stores a figure in its column. A figure out of range is refused: its conversion would be
 * undefined, and in practice QN_NONE, which means that there is no figure.
 */
static int put(struct qn_trial *out, enum qn_trial_column column, qn_i128 value)
{
    if (value <= INT64_MIN || value > INT64_MAX)
        return QN_EOVERFLOW;
    out->v[column] = (int64_t)value;
    return QN_OK;
}

/* Converts ticks of the call's executor, which made its stamps, to ns. */
static int64_t to_ns(const struct qn_call *call, uint64_t ticks)
{
    return (int64_t)qn_exec_to_ns(call->exec, ticks);
}

/* A stamp in ns since t0; QN_NONE if there is no stamp. */
static int64_t since(const struct qn_call *call, uint64_t t0, uint64_t stamp)
{
    if (stamp == 0)
        return QN_NONE;
    return stamp >= t0 ? to_ns(call, stamp - t0) : -to_ns(call, t0 - stamp);
}

struct errors {
    uint32_t n;
    uint32_t first_worker;
    uint64_t first, second; /* ticks; 0: none */
};

static struct errors find_errors(const struct qn_call *call)
{
    struct errors e = {0};

    for (uint32_t i = 0; i < call->n_workers; i++) {
        uint64_t at = qn_record_failed_at(&call->records[i]);

        if (at == 0)
            continue;
        e.n++;
        if (e.first == 0 || at < e.first) {
            e.second = e.first;
            e.first = at;
            e.first_worker = i;
        } else if (e.second == 0 || at < e.second) {
            e.second = at;
        }
    }
    return e;
}

/* Work of one worker, ns: nominal, but wall time for kind own, whose plan in ns nobody knows. */
struct work {
    int64_t planned, done, wasted, discardable;
    bool late;
};

/* Sums over the call's workers. */
struct work_sums {
    qn_i128 planned, done, inflight, started, discarded;
};

/* Work taken from stamps: the wall time of own work; for kinds that wait, the time waited, where a
 * wait that ended at its own deadline counts as planned. */
static struct work work_by_stamps(const struct qn_call *call, enum qn_kind kind,
                                  const struct qn_worker_record *r, struct work w,
                                  uint64_t error_at)
{
    int64_t before_error = 0;

    w.done = to_ns(call, r->stop - r->begin);
    if (qn_kind_waits(kind) && (qn_record_finished(r) || w.done > w.planned))
        w.done = w.planned;
    if (error_at == 0)
        return w;
    w.late = r->begin > error_at;
    if (!w.late)
        before_error = to_ns(call, error_at - r->begin);
    if (r->stop > error_at && w.done > before_error)
        w.wasted = w.done - before_error;
    return w;
}

static struct work work_of(const struct qn_call *call, uint32_t i, uint64_t error_at)
{
    const struct qn_worker_record *r = &call->records[i];
    enum qn_kind kind = qn_task_kind(&call->tasks[i], call->kind);
    struct work w = {0};

    if (kind != QN_KIND_OWN)
        w.planned = (int64_t)call->tasks[i].quanta * QN_QUANTUM_NS;
    if (!(r->flags & QN_WORKER_BEGUN))
        return w;
    if (qn_kind_is_timed(kind)) {
        w = work_by_stamps(call, kind, r, w, error_at);
    } else {
        w.done = (int64_t)r->quanta * QN_QUANTUM_NS;
        w.late = r->flags & QN_WORKER_LATE;
        if (r->flags & QN_WORKER_SAW_ERROR)
            w.wasted = (int64_t)(r->quanta - r->quanta_at_error) * QN_QUANTUM_NS;
    }
    if (qn_record_finished(r) && r->error == QN_ERROR_NONE && r->stop <= error_at)
        w.discardable = w.done;
    return w;
}

static int sum_work(const struct qn_call *call, bool discards, uint64_t error_at,
                    struct qn_trial *out)
{
    struct work_sums sum = {0};
    int rc;

    for (uint32_t i = 0; i < call->n_workers; i++) {
        struct work w = work_of(call, i, error_at);

        sum.planned += w.planned;
        sum.done += w.done;
        if (w.late)
            sum.started += w.wasted;
        else
            sum.inflight += w.wasted;
        if (discards)
            sum.discarded += w.discardable;
    }
    out->v[QN_COL_PLANNED_WORK] = QN_NONE;
    if (call->kind != QN_KIND_OWN && (rc = put(out, QN_COL_PLANNED_WORK, sum.planned)) != QN_OK)
        return rc;
    if ((rc = put(out, QN_COL_WORK, sum.done)) != QN_OK ||
        (rc = put(out, QN_COL_WASTED, sum.inflight + sum.started)) != QN_OK ||
        (rc = put(out, QN_COL_WASTED_INFLIGHT, sum.inflight)) != QN_OK ||
        (rc = put(out, QN_COL_WASTED_STARTED, sum.started)) != QN_OK)
        return rc;
    return put(out, QN_COL_DISCARDED, sum.discarded);
}

static uint64_t last_stop(const struct qn_call *call)
{
    uint64_t last = 0;

    for (uint32_t i = 0; i < call->n_workers; i++)
        if (call->records[i].stop > last)
            last = call->records[i].stop;
    return last;
}

/* Wall time for which threads were occupied after the error, ns. */
static int64_t occupied_ns(const struct qn_call *call, uint64_t error_at)
{
    uint64_t ticks = 0;

    for (uint32_t i = 0; i < call->n_workers; i++) {
        const struct qn_worker_record *r = &call->records[i];
        uint64_t from = r->begin > error_at ? r->begin : error_at;

        if ((r->flags & QN_WORKER_BEGUN) && r->end > from)
            ticks += r->end - from;
    }
    return to_ns(call, ticks);
}

static void fill_errors(const struct qn_call *call, const struct qn_observed *o,
                        const struct errors *e, struct qn_trial *out)
{
    const struct qn_report *returned = o->returned;
    bool is_worker = returned && returned->error == QN_ERROR_WORKER;
    bool is_unnamed = is_worker && returned->worker == QN_NO_WORKER; /* a peer's: it may be any */
    bool has_order =
        e->second == 0 || (double)to_ns(call, e->second - e->first) > o->clock_offset_ns;

    out->v[QN_COL_FAILED] = e->n > 0;
    out->v[QN_COL_FAILING_WORKERS] = e->n;
    out->v[QN_COL_ERROR_AT] = since(call, o->t0, e->first);
    out->v[QN_COL_ERROR_FIRST] = e->n > 0 ? (int64_t)e->first_worker : QN_NONE;
    out->v[QN_COL_ERROR_RETURNED] =
        returned && returned->worker != QN_NO_WORKER ? (int64_t)returned->worker : QN_NONE;
    out->v[QN_COL_ERROR_RETURNED_KIND] = returned ? returned->error : QN_ERROR_NONE;
    out->v[QN_COL_ERRORS_SEEN] = e->n;
    out->v[QN_COL_ERRORS_LOST] = (int64_t)e->n - (int64_t)call->sink.n_carried;
    out->v[QN_COL_ERRORS_MASKED] = e->n > 0 && returned ? !is_worker : QN_NONE;
    out->v[QN_COL_ERROR_FIDELITY] = returned && e->n > 0 && has_order && !is_unnamed
                                        ? is_worker && returned->worker == e->first_worker
                                        : QN_NONE;
}

/* The cost of the policies of canceller and sink, for what the call has of them. */
static void fill_policies(const struct qn_call *call, struct qn_trial *out)
{
    const struct qn_sink *sink = &call->sink;
    unsigned flags = call->strategy->flags;
    bool knows = !(flags & QN_OWN_THREADS); /* how a peer raises and reports is its own */

    out->v[QN_COL_CANCELLING] = call->cancel_at && knows ? to_ns(call, call->cancelling) : QN_NONE;
    out->v[QN_COL_CANCELLED_REPORTS] =
        (flags & QN_POLLS) && knows ? (int64_t)sink->n_cancelled : QN_NONE;
    out->v[QN_COL_ERROR_BYTES] = sink->n_joined ? (int64_t)sink->joined_bytes : QN_NONE;
}

/* Nothing for a strategy that never polls. */
static int fill_polls(const struct qn_call *call, struct qn_trial *out)
{
    uint64_t polls = 0;

    out->v[QN_COL_POLLS] = out->v[QN_COL_POLLING] = QN_NONE;
    if (!(call->strategy->flags & QN_POLLS))
        return QN_OK;
    for (uint32_t i = 0; i < call->n_workers; i++)
        polls += call->records[i].polls;
    out->v[QN_COL_POLLS] = (int64_t)polls;
    return put(out, QN_COL_POLLING, (qn_i128)polls * call->poll_cost_ns);
}

/*
 * Time spent closing between the error and the return: by the worker whose failure is returned,
 * before it reported. If the close error of a worker that did not fail is returned, by the first
 * worker to fail, so that it is always after error_at. What an owner closes comes later.
 */
static int64_t closing_ns(const struct qn_call *call, const struct qn_observed *o,
                          const struct errors *e)
{
    uint32_t worker;

    if (e->n == 0 || !o->returned)
        return QN_NONE;
    worker = o->returned->at != 0 ? o->returned->worker : e->first_worker;
    if (call->strategy->flags & QN_OWNER_RELEASES)
        return 0;
    return to_ns(call, call->sequences[worker].closing);
}

/* Figures of resources: nothing if the workload has none. */
static void fill_resources(const struct qn_call *call, const struct qn_observed *o,
                           const struct errors *e, struct qn_trial *out)
{
    const struct qn_sink *sink = &call->sink;
    int64_t *v = out->v, n_reported = (int64_t)sink->n_close_carried + sink->n_close_joined;

    for (int column = QN_COL_RESOURCES_TAKEN; column <= QN_COL_CLOSING; column++)
        v[column] = call->n_resources > 0 ? 0 : QN_NONE;
    if (call->n_resources == 0)
        return;
    for (uint32_t i = 0; i < call->n_workers; i++) {
        const struct qn_sequence *s = &call->sequences[i];

        v[QN_COL_RESOURCES_TAKEN] += __builtin_popcountll(s->taken);
        v[QN_COL_RESOURCES_LEAKED] += __builtin_popcountll(s->open);
        v[QN_COL_CLOSED_TWICE] += s->n_closed_twice;
        v[QN_COL_USED_AFTER_CLOSE] += s->n_used_after_close;
        v[QN_COL_CLOSE_ERRORS] += s->n_close_errors;
    }
    v[QN_COL_CLOSE_ERRORS_REPORTED] = n_reported;
    v[QN_COL_CLOSE_ERRORS_LOST] = v[QN_COL_CLOSE_ERRORS] - n_reported;
    v[QN_COL_CLOSING] = closing_ns(call, o, e);
}

static int fill_memory(const struct qn_call *call, const struct qn_observed *o,
                       const struct errors *e, uint64_t settle_at,
                       const struct qn_ledger_event *events, size_t n_events, struct qn_trial *out)
{
    double ticks_per_ns = (double)qn_exec_from_ns(call->exec, QN_NS_PER_S) / (double)QN_NS_PER_S;

    out->v[QN_COL_RETAINED_AT_RETURN] = out->v[QN_COL_IN_FLIGHT] = out->v[QN_COL_PEAK] = QN_NONE;
    out->v[QN_COL_LEAKED_BYTES] = out->v[QN_COL_RETAINED_INTEGRAL] = QN_NONE;
    if (call->strategy->flags & QN_CHILD) /* its memory is another process's */
        return QN_OK;
    out->v[QN_COL_RETAINED_AT_RETURN] = qn_ledger_live_at(events, n_events, o->return_at);
    out->v[QN_COL_IN_FLIGHT] = out->v[QN_COL_RETAINED_AT_RETURN];
    out->v[QN_COL_PEAK] = qn_ledger_peak(events, n_events);
    out->v[QN_COL_LEAKED_BYTES] = (int64_t)o->leaked_bytes;
    if (e->n == 0 || settle_at == 0)
        return QN_OK;
    return put(out, QN_COL_RETAINED_INTEGRAL,
               (qn_i128)round((double)qn_ledger_integral(events, n_events, e->first, settle_at) /
                              ticks_per_ns));
}

int qn_figures_make(const struct qn_call *call, const struct qn_observed *o,
                    const struct qn_ledger_event *events, size_t n_events,
                    const struct qn_row_key *key, struct qn_trial *out)
{
    struct errors e = find_errors(call);
    bool discards = e.n > 0 && o->returned && call->policy.partial_results == QN_PARTIAL_DISCARD;
    uint64_t settle_at = call->settle_at;
    int rc;

    if (o->results_freed_at > settle_at)
        settle_at = o->results_freed_at;
    if (o->leaked_workers > 0)
        settle_at = 0;

    out->v[QN_COL_PROCESS] = key->process;
    out->v[QN_COL_TRIAL] = key->trial;
    out->v[QN_COL_SEED] = (int64_t)key->seed;
    out->v[QN_COL_WEIGHT] = key->weight == 0 || key->weight == 1
                                ? QN_NONE
                                : (int64_t)round(key->weight * QN_WEIGHT_ONE);
    out->v[QN_COL_INTENDED_AT] = since(call, o->t0, o->intended_at);
    out->v[QN_COL_BEGIN_AT] = since(call, o->began_at, o->t0);
    out->v[QN_COL_ERROR_SEEN] = since(call, o->t0, call->sink.error_seen);
    out->v[QN_COL_CANCEL_AT] = since(call, o->t0, call->cancel_at);
    out->v[QN_COL_RETURN_AT] = since(call, o->t0, o->return_at);
    out->v[QN_COL_STOP_AT] = since(call, o->t0, last_stop(call));
    out->v[QN_COL_SETTLE_AT] = since(call, o->t0, settle_at);
    out->v[QN_COL_LEAKED_WORKERS] = o->leaked_workers;
    out->v[QN_COL_CALLER_PREEMPTIONS] = o->waits.preemptions;
    out->v[QN_COL_CALLER_RUN_DELAY] = o->waits.run_delay_ns;
    out->v[QN_COL_PEER_BYTES] = call->strategy->flags & QN_OWN_THREADS ? o->peer_bytes : QN_NONE;
    out->v[QN_COL_OCCUPIED] = QN_NONE;
    if (e.n > 0 && o->leaked_workers == 0)
        out->v[QN_COL_OCCUPIED] = occupied_ns(call, e.first);
    fill_errors(call, o, &e, out);
    fill_policies(call, out);
    fill_resources(call, o, &e, out);
    if ((rc = fill_polls(call, out)) != QN_OK ||
        (rc = sum_work(call, discards, e.first, out)) != QN_OK)
        return rc;
    return fill_memory(call, o, &e, settle_at, events, n_events, out);
}

static enum qn_outcome outcome_of(const struct qn_worker_record *r)
{
    if (qn_record_skipped(r))
        return QN_OUTCOME_SKIPPED;
    if (!(r->flags & QN_WORKER_BEGUN))
        return QN_OUTCOME_NEVER;
    if (r->error == QN_ERROR_WORKER)
        return QN_OUTCOME_FAILED; /* even if its report then blocked: it has no end */
    if (r->end == 0)
        return QN_OUTCOME_BLOCKED;
    return qn_record_finished(r) ? QN_OUTCOME_OK : QN_OUTCOME_CANCELLED;
}

void qn_figures_timeline(const struct qn_call *call, const struct qn_observed *o, uint32_t trial,
                         uint32_t worker, struct qn_timeline_row *out)
{
    const struct qn_worker_record *r = &call->records[worker];

    out->trial = trial;
    out->worker = worker;
    out->outcome = outcome_of(r);
    out->thread = out->outcome == QN_OUTCOME_NEVER ? -1 : r->thread;
    out->begin_ns = since(call, o->t0, r->begin);
    out->stop_ns = since(call, o->t0, r->stop);
    out->end_ns = since(call, o->t0, r->end);
}
