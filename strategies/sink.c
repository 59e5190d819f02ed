#include "runtime/memory.h"
#include "strategies/call.h"

/* Joins an error to the returned one, as long as the policy has room for it. */
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

/* Errors of closing that a report brings to whoever gets it. */
static uint32_t closes_of(const struct qn_call *call, const struct qn_report *report)
{
    switch (call->policy.close_error) {
    case QN_CLOSE_REPLACE:
        return report->error == QN_ERELEASE; /* the last one, whatever came before it */
    case QN_CLOSE_ATTACH:
        return report->n_close_errors;
    case QN_CLOSE_DROP:
    case QN_CLOSE_JOIN: /* joined one by one */
        break;
    }
    return 0;
}

/* What an error of closing makes of the worker's own error. */
static void fold_closes(struct qn_call *call, struct qn_report *report)
{
    enum qn_close_error policy = call->policy.close_error;

    call->sink.n_close_errors += report->n_close_errors;
    if (report->n_close_errors == 0 || policy == QN_CLOSE_DROP)
        return;
    if (report->error == QN_OK || policy == QN_CLOSE_REPLACE)
        report->error = QN_ERELEASE;
    for (uint32_t i = 0; policy == QN_CLOSE_JOIN && i < report->n_close_errors; i++)
        call->sink.n_close_carried += join(call, report);
}

static bool replaces(const struct qn_sink *sink, enum qn_error_policy policy,
                     const struct qn_report *report)
{
    switch (policy) {
    case QN_ERRORS_LAST:
        return true;
    case QN_ERRORS_FIRST_IN_TIME: /* what never failed has no time: it comes after all that did */
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

/* Counts what has now been carried: by the returned error alone, or by every one so far. */
static void count_carried(struct qn_call *call, const struct qn_report *report)
{
    struct qn_sink *sink = &call->sink;
    enum qn_error_policy policy = call->policy.error_policy;
    bool is_one_more = policy == QN_ERRORS_LOG ||
                       (policy == QN_ERRORS_JOIN_ALL && join(call, report));

    if (is_one_more) {
        sink->n_carried += report->error == QN_EFAILED;
        sink->n_close_carried += closes_of(call, report);
    } else if (policy != QN_ERRORS_JOIN_ALL) {
        sink->n_carried = sink->returned.error == QN_EFAILED;
        if (call->policy.close_error != QN_CLOSE_JOIN)
            sink->n_close_carried = closes_of(call, &sink->returned);
    }
}

static bool counts_as_error(struct qn_call *call, const struct qn_report *report)
{
    enum qn_cancelled_reports cancelled = call->policy.cancelled_reports;

    if (report->error != QN_ECANCELED)
        return report->error != QN_OK;
    call->sink.n_cancelled += cancelled != QN_CANCELLED_SILENT;
    return cancelled == QN_CANCELLED_ERROR;
}

static bool look_at(struct qn_call *call, struct qn_report *report)
{
    struct qn_sink *sink = &call->sink;

    if (report->result)
        call->kept[call->n_kept++] = report->result;
    fold_closes(call, report);
    if (!counts_as_error(call, report))
        return false;
    if (sink->n_taken++ == 0)
        sink->error_seen = qn_exec_now(call->exec);
    sink->n_errors += report->error == QN_EFAILED;
    if (sink->n_taken == 1 || replaces(sink, call->policy.error_policy, report))
        sink->returned = *report;
    count_carried(call, report);
    return true;
}

bool qn_sink_take(struct qn_call *call, struct qn_report *report)
{
    struct qn_sink *sink = &call->sink;
    bool is_error = false;

    if (QN_LIKELY(call->policy.join_order == QN_JOIN_COMPLETION))
        return look_at(call, report);
    call->early[report->worker] = (struct qn_early){call->id, *report};
    while (sink->next < call->n_workers && call->early[sink->next].call_id == call->id)
        is_error |= look_at(call, &call->early[sink->next++].report);
    return is_error;
}

void qn_sink_take_record(struct qn_call *call, const struct qn_report *recorded)
{
    struct qn_sink *sink = &call->sink;

    if (call->policy.error_policy != QN_ERRORS_FIRST_RECEIVED || sink->n_taken == 0)
        return;
    sink->returned = *recorded;
    count_carried(call, recorded);
}

void qn_sink_take_owner_close(struct qn_call *call, uint32_t n_close_errors)
{
    call->sink.n_close_errors += n_close_errors;
    if (call->policy.close_error != QN_CLOSE_DROP)
        call->sink.n_close_carried += n_close_errors; /* the owner holds them beside the call's */
}
