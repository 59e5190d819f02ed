#include "strategies/sink.h"

#include "runtime/memory.h"
#include "strategies/memory.h"

static void keep(struct qn_call *call, const struct qn_report *report)
{
    if (report->result)
        call->kept[call->n_kept++] = report->result;
}

/* The short path, for the default policies if workers close nothing: the first error received is
 * returned. */
static bool take_first_received(struct qn_call *call, struct qn_report *report)
{
    struct qn_sink *sink = &call->sink;

    keep(call, report);
    if (report->error == QN_ERROR_NONE)
        return false;
    if (report->error == QN_ERROR_CANCELLED) {
        sink->n_cancelled++;
        return false;
    }
    if (sink->n_taken++ == 0) {
        sink->error_seen = qn_exec_now(call->exec);
        sink->returned = *report;
        sink->n_carried = 1;
    }
    return true;
}

/* Joins an error to the returned one, up to join_limit. */
static bool join(struct qn_call *call, const struct qn_report *report)
{
    struct qn_sink *sink = &call->sink;
    struct qn_joined *joined;

    if (sink->n_joined >= call->policy.join_limit)
        return false;
    joined = qn_call_alloc(call, sizeof(*joined), _Alignof(struct qn_joined));
    if (!joined)
        return false;
    *joined = (struct qn_joined){sink->joined, *report};
    sink->joined = joined;
    sink->n_joined++;
    sink->joined_bytes += qn_memory_usable(joined);
    return true;
}

void qn_sink_free_joined(struct qn_call *call)
{
    while (call->sink.joined) {
        struct qn_joined *joined = call->sink.joined;

        call->sink.joined = joined->next;
        qn_call_free(call, joined);
    }
}

/* Applies close_error to the worker's own error. */
static void fold_closes(struct qn_call *call, struct qn_report *report)
{
    enum qn_close_error policy = call->policy.close_error;

    call->sink.n_close_errors += report->n_close_errors;
    if (report->n_close_errors == 0 || policy == QN_CLOSE_DROP)
        return;
    if (report->error == QN_ERROR_NONE || policy == QN_CLOSE_REPLACE)
        report->error = QN_ERROR_CLOSE;
}

static uint32_t join_closes(struct qn_call *call, const struct qn_report *report)
{
    struct qn_report closing = {
        .error = QN_ERROR_CLOSE, .worker = report->worker, .at = report->at};
    uint32_t n = 0;

    if (call->policy.close_error == QN_CLOSE_JOIN)
        while (n < report->n_close_errors && join(call, &closing))
            n++;
    call->sink.n_close_joined += n;
    return n;
}

/* How many close errors, besides the n_joined ones, a report brings to its receiver. */
static uint32_t closes_of(const struct qn_call *call, const struct qn_report *report,
                          uint32_t n_joined)
{
    switch (call->policy.close_error) {
    case QN_CLOSE_REPLACE:
        return report->error == QN_ERROR_CLOSE; /* the last one replaced any earlier */
    case QN_CLOSE_ATTACH:
        return report->n_close_errors;
    case QN_CLOSE_JOIN: /* no room, but the error itself is a close error */
        return report->error == QN_ERROR_CLOSE && n_joined == 0;
    case QN_CLOSE_DROP:
        break;
    }
    return 0;
}

static bool replaces(const struct qn_sink *sink, enum qn_error_policy policy,
                     const struct qn_report *report)
{
    switch (policy) {
    case QN_ERRORS_LAST:
        return true;
    /* an error without a failure has no time, and ranks after all that have */
    case QN_ERRORS_FIRST_IN_TIME:
        return report->at != 0 && (sink->returned.at == 0 || report->at < sink->returned.at);
    case QN_ERRORS_FIRST_BY_INDEX:
        return report->worker < sink->returned.worker;
    case QN_ERRORS_FIRST_RECEIVED:
    case QN_ERRORS_JOIN_ALL:
    case QN_ERRORS_LOG:
        break;
    }
    return false;
}

/*
 * Counts the errors that reach the caller: with the returned error only, or with every one so far.
 * is_one_more: this one is joined or logged in addition.
 */
static void count_carried(struct qn_call *call, const struct qn_report *report, bool is_returned,
                          bool is_one_more, uint32_t n_closes_joined)
{
    struct qn_sink *sink = &call->sink;
    uint32_t n_closes = closes_of(call, report, n_closes_joined);

    if (is_one_more) {
        sink->n_carried += report->error == QN_ERROR_WORKER;
        sink->n_close_carried += n_closes;
    } else if (is_returned) {
        sink->n_carried = report->error == QN_ERROR_WORKER;
        sink->n_close_carried = n_closes;
    }
}

/* Joins a report's errors as the policies say, its own before its close errors, so that these can't
 * take its place; and counts what is carried. */
static void carry(struct qn_call *call, const struct qn_report *report, bool is_returned)
{
    enum qn_error_policy policy = call->policy.error_policy;
    bool is_close = report->error == QN_ERROR_CLOSE && call->policy.close_error == QN_CLOSE_JOIN;
    bool is_joined = policy == QN_ERRORS_JOIN_ALL && !is_close && join(call, report);
    uint32_t n_closes_joined = join_closes(call, report);

    count_carried(call, report, is_returned, is_joined || policy == QN_ERRORS_LOG, n_closes_joined);
}

static bool counts_as_error(struct qn_call *call, const struct qn_report *report)
{
    enum qn_cancelled_reports cancelled = call->policy.cancelled_reports;

    if (report->error != QN_ERROR_CANCELLED)
        return report->error != QN_ERROR_NONE;
    call->sink.n_cancelled += cancelled != QN_CANCELLED_SILENT;
    return cancelled == QN_CANCELLED_ERROR;
}

/* The general path, for any policies. */
static bool take_by_policy(struct qn_call *call, struct qn_report *report)
{
    struct qn_sink *sink = &call->sink;
    bool is_returned;

    keep(call, report);
    fold_closes(call, report);
    if (!counts_as_error(call, report)) {
        join_closes(call, report); /* from a cancelled worker */
        return false;
    }
    sink->n_taken++;
    /* A close error can come before any worker has failed. */
    if (sink->error_seen == 0 && (report->at != 0 || report->error == QN_ERROR_CANCELLED))
        sink->error_seen = qn_exec_now(call->exec);
    is_returned = sink->n_taken == 1 || replaces(sink, call->policy.error_policy, report);
    if (is_returned)
        sink->returned = *report;
    carry(call, report, is_returned);
    return true;
}

/* The same in index order: early reports are set aside. */
static bool take_by_index(struct qn_call *call, struct qn_report *report)
{
    struct qn_sink *sink = &call->sink;
    bool is_error = false;

    call->early[report->worker] = (struct qn_early){call->id, *report};
    while (sink->next < call->n_workers && call->early[sink->next].call_id == call->id)
        is_error |= take_by_policy(call, &call->early[sink->next++].report);
    return is_error;
}

void qn_sink_resolve(struct qn_call *call)
{
    const struct qn_policy *policy = &call->policy;
    bool closes = call->strategy->flags & QN_SEQUENCE;

    if (policy->join_order == QN_JOIN_INDEX)
        call->take = take_by_index;
    else if (closes || policy->error_policy != QN_ERRORS_FIRST_RECEIVED ||
             policy->cancelled_reports != QN_CANCELLED_CODE)
        call->take = take_by_policy;
    else
        call->take = take_first_received;
}

void qn_sink_take_record(struct qn_call *call, const struct qn_report *recorded)
{
    struct qn_sink *sink = &call->sink;

    if (call->policy.error_policy != QN_ERRORS_FIRST_RECEIVED || sink->n_taken == 0)
        return;
    sink->returned = *recorded;
    count_carried(call, recorded, true, false, 0);
}

void qn_sink_take_owner_close(struct qn_call *call, uint32_t n_close_errors)
{
    struct qn_report report = {.error = QN_ERROR_CLOSE, .n_close_errors = n_close_errors};

    call->sink.n_close_errors += n_close_errors;
    if (n_close_errors == 0)
        return;
    /* The owner keeps them next to the call's error, which was returned already: only a close error
     * is replaced, by the next. */
    call->sink.n_close_carried += closes_of(call, &report, join_closes(call, &report));
}
